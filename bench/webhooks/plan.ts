import type { NewDelivery } from '../../src/store/port.ts'
import type { RetrySchedule } from '../../src/webhooks/schedule.ts'

/** How much is sent, and how often the sender dies. The same seed gives the same faults and kills by number of request. */
export interface TorturePlan {
  events: number
  bots: number
  kills: number
  seed: number
  /** Given up, as a violation, after this. */
  deadlineMs: number
}

export const SECRET = 'a secret of the torture'
export const API_KEY = 'the key of the torture'
export const TIMEOUT_MS = 400

/** The contract's schedule with its days made milliseconds; nothing dies of age within a run. */
export const SHORT_SCHEDULE: RetrySchedule = { waitsMs: [20, 40, 80], thenEveryMs: 150, jitter: 0.2, deadAfterMs: 3_600_000 }

/** The uuid of bot `n`. */
export const uuidOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Event `k` of a bot; numbers as keys and odd text, so that bytes which are not kept show. */
export function eventOf(n: number, k: number): NewDelivery {
  const extra = { z: k, a: 'Zoë\u2028\ud83d\ude00', '10': 1, '2': [null, 1.5e21, { y: 1, b: 2 }] }
  return { event: 'bot.status_change', data: { bot_id: uuidOf(n), status: { code: 'torture', k }, extra } }
}

/** A small generator of numbers from 0 to 1 (mulberry32): the same seed gives the same row. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
