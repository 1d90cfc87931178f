import type { StatusChange } from '../core/events.ts'
import { ERROR_CODES, type ErrorCode } from '../core/outcomes.ts'
import type { BotStatus } from '../core/status.ts'
import type { BotRecord, Json, NewDelivery } from '../store/port.ts'

/** A status as it is told: contract v1, section 7.2. */
type StatusCode =
  | 'joining_call'
  | 'in_waiting_room'
  | 'in_call_not_recording'
  | 'in_call_recording'
  | 'recording_paused'
  | 'recording_resumed'
  | 'call_ended'
  | 'bot_rejected'
  | 'bot_removed'
  | 'waiting_room_timeout'
  | 'invalid_meeting_url'
  | 'meeting_error'

/** What each status is called outside. Undefined: not told, or told by `complete` and `failed`. */
const CODE_OF_STATUS: Record<BotStatus, StatusCode | undefined> = {
  queued: undefined,
  joining_call: 'joining_call',
  in_waiting_room: 'in_waiting_room',
  in_call_not_recording: 'in_call_not_recording',
  in_call_recording: 'in_call_recording',
  recording_paused: 'recording_paused',
  call_ended: 'call_ended',
  completed: undefined,
  failed: undefined,
}

/**
 * The status a failure is announced with; every other one is a `meeting_error`. A bot that leaves, or waits in vain in the
 * call, is simply out: the contract has no code of its own for it.
 */
const CODE_OF_FAILURE: Partial<Record<ErrorCode, StatusCode>> = {
  NOT_ACCEPTED: 'bot_rejected',
  REMOVED_EARLY: 'bot_removed',
  WAITING_ROOM_TIMEOUT: 'waiting_room_timeout',
  HOST_NOT_STARTED: 'waiting_room_timeout',
  INVALID_MEETING_URL: 'invalid_meeting_url',
  NOONE_JOINED: 'call_ended',
  LEFT_BEFORE_RECORDING: 'call_ended',
}

/** What a status on the way is called outside; undefined where nothing is told of it. */
export function codeOfStatus(from: BotStatus | undefined, to: BotStatus): StatusCode | undefined {
  return from === 'recording_paused' && to === 'in_call_recording' ? 'recording_resumed' : CODE_OF_STATUS[to]
}

/** The status a failure is announced with where the bot was not out before. */
export function codeOfFailure(reason: string): StatusCode {
  return (isErrorCode(reason) ? CODE_OF_FAILURE[reason] : undefined) ?? 'meeting_error'
}

/** A word of a transcript: seconds from the start of the recording. */
export interface PayloadWord {
  start: number
  end: number
  word: string
}

/** What one person said in one go: seconds from the start of the recording. */
export interface PayloadUtterance {
  speaker: string
  startTime: number
  endTime: number
  words: readonly PayloadWord[]
}

/** What the last events need besides the record. */
export interface EndingContext {
  /** Unix milliseconds. */
  at: number
  /** Signed links to the files; an empty string where there is none. */
  links: { mp4: string; audio: string }
  /** `call_ended` has been told. Default: as the record says. */
  isOut?: boolean
  /** Only when speech to text was asked for. */
  transcript?: readonly PayloadUtterance[]
}

/** A status on the way; with `in_call_recording`, `startedAt` is media time 0 in Unix milliseconds (default `at`). */
export type ToldChange = Pick<StatusChange, 'from' | 'to' | 'at'> & { startedAt?: number }

/** The event of a status on the way; none for those that are not told, or told as `complete` and `failed`. */
export function statusEvents(bot: Pick<BotRecord, 'uuid'>, { from, to, at, startedAt = at }: ToldChange): NewDelivery[] {
  const code = codeOfStatus(from, to)
  if (code === undefined) return []
  // Unix seconds: the unit v2 states and v1 leaves open.
  return [statusEvent(bot, code, at, code === 'in_call_recording' ? { start_time: startedAt / 1_000 } : {})]
}

