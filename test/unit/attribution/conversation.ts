import type { PageFrame, TrackAudio } from '../../../src/core/frame.ts'
import type { Observation } from '../../../src/platform/observation.ts'

/** How the platform lets the bot know who speaks. */
export type Arm = 'csrc' | 'late-map' | 'meters' | 'mixed'

export interface Conversation {
  /** Turns as they were spoken. */
  truth: { id: string; from: number; to: number }[]
  /** Everything the bot gets, in the order it gets it. */
  events: ({ frame: PageFrame } | { seen: Observation })[]
  lengthMs: number
}

const FRAME_MS = 100
const SLOTS = 3
const STEP_MS = 20

/** A seeded source of numbers in 0..1 (mulberry32). */
export function numbers(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const personId = (i: number) => `spaces/x/devices/${i}`

interface Turn {
  person: number
  slot: number
  from: number
  to: number
  /** Level of each 20 ms step. */
  levels: number[]
}

/** People of different rooms who take turns, overlap and pause, forwarded in three slots that belong to nobody. */
export function converse(seed: number, people: number, arm: Arm, lengthMs = 40_000): Conversation {
  const random = numbers(seed)
  const between = (low: number, high: number) => low + random() * (high - low)
  const rooms = Array.from({ length: people }, () => between(0.0008, 0.007))
  const turns: Turn[] = []
  let at = 500
  let last = -1
  while (at < lengthMs - 3_000) {
    const person = (last + 1 + Math.floor(random() * (people - 1))) % people
    last = person
    const ms = Math.round(between(1_500, 6_000) / STEP_MS) * STEP_MS
    const from = Math.round(at / STEP_MS) * STEP_MS
    const busy = new Set(turns.filter((turn) => turn.to > from - 40).map(({ slot }) => slot))
    const free = Array.from({ length: SLOTS }, (_, slot) => slot).filter((slot) => !busy.has(slot))
    const slot = free[Math.floor(random() * free.length)]
    const own = turns.some((turn) => turn.person === person && turn.to > from - 1_500)
    if (slot !== undefined && !own) turns.push({ person, slot, from, to: from + ms, levels: levelsOf(ms, rooms[person] ?? 0, between) })
    at = from + ms + between(-1_000, 900)
  }
  const events: { at: number; event: Conversation['events'][number] }[] = []
  const hear = (seen: Observation, knownAt: number) => events.push({ at: knownAt, event: { seen } })
  for (let i = 0; i < people; i++) {
    const mapped = arm === 'late-map' ? between(5_000, 30_000) : 0
    hear({ type: 'participant', atMs: 0, id: personId(i), present: true, name: i < 2 ? 'Sam' : `Person ${i}` }, 0)
    if (arm !== 'meters' && arm !== 'mixed') hear({ type: 'source', atMs: mapped, csrc: 100 + i, participantId: personId(i) }, mapped)
  }
  if (arm !== 'csrc') for (const turn of turns) shown(turn, arm, between, hear)
  for (let start = 0; start < lengthMs; start += FRAME_MS) {
    const frame = frameAt(start, turns, arm, random)
    events.push({ at: start + FRAME_MS + 20, event: { frame } })
  }
  events.sort((a, b) => a.at - b.at)
  return {
    truth: turns.map(({ person, from, to }) => ({ id: personId(person), from: from + 260, to: to - 60 })),
    events: events.map(({ event }) => event),
    lengthMs,
  }
}

/** Room tone, then syllables with pauses of up to half a second, then room tone. */
function levelsOf(ms: number, room: number, between: (low: number, high: number) => number): number[] {
  const levels: number[] = []
  const push = (level: () => number, forMs: number) => {
    for (let i = 0; i < forMs / STEP_MS; i++) levels.push(level())
  }
  push(() => room * between(0.7, 1.2), 260)
  while (levels.length * STEP_MS < ms - 60) {
    push(() => between(0.02, 0.2), between(80, 350))
    push(() => room * between(0.7, 1.2), between(0, 1) < 0.12 ? between(200, 500) : between(20, 80))
  }
  levels.length = Math.floor((ms - 60) / STEP_MS)
  for (let i = levels.length - 5; i < levels.length; i++) levels[i] = between(0.03, 0.1)
  push(() => room * between(0.7, 1.2), 60)
  return levels
}

/** The signs of a turn as the platform gives them: late at both ends, and known later still. */
function shown(turn: Turn, arm: Arm, between: (low: number, high: number) => number, hear: (seen: Observation, at: number) => void): void {
  const participantId = personId(turn.person)
  if (arm === 'mixed') {
    const on = turn.from + 260 + between(20, 120)
    const off = turn.to + between(0, 100)
    hear({ type: 'speaking', atMs: on, participantId, on: true, source: 'meter', via: 'dcrpc' }, on)
    hear({ type: 'speaking', atMs: off, participantId, on: false, source: 'meter', via: 'dcrpc' }, off)
    return
  }
  const moves = turn.levels.flatMap((level, i) => (level > 0.015 ? [turn.from + i * STEP_MS + 60] : []))
  let since: number | undefined
  moves.forEach((move, i) => {
    if (since === undefined) {
      since = move
      hear({ type: 'speaking', atMs: move, participantId, on: true, source: 'meter' }, move)
    }
    const next = moves[i + 1]
    if (next !== undefined && next - move < 550) return
    since = undefined
    hear({ type: 'speaking', atMs: move, participantId, on: false, source: 'meter' }, move + 500)
  })
}

function frameAt(start: number, turns: readonly Turn[], arm: Arm, random: () => number): PageFrame {
  const near = turns.filter((turn) => turn.from < start + FRAME_MS && turn.to > start)
  const pcmOf = (slots: readonly Turn[]) => {
    const pcm = new Int16Array(1_600)
    for (const turn of slots) {
      for (let i = 0; i < pcm.length; i++) {
        const ms = start + i / 16 - turn.from
        const level = ms < 0 ? 0 : (turn.levels[Math.floor(ms / STEP_MS)] ?? 0)
        pcm[i] = (pcm[i] ?? 0) + level * 32_768 * (random() * 2 - 1) * 1.73
      }
    }
    return pcm
  }
  const tracks: TrackAudio[] =
    arm === 'mixed'
      ? [{ track: 1, pcm: pcmOf(near), sources: [] }]
      : Array.from({ length: SLOTS }, (_, slot) => {
          const here = near.filter((turn) => turn.slot === slot).sort((a, b) => b.from - a.from)
          const sources = arm === 'meters' ? [] : here.slice(0, 1).map(({ person }) => 100 + person)
          return { track: slot + 1, pcm: pcmOf(here), sources }
        })
  return { epoch: 1, seq: start / FRAME_MS, atMs: start, sampleRate: 16_000, tracks, mix: new Int16Array(4_800) }
}
