import { setTimeout as sleep } from 'node:timers/promises'

/** The only source of wall time and timers on the bot's floors, so that a test can own both. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  after(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async after(ms, signal) {
    signal?.throwIfAborted()
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  },
}
