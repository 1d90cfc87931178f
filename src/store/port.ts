import type { Participant, SpeakingInterval } from '../core/events.ts'
import type { EndReason, ErrorCode, Responsible } from '../core/outcomes.ts'
import type { BotStatus } from '../core/status.ts'
import type { NewDelivery, Outbox } from './outbox.ts'

export type { Delivery, DeliveryAttempt, DeliveryClaim, DeliveryState, DeliveryVerdict, NewDelivery, Outbox } from './outbox.ts'

/** Any JSON value, as callers hand it in. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Whoever owns bots: one API key is one account. The key itself is never stored, only its SHA-256 in hex. */
export interface Account {
  id: number
  keyHash: string
  /** Where this account's events go, unless a bot names its own place. */
  webhookUrl: string | null
}

/** What the caller asked for, checked and with its units named. `null` means not given. */
export interface BotRequest {
  meetingUrl: string
  botName: string
  recordingMode: 'speaker_view' | 'gallery_view' | 'audio_only'
  reserved: boolean
  /** Unix milliseconds; null = at once (or 4 minutes after the request when `reserved`). */
  startAt: number | null
  botImage: string | null
  entryMessage: string | null
  speechToText: { provider: 'Default' | 'Gladia' | 'Runpod'; apiKey: string | null } | null
  transcriptionParameters: Json
  automaticLeave: { waitingRoomTimeoutMs: number | null; nooneJoinedTimeoutMs: number | null; silenceTimeoutMs: number | null }
  streaming: { input: string | null; output: string | null; audioFrequency: '16khz' | '24khz' | null }
  webhookUrl: string | null
  deduplicationKey: string | null
  extra: Json
  zoom: {
    sdkId: string | null
    sdkPwd: string | null
    accessTokenUrl: string | null
    obfToken: string | null
    obfTokenUrl: string | null
    obfTokenUserId: string | null
  }
}

/** Paths of what was kept on this machine. A missing key is a file that does not exist. */
export interface BotFiles {
  mp4?: string
  audio?: string
  pcm?: string
  events?: string
}

/** How a bot's life ended: a row of the outcomes table. */
export interface BotEnding {
  outcome: 'completed' | 'failed'
  reason: EndReason | ErrorCode
  responsible: Responsible
  truncated: boolean
  /** With `failed`: text for people. */
  message: string | null
}

/** Who has the bot: nobody yet, a process, or nobody any more. */
export type BotPhase = 'waiting' | 'running' | 'ended'

/** Everything known about one bot. Times are Unix milliseconds. */
export interface BotRecord {
  /** Integer ids of the contract; the bot's and its parameters' are given by the store. */
  id: number
  paramId: number
  accountId: number
  uuid: string
  request: BotRequest
  /** The meeting's normalised identity, for deduplication. */
  meetingKey: string
  /** The calendar event the bot came from. */
  eventUuid: string | null
  phase: BotPhase
  /** Id of the engine run that claimed it. */
  claimedBy: string | null
  status: BotStatus
  statusAt: number
  createdAt: number
  /** When it is to join. */
  joinAt: number
  joinedAt: number | null
  exitedAt: number | null
  endedAt: number | null
  /** Media time 0 and recorded length, once anything was recorded. */
  recordingStartedAt: number | null
  durationMs: number | null
  /** Told to leave by the caller. */
  isStopped: boolean
  ending: BotEnding | null
  files: BotFiles
  participants: readonly Participant[]
  speakers: readonly SpeakingInterval[]
  /** When its files are to be put into the artifact store again; null: they are there, or there are none. */
  keepAt: number | null
  /** Null until the data was to be removed; `partial` as long as not everything is gone. */
  dataDeleted: { at: number; partial: boolean } | null
}

/** A bot to be inserted; the store gives the integer ids. */
export type NewBot = Pick<BotRecord, 'uuid' | 'accountId' | 'request' | 'meetingKey' | 'eventUuid' | 'createdAt' | 'joinAt'>

/** What later facts may change. */
export type BotPatch = Partial<
  Pick<
    BotRecord,
    | 'joinedAt'
    | 'exitedAt'
    | 'recordingStartedAt'
    | 'durationMs'
    | 'isStopped'
    | 'files'
    | 'participants'
    | 'speakers'
    | 'keepAt'
    | 'dataDeleted'
    | 'joinAt'
  >
>

/** One line of a bot's history. */
export interface HistoryEntry {
  /** Counts from 1 within the bot. */
  sequence: number
  status: BotStatus
  at: number
  reason: string | null
  responsible: Responsible | null
  /** Path of the picture of that moment. */
  screenshot: string | null
}

