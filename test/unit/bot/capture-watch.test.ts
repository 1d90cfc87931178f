import { describe, expect, it } from 'vitest'
import { CaptureWatch } from '../../../src/bot/capture-watch.ts'
import type { CaptureHealth } from '../../../src/media/capture-port.ts'

const report = (more: Partial<CaptureHealth> = {}): CaptureHealth => ({
  epoch: 1,
  atMs: 0,
  audioContext: 'running',
  samples: 48_000,
  pictures: 15,
  skipped: 0,
  tracks: [{ track: 1, packets: 50, energy: 0 }],
  ...more,
})
const frame = (level: number) => ({
  epoch: 1,
  seq: 0,
  atMs: 0,
  sampleRate: 16_000 as const,
  tracks: [{ track: 1, pcm: Int16Array.from({ length: 1_600 }, () => level), sources: [] }],
  mix: new Int16Array(4_800),
})
/** Reports one a second, with what was heard and who was shown speaking without being heard. */
function play(seconds: number, { level = 0, unheard = [] as string[], health = report() } = {}, watch = new CaptureWatch(), from = 0) {
  for (let i = 1; i <= seconds; i++) {
    watch.frame(frame(level))
    watch.report(health, unheard, from + i * 1_000)
  }
  return watch
}

it('is not known before the first report', () => expect(new CaptureWatch().state(5_000)).toBeUndefined())

it('is well in silence, be it an hour of it', () => expect(play(3_600).state(3_600_000)).toBe('well'))

it('is not well when the reports stop', () => {
  const watch = play(3)
  expect(watch.state(6_000)).toBe('well')
  expect(watch.state(6_600)).toEqual({ why: 'no_reports' })
})

describe('the worklet and the encoder', () => {
  it.each([
    ['audio_stalled', { samples: 0, audioContext: 'suspended' }],
    ['video_stalled', { pictures: 0, error: 'encoder lost' }],
  ] as const)('%s when they do nothing for two seconds, with the reason', (why, what) => {
    const health = report(what)
    expect(play(1, { health }).state(1_000)).toBe('well')
    const details = 'error' in what ? { error: what.error } : {}
    expect(play(2, { health }).state(2_000)).toEqual({ why, audioContext: health.audioContext, ...details })
  })

  it('owe no pictures where none are asked for', () => {
    expect(play(5, { health: report({ pictures: 0, encoding: false }) }).state(5_000)).toBe('well')
  })

  it('are well again as soon as they work', () => {
    const watch = play(5, { health: report({ samples: 0 }) })
    expect(play(1, {}, watch, 5_000).state(6_000)).toBe('well')
  })
})

describe('a track', () => {
  const ada = { unheard: ['ada'] }

  it('is dead when packets come, nothing is heard and its speaker is shown, for five seconds', () => {
    expect(play(4, ada).state(4_000)).toBe('well')
    expect(play(5, ada).state(5_000)).toEqual({ why: 'dead_track', track: 1, packets: 50, participants: ['ada'] })
  })

  it.each([
    ['nobody is shown as speaking', {}],
    ['it is heard', { ...ada, level: 300 }],
    ['only comfort noise comes', { ...ada, health: report({ tracks: [{ track: 1, packets: 3, energy: 0 }] }) }],
  ])('is not dead while %s', (_, what) => expect(play(30, what).state(30_000)).toBe('well'))

  it('is alive again with its first sound', () => {
    const watch = play(8, ada)
    expect(play(1, { ...ada, level: 300 }, watch, 8_000).state(9_000)).toBe('well')
  })
})
