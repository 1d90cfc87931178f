import type { StatusChange } from '../core/events.ts'
import { ERROR_CODES, type ErrorCode } from '../core/outcomes.ts'
import type { BotRecord, NewDelivery } from '../store/port.ts'
import type { FileLinks } from './port.ts'

/** The status said before `failed`. Null: `call_ended` was said. Every other failure is a `meeting_error`. */
const FAILURE_STATUS: Partial<Record<ErrorCode, string | null>> = {
  NOT_ACCEPTED: 'bot_rejected',
  REMOVED_EARLY: 'bot_removed',
  WAITING_ROOM_TIMEOUT: 'waiting_room_timeout',
  HOST_NOT_STARTED: 'waiting_room_timeout',
  INVALID_MEETING_URL: 'invalid_meeting_url',
  NOONE_JOINED: 'call_ended',
  LEFT_BEFORE_RECORDING: null,
}

export function statusEvents(bot: BotRecord, { from, to, at }: StatusChange): NewDelivery[] {
  const code = from === 'recording_paused' && to === 'in_call_recording' ? 'recording_resumed' : to
  return [status(bot, code, at)]
}

export function endingEvents(bot: BotRecord, { at, links }: { at: number; links: FileLinks }): NewDelivery[] {
  if (bot.ending?.outcome === 'completed') {
    return [{ event: 'complete', data: { bot_id: bot.uuid, mp4: links.mp4, audio: links.audio, speakers: [], reason: bot.ending.reason } }]
  }
  const code = bot.ending?.reason as ErrorCode
  const said = FAILURE_STATUS[code] === undefined ? 'meeting_error' : FAILURE_STATUS[code]
  return [...(said === null ? [] : [status(bot, said, at)]), { event: 'failed', data: { bot_id: bot.uuid, error: ERROR_CODES[code].wire } }]
}

const status = (bot: BotRecord, code: string, at: number): NewDelivery => ({
  event: 'bot.status_change',
  data: { bot_id: bot.uuid, status: { code, created_at: new Date(at).toISOString() } },
})
