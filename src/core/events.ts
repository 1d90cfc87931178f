import type { BotErrorOptions } from './errors.ts'
import type { EndReason, ErrorCode, InterruptionKind, Responsible, WarningCode } from './outcomes.ts'
import type { BotStatus } from './status.ts'

/** What a status is said from: the signs seen, where, and the picture of that moment. */
export interface Evidence {
  /** Control keys seen (`captions`, `tile`, ...), in the words of the platform's controls. */
  signs?: readonly string[]
  /** Control keys looked for and not seen. */
  absent?: readonly string[]
  /** Page URL without its query. */
  url?: string
  /** Text the page showed, shortened to 200 characters. */
  text?: string
  /** Path of a JPEG screenshot. */
  screenshot?: string
}

export interface StatusChange {
  from: BotStatus
  to: BotStatus
  /** Unix milliseconds. */
  at: number
  reason?: EndReason | ErrorCode | string
  responsible?: Responsible
  evidence?: Evidence
  /** With `in_call_recording`: Unix milliseconds of media time 0. */
  startedAt?: number
}

/** One person (or device) in the meeting, as far as it is known. Never the bot itself, unless `self`. */
export interface Participant {
  /** Stable for the stay: the platform's device id. Two people with one name are two ids. */
  id: string
  name: string
  host?: boolean
  self?: boolean
  /** Unix milliseconds. */
  joinedAt: number
  leftAt?: number
}

export interface ParticipantChange {
  change: 'joined' | 'left' | 'renamed'
  participant: Participant
  /** Unix milliseconds. */
  at: number
  /** With `renamed`: the name before. */
  previousName?: string
}

/** What a speaking interval was read from, best first. */
export const SPEAKING_SOURCES = ['csrc', 'track', 'meter', 'list'] as const
export type SpeakingSource = (typeof SPEAKING_SOURCES)[number]

/** Someone spoke. `participantId` is absent when it is not known who: unknown is better than wrong. */
export interface SpeakingInterval {
  participantId?: string
  name?: string
  /** Unix milliseconds. */
  startAt: number
  endAt: number
  source: SpeakingSource
  /** 0 to 1. A name is given only with the evidence for it. */
  confidence: number
}

export interface SpeakingChange {
  /** Stable key of the interval: a later event with the same id revises it. */
  id: string
  change: 'started' | 'ended' | 'revised'
  interval: Omit<SpeakingInterval, 'endAt'> & { endAt?: number }
}

export interface ShareChange {
  change: 'started' | 'stopped'
  shareId: string
  presenterId?: string
  presenterName?: string
  at: number
}

export interface ChatMessage {
  id: string
  senderId?: string
  senderName?: string
  text: string
  at: number
}

export interface TranscriptSegment {
  id: string
  speakerId?: string
  speakerName?: string
  text: string
  /** Seconds from the start of the recording. */
  start: number
  end: number
  final: boolean
}

/** Something that comes and goes while a status holds. Said twice: when it starts, and again with `endAt`. */
export interface Interruption {
  kind: InterruptionKind
  startAt: number
  endAt?: number
  details?: Readonly<Record<string, unknown>>
}

export interface BotWarning {
  code: WarningCode
  message: string
  at: number
  details?: Readonly<Record<string, unknown>>
}

export interface BotResult {
  botId: string
  outcome: 'completed' | 'failed'
  reason: EndReason | ErrorCode
  error?: { code: ErrorCode; message: string; responsible: Responsible; retryable: boolean; details: BotErrorOptions['details'] }
  /** The recording stops before the meeting did. */
  truncated?: boolean
  /** Paths. `audio` is a WAV, `pcm` raw s16le mono at `streaming.audioFrequency`, `events` JSON lines ('' where none could be opened). */
  mp4?: string
  audio?: string
  pcm?: string
  events: string
  /** Unix milliseconds of media time 0; of `join()` where nothing was recorded. */
  startedAt: number
  /** Recorded milliseconds on the page's clock. */
  durationMs: number
  participants: readonly Participant[]
  speakers: readonly SpeakingInterval[]
  warnings: readonly BotWarning[]
}

/** Name of each event and what its listener is given. A `type`, so that it can be used as an index. */
export type BotEvents = {
  status: [change: StatusChange]
  participant: [change: ParticipantChange]
  speaking: [change: SpeakingChange]
  screen_share: [change: ShareChange]
  chat: [message: ChatMessage]
  transcript: [segment: TranscriptSegment]
  interruption: [interval: Interruption]
  warning: [warning: BotWarning]
  ended: [result: BotResult]
}
