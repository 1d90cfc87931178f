import type { Clock } from '../../core/clock.ts'

export interface FakeClockOptions {
  /** Unix milliseconds of the start. Default 2026-01-01T00:00:00Z. */
  startAt?: number
  /** Time passes by itself as soon as everybody waits. Default false: only `run` moves it. */
  auto?: boolean
  /** Fake time after which every waiter is refused: a loop without an end fails its test instead of hanging it. Default 24 h. */
  limitMs?: number
}

interface Timer {
  at: number
  order: number
  fire(): void
  refuse(error: Error): void
}

/**
 * A clock a test owns. Timers fire in the order of their times, equal times in the order they were asked for, and
 * everything that can run runs before time moves on: the same script gives the same history every time.
 *
 * @example
 * const clock = new FakeClock()
 * const waited = clock.after(600_000)
 * await clock.run(600_000)
 * await waited
 */
export class FakeClock implements Clock {
  readonly #startAt: number
  readonly #auto: boolean
  readonly #limitMs: number
  readonly #timers = new Set<Timer>()
  #now: number
  #orders = 0
  #pumping = false

  constructor({ startAt = Date.UTC(2026, 0, 1), auto = false, limitMs = 86_400_000 }: FakeClockOptions = {}) {
    this.#startAt = startAt
    this.#now = startAt
    this.#auto = auto
    this.#limitMs = limitMs
  }

  now(): number {
    return this.#now
  }

  /** Milliseconds since the start. */
  get elapsedMs(): number {
    return this.#now - this.#startAt
  }

  /** How many wait now. After a test that should leave nothing behind: 0. */
  get waiting(): number {
    return this.#timers.size
  }

  after(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      signal?.throwIfAborted()
      const done = () => {
        this.#timers.delete(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const onAbort = () => {
        done()
        reject(signal?.reason)
      }
      const timer: Timer = {
        at: this.#now + Math.max(0, Number.isFinite(ms) ? ms : this.#limitMs),
        order: this.#orders++,
        fire: () => {
          done()
          resolve()
        },
        refuse: (error) => {
          done()
          reject(error)
        },
      }
      this.#timers.add(timer)
      signal?.addEventListener('abort', onAbort, { once: true })
      if (this.#auto) void this.#pump()
    })
  }

  /** Lets `ms` pass, with all that falls due on the way. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let timer = this.#next(); timer !== undefined && timer.at <= end; timer = this.#next()) {
      this.#now = Math.max(this.#now, timer.at)
      timer.fire()
      await settled()
    }
    this.#now = Math.max(this.#now, end)
  }

  #next(): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return
    this.#pumping = true
    await settled()
    for (let timer = this.#next(); timer !== undefined; timer = this.#next()) {
      if (timer.at - this.#startAt > this.#limitMs) {
        const error = new Error(`Nothing ended within ${this.#limitMs} ms of fake time`)
        for (const late of [...this.#timers]) late.refuse(error)
        break
      }
      this.#now = Math.max(this.#now, timer.at)
      timer.fire()
      await settled()
    }
    this.#pumping = false
  }
}

/** Every promise that can go on has gone on: a macrotask runs only after all of them. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
