import type { StatusChange } from '../core/events.ts'
import { END_REASONS, type EndReason, ERROR_CODES, type ErrorCode, type Responsible } from '../core/outcomes.ts'
import type { BotEnding, BotFact, BotPatch, BotRecord } from '../store/port.ts'
import { endingEvents, statusEvents } from '../webhooks/payloads.ts'
import type { FileLinks } from './port.ts'

/** Who told a bot to leave: its caller, or the engine that stops. */
export type Leaver = 'caller' | 'stop'

/** What a bot says when it leaves because it was told to, and what that is when the engine told it. */
const WHEN_STOPPED: Readonly<Record<string, EndReason | ErrorCode>> = {
  caller: 'process_ended',
  LEFT_BEFORE_RECORDING: 'PROCESS_ENDED',
}

/** The reason as it truly is: a bot that leaves because its engine stops was not called back by its caller. */
export function told<T extends { reason?: string; responsible?: Responsible }>(said: T, by: Leaver | undefined): T {
  const reason = by === 'stop' && said.reason !== undefined ? WHEN_STOPPED[said.reason] : undefined
  if (reason === undefined) return said
  const truly = { ...said, reason, responsible: responsibleFor(reason) }
  return 'truncated' in said
    ? { ...truly, truncated: reason === 'process_ended', message: said.reason === 'caller' ? null : STOPPED }
    : truly
}

const STOPPED = 'The engine was stopped before anything was recorded'

/** Whom an end is owed to, by the tables. */
export function responsibleFor(reason: EndReason | ErrorCode): Responsible {
  return isEndReason(reason) ? END_REASONS[reason].responsible : ERROR_CODES[reason].responsible
}

/** Whether a word of a history is an end reason of the table. */
export const isEndReason = (reason: string): reason is EndReason => Object.hasOwn(END_REASONS, reason)

/** Whether a word of a history is an error code of the table. */
export const isErrorCode = (reason: string): reason is ErrorCode => Object.hasOwn(ERROR_CODES, reason)

/** A status on the way, with what it tells of the times. */
export function statusFact(bot: BotRecord, { from, to, at, reason, responsible, evidence, startedAt }: StatusChange): BotFact {
  const patch: BotPatch = {
    ...(to === 'in_call_not_recording' ? { joinedAt: at } : {}),
    ...(to === 'in_call_recording' && from !== 'recording_paused' ? { recordingStartedAt: startedAt ?? at } : {}),
    ...(to === 'call_ended' && from !== 'queued' ? { exitedAt: at } : {}),
  }
  return {
    at,
    patch,
    history: { status: to, reason: reason ?? null, responsible: responsible ?? null, screenshot: evidence?.screenshot ?? null },
    deliveries: statusEvents(bot, { from, to, at, ...(startedAt === undefined ? {} : { startedAt }) }),
  }
}

/** What belongs to an end besides the verdict. */
export interface EndingDetails {
  at: number
  patch: BotPatch
  links: FileLinks
  screenshot: string | null
  /** `call_ended` was said. */
  isOut: boolean
}

/** The end: status, files, verdict and the last event, in one transaction. */
export function endingFact(bot: BotRecord, ending: BotEnding, { at, patch, links, screenshot, isOut }: EndingDetails): BotFact {
  const { outcome, reason, responsible } = ending
  const left = bot.joinedAt !== null && bot.exitedAt === null ? { exitedAt: at } : {}
  return {
    at,
    patch: { ...patch, ...left },
    history: { status: outcome, reason, responsible, screenshot },
    ending,
    deliveries: endingEvents({ ...bot, ...patch, ending }, { at, links, isOut }),
  }
}

/** The end of a bot that was cancelled while it waited: it was in no call, so nothing is said of joining. */
export function cancelledFact(bot: BotRecord, at: number): BotFact {
  const ending: BotEnding = {
    outcome: 'failed',
    reason: 'LEFT_BEFORE_RECORDING',
    responsible: 'caller',
    truncated: false,
    message: 'Told to leave before it joined',
  }
  return endingFact(bot, ending, { at, patch: { isStopped: true }, links: { mp4: '', audio: '' }, screenshot: null, isOut: false })
}