/**
 * The last events of a bot whose record has its `ending`: where the end was not told yet the status that announces it, then
 * exactly one of `complete` and `failed`.
 */
export function endingEvents(bot: BotRecord, { at, links, isOut, transcript }: EndingContext): NewDelivery[] {
  const { ending } = bot
  if (ending === null) return []
  const told = isOut ?? (bot.status === 'call_ended' || bot.exitedAt !== null)
  if (ending.outcome === 'completed') {
    return [...(told ? [] : [statusEvent(bot, 'call_ended', at)]), completeEvent(bot, { links, ...(transcript ? { transcript } : {}) })]
  }
  return [...(told ? [] : [failureStatus(bot, at)]), failedEvent(bot)]
}

/** `complete`: contract v1, section 7.3. */
export function completeEvent(bot: BotRecord, { links, transcript }: Pick<EndingContext, 'links' | 'transcript'>): NewDelivery {
  const { ending, request } = bot
  return {
    event: 'complete',
    data: {
      event: 'complete',
      bot_id: bot.uuid,
      // Without pictures the "mp4" is the audio file.
      mp4: request.recordingMode === 'audio_only' ? links.mp4 || links.audio : links.mp4,
      audio: links.audio,
      speakers: speakersOf(bot),
      ...(transcript === undefined ? {} : { transcript: transcript.map(utterance) }),
      event_uuid: bot.eventUuid,
      extra: request.extra,
      reason: ending?.reason ?? null,
      ...(ending?.truncated ? { truncated: true } : {}),
    },
  }
}

/** `failed`: contract v1, section 7.4. */
export function failedEvent(bot: BotRecord): NewDelivery {
  return {
    event: 'failed',
    data: { bot_id: bot.uuid, error: wireErrorOf(bot), message: messageOf(bot), event_uuid: bot.eventUuid, extra: bot.request.extra },
  }
}

/** `transcription_complete`: contract v1, section 7.5. `url`: goes there instead of the bot's place. */
export function transcriptionCompleteEvent(bot: Pick<BotRecord, 'uuid'>, url?: string): NewDelivery {
  return { event: 'transcription_complete', data: { bot_id: bot.uuid }, ...(url === undefined ? {} : { url }) }
}

function failureStatus(bot: BotRecord, at: number): NewDelivery {
  const code = codeOfFailure(failureOf(bot))
  const error = code === 'meeting_error' ? { error_message: messageOf(bot), error_type: wireErrorOf(bot) } : {}
  return statusEvent(bot, code, at, error)
}

function statusEvent(bot: Pick<BotRecord, 'uuid'>, code: StatusCode, at: number, more: { [key: string]: Json } = {}): NewDelivery {
  return {
    event: 'bot.status_change',
    data: { bot_id: bot.uuid, status: { code, created_at: new Date(at).toISOString(), ...more } },
  }
}

/** Those who spoke, each name once, by who spoke first. */
function speakersOf({ speakers }: BotRecord): string[] {
  const inOrder = [...speakers].sort((a, b) => a.startAt - b.startAt)
  return [...new Set(inOrder.flatMap(({ name }) => (name === undefined ? [] : [name])))]
}

function utterance({ speaker, startTime, endTime, words }: PayloadUtterance): Json {
  const said = words.map(({ start, end, word }) => ({ start, end, word }))
  return { speaker, offset: startTime, start_time: startTime, end_time: endTime, words: said }
}

const isErrorCode = (reason: string): reason is ErrorCode => Object.hasOwn(ERROR_CODES, reason)

function failureOf({ ending }: BotRecord): ErrorCode {
  const reason = ending?.reason
  return reason !== undefined && isErrorCode(reason) ? reason : 'INTERNAL'
}

const wireErrorOf = (bot: BotRecord) => ERROR_CODES[failureOf(bot)].wire

const messageOf = (bot: BotRecord) => bot.ending?.message ?? failureOf(bot)
