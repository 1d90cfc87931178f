/** Words of products and keys that are written with a capital and name nobody. */
const PRODUCT =
  /^(Google|Meet|Gemini|Chrome|Workspace|Account|Microsoft|Teams|Zoom|Ctrl|Alt|Shift|Cmd|Esc|Enter|Escape|English|Deutsch|OK|I)$/i
const LONGEST = 60

// biome-ignore format: a table
const SECRETS: readonly [pattern: RegExp, instead: string][] = [
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g,                        '[email]'],
  [/\b[a-z]+:\/\/[^\s"']+/gi,                            '[url]'],
  [/\b[a-z]{3}-[a-z]{4}-[a-z]{3}\b/g,                    '[meeting]'],
  [/\b(spaces|devices|messages)\/[\w/-]+/g,              '[id]'],
  [/\+?\d[\d ()-]{6,}\d/g,                               '[number]'],
  [/\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}\b|\b[A-Za-z0-9+/=_-]{32,}/g, '[token]'],
]

/**
 * A text as it may be shown to others: short, without addresses, codes, tokens and names. What looks like a name goes: a
 * capital inside a sentence, and two capitals at its start. `known` are names to take out wherever they stand.
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text.replace(/\s+/g, ' ').trim()
  for (const name of known) if (name !== '') clean = clean.replaceAll(name, '[name]')
  for (const [pattern, instead] of SECRETS) clean = clean.replace(pattern, instead)
  return withoutNames(clean).slice(0, LONGEST)
}

function withoutNames(text: string): string {
  const words = text.split(' ')
  const capital = (word: string | undefined) =>
    word !== undefined && /^\p{Lu}[\p{L}’'-]*[\p{P}]?$/u.test(word) && !PRODUCT.test(word.replace(/\P{L}+$/u, ''))
  const starts = (at: number) => at === 0 || /[.!?:]$/.test(words[at - 1] ?? '')
  const kept: string[] = []
  for (let at = 0; at < words.length; at++) {
    const named = capital(words[at]) && (!starts(at) || capital(words[at + 1]))
    if (!named) kept.push(words[at] ?? '')
    else if (kept.at(-1) !== '[name]') kept.push('[name]')
  }
  return kept.join(' ')
}
