import { expect, it } from 'vitest'
import { SpeakerTimeline } from '../../../src/bot/attribution/speaker-timeline.ts'
import type { SpeakingChange } from '../../../src/core/events.ts'

const names: Record<string, string> = { a: 'Ada', b: 'Jack' }
function timeline() {
  const changes: SpeakingChange[] = []
  return {
    changes,
    line: new SpeakerTimeline({ nameOf: (id) => names[id], isPerson: () => true, onChange: (change) => changes.push(change) }),
  }
}
function* frames(from: number, to: number, loud: (ms: number) => boolean, sources: number[] = []) {
  for (let atMs = from; atMs < to; atMs += 100) {
    const pcm = Int16Array.from({ length: 1_600 }, (_, i) => (loud(atMs + i / 16) ? (i % 2 === 0 ? 4_000 : -4_000) : 0))
    yield { epoch: 1, seq: atMs / 100, atMs, sampleRate: 16_000 as const, tracks: [{ track: 1, pcm, sources }], mix: new Int16Array(4_800) }
  }
}

it('names a voice by its contributing source, to 20 ms', () => {
  const { line } = timeline()
  line.observe({ type: 'source', csrc: 7, participantId: 'a', atMs: 0 })
  for (const frame of frames(0, 3_000, (ms) => ms >= 510 && ms < 1_500, [7])) line.frame(frame)
  const [only, ...more] = line.intervals()
  expect(more).toEqual([])
  expect(only).toMatchObject({ participantId: 'a', name: 'Ada', source: 'csrc', confidence: 0.95 })
  expect(Math.abs((only?.startAt ?? 0) - 510)).toBeLessThanOrEqual(20)
  expect(Math.abs((only?.endAt ?? 0) - 1_500)).toBeLessThanOrEqual(20)
})

it('names nobody without evidence, and revises when the roster tells later', () => {
  const { line, changes } = timeline()
  for (const frame of frames(0, 2_000, (ms) => ms < 1_000, [9])) line.frame(frame)
  expect(line.intervals()[0]).not.toHaveProperty('participantId')
  line.observe({ type: 'source', csrc: 9, participantId: 'b', atMs: 2_000 })
  expect(line.intervals()[0]).toMatchObject({ name: 'Jack', confidence: 0.95 })
  expect(changes.at(-1)?.change).toBe('revised')
})

it('splits a slot that passes from one person to another', () => {
  const { line } = timeline()
  for (const [csrc, participantId] of [
    [1, 'a'],
    [2, 'b'],
  ] as const)
    line.observe({ type: 'source', csrc, participantId, atMs: 0 })
  for (const frame of frames(0, 1_000, () => true, [1])) line.frame(frame)
  for (const frame of frames(1_000, 2_000, () => true, [2])) line.frame(frame)
  line.close()
  expect(line.intervals().map(({ name }) => name)).toEqual(['Ada', 'Jack'])
})

it('takes two moving meters on one track for no name, and one for a name below 0.8', () => {
  const { line } = timeline()
  const silent = { track: 2, pcm: new Int16Array(1_600), sources: [] }
  const hear = (from: number, to: number, loud: boolean) => {
    for (const frame of frames(from, to, () => loud)) line.frame({ ...frame, tracks: [...frame.tracks, silent] })
  }
  line.observe({ type: 'speaking', participantId: 'a', on: true, source: 'meter', atMs: 0 })
  line.observe({ type: 'speaking', participantId: 'b', on: true, source: 'meter', atMs: 0 })
  hear(0, 2_000, true)
  expect(line.intervals()).toHaveLength(1)
  expect(line.intervals()[0]).not.toHaveProperty('participantId')
  line.observe({ type: 'speaking', participantId: 'b', on: false, source: 'meter', atMs: 2_000 })
  hear(2_000, 4_000, true)
  line.close()
  expect(line.intervals()[1]).toMatchObject({ participantId: 'a', confidence: 0.7 })
})

