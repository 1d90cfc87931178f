import type { WireError } from '../core/outcomes.ts'

/** A status, in the contract's words (v1, section 7.2). */
export interface StatusChangeData {
  bot_id: string
  status: {
    code: string
    /** RFC 3339, UTC. */
    created_at: string
    /** With `in_call_recording`: Unix seconds. */
    start_time?: number
    /** With `meeting_error`. */
    error_message?: string
    error_type?: WireError
  }
}

/** A finished recording (v1, section 7.3). Links expire; an empty string is a file that does not exist. */
export interface CompleteData {
  event: 'complete'
  bot_id: string
  mp4: string
  audio: string
  speakers: string[]
  /** Times are seconds from the start of the recording. */
  transcript?: {
    speaker: string
    offset: number
    start_time: number
    end_time: number
    words: { start: number; end: number; word: string }[]
  }[]
  event_uuid: string | null
  extra: unknown
  /** An end reason: `meeting_ended`, `removed`, `caller`, ... */
  reason: string
  /** Present where the recording stops before the meeting did. */
  truncated?: true
}

/** A bot that recorded nothing (v1, section 7.4). */
export interface FailedData {
  bot_id: string
  error: WireError
  message: string
  event_uuid: string | null
  extra: unknown
}

/** What a webhook says, told apart by `event`. */
export type WebhookEvent =
  | { event: 'bot.status_change'; data: StatusChangeData }
  | { event: 'complete'; data: CompleteData }
  | { event: 'failed'; data: FailedData }
  | { event: 'transcription_complete'; data: { bot_id: string } }
