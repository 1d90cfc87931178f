import { z } from 'zod'
import type { BotRequest, Json } from '../engine/port.ts'
import { AudioFrequency, RecordingMode, SpeechToTextProvider } from './schemas.ts'

/** `.nullish()` with the wire's meaning: not given and null are the same. */
const given = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value): z.output<T> | null => value ?? null)

/** Any JSON value, kept as it is; what is not given is null. */
const anything = () =>
  z
    .unknown()
    .optional()
    .transform((value) => (value ?? null) as Json) // it came out of JSON.parse
    .meta({ description: 'any JSON value' })

const address = (...schemes: readonly string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol), `expected a URL of ${schemes.join(' or ')}`)
    .meta({ format: 'uri' })

export const webAddress = () => address('http:', 'https:')

/** Seconds; the seed's contract gives no range. */
const seconds = () => given(z.int().min(0).max(4_294_967_295))

/** A provider with its key, or the bare provider word. */
export const SpeechToText = z
  .union([SpeechToTextProvider, z.object({ provider: SpeechToTextProvider, api_key: z.string().nullish() })], {
    error: 'expected Default, Gladia, Runpod or { provider, api_key }',
  })
  .transform((value) =>
    typeof value === 'string' ? { provider: value, apiKey: null } : { provider: value.provider, apiKey: value.api_key || null },
  )
  .refine(({ provider, apiKey }) => provider === 'Default' || apiKey !== null, {
    error: 'Gladia and Runpod need an api_key',
    path: ['api_key'],
  })
  .meta({ id: 'SpeechToText' })

const filled = () => z.string().refine((value) => value.trim() !== '', 'expected text that is not blank')

/** POST /bots/ (contract v1, section 3.1). Closed: an unknown top-level key is refused. */
export const JoinBody = z
  .strictObject({
    meeting_url: z.string(),
    bot_name: filled(),
    reserved: z.boolean().optional().default(false),
    start_time: given(z.int().min(0)).meta({ description: 'Unix seconds; above 10^11 it is read as milliseconds' }),
    recording_mode: given(RecordingMode),
    bot_image: given(webAddress()),
    entry_message: given(z.string()),
    speech_to_text: given(SpeechToText),
    automatic_leave: given(
      z.object({ waiting_room_timeout: seconds(), noone_joined_timeout: seconds(), silence_timeout: seconds() }).meta({
        id: 'AutomaticLeave',
      }),
    ),
    webhook_url: given(webAddress()),
    deduplication_key: given(z.string()),
    streaming: given(
      z
        .object({ input: given(address('ws:', 'wss:')), output: given(address('ws:', 'wss:')), audio_frequency: given(AudioFrequency) })
        .meta({ id: 'Streaming' }),
    ),
    extra: anything(),
    transcription_custom_parameters: anything(),
    zoom_sdk_id: given(z.string()),
    zoom_sdk_pwd: given(z.string()),
    zoom_access_token_url: given(webAddress()),
    zoom_obf_token: given(z.string()),
    zoom_obf_token_url: given(webAddress()),
    zoom_obf_token_user_id: given(z.string()),
  })
  .refine(({ zoom_sdk_id, zoom_sdk_pwd }) => (zoom_sdk_id === null) === (zoom_sdk_pwd === null), {
    error: 'zoom_sdk_id and zoom_sdk_pwd go together',
    path: ['zoom_sdk_pwd'],
  })
  .meta({ id: 'JoinRequest' })

/** The newer ranges of `automatic_leave`, in seconds; checked only where the service is told to. */
const STRICT_RANGES = {
  waiting_room_timeout: [120, 1800],
  noone_joined_timeout: [120, 1800],
  silence_timeout: [300, 1800],
} as const

/** The first timeout outside the newer ranges, as text; undefined if all are within. */
export function outsideStrictRange({ automatic_leave }: z.output<typeof JoinBody>): { field: string; allowed: string } | undefined {
  for (const [name, [least, most]] of Object.entries(STRICT_RANGES)) {
    const value = automatic_leave?.[name as keyof typeof STRICT_RANGES] ?? null
    if (value !== null && (value < least || value > most)) return { field: `automatic_leave.${name}`, allowed: `${least} to ${most}` }
  }
  return undefined
}

const MILLISECONDS_FROM = 100_000_000_000
const toMs = (value: number | null) => (value === null ? null : value * 1000)

/** The caller's words as the engine's request. */
export function botRequest(body: z.output<typeof JoinBody>): BotRequest {
  const { start_time: start, automatic_leave: leave, streaming } = body
  return {
    meetingUrl: body.meeting_url,
    botName: body.bot_name,
    recordingMode: body.recording_mode ?? 'speaker_view',
    reserved: body.reserved,
    startAt: start === null || start > MILLISECONDS_FROM ? start : start * 1000,
    botImage: body.bot_image,
    entryMessage: body.entry_message,
    speechToText: body.speech_to_text,
    transcriptionParameters: body.transcription_custom_parameters,
    automaticLeave: {
      waitingRoomTimeoutMs: toMs(leave?.waiting_room_timeout ?? null),
      nooneJoinedTimeoutMs: toMs(leave?.noone_joined_timeout ?? null),
      silenceTimeoutMs: toMs(leave?.silence_timeout ?? null),
    },
    webhookUrl: body.webhook_url,
    deduplicationKey: body.deduplication_key,
    streaming: {
      input: streaming?.input ?? null,
      output: streaming?.output ?? null,
      audioFrequency: streaming?.audio_frequency ?? null,
    },
    extra: body.extra,
    zoom: {
      sdkId: body.zoom_sdk_id,
      sdkPwd: body.zoom_sdk_pwd,
      accessTokenUrl: body.zoom_access_token_url,
      obfToken: body.zoom_obf_token,
      obfTokenUrl: body.zoom_obf_token_url,
      obfTokenUserId: body.zoom_obf_token_user_id,
    },
  }
}

/** POST /bots/retranscribe (section 3.11). */
export const RetranscribeBody = z
  .strictObject({ bot_uuid: z.guid(), speech_to_text: given(SpeechToText), webhook_url: given(webAddress()) })
  .meta({ id: 'RetranscribeRequest' })

/** POST /accounts/webhook_url. */
export const WebhookUrlBody = z.strictObject({ webhook_url: webAddress().nullable() }).meta({ id: 'WebhookUrlRequest' })