it('where all voices are one sound, a sign that comes next takes nothing from who is shown', () => {
  const { line } = timeline()
  line.observe({ type: 'speaking', participantId: 'a', on: true, source: 'meter', via: 'dcrpc', atMs: 0 })
  line.observe({ type: 'speaking', participantId: 'a', on: false, source: 'meter', via: 'dcrpc', atMs: 1_000 })
  line.observe({ type: 'speaking', participantId: 'b', on: true, source: 'meter', via: 'dcrpc', atMs: 1_000 })
  line.observe({ type: 'speaking', participantId: 'b', on: false, source: 'meter', via: 'dcrpc', atMs: 2_000 })
  line.observe({ type: 'speaking', participantId: 'a', on: true, source: 'meter', via: 'dcrpc', atMs: 3_100 })
  for (const frame of frames(0, 4_000, (ms) => ms < 2_000 || ms > 3_000)) line.frame(frame)
  line.close()
  const spans = line.intervals().map(({ name, startAt, endAt }) => [name, Math.round(startAt / 100), Math.round(endAt / 100)])
  // The last voice is heard before its sign: nobody else is shown, so it is theirs from the start.
  expect(spans).toEqual([
    ['Ada', 0, 10],
    ['Jack', 10, 20],
    ['Ada', 30, 40],
  ])
})

it('silence that still names who spoke last is nobody’s voice, and the next one on that slot is not theirs', () => {
  const { line } = timeline()
  line.observe({ type: 'source', csrc: 1, participantId: 'a', atMs: 0 })
  line.observe({ type: 'source', csrc: 2, participantId: 'b', atMs: 0 })
  for (const frame of frames(0, 1_000, () => true, [1])) line.frame(frame)
  for (const frame of frames(1_000, 3_000, () => false, [1])) line.frame(frame)
  // The batch of the change holds both, newest first.
  for (const frame of frames(3_000, 3_100, (ms) => ms >= 3_040, [2, 1])) line.frame(frame)
  for (const frame of frames(3_100, 4_000, () => true, [2])) line.frame(frame)
  line.close()
  const spans = line.intervals().map(({ name, startAt, endAt }) => [name, Math.round(startAt / 100), Math.round(endAt / 100)])
  expect(spans).toEqual([
    ['Ada', 0, 10],
    ['Jack', 30, 40],
  ])
})

it('leaves what somebody has said theirs when their source becomes another’s', () => {
  const { line, changes } = timeline()
  line.observe({ type: 'source', csrc: 7, participantId: 'a', atMs: 0 })
  for (const frame of frames(0, 1_000, () => true, [7])) line.frame(frame)
  line.observe({ type: 'source', csrc: 7, participantId: 'b', atMs: 1_000 })
  for (const frame of frames(1_000, 2_000, () => true, [7])) line.frame(frame)
  expect(line.intervals().map(({ name }) => name)).toEqual(['Ada', 'Jack'])
  expect(changes.filter(({ change }) => change === 'revised')).toEqual([])
})

it('knows nobody by the sources of another stay', () => {
  const { line } = timeline()
  for (const frame of frames(0, 1_000, () => true, [9])) line.frame(frame) // nobody's until the end of that stay
  line.observe({ type: 'source', csrc: 7, participantId: 'a', atMs: 1_000 })
  line.reload()
  for (const frame of frames(2_000, 3_000, () => true, [7])) line.frame({ ...frame, epoch: 2 })
  for (const csrc of [7, 9]) line.observe({ type: 'source', csrc, participantId: 'b', atMs: 3_000 })
  expect(line.intervals().map(({ name }) => name)).toEqual([undefined, 'Jack'])
})

it('believes the channel over an answer that lags', () => {
  const { line } = timeline()
  line.observe({ type: 'source', csrc: 7, participantId: 'a', atMs: 0 })
  line.observe({ type: 'source', csrc: 7, participantId: 'b', atMs: 100, via: 'answer' })
  for (const frame of frames(200, 1_000, () => true, [7])) line.frame(frame)
  expect(line.intervals().map(({ name }) => name)).toEqual(['Ada'])
})
