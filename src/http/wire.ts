import type { z } from 'zod'
import { artifactKey } from '../artifacts/key.ts'
import { ERROR_CODES, type ErrorCode } from '../core/outcomes.ts'
import type { BotRecord, BotView, Delivery } from '../engine/port.ts'
import type { Bot, BotDetails, BotList, BotParam, BotWithParams, DeadLetters } from './schemas.ts'
import { historyWire, iso, statusWire } from './told.ts'

const isoOrNull = (at: number | null) => (at === null ? null : iso(at))
/** The contract takes 32 bits without a sign and gives 32 with one: what does not fit is the most that does, some 68 years. */
const MOST_S = 2_147_483_647
const toSeconds = (ms: number | null) => (ms === null ? null : Math.min(Math.round(ms / 1000), MOST_S))

/** The recording of a bot: its video, or the sound of an `audio_only` one. */
export const recordingPath = ({ files }: BotRecord) => files.mp4 ?? files.audio

/** The contract's failure word of a bot that failed. */
const errorWord = ({ ending }: BotRecord) =>
  ending?.outcome === 'failed' && ending.reason in ERROR_CODES ? ERROR_CODES[ending.reason as ErrorCode].wire : null

/** One bot in the words of the contract (section 3.5). */
export function botWire(bot: BotRecord): z.output<typeof Bot> {
  const recording = recordingPath(bot)
  return {
    id: bot.id,
    uuid: bot.uuid,
    account_id: bot.accountId,
    bot_param_id: bot.paramId,
    meeting_url: bot.request.meetingUrl,
    created_at: iso(bot.createdAt),
    ended_at: isoOrNull(bot.endedAt),
    bot_joined_at: isoOrNull(bot.joinedAt),
    bot_exited_at: isoOrNull(bot.exitedAt),
    mp4_s3_path: recording === undefined ? '' : artifactKey(bot.uuid, recording),
    reserved: bot.request.reserved,
    is_stopped: bot.isStopped,
    diarization_v2: false,
    errors: errorWord(bot),
    event_id: null,
    scheduled_bot_id: null,
    session_id: null,
    diarization_fails: null,
    transcription_fails: null,
    transcription_payloads: null,
    user_reported_error: null,
  }
}

/** What was asked for, flat, without its secrets. */
export function paramsWire({ request }: BotRecord): z.output<typeof BotParam> {
  const { streaming, automaticLeave, zoom } = request
  return {
    bot_name: request.botName,
    webhook_url: request.webhookUrl ?? '',
    extra: request.extra,
    transcription_custom_parameters: request.transcriptionParameters,
    bot_image: request.botImage,
    deduplication_key: request.deduplicationKey,
    enter_message: request.entryMessage,
    speech_to_text_provider: request.speechToText?.provider ?? null,
    speech_to_text_api_key: null,
    streaming_input: streaming.input,
    streaming_output: streaming.output,
    streaming_audio_frequency: streaming.audioFrequency,
    noone_joined_timeout: toSeconds(automaticLeave.nooneJoinedTimeoutMs),
    waiting_room_timeout: toSeconds(automaticLeave.waitingRoomTimeoutMs),
    recording_mode: request.recordingMode,
    zoom_access_token_url: zoom.accessTokenUrl,
    zoom_obf_token: null,
    zoom_obf_token_url: zoom.obfTokenUrl,
    zoom_obf_token_user_id: zoom.obfTokenUserId,
    zoom_sdk_id: zoom.sdkId,
    zoom_sdk_pwd: null,
  }
}

export const botWithParams = (bot: BotRecord): z.output<typeof BotWithParams> => ({
  ...botWire(bot),
  ...paramsWire(bot),
  silence_timeout: toSeconds(bot.request.automaticLeave.silenceTimeoutMs),
})

/** Recorded whole seconds. */
export const durationS = ({ durationMs }: BotRecord) => Math.round((durationMs ?? 0) / 1000)

/** Distinct names, in the order they were first heard. */
export const speakersOf = ({ speakers }: BotRecord) => [...new Set(speakers.flatMap(({ name }) => (name === undefined ? [] : [name])))]

/** GET /bots/{uuid}. */
export const detailsWire = ({ bot, history }: BotView): z.output<typeof BotDetails> => {
  const told = historyWire(history)
  return {
    bot: botWire(bot),
    params: paramsWire(bot),
    duration: durationS(bot),
    status: told.at(-1) ?? statusWire(bot),
    history: told,
    ending: bot.ending,
    participants: [...new Set(bot.participants.filter(({ self }) => self !== true).map(({ name }) => name))],
    speakers: speakersOf(bot),
  }
}

/** One line of GET /bots/bots_with_metadata. */
export const entryWire = (bot: BotRecord): z.output<typeof BotList>['bots'][number] => ({
  uuid: bot.uuid,
  id: bot.id,
  bot_name: bot.request.botName,
  meeting_url: bot.request.meetingUrl,
  created_at: iso(bot.createdAt),
  extra: bot.request.extra,
  speakers: speakersOf(bot),
  ended_at: isoOrNull(bot.endedAt),
  duration: bot.durationMs === null ? null : durationS(bot),
  session_id: null,
  access_count: null,
  last_accessed_at: null,
  status: statusWire(bot),
})

export const deadLetterWire = (delivery: Delivery): z.output<typeof DeadLetters>['dead_letters'][number] => ({
  webhook_id: `${delivery.botUuid}.${delivery.sequence}`,
  bot_id: delivery.botUuid,
  sequence: delivery.sequence,
  event: delivery.event,
  data: delivery.data,
  created_at: iso(delivery.createdAt),
  attempts: delivery.attempts,
})
