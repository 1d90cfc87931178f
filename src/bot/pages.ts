import type { OpenPage } from '../browser/port.ts'
import { within } from '../core/deadline.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { BotLife } from './life.ts'

const OPEN_MS = 60_000

/** The page a bot is on: its first, then whichever takes the place of a dead one. Owned by the bot's scope from the moment it is there. */
export class Pages {
  readonly #life: BotLife
  readonly #adapter: PlatformAdapter
  readonly #onPage: (page: OpenPage) => void
  #current: OpenPage | undefined

  constructor(life: BotLife, adapter: PlatformAdapter, onPage: (page: OpenPage) => void) {
    this.#life = life
    this.#adapter = adapter
    this.#onPage = onPage
    life.scope.own('page', () => this.#current?.close())
  }

  /** The newest; it may be dead. */
  get current(): OpenPage | undefined {
    return this.#current
  }

  /** The first page, or another in place of the one there is. */
  async next(signal: AbortSignal): Promise<OpenPage> {
    const { clock, browser } = this.#life.parts
    const before = this.#current
    const code = before === undefined ? 'BROWSER_LAUNCH_FAILED' : 'BROWSER_CRASHED'
    let coming: Promise<OpenPage> | undefined
    try {
      const page = await within({ ms: OPEN_MS, code, what: 'a browser page', signal, clock }, (inTime) => {
        coming = before === undefined ? browser.open(this.#plan(), inTime) : before.reopen(inTime)
        return coming
      })
      this.#current = page
      this.#onPage(page)
      return page
    } catch (error) {
      coming?.then(
        (late) => late.close(), // nobody else knows of it
        () => {}, // it never came
      )
      throw error
    }
  }

  #plan() {
    const { controls, page, wires = [] } = this.#adapter
    const { config, dir, warn } = this.#life
    return {
      controls,
      ...(page === undefined ? {} : { page }),
      wires,
      locale: config.locale,
      viewport: { width: 1280, height: 720 },
      screenshotsDir: `${dir}/screenshots`,
      onWarning: warn,
    }
  }
}
