export interface RateLimitOptions {
  /** How many within the window. */
  limit: number
  windowMs: number
  now: () => number
}

/** How many callers are remembered at most; beyond it those that were quiet for a window are forgotten first. */
const MOST_CALLERS = 10_000

interface Recent {
  /** A ring of the last `limit` times. */
  times: number[]
  next: number
  last: number
}

/** At most `limit` calls of one caller in any `windowMs`: a sliding window, so no double burst at its edge. */
export class RateLimit {
  readonly #limit: number
  readonly #windowMs: number
  readonly #now: () => number
  readonly #callers = new Map<string | number, Recent>()

  constructor({ limit, windowMs, now }: RateLimitOptions) {
    this.#limit = limit
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Counts one call. 0: go ahead; else the milliseconds after which there is room again, and nothing was counted. */
  take(caller: string | number): number {
    const now = this.#now()
    const recent = this.#callers.get(caller) ?? this.#remember(caller)
    const oldest = recent.times[recent.next]
    // A time from the future is of a clock that was set back: nobody is shut out until it comes round again.
    if (oldest !== undefined && now >= oldest && now - oldest < this.#windowMs) return this.#windowMs - (now - oldest)
    recent.times[recent.next] = now
    recent.next = (recent.next + 1) % this.#limit
    recent.last = now
    return 0
  }

  #remember(caller: string | number): Recent {
    if (this.#callers.size >= MOST_CALLERS) this.#forget()
    const recent: Recent = { times: [], next: 0, last: this.#now() }
    this.#callers.set(caller, recent)
    return recent
  }

  #forget(): void {
    const quietSince = this.#now() - this.#windowMs
    for (const [caller, { last }] of this.#callers) if (last <= quietSince) this.#callers.delete(caller)
    for (const caller of this.#callers.keys()) {
      if (this.#callers.size < MOST_CALLERS) return
      this.#callers.delete(caller)
    }
  }
}
