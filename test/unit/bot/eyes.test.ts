import { describe, expect, it } from 'vitest'
import { Eyes } from '../../../src/bot/eyes.ts'
import type { BotLife } from '../../../src/bot/life.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import type { TrackInfo } from '../../../src/media/capture-port.ts'
import type { Observation } from '../../../src/platform/observation.ts'

const FRAME_MS = 100
const TURN_MS = 4_000
const PAUSE_MS = 2_000

/** Eyes that have seen Ada come, and how they warn: turns of one voice are played to them. */
function watched() {
  const warned: [string, Record<string, unknown> | undefined][] = []
  const life = {
    id: 'b',
    config: { streaming: {} },
    parts: { clock: new FakeClock() },
    emit: () => {},
    warn: (code: string, _: string, details?: Record<string, unknown>) => void warned.push([code, details]),
  } as unknown as BotLife
  const eyes = new Eyes(life, () => {})
  eyes.armed(true)
  eyes.kept()
  eyes.track({ epoch: 1, track: 1, id: 'voice', kind: 'audio', live: true } as TrackInfo)
  eyes.observe({ type: 'participant', id: 'ada', name: 'Ada', present: true, atMs: 0 } as Observation)
  let seq = 0
  const play = (ms: number, level: number) => {
    for (const end = seq + ms / FRAME_MS; seq < end; seq++) {
      const pcm = Int16Array.from({ length: 16 * FRAME_MS }, (_, i) => level * Math.sin(i * 0.3))
      const tracks = [{ track: 1, pcm, sources: [] }]
      eyes.frame({ epoch: 1, seq, atMs: seq * FRAME_MS, sampleRate: 16_000, tracks, mix: new Int16Array(48 * FRAME_MS) })
    }
  }
  const turns = (n: number) => {
    for (let i = 0; i < n; i++) {
      play(PAUSE_MS, 0)
      play(TURN_MS, 8_000)
    }
    play(PAUSE_MS, 0)
  }
  return { eyes, turns, warned }
}

describe('voices that nothing names', () => {
  it('are warned of once, with how much was said', () => {
    const { turns, warned } = watched()
    turns(5)
    expect(warned).toEqual([['speaker_unknown', { namelessMs: expect.any(Number), spokenMs: expect.any(Number) }]])
    expect(warned[0]?.[1]?.['namelessMs']).toBeGreaterThan(10_000)
  })

  it('are nothing to warn of once the track is somebody’s', () => {
    const { eyes, turns, warned } = watched()
    eyes.observe({ type: 'track', trackId: 'voice', kind: 'audio', participantId: 'ada', atMs: 0 } as Observation)
    turns(5)
    expect(warned).toEqual([])
    expect(eyes.speakers.map(({ name }) => name)).toEqual(Array(5).fill('Ada'))
  })
})
