import { BotError } from '../core/errors.ts'
import type { BotResult, Evidence } from '../core/events.ts'
import type { Why } from '../core/lifecycle.ts'
import { END_REASONS, type EndReason, ERROR_CODES, type ErrorCode, type Responsible } from '../core/outcomes.ts'
import { type BotStatus, nextStatus } from '../core/status.ts'
import type { LeaveLimits, LeaveVerdict } from './auto-leave.ts'

/** Why a bot's life ends: a reason of the table, or an error. The first one said is the one that counts. */
export interface Ending {
  reason: EndReason | ErrorCode
  error?: BotError
  evidence?: Evidence
  /** The files could not be finished: what was recorded is on disk, in parts. */
  unfinished?: BotError
}

/** The option each of them is due by. */
const LIMITS = {
  NOONE_JOINED: 'nooneJoinedTimeoutMs',
  everyone_left: 'everyoneLeftTimeoutMs',
  silence: 'silenceTimeoutMs',
  max_duration: 'maxDurationMs',
} as const satisfies Record<LeaveVerdict, keyof LeaveLimits>

/** A limit of the automatic leave was reached. */
export function endingOfLimit(due: LeaveVerdict, limits: LeaveLimits): Ending {
  const evidence = { text: `${LIMITS[due]}: ${limits[LIMITS[due]]}` }
  return {
    reason: due,
    evidence,
    ...(due === 'NOONE_JOINED' ? { error: new BotError(due, 'Nobody joined', { details: { ...limits } }) } : {}),
  }
}

/** Is it a reason of the table, rather than an error code? */
export const isEndReason = (reason: string): reason is EndReason => Object.hasOwn(END_REASONS, reason)

export interface Verdict {
  outcome: BotResult['outcome']
  reason: EndReason | ErrorCode
  responsible: Responsible
  error?: BotError
  truncated?: true
}

const IN_THE_CALL: readonly BotStatus[] = ['in_call_not_recording', 'in_call_recording', 'recording_paused']

/** Is `call_ended` said of this end? A bot that was in the call is out of it now, and so is one that was called back. */
export function comesOut(status: BotStatus, reason: Ending['reason']): boolean {
  return IN_THE_CALL.includes(status) || (reason === 'caller' && nextStatus(status, 'ended') !== undefined)
}

/** Failures that stay failures although something was recorded: nobody was there to be recorded. */
const FAILS_ANYWAY: readonly string[] = ['NOONE_JOINED']

/** Errors while recording, as the reason the recording ends with. */
const REASON_OF_ERROR: Partial<Record<ErrorCode, EndReason>> = {
  CONNECTION_LOST: 'connection_lost',
  BROWSER_CRASHED: 'browser_crashed',
  PROCESS_ENDED: 'process_ended',
}

/** What a status of the end carries. */
export function whyOf({ evidence }: Ending, { reason, responsible }: Verdict): Why {
  return { reason, responsible, ...(evidence === undefined ? {} : { evidence }) }
}

/** The outcome rule: if anything was recorded the bot completed, and says so if the end was not normal. */
export function judge(ending: Ending, recorded: boolean): Verdict {
  const { reason, error, unfinished } = ending
  if (!recorded || FAILS_ANYWAY.includes(reason)) {
    const code = isEndReason(reason) ? END_REASONS[reason].unrecorded : reason
    const failure =
      error?.code === code ? error : new BotError(code, `Nothing was recorded: ${reason}`, { details: { reason }, cause: error })
    return { outcome: 'failed', reason: code, responsible: ERROR_CODES[code].responsible, error: failure }
  }
  const said: EndReason = isEndReason(reason) ? reason : (REASON_OF_ERROR[reason] ?? 'internal')
  const { responsible, truncated } = END_REASONS[said]
  const wrong = unfinished ?? error
  return {
    outcome: 'completed',
    reason: said,
    responsible,
    ...(wrong === undefined ? {} : { error: wrong }),
    ...(truncated || unfinished !== undefined ? { truncated: true as const } : {}),
  }
}
