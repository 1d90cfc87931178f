import type { Delivery, DeliveryAttempt, DeliveryVerdict } from '../store/port.ts'

/** When an event that did not arrive is tried again. Times are milliseconds. */
export interface RetrySchedule {
  /** The wait after the first failure, the second, and so on. */
  waitsMs: readonly number[]
  /** The wait after every further one. */
  thenEveryMs: number
  /** Waits are longer or shorter by up to this share, so that receivers that come back are not met by everybody at once. */
  jitter: number
  /** An event of this age gets its last try, and is a dead letter after it. */
  deadAfterMs: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Contract v1, section 7.1. */
export const RETRY_SCHEDULE: RetrySchedule = {
  waitsMs: [5 * SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  thenEveryMs: HOUR,
  jitter: 0.2,
  deadAfterMs: 24 * HOUR,
}

/** From when an event's age counts: a resend makes it young again. */
export function bornAt({ createdAt, resentAt }: Pick<Delivery, 'createdAt' | 'resentAt'>): number {
  return resentAt ?? createdAt
}

/** Failures that count for the next wait: those since the event was made, or resent. */
export function failuresSince(born: number, attempts: readonly Pick<DeliveryAttempt, 'at'>[]): number {
  return attempts.filter(({ at }) => at >= born).length
}

/** What becomes of an event that failed `failures` times, this one included. `random` gives 0 to 1. */
export function afterFailure(
  { failures, born, now }: { failures: number; born: number; now: number },
  { waitsMs, thenEveryMs, jitter, deadAfterMs }: RetrySchedule,
  random: () => number,
): DeliveryVerdict {
  const deadAt = born + deadAfterMs
  if (now >= deadAt) return { state: 'dead' }
  const waitMs = (waitsMs[failures - 1] ?? thenEveryMs) * (1 + jitter * (2 * random() - 1))
  return { state: 'pending', nextAt: Math.min(Math.round(now + waitMs), deadAt) }
}
