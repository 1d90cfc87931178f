import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpeakerTimeline } from '../../../src/bot/attribution/speaker-timeline.ts'
import type { SpeakingChange, SpeakingInterval } from '../../../src/core/events.ts'
import { type Arm, type Conversation, converse, personId } from './conversation.ts'

function listen({ events }: Conversation): { intervals: readonly SpeakingInterval[]; changes: SpeakingChange[] } {
  const changes: SpeakingChange[] = []
  const names = new Map<string, string>()
  const line = new SpeakerTimeline({ nameOf: (id) => names.get(id), isPerson: () => true, onChange: (change) => changes.push(change) })
  for (const event of events) {
    if ('frame' in event) line.frame(event.frame)
    else {
      if (event.seen.type === 'participant') names.set(event.seen.id, event.seen.name ?? '')
      line.observe(event.seen)
    }
  }
  line.close()
  return { intervals: line.intervals(), changes }
}

const within = (spans: readonly { id: string; from: number; to: number }[], ms: number) =>
  [...new Set(spans.filter(({ from, to }) => ms >= from && ms < to).map(({ id }) => id))].sort().join()

/** Share of 100 ms bins outside overlaps where exactly the right people are said to speak. */
function agreement({ truth, lengthMs }: Conversation, intervals: readonly SpeakingInterval[]): number {
  const said = intervals.map(({ participantId = '?', startAt, endAt }) => ({ id: participantId, from: startAt, to: endAt }))
  let [bins, good] = [0, 0]
  for (let ms = 50; ms < lengthMs; ms += 100) {
    // The room tone around a turn sounds too, and hides what another one says in it.
    const sounding = truth.filter(({ from, to }) => ms >= from - 260 && ms < to + 60)
    if (sounding.length > 1) continue
    bins++
    good += Number(within(truth, ms) === within(said, ms))
  }
  return good / bins
}

/** Named intervals that lie mostly where their person did not speak. */
const wrong = ({ truth }: Conversation, intervals: readonly SpeakingInterval[], least: number) =>
  intervals.filter(({ participantId, startAt, endAt, confidence }) => {
    if (participantId === undefined || confidence <= least) return false
    const right = truth
      .filter(({ id }) => id === participantId)
      .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, endAt) - Math.max(from, startAt)), 0)
    return right < (endAt - startAt) / 2
  })

describe.each<[Arm, number]>([
  ['csrc', 0.97],
  ['late-map', 0.97],
  ['meters', 0.97],
  ['mixed', 0.97],
])('who spoke when, told by %s', (arm, least) => {
  it.each([4, 6, 12])('%i people in three slots, by seed', (people) => {
    const scores: number[] = []
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1 << 30 }), (seed) => {
        const talk = converse(seed, people, arm)
        const { intervals } = listen(talk)
        scores.push(agreement(talk, intervals))
        expect(wrong(talk, intervals, 0.8)).toEqual([])
      }),
      { numRuns: 6, seed: 20_261_125 },
    )
    const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length
    expect(mean, scores.map((one) => one.toFixed(3)).join(' ')).toBeGreaterThan(least)
    expect(Math.min(...scores)).toBeGreaterThan(0.95)
  })

  it('every interval that starts ends once, after it started, and a revision names one that is known', () => {
    const { changes } = listen(converse(7, 6, arm))
    const state = new Map<string, 'open' | 'over'>()
    for (const { id, change, interval } of changes) {
      if (change === 'started') expect(state.has(id)).toBe(false)
      else expect(state.has(id)).toBe(true)
      if (change === 'ended') {
        expect(state.get(id)).toBe('open')
        expect(interval.endAt).toBeGreaterThan(interval.startAt)
      }
      if (change !== 'revised') state.set(id, change === 'started' ? 'open' : 'over')
    }
    expect([...state.values()].every((one) => one === 'over')).toBe(true)
  })
})

it('two people of one name are two ids in the intervals', () => {
  const talk = converse(3, 3, 'csrc')
  const { intervals } = listen(talk)
  const sams = new Set(intervals.filter(({ name }) => name === 'Sam').map(({ participantId }) => participantId))
  expect([...sams].sort()).toEqual([personId(0), personId(1)])
})

it('better evidence replaces what meters guessed, and says so', () => {
  const { changes } = listen(converse(11, 4, 'late-map'))
  const revised = changes.filter(({ change }) => change === 'revised')
  expect(revised.length).toBeGreaterThan(0)
  for (const { interval } of revised) expect(interval).toMatchObject({ source: 'csrc', confidence: 0.95 })
})
