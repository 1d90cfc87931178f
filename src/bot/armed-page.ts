import type { OpenPage } from '../browser/port.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { CaptureHealth, CaptureListener, CaptureOptions, ViewPlan } from '../media/capture-port.ts'

export interface ArmedPageOptions {
  page: OpenPage
  options: CaptureOptions
  listener: CaptureListener
  /** What the page has to have done before. */
  free: Promise<void>
  clock: Clock
  logger: Logger
}

const TRIES = 2
/** Between a view that did not arrive and the same one again. */
const AGAIN_MS = 1_000

/**
 * One page's capture as it is armed. A call to a page may fail, or come to nothing in time, while the page captures all the
 * same: arming is tried twice unless the page is heard, and a view that did not arrive goes again with the next frame.
 */
export class ArmedPage {
  readonly page: OpenPage
  /** Resolves when nothing more is tried; never rejects. */
  readonly settled: Promise<void>
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #tried: string[] = []
  #seen: CaptureHealth | undefined
  #heard = false
  #over = false
  /** The page captures, so a view means something to it. */
  #ready = false
  #waiting: ViewPlan | undefined
  #sending = false
  #againAt = 0

  constructor({ page, options, listener, free, clock, logger }: ArmedPageOptions) {
    this.page = page
    this.#clock = clock
    this.#logger = logger
    this.settled = this.#arm(options, listener, free)
  }

  /** What was tried and what was seen, for an error that says nothing came. */
  get account(): Readonly<Record<string, unknown>> {
    const { audioContext, samples, error } = this.#seen ?? {}
    const seen = this.#seen === undefined ? 'no report' : { audioContext, samples, ...(error === undefined ? {} : { error }) }
    return { tried: [...this.#tried], seen }
  }

  /** A frame came: it captures, whatever its answers were. */
  frame(): void {
    this.#heard = true
    if (this.#waiting !== undefined) void this.#send()
  }

  health(health: CaptureHealth): void {
    this.#seen = health
  }

  /** What the picture shows from now on. */
  show(view: ViewPlan): void {
    this.#waiting = view
    void this.#send()
  }

  /** It counts no longer: nothing more is tried. */
  end(): void {
    this.#over = true
    this.#waiting = undefined
  }

  async #arm(options: CaptureOptions, listener: CaptureListener, free: Promise<void>): Promise<void> {
    await free
    for (let tries = 0; tries < TRIES && !this.#heard && !this.#over; tries++) {
      try {
        await this.page.capture.arm(options, listener)
        this.#tried.push('arm')
        this.#ready = true
        break
      } catch (error) {
        this.#tried.push(`arm: ${String(error)}`)
        this.#logger.debug('capture was not armed', { error: String(error) })
      }
    }
    await this.#send()
  }

  async #send(): Promise<void> {
    if (this.#sending || !(this.#ready || this.#heard) || this.#clock.now() < this.#againAt) return
    this.#sending = true
    try {
      for (let view = this.#waiting; view !== undefined; view = this.#waiting) {
        await this.page.capture.show(view)
        if (this.#waiting === view) this.#waiting = undefined
      }
    } catch (error) {
      this.#againAt = this.#clock.now() + AGAIN_MS
      this.#logger.debug('view not shown', { error: String(error) })
    } finally {
      this.#sending = false
    }
  }
}
