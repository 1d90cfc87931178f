import type { ElementHandle, Locator, Page } from 'playwright-core'
import { BotError } from '../core/errors.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { ControlMap } from '../platform/controls.ts'
import type { Seen } from '../platform/stage.ts'
import { type AskedControl, answersOf, askOf, graspExpression, type LookAnswer, lookExpression } from './asking.ts'
import { distrustOf, locate, type RankedClue, rankClues, wordsOf } from './clues.ts'

/** A control's clues as locators, best first. */
export interface LocatedControl {
  clues: readonly { ranked: RankedClue; locator: Locator }[]
  /** Any of them. */
  any: Locator
  attached: boolean
  asked: AskedControl
}

interface Spotted extends Seen {
  /** Where only a locator can say which element it is. */
  locator?: Locator
}

/** The very element that a look sees: a locator may read its label otherwise and find another, or none. */
export type Grasp = { element: ElementHandle } | { locator: Locator }

export interface LookerOptions {
  page: Page
  controls: ControlMap
  locale: string
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
}

/**
 * Finds controls: one expression in the page for all of them, because a bot looks many times a minute for hours. Playwright's
 * locators are asked only for what plain CSS cannot say.
 */
export class Looker {
  readonly #options: LookerOptions
  readonly #located = new Map<string, LocatedControl>()
  readonly #warned = new Set<string>()

  constructor(options: LookerOptions) {
    this.#options = options
  }

  control(key: string): LocatedControl {
    const known = this.#located.get(key)
    if (known !== undefined) return known
    const { controls, page, locale } = this.#options
    const control = controls[key]
    if (control === undefined) throw new BotError('INTERNAL', `No control "${key}"`)
    const clues = rankClues(control, locale).map((ranked) => ({ ranked, locator: locate(page, ranked.clue) }))
    const [first, ...rest] = clues.map(({ locator }) => locator)
    if (first === undefined) throw new BotError('INTERNAL', `Control "${key}" has no clue`)
    const attached = control.attached === true
    const located: LocatedControl = {
      clues,
      any: rest.reduce((all, locator) => all.or(locator), first),
      attached,
      asked: { key, attached, clues: clues.map(({ ranked }) => askOf(ranked.clue)) },
    }
    this.#located.set(key, located)
    return located
  }

  /** Which of these show, each by its best clue that matches. */
  async look(keys: readonly string[]): Promise<Map<string, Spotted>> {
    const asked = keys.map((key) => this.control(key).asked)
    const said: unknown = await this.#options.page.evaluate(lookExpression(asked))
    const shows = new Map<string, Spotted>()
    for (const answer of answersOf(said)) {
      const spotted = await this.#spot(answer)
      if (spotted !== undefined) shows.set(answer.key, spotted)
    }
    return shows
  }

  /** The element of a control as it shows now, to be pressed or typed into. */
  async grasp(key: string): Promise<Grasp | undefined> {
    const both = await this.#options.page.evaluateHandle(graspExpression(this.control(key).asked))
    try {
      const [answer] = answersOf(await (await both.getProperty('answer')).jsonValue())
      const spotted = answer === undefined ? undefined : await this.#spot(answer)
      if (spotted === undefined) return undefined
      if (spotted.locator !== undefined) return { locator: spotted.locator }
      const element = (await both.getProperty('found')).asElement()
      return element === null ? undefined : { element }
    } finally {
      await both.dispose().catch(() => {}) // it went with its document
    }
  }

  async #spot({ key, perhaps, place, text = '', enabled = true }: LookAnswer): Promise<Spotted | undefined> {
    const { clues, attached } = this.control(key)
    const showing = (locator: Locator) => (attached ? locator : locator.filter({ visible: true })).first()
    for (const at of perhaps) {
      const clue = clues[at]
      if (clue === undefined) continue
      const locator = showing(clue.locator)
      if ((await locator.count()) === 0) continue
      this.#warn(key, at)
      // biome-ignore lint/performance/useDomNodeTextContent: what is hidden inside a control is no part of how it shows
      const found = await locator.innerText({ timeout: 1_000 }).catch(() => '') // gone between two reads: it was seen all the same
      const usable = await locator.isEnabled({ timeout: 1_000 }).catch(() => false)
      return { clue: clue.ranked.index, text: found.replace(/\s+/g, ' ').trim().slice(0, 200), enabled: usable, locator }
    }
    const clue = place === undefined ? undefined : clues[place]
    if (clue === undefined || place === undefined) return undefined
    this.#warn(key, place)
    return { clue: clue.ranked.index, text, enabled }
  }

  /** Said once per control: only a less trusted kind of clue still matches. Another wording, or another language, is none. */
  #warn(key: string, place: number): void {
    const { clues } = this.control(key)
    const [used, expected] = [clues[place]?.ranked.clue, clues[0]?.ranked.clue]
    if (this.#warned.has(key) || used === undefined || expected === undefined) return
    if (distrustOf(used) <= distrustOf(expected) && used.shape !== true && !('only' in used)) return
    this.#warned.add(key)
    this.#options.onWarning('fallback_selector', `"${key}" was found by a later clue: ${wordsOf(used)}`, {
      control: key,
      used: wordsOf(used),
      expected: wordsOf(expected),
    })
  }
}