/** One fact about a bot, written in one transaction with its history and its outgoing events. */
export interface BotFact {
  at: number
  patch?: BotPatch
  history?: Omit<HistoryEntry, 'sequence' | 'at'>
  /** Ends the bot. A second ending is refused, so the last event is sent exactly once. */
  ending?: BotEnding
  deliveries?: readonly NewDelivery[]
}

/** What a bot must still be for a fact to be written: a process that lost it writes nothing. */
export interface FactGuard {
  phase?: BotPhase
  claimedBy?: string
}

/** One life of one engine process. */
export interface EngineRun {
  by: string
  lastBeatAt: number
}

export interface BotQuery {
  accountId: number
  limit: number
  /** Opaque, from `nextCursor`. One we did not make throws `CONFIG_INVALID` with field `cursor`. */
  cursor?: string
  /** Substrings, any case. */
  botName?: string
  meetingUrl?: string
  speakerName?: string
  /** Inclusive, Unix milliseconds. */
  createdAfter?: number
  createdBefore?: number
  endedAfter?: number
  /** All must be equal to the string form; a bot without the field is dropped. */
  extra?: readonly { field: string; value: string }[]
  sortByExtra?: { field: string; direction: 'asc' | 'desc' }
}

/** Newest first, unless sorted by a field of `extra`. */
export interface BotPage {
  bots: readonly BotRecord[]
  nextCursor: string | null
}

export type Creation = { created: true; bot: BotRecord } | { created: false; earlier: BotRecord }

/**
 * Where bots live. Every method is one transaction; the store decides, memory elsewhere only wakes things up.
 * Ids (uuids, runs) are plain: letters, digits and `_ . : -`. All other text is kept whatever it holds, JSON as
 * `JSON.stringify` writes it, times with their fractions. What a database refuses is a `STORAGE_FAILED`.
 */
export interface BotStore {
  readonly outbox: Outbox
  /** Opens and brings the schema up to date. Calling it again does nothing. */
  open(): Promise<void>
  /** Lets what was asked for finish; refuses what comes later. */
  close(): Promise<void>
  /** The account of a key, made on first sight. */
  account(keyHash: string): Promise<Account>
  accountById(id: number): Promise<Account | undefined>
  setWebhookUrl(accountId: number, url: string | null): Promise<void>
  /**
   * Atomic: refused or inserted. With `dedupe`, refused if the account has a bot with the same meeting key and
   * deduplication key whose `joinAt` is less than `withinMs` away from the new one's.
   */
  create(bot: NewBot, options?: { dedupe?: { withinMs: number } }): Promise<Creation>
  /** Undefined also for another account's bot. */
  get(uuid: string, accountId?: number): Promise<BotRecord | undefined>
  list(query: BotQuery): Promise<BotPage>
  /** In order. */
  history(uuid: string): Promise<readonly HistoryEntry[]>
  /**
   * Moves waiting bots with `joinAt <= now` to running, earliest first (then by id). Two callers never get the same bot.
   * `reserved` takes only bots whose request has that value; absent takes both.
   */
  claimDue(claim: { now: number; by: string; limit: number; reserved?: boolean }): Promise<readonly BotRecord[]>
  /** When the next waiting bot with `joinAt > after` is due (without `after`: the earliest of all); undefined if none. */
  nextJoinAt(after?: number): Promise<number | undefined>
  /** How many reserved bots still wait and are to join at `until` or earlier: slots to be held for them. */
  reservedUntil(until: number): Promise<number>
  /** Ended bots whose data was not removed and which ended before that time, oldest first: retention takes them. */
  endedBefore(before: number, limit: number): Promise<readonly BotRecord[]>
  /** Bots whose data was removed in part only, oldest first: what is left is tried again. */
  halfRemoved(limit: number): Promise<readonly BotRecord[]>
  /** Ended bots with files to be kept, `keepAt <= now`, earliest first. */
  toKeep(now: number, limit: number): Promise<readonly BotRecord[]>
  /** Says that an engine run lives. The first beat makes it known. */
  beat(by: string, now: number): Promise<void>
  /** Every known run with its last beat. */
  runs(): Promise<readonly EngineRun[]>
  /** Forgets a run that has ended. */
  forgetRun(by: string): Promise<void>
  /** Moves a running bot from one run to another; undefined (and nothing changed) if it is no longer that run's, or has ended. */
  takeOver(uuid: string, change: { from: string; to: string }): Promise<BotRecord | undefined>
  counts(): Promise<Record<BotPhase, number>>
  /** Running bots claimed by anybody but `by`: after a start, the ones a dead process left behind. */
  leftBehind(by: string): Promise<readonly BotRecord[]>
  /**
   * Writes a fact. Undefined, and nothing written, if there is no such bot, if the fact has `history` or an `ending` and
   * the bot has ended, or if the bot is not (any more) as `onlyIf` says.
   */
  record(uuid: string, fact: BotFact, onlyIf?: FactGuard): Promise<BotRecord | undefined>
}
