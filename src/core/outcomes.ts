/** Who an end is owed to: the words of `responsible` in statuses, errors and webhooks. */
export type Responsible = 'host' | 'caller' | 'meeting' | 'platform' | 'network' | 'us'

/** The contract's words in the `failed` webhook (contract v1, section 7.4). */
export type WireError = 'InvalidMeetingUrl' | 'BotNotAccepted' | 'TimeoutWaitingToStart' | 'CannotJoinMeeting' | 'InternalError'

interface ErrorRow {
  wire: WireError
  responsible: Responsible
  retryable: boolean
  /** Exit code of the command line. */
  exit: 2 | 3 | 4 | 5
}

/** Every failure, one row each. `code` is what callers branch on; nobody parses messages. */
// biome-ignore format: a table
export const ERROR_CODES = {
  REMOVED_EARLY:               { wire: 'BotNotAccepted',        responsible: 'host',     retryable: false, exit: 4 },
  LEFT_BEFORE_RECORDING:       { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  NOONE_JOINED:                { wire: 'TimeoutWaitingToStart', responsible: 'meeting',  retryable: true,  exit: 3 },
  WAITING_ROOM_TIMEOUT:        { wire: 'TimeoutWaitingToStart', responsible: 'host',     retryable: true,  exit: 3 },
  HOST_NOT_STARTED:            { wire: 'TimeoutWaitingToStart', responsible: 'host',     retryable: true,  exit: 3 },
  NOT_ACCEPTED:                { wire: 'BotNotAccepted',        responsible: 'host',     retryable: false, exit: 3 },
  INVALID_MEETING_URL:         { wire: 'InvalidMeetingUrl',     responsible: 'caller',   retryable: false, exit: 4 },
  PASSCODE_REQUIRED:           { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  PASSCODE_WRONG:              { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  SIGN_IN_REQUIRED:            { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  REGISTRATION_REQUIRED:       { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  ACCOUNT_CONFLICT:            { wire: 'CannotJoinMeeting',     responsible: 'caller',   retryable: false, exit: 4 },
  PLATFORM_BLOCKED:            { wire: 'CannotJoinMeeting',     responsible: 'platform', retryable: false, exit: 4 },
  MEETING_OVER:                { wire: 'CannotJoinMeeting',     responsible: 'meeting',  retryable: false, exit: 4 },
  PLATFORM_ERROR:              { wire: 'CannotJoinMeeting',     responsible: 'platform', retryable: true,  exit: 4 },
  PAGE_CHANGED:                { wire: 'CannotJoinMeeting',     responsible: 'platform', retryable: false, exit: 4 },
  CONNECTION_LOST:             { wire: 'InternalError',         responsible: 'network',  retryable: true,  exit: 5 },
  BROWSER_CRASHED:             { wire: 'InternalError',         responsible: 'us',       retryable: true,  exit: 5 },
  BROWSER_NOT_FOUND:           { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 4 },
  BROWSER_SANDBOX_UNAVAILABLE: { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 4 },
  BROWSER_LAUNCH_FAILED:       { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 4 },
  CAPTURE_FAILED:              { wire: 'InternalError',         responsible: 'us',       retryable: true,  exit: 5 },
  STORAGE_FAILED:              { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 4 },
  CAPACITY:                    { wire: 'InternalError',         responsible: 'caller',   retryable: true,  exit: 4 },
  DUPLICATE:                   { wire: 'InternalError',         responsible: 'caller',   retryable: true,  exit: 4 },
  PROCESS_ENDED:               { wire: 'InternalError',         responsible: 'us',       retryable: true,  exit: 5 },
  CONFIG_INVALID:              { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 2 },
  NOT_SUPPORTED:               { wire: 'InternalError',         responsible: 'caller',   retryable: false, exit: 2 },
  ILLEGAL_TRANSITION:          { wire: 'InternalError',         responsible: 'us',       retryable: false, exit: 5 },
  INTERNAL:                    { wire: 'InternalError',         responsible: 'us',       retryable: true,  exit: 5 },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERROR_CODES

interface ReasonRow {
  responsible: Responsible
  /** The end was not the meeting's own: the recording stops before the meeting did. */
  truncated: boolean
  /** What it is called when nothing had been recorded. */
  unrecorded: ErrorCode
}

/** Why a call that was recorded ended (`complete` webhook, `data.reason`). */
// biome-ignore format: a table
export const END_REASONS = {
  meeting_ended:   { responsible: 'host',    truncated: false, unrecorded: 'MEETING_OVER' },
  removed:         { responsible: 'host',    truncated: false, unrecorded: 'REMOVED_EARLY' },
  caller:          { responsible: 'caller',  truncated: false, unrecorded: 'LEFT_BEFORE_RECORDING' },
  everyone_left:   { responsible: 'meeting', truncated: false, unrecorded: 'NOONE_JOINED' },
  silence:         { responsible: 'meeting', truncated: false, unrecorded: 'NOONE_JOINED' },
  max_duration:    { responsible: 'caller',  truncated: false, unrecorded: 'WAITING_ROOM_TIMEOUT' },
  connection_lost: { responsible: 'network', truncated: true,  unrecorded: 'CONNECTION_LOST' },
  browser_crashed: { responsible: 'us',      truncated: true,  unrecorded: 'BROWSER_CRASHED' },
  process_ended:   { responsible: 'us',      truncated: true,  unrecorded: 'PROCESS_ENDED' },
  internal:        { responsible: 'us',      truncated: true,  unrecorded: 'INTERNAL' },
} as const satisfies Record<string, ReasonRow>

export type EndReason = keyof typeof END_REASONS

/** Codes of the `warning` event; never fatal. */
export const WARNING_CODES = [
  'fallback_selector',
  'name_changed',
  'device_left_on',
  'chat_unavailable',
  'entry_message_failed',
  'image_rejected',
  'stream_dropped',
  'stream_reconnecting',
  'capture_gap',
  'audio_hole',
  'listener_threw',
  'disk_slow',
  'speaker_unknown',
  'transcription_failed',
  'webhook_retry',
  'insecure_option',
] as const
export type WarningCode = (typeof WARNING_CODES)[number]

/** What comes and goes while a status holds (event `interruption`). */
export const INTERRUPTION_KINDS = ['capture_degraded', 'reconnecting', 'moved_to_lobby', 'rejoining', 'muted_by_host', 'paused'] as const
export type InterruptionKind = (typeof INTERRUPTION_KINDS)[number]

/** Exit code of the command line when the user pressed Ctrl-C and the bot left politely. */
export const EXIT_INTERRUPTED = 130

/** Exit codes of the command line: 0 completed, else the row of the failure. */
export function exitCodeOf(result: { outcome: 'completed' | 'failed'; error?: { code: ErrorCode } }): number {
  if (result.outcome === 'completed') return 0
  return ERROR_CODES[result.error?.code ?? 'INTERNAL'].exit
}
