import { setTimeout as sleep } from 'node:timers/promises'

/** The only source of wall time and timers on the bot's floors, so that a test can own both. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  after(ms: number, signal?: AbortSignal): Promise<void>
}

/** Timers of Node are 32 bit: a longer one rings at once. A caller may well ask for a patience of years. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  async after(ms, signal) {
    signal?.throwIfAborted()
    try {
      for (let left = ms; left >= 0; left -= LONGEST_TIMER_MS) {
        await sleep(Math.min(left, LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal })
      }
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
