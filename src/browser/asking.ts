import { z } from 'zod'
import { lookScript } from '../generated/look-script.ts'
import type { Clue } from '../platform/controls.ts'

/** A control as the page is asked for it; clues best first. */
export interface AskedControl {
  key: string
  attached: boolean
  clues: readonly Record<string, unknown>[]
}

const answers = z.array(
  z.object({
    key: z.string(),
    perhaps: z.array(z.number().int()),
    place: z.number().int().optional(),
    text: z.string().optional(),
    enabled: z.boolean().optional(),
  }),
)

/** What the page said of one control: the clue that matches, and better ones that only a locator can decide. */
export type LookAnswer = z.infer<typeof answers>[number]

const textOf = (text: string | RegExp) => (typeof text === 'string' ? { text } : { text: text.source, flags: text.flags })

/** A clue as the page understands it. */
export function askOf(clue: Clue): Record<string, unknown> {
  const { outside, inside, near, unless } = clue
  return {
    ...whatOf(clue),
    ...(outside === undefined ? {} : { outside }),
    ...(inside === undefined ? {} : { inside }),
    ...(near === undefined ? {} : { near: textOf(near) }),
    ...(unless === undefined ? {} : { unless: textOf(unless) }),
  }
}

function whatOf(clue: Clue): Record<string, unknown> {
  if ('icon' in clue) return { icon: clue.icon }
  if ('only' in clue) return { only: clue.only }
  if ('role' in clue) return { role: clue.role, ...(clue.name === undefined ? {} : { name: textOf(clue.name) }) }
  if ('label' in clue) return { label: textOf(clue.label) }
  if ('text' in clue) return { text: textOf(clue.text) }
  const { css, exact } = plainCss(clue.css)
  return { css, ...(clue.says === undefined ? {} : { says: textOf(clue.says) }), ...(exact ? {} : { perhaps: true }) }
}

const BEYOND = /:(text-is|text-matches|text|has-text|visible|right-of|left-of|above|below|near|nth-match|light)(?![\w-])/

/** CSS that a document understands: the selector itself, or a looser one that finds at least what Playwright's finds. */
export function plainCss(css: string): { css: string; exact: boolean } {
  if (/>>|^\w+=|^\(*\/\//.test(css)) return { css: 'html', exact: false }
  if (!BEYOND.test(css)) return { css, exact: true }
  if (css.includes(':not(')) return { css: 'html', exact: false } // looser inside would be stricter outside
  let rest = css
  let plain = ''
  for (;;) {
    const found = BEYOND.exec(rest)
    if (found === null) return { css: plain + rest, exact: false }
    const before = plain + rest.slice(0, found.index)
    plain = /(^|[\s(,>+~])$/.test(before) ? `${before}*` : before
    const after = rest.slice(found.index + found[0].length)
    rest = after.startsWith('(') ? after.slice(closing(after)) : after
  }
}

/** Where the bracket that opens this text has closed; quoted brackets do not count. */
function closing(text: string): number {
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') at++
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return at + 1
  }
  return text.length
}

/** The one expression that looks for all of them. A string: a function would pass through the runner's rewriting. */
export function lookExpression(asked: readonly AskedControl[]): string {
  return `(() => { const remoraAsk = { asked: ${JSON.stringify(asked)} }; ${lookScript}; return remoraAsk.answer })()`
}

/** The same for one control, answering with the element itself where the page alone can tell which one it is. */
export function graspExpression(asked: AskedControl): string {
  return `(() => { const remoraAsk = { asked: ${JSON.stringify([asked])}, found: null }; ${lookScript}; return { answer: remoraAsk.answer, found: remoraAsk.found } })()`
}

/** The page's answer; a page is not trusted to be well formed. */
export function answersOf(said: unknown): readonly LookAnswer[] {
  const parsed = answers.safeParse(said)
  return parsed.success ? parsed.data : []
}
