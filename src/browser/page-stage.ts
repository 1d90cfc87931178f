import type { Locator, Page } from 'playwright-core'
import { type Clock, systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import type { Evidence } from '../core/events.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { ControlMap } from '../platform/controls.ts'
import type { Bounded, ElementFacts, PageFact, Seen, Sight, Stage } from '../platform/stage.ts'
import { locate, type RankedClue, rankClues, wordsOf } from './clues.ts'
import type { PageBridge } from './page-bridge.ts'

const DEFAULT_MS = 10_000
const LOOK_MS = 5_000
const TEXT = 200

interface Found {
  locators: readonly { ranked: RankedClue; locator: Locator }[]
  any: Locator
  attached: boolean
}

export interface PageStageOptions {
  page: Page
  controls: ControlMap
  bridge: PageBridge
  locale: string
  screenshot(label: string): Promise<string | undefined>
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
}

/** The Stage on a Playwright page: the only place where clues become locators. */
export class PageStage implements Stage {
  readonly clock: Clock = systemClock
  readonly #options: PageStageOptions
  readonly #found = new Map<string, Found>()
  readonly #warned = new Set<string>()
  #dirty = true
  #onDirty: (() => void) | undefined
  #nudges = 0

  constructor(options: PageStageOptions) {
    this.#options = options
    options.bridge.onDirty(() => {
      this.#dirty = true
      this.#onDirty?.()
    })
  }

  get #page(): Page {
    return this.#options.page
  }

  url(): string {
    return this.#page.url()
  }

  goto(url: string, { signal, timeoutMs = 30_000 }: Bounded): Promise<void> {
    return this.#during(signal, async () => {
      try {
        await this.#page.goto(url, { waitUntil: 'domcontentloaded', timeout: timeoutMs })
      } catch (error) {
        const text = String(error)
        if (/crash|closed/i.test(text) && !/ERR_CONNECTION_CLOSED/.test(text)) throw error
        if (/interrupted by another navigation|ERR_ABORTED/.test(text)) return // the site redirected: where to is in url()
        throw new BotError('PLATFORM_ERROR', `The page could not be loaded: ${text.split('\n')[0]}`, {
          details: { url: bare(url) },
          cause: error,
        })
      }
    })
  }

  async look(keys: readonly string[], { signal, timeoutMs = LOOK_MS }: Bounded): Promise<Sight> {
    this.#dirty = false
    const at = this.clock.now()
    const shows = new Map<string, Seen>()
    const look = Promise.all(
      keys.map(async (key) => {
        const seen = await this.#see(key)
        if (seen !== undefined) shows.set(key, seen)
      }),
    ).then(() => true)
    const answered = await this.#during(signal, () => this.#orLate(look, timeoutMs, false))
    return { at, url: this.#page.url(), answered, shows: answered ? shows : new Map() }
  }

  async firstOf(keys: readonly string[], { signal, timeoutMs = DEFAULT_MS }: Bounded): Promise<Sight | undefined> {
    const deadline = this.clock.now() + timeoutMs
    for (;;) {
      const sight = await this.look(keys, { signal })
      if (sight.shows.size > 0) return sight
      const left = deadline - this.clock.now()
      if (left <= 0) return undefined
      await this.pulse({ atLeastMs: Math.min(100, left), atMostMs: Math.min(1_000, left), signal })
    }
  }

  async pulse({ atLeastMs, atMostMs, signal }: { atLeastMs: number; atMostMs: number; signal: AbortSignal }): Promise<void> {
    await this.clock.after(atLeastMs, signal)
    if (this.#dirty || atMostMs <= atLeastMs) return
    const stop = new AbortController()
    const changed = new Promise<void>((resolve) => {
      this.#onDirty = resolve
    })
    const late = this.clock.after(atMostMs - atLeastMs, AbortSignal.any([signal, stop.signal]))
    try {
      await Promise.race([changed, late])
    } finally {
      late.catch(() => {}) // stopped by us, or rejected above
      stop.abort()
      this.#onDirty = undefined
    }
  }

  press(key: string, bounded: Bounded): Promise<void> {
    return this.#on(key, bounded, (locator, timeout) => locator.click({ timeout }))
  }

  type(key: string, text: string, bounded: Bounded): Promise<void> {
    return this.#on(key, bounded, async (locator, timeout) => {
      await locator.fill('', { timeout })
      await locator.pressSequentially(text, { timeout })
    })
  }

  key(chord: string, { signal }: Bounded): Promise<void> {
    return this.#during(signal, () => this.#page.keyboard.press(chord))
  }

  async read(key: string, { signal, timeoutMs = LOOK_MS }: Bounded): Promise<readonly ElementFacts[]> {
    const { any } = this.#control(key)
    // A string, not a function: what runs in the page must not pass through the runner's rewriting.
    const script = `(all) => all.map((e) => ({ text: (e.innerText ?? e.textContent ?? '').slice(0, 500),
      attributes: Object.fromEntries([...e.attributes].map((a) => [a.name, a.value])),
      visible: e.checkVisibility ? e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0 : true,
      enabled: !e.disabled && e.getAttribute('aria-disabled') !== 'true' }))`
    const facts: Promise<readonly ElementFacts[]> = any.evaluateAll(script as unknown as () => readonly ElementFacts[])
    return this.#during(signal, () => this.#orLate(facts, timeoutMs, []))
  }

  wake({ signal }: Bounded): Promise<void> {
    this.#nudges++
    return this.#during(signal, () => this.#page.mouse.move(600 + (this.#nudges % 2) * 15, 350 + (this.#nudges % 3) * 10))
  }

  facts(signal: AbortSignal): AsyncIterable<PageFact> {
    return this.#options.bridge.facts(signal)
  }

  say(name: string, data: unknown, { signal }: Bounded): Promise<void> {
    return this.#during(signal, () => this.#options.bridge.say(name, data))
  }

  async evidence(sight: Sight, { absent, picture = false }: { absent?: readonly string[]; picture?: boolean } = {}): Promise<Evidence> {
    const signs = [...sight.shows.keys()]
    const text = [...sight.shows.values()].map((seen) => seen.text).find((found) => found !== '')
    const screenshot = picture ? await this.#options.screenshot(signs[0] ?? 'page') : undefined
    return {
      signs,
      url: bare(sight.url),
      ...(absent === undefined ? {} : { absent }),
      ...(text === undefined ? {} : { text: text.slice(0, TEXT) }),
      ...(screenshot === undefined ? {} : { screenshot }),
    }
  }

  #control(key: string): Found {
    const known = this.#found.get(key)
    if (known !== undefined) return known
    const control = this.#options.controls[key]
    if (control === undefined) throw new BotError('INTERNAL', `No control "${key}"`)
    const locators = rankClues(control, this.#options.locale).map((ranked) => ({ ranked, locator: locate(this.#page, ranked.clue) }))
    const [first, ...rest] = locators.map(({ locator }) => locator)
    if (first === undefined) throw new BotError('INTERNAL', `Control "${key}" has no clue`)
    const any = rest.reduce((all, locator) => all.or(locator), first)
    const found: Found = { locators, any, attached: control.attached === true }
    this.#found.set(key, found)
    return found
  }

  /** One round trip where nothing shows; only what shows is asked for its clue and text. */
  async #see(key: string): Promise<Seen | undefined> {
    const { any, locators, attached } = this.#control(key)
    const first = (attached ? any : any.filter({ visible: true })).first()
    if ((await (attached ? any : any.filter({ visible: true })).count()) === 0) return undefined
    for (const [place, { ranked, locator }] of locators.entries()) {
      const shown = (attached ? locator : locator.filter({ visible: true })).first()
      if ((await shown.count()) === 0) continue
      const text = await shown.innerText({ timeout: 1_000 }).catch(() => '') // gone between two reads: it was seen all the same
      const label =
        text.trim() === '' ? ((await shown.getAttribute('aria-label', { timeout: 1_000 }).catch(() => null)) ?? '') : text.trim()
      const enabled = await shown.isEnabled({ timeout: 1_000 }).catch(() => false)
      if (place > 0) this.#warnFallback(key, ranked, locators[0]?.ranked)
      return { clue: ranked.index, text: label.replace(/\s+/g, ' ').slice(0, TEXT), enabled }
    }
    return (await first.count()) === 0 ? undefined : { clue: 0, text: '', enabled: true }
  }

  #warnFallback(key: string, used: RankedClue, expected: RankedClue | undefined): void {
    if (this.#warned.has(key) || expected === undefined) return
    this.#warned.add(key)
    this.#options.onWarning('fallback_selector', `"${key}" was found by a later clue: ${wordsOf(used.clue)}`, {
      control: key,
      used: wordsOf(used.clue),
      expected: wordsOf(expected.clue),
    })
  }

  async #on(
    key: string,
    { signal, timeoutMs = DEFAULT_MS }: Bounded,
    act: (locator: Locator, timeout: number) => Promise<unknown>,
  ): Promise<void> {
    const { any, locators } = this.#control(key)
    await this.#during(signal, async () => {
      try {
        await act(any.filter({ visible: true }).first(), timeoutMs)
      } catch (error) {
        if (!/Timeout|not (visible|enabled)|intercepts/i.test(String(error))) throw error
        const tried = locators.map(({ ranked }) => wordsOf(ranked.clue))
        const screenshot = await this.#options.screenshot(`no-${key}`)
        throw new BotError('PAGE_CHANGED', `"${key}" could not be used within ${timeoutMs} ms by any of ${tried.length} clues`, {
          details: { control: key, tried, url: bare(this.url()), ...(screenshot === undefined ? {} : { screenshot }) },
          cause: error,
        })
      }
    })
  }

  /** What the page answers, or `late` when it takes too long; no timer outlives the answer. */
  async #orLate<T>(answer: Promise<T>, timeoutMs: number, late: T): Promise<T> {
    const stop = new AbortController()
    const timer = this.clock.after(timeoutMs, stop.signal).then(
      () => late,
      () => late,
    )
    try {
      return await Promise.race([answer, timer])
    } finally {
      stop.abort()
      answer.catch(() => {}) // late, and nobody waits
    }
  }

  /** Runs a page call so that an abort ends it at once, and a page that is gone is said in our words. */
  async #during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const stop = new AbortController()
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal })
    })
    const working = work()
    try {
      return await Promise.race([working, aborted])
    } catch (error) {
      signal.throwIfAborted()
      if (/Target (page, context or browser|closed|crashed)|has been closed|Page crashed|Target crashed/i.test(String(error))) {
        throw new BotError('BROWSER_CRASHED', 'The page is gone', { details: { url: bare(this.url()) }, cause: error })
      }
      throw error
    } finally {
      stop.abort()
      working.catch(() => {}) // abandoned on abort
    }
  }
}

/** A URL without its query: tokens travel there. */
function bare(url: string): string {
  return url.split(/[?#]/)[0] ?? url
}
