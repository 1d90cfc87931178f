import { z } from 'zod'

/** Words shared by requests and answers (contract v1, section 1.2). Named ones become components of the OpenAPI document. */
export const anyJson = () => z.unknown().meta({ description: 'any JSON value' })

export const RecordingMode = z.enum(['speaker_view', 'gallery_view', 'audio_only']).meta({ id: 'RecordingMode' })
export const SpeechToTextProvider = z.enum(['Default', 'Gladia', 'Runpod']).meta({ id: 'SpeechToTextProvider' })
export const AudioFrequency = z.enum(['16khz', '24khz']).meta({ id: 'AudioFrequency' })
export const DeleteStatus = z.enum(['deleted', 'partiallyDeleted', 'alreadyDeleted', 'noDataFound']).meta({ id: 'DeleteStatus' })

export const dateTime = () => z.iso.datetime()
const id = () => z.int32()
const text = () => z.string()
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().optional()

/** One bot, as every answer spells it. */
const BOT = {
  id: id(),
  uuid: z.uuid(),
  account_id: id(),
  bot_param_id: id(),
  meeting_url: text(),
  created_at: dateTime(),
  ended_at: dateTime().nullable(),
  bot_joined_at: dateTime().nullable(),
  bot_exited_at: dateTime().nullable(),
  mp4_s3_path: text().meta({ description: 'key of the recording in the artifact store; empty where there is none' }),
  reserved: z.boolean(),
  is_stopped: z.boolean(),
  diarization_v2: z.boolean(),
  errors: maybe(text()).meta({ description: 'failure code of the failed webhook' }),
  event_id: maybe(id()),
  scheduled_bot_id: maybe(id()),
  session_id: maybe(text()),
  diarization_fails: maybe(id()),
  transcription_fails: maybe(id()),
  transcription_payloads: anyJson().optional(),
  user_reported_error: anyJson().optional(),
}

/** What the caller asked for, in the flat words of the echo. Secrets are always null. */
const BOT_PARAM = {
  bot_name: text(),
  webhook_url: text().meta({ description: "empty where the account's is used" }),
  extra: anyJson(),
  transcription_custom_parameters: anyJson(),
  bot_image: maybe(text()),
  deduplication_key: maybe(text()),
  enter_message: maybe(text()),
  speech_to_text_provider: maybe(SpeechToTextProvider),
  speech_to_text_api_key: maybe(z.null()),
  streaming_input: maybe(text()),
  streaming_output: maybe(text()),
  streaming_audio_frequency: maybe(AudioFrequency),
  noone_joined_timeout: maybe(id()),
  waiting_room_timeout: maybe(id()),
  recording_mode: maybe(RecordingMode),
  zoom_access_token_url: maybe(text()),
  zoom_obf_token: maybe(z.null()),
  zoom_obf_token_url: maybe(text()),
  zoom_obf_token_user_id: maybe(text()),
  zoom_sdk_id: maybe(text()),
  zoom_sdk_pwd: maybe(z.null()),
}

export const Bot = z.object(BOT).meta({ id: 'Bot' })
export const BotParam = z.object(BOT_PARAM).meta({ id: 'BotParam' })
export const BotWithParams = z.object({ ...BOT, ...BOT_PARAM, silence_timeout: maybe(id()) }).meta({ id: 'BotWithParams' })

export const Status = z.object({ code: text(), created_at: dateTime() }).meta({ id: 'Status' })

const Ending = z
  .object({
    outcome: z.enum(['completed', 'failed']),
    reason: text(),
    responsible: text(),
    truncated: z.boolean(),
    message: text().nullable(),
  })
  .meta({ id: 'Ending', description: "how the bot's life ended, and who that is owed to" })

export const BotDetails = z
  .looseObject({
    bot: Bot,
    params: BotParam,
    duration: z.int().min(0).meta({ description: 'recorded seconds' }),
    status: Status,
    history: z.array(Status),
    ending: Ending.nullable(),
    participants: z.array(text()),
    speakers: z.array(text()),
  })
  .meta({ id: 'BotDetails' })

const Word = z.object({
  id: id(),
  bot_id: id(),
  start_time: z.number(),
  end_time: z.number(),
  text: text(),
  user_id: maybe(id()),
})

const Transcript = z
  .object({
    id: id(),
    bot_id: id(),
    speaker: text(),
    start_time: z.number(),
    end_time: maybe(z.number()),
    lang: maybe(text()),
    user_id: maybe(id()),
    words: z.array(Word),
  })
  .meta({ id: 'Transcript' })

const link = () => z.string().meta({ description: 'a signed URL that expires; empty where there is no such file' })

export const Metadata = z
  .object({
    mp4: link(),
    audio: link(),
    speaker_diarization_file: link(),
    speaker_diarization_file_network: link(),
    meeting_participants_file: link(),
    duration: z.int().min(0).meta({ description: 'recorded seconds' }),
    bot_data: z.object({ bot: BotWithParams, event_uuid: maybe(z.uuid()), transcripts: z.array(Transcript) }),
  })
  .meta({ id: 'Metadata' })

const BotEntry = z
  .object({
    uuid: z.uuid(),
    id: id(),
    bot_name: text(),
    meeting_url: text(),
    created_at: text(),
    extra: anyJson(),
    speakers: z.array(text()),
    ended_at: maybe(text()),
    duration: maybe(z.int()),
    session_id: maybe(text()),
    access_count: maybe(id()),
    last_accessed_at: maybe(text()),
    status: Status,
  })
  .meta({ id: 'BotEntry' })

export const BotList = z
  .object({
    bots: z.array(BotEntry),
    recent_bots: z.array(BotEntry).meta({ description: 'the same, for old clients' }),
    next_cursor: maybe(text()),
    last_updated: dateTime(),
  })
  .meta({ id: 'BotList' })

export const Screenshots = z.array(z.object({ date: dateTime(), url: z.string() }))

/** An outgoing event that will not be tried again by itself. */
const DeadLetter = z
  .object({
    webhook_id: text(),
    bot_id: z.uuid(),
    sequence: z.int(),
    event: text(),
    data: anyJson(),
    created_at: dateTime(),
    attempts: z.int(),
  })
  .meta({ id: 'DeadLetter' })

export const DeadLetters = z.object({ dead_letters: z.array(DeadLetter) })

export const ErrorBody = z
  .object({ error: text(), message: text(), details: anyJson().optional() })
  .meta({ id: 'Error', description: 'the body of every answer that is not a success' })
