/** What a receiver can read about one event (contract v1, section 7). */
export interface EventWords {
  event: string
  description: string
  data: Readonly<Record<string, string>>
}

const BOT_ID = 'uuid of the bot'

/** Events about bots, in the order they can come. */
export const BOT_EVENTS = [
  {
    event: 'bot.status_change',
    description:
      'The status of a bot changed: joining_call, in_waiting_room, in_call_not_recording, in_call_recording, recording_paused, recording_resumed, call_ended, or a failure (bot_rejected, bot_removed, waiting_room_timeout, invalid_meeting_url, meeting_error). Strictly ordered, never back.',
    data: { bot_id: BOT_ID, status: '{ code, created_at (ISO 8601), and with some codes start_time, error_message, error_type }' },
  },
  {
    event: 'complete',
    description: 'The last event of a bot that recorded something. reason says why the recording ended.',
    data: {
      bot_id: BOT_ID,
      mp4: 'signed URL of the recording; of the audio file with audio_only',
      audio: 'signed URL of the audio file',
      speakers: 'distinct names; may be empty',
      transcript: 'only with speech_to_text: [{ speaker, words: [{ start, end (seconds), word }] }]',
      reason: 'why the recording ended',
      event_uuid: 'calendar event, or null',
      extra: 'what the caller gave',
    },
  },
  {
    event: 'failed',
    description: 'The last event of a bot that recorded nothing.',
    data: {
      bot_id: BOT_ID,
      error: 'CannotJoinMeeting, TimeoutWaitingToStart, BotNotAccepted, InternalError or InvalidMeetingUrl',
      message: 'text for people',
      event_uuid: 'calendar event, or null',
      extra: 'what the caller gave',
    },
  },
  {
    event: 'transcription_complete',
    description: 'A transcription asked for later, or slower than the end of the call, is done.',
    data: { bot_id: BOT_ID },
  },
] as const satisfies readonly EventWords[]

/** Events about calendars; this version sends none. */
export const CALENDAR_EVENTS = [
  {
    event: 'calendar.sync_events',
    description: 'Events of a calendar changed. Not sent by this version, which has no calendars.',
    data: { calendar_id: 'uuid', last_updated_ts: 'ISO 8601', affected_event_uuids: 'uuids' },
  },
] as const satisfies readonly EventWords[]
