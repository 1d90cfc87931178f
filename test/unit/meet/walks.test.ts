import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Scene } from '../../../src/lab/fakes/scenes.ts'
import { playCall, playJoin } from './play.ts'

/** What the page shows in each state of the truth. `quoted` is a chat that repeats the words of other states. */
// biome-ignore format: a table
const STATES = {
  lobby:       { shows: ['lobby', 'leaveCall'] },
  lookalike:   { shows: ['captions', 'chat', 'leaveCall'] },
  nothing:     { shows: ['leaveCall'] },
  silent:      { answered: false },
  call:        { shows: ['captions', 'chat', 'people', 'share', 'leaveCall'] },
  quoted:      { shows: ['captions', 'chat', 'people', 'lobby', 'reconnecting'] },
  hidden:      { shows: [] },
  consent:     { shows: ['captions', 'chat', 'people'], once: ['consent'] },
  overlay:     { shows: ['reconnecting', 'returnHome', 'captions'] },
  backInLobby: { shows: ['lobby', 'leaveCall'] },
  removed:     { shows: ['removed', 'returnHome'] },
  ended:       { shows: ['hostEnded', 'returnHome'] },
  sentAway:    { url: 'https://workspace.google.com/products/meet/' },
  denied:      { shows: ['denied', 'askAgain', 'returnHome'] },
  blocked:     { shows: ['cantJoin', 'returnHome'] },
} as const satisfies Record<string, Scene<MeetKey>>
type State = keyof typeof STATES

const REFUSALS = { denied: 'NOT_ACCEPTED', blocked: 'PLATFORM_BLOCKED' } as const
const ENDS = { removed: 'removed', ended: 'meeting_ended', sentAway: 'removed' } as const
const HOME = 'https://meet.google.com/abc-defg-hij'

interface Walk {
  stage: FakeStage<MeetKey>
  /** What was true at this fake time. */
  truth(atMs: number): State | undefined
  refusal: keyof typeof REFUSALS | undefined
  end: keyof typeof ENDS
  endAt: number
}

function walk(seed: number): Walk {
  const random = randomOf(seed)
  const one = <T>(...from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0]
  const path: { state: State; at: number }[] = []
  let at = 0
  const go = (state: State, least: number, most: number) => {
    path.push({ state, at })
    at += Math.round(least + random() * (most - least))
  }
  if (random() < 0.3) {
    go('lookalike', 500, 6_400)
    go('lobby', 6_000, 40_000)
  }
  for (let steps = Math.floor(random() * 4); steps > 0; steps--) {
    const state = one<State>('lobby', 'lobby', 'silent', 'nothing')
    go(state, 1_000, state === 'lobby' ? 40_000 : 8_000)
  }
  const refusal = random() < 0.25 ? one<keyof typeof REFUSALS>('denied', 'blocked') : undefined
  const end = one<keyof typeof ENDS>('removed', 'ended', 'sentAway')
  if (refusal !== undefined) go(refusal, 60_000, 60_000)
  else {
    go('call', 20_000, 40_000)
    for (let steps = Math.floor(random() * 7); steps > 0; steps--) {
      const state = one<State>('silent', 'quoted', 'hidden', 'consent', 'overlay', 'backInLobby')
      go(state, 6_000, state === 'overlay' ? 14_000 : 30_000)
      go('call', 8_000, 40_000)
    }
  }
  const endAt = at
  go(end, 60_000, 60_000)
  const scenes = path.map(({ state, at: begins }, index): Scene<MeetKey> => {
    const scene: Scene<MeetKey> = { url: HOME, ...STATES[state], at: begins }
    return index === 0 ? { ...scene, on: { press: 'askToJoin' } } : scene
  })
  return {
    stage: new FakeStage<MeetKey>({ shows: ['askToJoin'] }, ...scenes),
    truth: (atMs) => path.findLast((step) => step.at <= atMs)?.state,
    refusal,
    end,
    endAt,
  }
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1)

describe('what is said never contradicts the truth', () => {
  it.each(seeds)('walk %i', async (seed) => {
    const { stage, truth, refusal, end, endAt } = walk(seed)
    const joined = await playJoin(stage, { waitingRoomTimeoutMs: null })

    for (const { what, atMs } of joined.told) if (what === 'lobby') expect(truth(atMs)).toBe('lobby')
    if (refusal !== undefined) {
      expect(joined.end).toBe(REFUSALS[refusal])
      expect(truth(joined.atMs)).toBe(refusal)
      return
    }
    expect(joined.end).toBe('admitted')
    expect(truth(joined.atMs)).toBe('call')
    // What is kept of the recording began in the call: the last sign was one of it.
    expect(joined.told.findLast(({ what }) => what !== 'lobby')).toMatchObject({ what: 'sign' })
    expect(truth(joined.told.findLast(({ what }) => what === 'sign')?.atMs ?? -1)).toBe('call')

    const startedAt = stage.clock.elapsedMs
    const seen = await playCall(stage, 3_600_000)
    const meant = { reconnecting: 'overlay', moved_to_lobby: 'backInLobby' } as const
    for (const one of seen) {
      const was = truth(startedAt + one.atMs)
      if (one.type === 'popup') expect(was).toBe('consent')
      if (one.type === 'interruption' && (one.kind === 'reconnecting' || one.kind === 'moved_to_lobby')) {
        expect(was === meant[one.kind]).toBe(one.on)
      }
    }
    const last = seen.at(-1)
    expect(last).toMatchObject({ type: 'end', reason: ENDS[end] })
    expect(startedAt + (last?.atMs ?? 0)).toBeGreaterThanOrEqual(endAt)
    expect(startedAt + (last?.atMs ?? 0)).toBeLessThan(endAt + 6_000)
    expect(stage.clock.waiting).toBe(0)
  })

  it('is asked in every state: the walks hold them all', () => {
    const held = new Set<State | undefined>()
    for (const seed of seeds) {
      const { truth, endAt } = walk(seed)
      for (let atMs = 0; atMs < endAt + 500; atMs += 500) held.add(truth(atMs))
      held.add(truth(endAt))
    }
    expect([...held].sort()).toEqual(Object.keys(STATES).sort())
  })
})
