import { describe, expect, it } from 'vitest'
import { Nameless } from '../../../src/bot/attribution/nameless.ts'
import type { SpeakingChange } from '../../../src/core/events.ts'

/** A turn of four seconds that is over; of nobody unless somebody is named. */
const turn = (n: number, participantId?: string, change: SpeakingChange['change'] = 'ended'): SpeakingChange => ({
  id: `s${n}`,
  change,
  interval: {
    startAt: n * 5_000,
    endAt: n * 5_000 + 4_000,
    source: 'track',
    confidence: 0.8,
    ...(participantId === undefined ? {} : { participantId }),
  },
})
const told = (...changes: SpeakingChange[]) => {
  const nameless = new Nameless()
  return changes.flatMap((change) => nameless.see(change) ?? [])
}

describe('voices without a name', () => {
  it('are told of once, when they are many', () => {
    expect(told(turn(1), turn(2), turn(3), turn(4), turn(5))).toEqual([{ namelessMs: 12_000, spokenMs: 12_000 }])
  })

  it('are nothing to tell of where most of what is said has a name', () => {
    expect(told(turn(1, 'a'), turn(2), turn(3, 'b'), turn(4), turn(5, 'a'), turn(6, 'b'), turn(7))).toEqual([])
  })

  it('are nameless no longer once it is known whose they were', () => {
    expect(told(turn(1), turn(2), turn(1, 'a', 'revised'), turn(2, 'a', 'revised'), turn(3), turn(4))).toEqual([])
  })

  it('count only once they are over', () => {
    expect(told(...[1, 2, 3, 4].map((n) => turn(n, undefined, 'started')))).toEqual([])
  })
})
