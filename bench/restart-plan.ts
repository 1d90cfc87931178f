import type { ErrorCode } from '../src/core/outcomes.ts'
import type { ScriptedLife, ScriptedStep } from '../src/lab/fakes/scripted-bot.ts'

/** One bot of the torture: its life, when it is asked for, when it is to join, and whether it is called back. */
export interface PlannedBot {
  n: number
  /** Asked for when services have been up for that long in all. */
  askedAtMs: number
  /** After it was asked for. Undefined: at once. */
  joinsAfterMs?: number
  /** Called back that long after it was asked for. */
  leavesAfterMs?: number
  reserved: boolean
  life: Omit<ScriptedLife, 'media'>
  /** Records real files. */
  recordsFiles: boolean
}

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const FAILURES: readonly ErrorCode[] = ['NOT_ACCEPTED', 'WAITING_ROOM_TIMEOUT', 'SIGN_IN_REQUIRED', 'PLATFORM_ERROR']

/** That many lives over that time, the same for one seed. Every second one records real files. */
export function planned(bots: number, spanMs: number, random: () => number): PlannedBot[] {
  return Array.from({ length: bots }, (_, n): PlannedBot => {
    const askedAtMs = Math.floor((n / bots) * spanMs * 0.8)
    const recordsFiles = n % 2 === 0
    const later = random() < 0.5
    const leaves = random() < 0.2
    const joinsAfterMs = Math.floor(random() * spanMs * 0.3)
    return {
      n,
      askedAtMs,
      ...(later ? { joinsAfterMs } : {}),
      ...(leaves ? { leavesAfterMs: (later ? joinsAfterMs : 0) + Math.floor(random() * 5_000) } : {}),
      reserved: later && random() < 0.3,
      recordsFiles,
      life: lifeOf(random, recordsFiles),
    }
  })
}

function lifeOf(random: () => number, recordsFiles: boolean): PlannedBot['life'] {
  const knocks = random() < 0.4
  const inAt = 300 + Math.floor(random() * 1_000)
  const steps: ScriptedStep[] = [{ atMs: 0, signal: 'start' }]
  if (knocks) steps.push({ atMs: 200, signal: 'lobby' })
  const leaveMs = Math.floor(random() * 400)
  if (!recordsFiles && random() < 0.4) {
    const reason = FAILURES[Math.floor(random() * FAILURES.length)] ?? 'NOT_ACCEPTED'
    return { steps, leaveMs, ends: { atMs: inAt, reason } }
  }
  steps.push({ atMs: inAt, signal: 'admitted' }, { atMs: inAt + 200, signal: 'recording' })
  const endsAt = inAt + 500 + Math.floor(random() * 3_000)
  return { steps, leaveMs, finishMs: Math.floor(random() * 800), ends: { atMs: endsAt, reason: 'meeting_ended' } }
}
