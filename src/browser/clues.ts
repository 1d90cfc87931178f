import type { Locator, Page } from 'playwright-core'
import type { Clue, Control } from '../platform/controls.ts'

/** A clue with its place in the control's list. */
export interface RankedClue {
  clue: Clue
  index: number
}

/** The clues that can match a page in this language, best first: those of the language, then those of any, then the others. */
export function rankClues({ clues }: Control, locale: string): RankedClue[] {
  const language = locale.split('-')[0]
  const rank = ({ lang }: Clue) => (lang === undefined || lang === language ? 0 : 1)
  return clues.map((clue, index) => ({ clue, index })).sort((a, b) => rank(a.clue) - rank(b.clue) || a.index - b.index)
}

/** What a clue is made of, best first: data attributes outlive labels, labels outlive texts, generated names live for weeks. */
const TRUST = ['data', 'aria', 'icon', 'text', 'jsname', 'class', 'shape'] as const
const MADE_OF: readonly [css: RegExp, of: (typeof TRUST)[number]][] = [
  [/\.[\w-]+/, 'class'],
  [/jsname|jscontroller|#[\w-]+/, 'jsname'],
  [/:(text|text-is|text-matches|has-text)\(|placeholder/, 'text'],
  [/:icon/, 'icon'],
  [/aria-|role=/, 'aria'],
  [/\[data-/, 'data'],
]

/** How little a clue is to be trusted: 0 is best. A selector is worth its weakest part. */
export function distrustOf(clue: Clue): number {
  if (clue.shape === true || 'only' in clue) return TRUST.indexOf('shape')
  if ('icon' in clue) return TRUST.indexOf('icon')
  if ('text' in clue) return TRUST.indexOf('text')
  if (!('css' in clue)) return TRUST.indexOf('aria')
  const unquoted = clue.css.replace(/:text-is\("[a-z_0-9]+"\)/g, ':icon').replace(/"(?:[^"\\]|\\.)*"/g, '""')
  const made = TRUST.indexOf(MADE_OF.find(([css]) => css.test(unquoted))?.[1] ?? 'text')
  return clue.says === undefined ? made : Math.max(made, TRUST.indexOf('text'))
}

const HOLDERS = ':is(button,[role=button])'

/** One clue as a Playwright locator: at least what the clue means. What stands around it is for the look to judge. */
export function locate(page: Page, clue: Clue): Locator {
  const { outside, inside } = clue
  let found = locateAnywhere(page, clue)
  if (outside !== undefined) found = found.and(page.locator(`:not(:is(${outside})):not(:is(${outside}) *)`))
  return inside === undefined ? found : found.and(page.locator(`:is(${inside}) *`))
}

function locateAnywhere(page: Page, clue: Clue): Locator {
  if ('icon' in clue) {
    const ligature = JSON.stringify(clue.icon)
    return page.locator(`${HOLDERS}:has(:text-is(${ligature})),${HOLDERS}:text-is(${ligature})`)
  }
  if ('only' in clue) return page.locator(`:is(${clue.only}) ${HOLDERS}`)
  if ('role' in clue) return clue.name === undefined ? page.getByRole(clue.role) : page.getByRole(clue.role, { name: clue.name })
  if ('label' in clue) return page.getByLabel(clue.label)
  if ('text' in clue) return page.getByText(clue.text)
  return page.locator(clue.css)
}

/** A clue in words, for errors. */
export function wordsOf(clue: Clue): string {
  if ('role' in clue) return `role=${clue.role}${clue.name === undefined ? '' : ` name=${String(clue.name)}`}`
  if ('label' in clue) return `label=${String(clue.label)}`
  if ('text' in clue) return `text=${String(clue.text)}`
  if ('icon' in clue) return `icon=${clue.icon}`
  if ('only' in clue) return `the only button of ${clue.only}`
  return `css=${clue.css}`
}
