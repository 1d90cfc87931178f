import type { Page } from 'playwright-core'
import { type Clock, systemClock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import { BotError } from '../core/errors.ts'
import type { Evidence } from '../core/events.ts'
import { follow } from '../core/follow.ts'
import type { WarningCode } from '../core/outcomes.ts'
import { readScript } from '../generated/read-script.ts'
import type { ControlMap } from '../platform/controls.ts'
import type { Bounded, ElementFacts, PageFact, Sight, Stage } from '../platform/stage.ts'
import { wordsOf } from './clues.ts'
import { type Grasp, Looker } from './looker.ts'
import type { PageBridge } from './page-bridge.ts'
import type { Paint } from './paint.ts'

const DEFAULT_MS = 10_000
const LOOK_MS = 5_000
const TEXT = 200
const NUDGE_MS = 5_000
const GONE = /Target (page, context or browser|closed|crashed)|has been closed|Page crashed|Target crashed/i
const LEAVING = /Execution context was destroyed|navigating|Cannot find context/i

/** Made from text: a function of ours would have passed through whatever compiles it, and this one runs in the page. */
const READ = new Function('all', `const remoraRead = { elements: all }; ${readScript}; return remoraRead.facts`) as (
  all: unknown[],
) => readonly ElementFacts[]
/** A control that shows and cannot be used may be usable in a moment; so may one that does not show yet. */
const BETWEEN = { atLeastMs: 50, atMostMs: 500 }

export interface PageStageOptions {
  page: Page
  paint: Paint
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
  readonly #looker: Looker
  #dirty = true
  #nudges = 0

  constructor(options: PageStageOptions) {
    this.#options = options
    this.#looker = new Looker(options)
    options.bridge.onDirty(() => {
      this.#dirty = true
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
    signal.throwIfAborted()
    this.#dirty = false
    const at = this.clock.now()
    const look = this.#looker.look(keys).catch((error: unknown) => {
      if (LEAVING.test(String(error))) return undefined // between two documents there is nothing to see
      throw error
    })
    const seen = await this.#during(signal, () => this.#orLate(look, timeoutMs, undefined))
    const shows = new Map([...(seen ?? [])].map(([key, { clue, text, enabled }]) => [key, { clue, text, enabled }]))
    return { at, url: this.#page.url(), answered: seen !== undefined, shows }
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
    const following = follow(signal)
    let forget = () => {}
    const changed = new Promise<void>((resolve) => {
      forget = this.#options.bridge.onDirty(resolve)
    })
    const late = this.clock.after(atMostMs - atLeastMs, following.signal)
    try {
      await Promise.race([changed, late])
    } finally {
      late.catch(() => {}) // stopped by us, or rejected above
      following.stop()
      forget()
    }
  }

  press(key: string, bounded: Bounded): Promise<void> {
    return this.#on(key, bounded, (target, timeout) => ('element' in target ? target.element : target.locator).click({ timeout }))
  }

  type(key: string, text: string, bounded: Bounded): Promise<void> {
    return this.#on(key, bounded, async (target, timeout) => {
      await ('element' in target ? target.element : target.locator).fill('', { timeout })
      if ('element' in target) await target.element.type(text, { timeout })
      else await target.locator.pressSequentially(text, { timeout })
    })
  }

  key(chord: string, { signal, timeoutMs: ms = DEFAULT_MS }: Bounded): Promise<void> {
    const { clock } = this
    return this.#during(signal, () =>
      within({ ms, code: 'PLATFORM_ERROR', what: `the page to take "${chord}"`, signal, clock }, () => this.#page.keyboard.press(chord)),
    )
  }

  async read(key: string, { signal, timeoutMs = LOOK_MS }: Bounded): Promise<readonly ElementFacts[]> {
    signal.throwIfAborted()
    const { any } = this.#looker.control(key)
    const facts: Promise<readonly ElementFacts[]> = any.evaluateAll(READ)
    return this.#during(signal, () => this.#orLate(facts, timeoutMs, []))
  }

  /** A nudge that does not arrive leaves a bar hidden, and fails nothing. */
  async wake({ signal }: Bounded): Promise<void> {
    signal.throwIfAborted()
    this.#nudges++
    const [x, y] = [600 + (this.#nudges % 2) * 15, 350 + (this.#nudges % 3) * 10]
    const nudged = this.#options.paint
      .whole(() => this.#page.mouse.move(x, y))
      .catch((error: unknown) => {
        if (GONE.test(String(error))) throw error
      })
    await this.#during(signal, () => this.#orLate(nudged, NUDGE_MS, undefined))
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

  /** Does something with the very element that a look sees, as soon as there is one. */
  async #on(
    key: string,
    { signal, timeoutMs = DEFAULT_MS }: Bounded,
    act: (target: Grasp, timeout: number) => Promise<unknown>,
  ): Promise<void> {
    const { clues } = this.#looker.control(key)
    const until = this.clock.now() + timeoutMs
    const left = () => Math.max(1, until - this.clock.now())
    await this.#during(signal, async () => {
      for (let last: unknown; ; ) {
        this.#dirty = false
        try {
          const target = await this.#orLate(this.#looker.grasp(key), left(), undefined)
          if (target !== undefined) return await this.#options.paint.whole(() => act(target, left()))
        } catch (error) {
          // A page that renders again takes the element away, or itself.
          if (!/Timeout|not (visible|enabled|attached)|intercepts/i.test(String(error)) && !LEAVING.test(String(error))) throw error
          last = error
        }
        if (this.clock.now() < until) {
          await this.pulse({ ...BETWEEN, signal })
          continue
        }
        const tried = clues.map(({ ranked }) => wordsOf(ranked.clue))
        const screenshot = await this.#options.screenshot(`no-${key}`)
        throw new BotError('PAGE_CHANGED', `"${key}" could not be used within ${timeoutMs} ms by any of ${tried.length} clues`, {
          details: { control: key, tried, url: bare(this.url()), ...(screenshot === undefined ? {} : { screenshot }) },
          cause: last,
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
      if (GONE.test(String(error))) {
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
