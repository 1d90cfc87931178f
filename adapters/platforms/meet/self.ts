import { isYou, withoutNotes } from './notes.ts'

/** Somebody's tile or row, as far as it may tell that it is the bot's own. */
export interface Shown {
  id: string
  name: string | undefined
  texts: readonly string[]
  /** It says "(You)". */
  self: boolean
  /** A `data-self-name` in it that is not empty, and the text beside it. */
  mark: { value: string; text: string } | null
}

/**
 * Which of those shown are the bot itself, by the surest sign there is. Builds differ on `data-self-name`: on the bot's own
 * tile only, on every tile with that person's name, or on every tile with the word for "You" (fact sheet 5.1, 5.3, 2026-08).
 */
export function selvesOf(shown: readonly Shown[], { botName, count }: { botName?: string; count: number | null }): ReadonlySet<string> {
  const ids = (some: readonly Shown[]) => new Set(some.map(({ id }) => id))
  const said = ids(shown.filter(({ self }) => self))
  if (said.size > 0) return said

  // As the page writes it: one space between words; and "(Host)" in it reads like a note of the client's.
  const own = (botName ?? '').replace(/\s+/g, ' ').trim()
  const named = new Set([own, withoutNotes(own)].filter((name) => name !== ''))
  const isNamed = ({ name, mark }: Shown) => [name, mark?.value, mark?.text].some((text) => text !== undefined && named.has(text))
  const marked = shown.filter(({ mark }) => mark !== null)
  const ours = marked.filter(isNamed)
  if (ours.length > 0) return ids(ours)
  const selfMarked = marked.filter(({ mark }) => mark !== null && (mark.text === '' || mark.text === mark.value || isYou(mark.text)))
  if (ids(marked).size === 1 || ids(selfMarked).size === 1) {
    const chosen = ids(selfMarked)
    if (chosen.size === 1) return chosen
  }

  const called = ids(shown.filter(({ texts }) => texts.some(isYou)))
  if (called.size === 1) return called
  // Marked or not, everybody is shown: one of them is the bot, and one only has its name.
  const all = ids(shown)
  const namesakes = ids(shown.filter(isNamed))
  return namesakes.size === 1 && (count === null || all.size >= count) ? namesakes : new Set()
}
