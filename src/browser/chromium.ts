import { BotError } from '../core/errors.ts'
import { type ChromiumOptions, type RunningBrowser, startBrowser } from './launch.ts'
import { openPage } from './open-page.ts'
import type { BrowserProvider, OpenPage, PagePlan } from './port.ts'

export type { ChromiumOptions } from './launch.ts'

/** Chromium by playwright-core; launched at the first page, again if it died, shared by every page opened here. */
export function chromiumProvider(options: ChromiumOptions): BrowserProvider {
  return new ChromiumProvider(options)
}

class ChromiumProvider implements BrowserProvider {
  readonly #options: ChromiumOptions
  #running: Promise<RunningBrowser> | undefined

  constructor(options: ChromiumOptions) {
    this.#options = options
  }

  async open(plan: PagePlan, signal: AbortSignal): Promise<OpenPage> {
    signal.throwIfAborted()
    const opening = this.#open(plan, signal)
    const stop = new AbortController()
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal })
    })
    try {
      return await Promise.race([opening, aborted])
    } finally {
      stop.abort()
      // Given up while it opened: nobody will close that page but us.
      if (signal.aborted) opening.then((page) => page.close()).catch(() => {})
    }
  }

  async close(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await (await running?.catch(() => undefined))?.close() // never started: nothing to close
  }

  async #open(plan: PagePlan, signal: AbortSignal): Promise<OpenPage> {
    const running = await this.#start(plan)
    signal.throwIfAborted()
    const place = await running.context(plan).catch((error: unknown) => {
      throw new BotError('BROWSER_CRASHED', 'The browser ended while a page was opened', { cause: error })
    })
    try {
      return await openPage(place, plan, signal)
    } catch (error) {
      if (place.ownsContext) await place.context.close().catch(() => {}) // gone with its browser
      throw error
    }
  }

  /** One start for all who ask at once; forgotten when it failed or the browser ended, so that the next one starts anew. */
  #start(plan: PagePlan): Promise<RunningBrowser> {
    if (this.#running !== undefined) return this.#running
    const starting = startBrowser(this.#options, plan)
    const forget = () => {
      if (this.#running === starting) this.#running = undefined
    }
    this.#running = starting
    starting.then((running) => running.onEnd(forget), forget)
    return starting
  }
}
