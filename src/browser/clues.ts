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

/** One clue as a Playwright locator. */
export function locate(page: Page, clue: Clue): Locator {
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
  return `css=${clue.css}`
}
