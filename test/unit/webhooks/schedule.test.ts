import { describe, expect, it } from 'vitest'
import { afterFailure, bornAt, failuresSince, RETRY_SCHEDULE } from '../../../src/webhooks/schedule.ts'

const HOUR = 3_600_000

/** The whole life of an event that never arrives, each failure taking no time. */
function life(random: () => number): number[] {
  const waits: number[] = []
  let now = 0
  for (let failures = 1; ; failures++) {
    const verdict = afterFailure({ failures, born: 0, now }, RETRY_SCHEDULE, random)
    if (!('nextAt' in verdict)) return waits
    waits.push(verdict.nextAt - now)
    now = verdict.nextAt
  }
}

describe('retries', () => {
  it('wait 5 s, 10 s, 1 min, 5 min, 15 min, 30 min, then an hour each, and end at 24 h', () => {
    const waits = life(() => 0.5)
    expect(waits.slice(0, 8)).toEqual([5_000, 10_000, 60_000, 300_000, 900_000, 1_800_000, HOUR, HOUR])
    expect(waits.slice(8, -1).every((wait) => wait === HOUR)).toBe(true)
    expect(waits.reduce((sum, wait) => sum + wait)).toBe(24 * HOUR)
  })

  it.each([
    ['shorter', 0, 0.8],
    ['longer', 1, 1.2],
  ])('are up to a fifth %s', (_, random, share) => {
    expect(life(() => random).slice(0, 7)).toEqual([5_000, 10_000, 60_000, 300_000, 900_000, 1_800_000, HOUR].map((wait) => wait * share))
  })

  it('an event that waited behind others for a day gets one try', () => {
    expect(afterFailure({ failures: 1, born: 0, now: 24 * HOUR }, RETRY_SCHEDULE, () => 0.5)).toEqual({ state: 'dead' })
  })

  it('a resend begins anew', () => {
    const born = bornAt({ createdAt: 0, resentAt: 30 * HOUR })
    const failures = failuresSince(born, [{ at: 0 }, { at: 24 * HOUR }, { at: 30 * HOUR }])
    expect(afterFailure({ failures, born, now: 30 * HOUR }, RETRY_SCHEDULE, () => 0.5)).toEqual({
      state: 'pending',
      nextAt: 30 * HOUR + 5_000,
    })
  })
})
