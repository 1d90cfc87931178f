/** Every status a bot can have, in the words of the wire (contract v1, section 7.2). */
export const BOT_STATUSES = [
  'queued',
  'joining_call',
  'in_waiting_room',
  'in_call_not_recording',
  'in_call_recording',
  'recording_paused',
  'call_ended',
  'completed',
  'failed',
] as const

export type BotStatus = (typeof BOT_STATUSES)[number]

/** What can happen to a bot; the table says what follows from it. */
export type Signal = 'start' | 'lobby' | 'admitted' | 'recording' | 'pause' | 'resume' | 'ended' | 'saved' | 'broke'

/** The whole life of a bot on one screen. A missing cell is an illegal move. */
// biome-ignore format: a table
export const TRANSITIONS = {
  queued:                { start: 'joining_call', ended: 'call_ended', broke: 'failed' },
  joining_call:          { lobby: 'in_waiting_room', admitted: 'in_call_not_recording', ended: 'call_ended', broke: 'failed' },
  in_waiting_room:       { admitted: 'in_call_not_recording', ended: 'call_ended', broke: 'failed' },
  in_call_not_recording: { recording: 'in_call_recording', ended: 'call_ended', broke: 'failed' },
  in_call_recording:     { pause: 'recording_paused', ended: 'call_ended', broke: 'failed' },
  recording_paused:      { resume: 'in_call_recording', ended: 'call_ended', broke: 'failed' },
  call_ended:            { saved: 'completed', broke: 'failed' },
  completed:             {},
  failed:                {},
} as const satisfies Record<BotStatus, Partial<Record<Signal, BotStatus>>>

/** Statuses nothing leaves. */
export const TERMINAL_STATUSES = ['completed', 'failed'] as const satisfies readonly BotStatus[]

export function isTerminal(status: BotStatus): boolean {
  return (TERMINAL_STATUSES as readonly BotStatus[]).includes(status)
}

/** Every status that can still come after `from`. */
export function reachableFrom(from: BotStatus): ReadonlySet<BotStatus> {
  const reachable = new Set<BotStatus>(Object.values(TRANSITIONS[from]))
  for (const status of reachable) for (const next of Object.values(TRANSITIONS[status])) reachable.add(next)
  return reachable
}

/** Where `signal` leads from `from`, or undefined if it cannot happen there. */
export function nextStatus(from: BotStatus, signal: Signal): BotStatus | undefined {
  const row: Partial<Record<Signal, BotStatus>> = TRANSITIONS[from]
  return row[signal]
}
