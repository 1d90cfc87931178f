import type { BotEvents, BotResult } from '../core/events.ts'
import type { BotPage, BotQuery, BotRecord, BotRequest, Delivery, HistoryEntry } from '../store/port.ts'

export type {
  Account,
  BotEnding,
  BotFiles,
  BotPage,
  BotPhase,
  BotQuery,
  BotRecord,
  BotRequest,
  Delivery,
  HistoryEntry,
  Json,
} from '../store/port.ts'

/** A picture of one status. `path` is a local file; whoever serves it makes the link. */
export interface Screenshot {
  at: number
  path: string
}

/** A bot with its history, read at one moment. Works while the bot is live: it holds what exists. */
export interface BotView {
  bot: BotRecord
  history: readonly HistoryEntry[]
}

/** What became of a request to remove data. `busy`: the files are still being written. */
export type Deletion = 'deleted' | 'partiallyDeleted' | 'alreadyDeleted' | 'noDataFound' | 'busy'

/** What became of a request to transcribe again. `unavailable`: this engine has no transcriber. */
export type Retranscription = 'accepted' | 'no_audio' | 'unavailable'

/** Links put into `complete`: signed and expiring. An empty string where there is no such file. */
export interface FileLinks {
  mp4: string
  audio: string
}

/** Makes those links from the artifact store. */
export type LinkFiles = (bot: BotRecord) => Promise<FileLinks>

/**
 * What the HTTP face asks of the engine. `accountId` comes from `account(apiKey)`.
 * An unknown bot, and another account's bot, are `undefined`. Thrown BotErrors: `INVALID_MEETING_URL`, `DUPLICATE`
 * (details: `botId` of the earlier one), `CAPACITY`, `CONFIG_INVALID` (details: `field`, `value`, `allowed`), `NOT_SUPPORTED`.
 */
export interface EngineService {
  /** The account id of a key; undefined if the key is not one of the engine's `apiKeys`. Takes the same time for every wrong key. */
  account(apiKey: string): Promise<number | undefined>
  create(accountId: number, request: BotRequest): Promise<BotRecord>
  get(accountId: number, uuid: string): Promise<BotView | undefined>
  list(query: BotQuery): Promise<BotPage>
  /** Leaves or cancels now. On an ended bot it changes nothing and answers the record. */
  leave(accountId: number, uuid: string): Promise<BotRecord | undefined>
  screenshots(accountId: number, uuid: string): Promise<readonly Screenshot[] | undefined>
  deleteData(accountId: number, uuid: string): Promise<Deletion | undefined>
  retranscribe(
    accountId: number,
    uuid: string,
    options: { speechToText: BotRequest['speechToText']; webhookUrl: string | null },
  ): Promise<Retranscription | undefined>
  webhookUrl(accountId: number): Promise<string | null>
  setWebhookUrl(accountId: number, url: string | null): Promise<void>
  deadLetters(accountId: number): Promise<readonly Delivery[]>
  /** False if this account has no such event. */
  resend(accountId: number, uuid: string, sequence: number): Promise<boolean>
  /** For /health and /metrics. */
  counts(): Promise<{ waiting: number; running: number; concurrency: number; pendingDeliveries: number }>
  start(): Promise<void>
  /** Lets bots leave politely for `graceMs`, then cuts. Concurrent calls share one promise. */
  stop(options?: { graceMs?: number }): Promise<void>
}

/** One bot as the engine drives it; `MeetingBot` is one, a scripted bot in tests another. */
export interface DrivenBot {
  readonly id: string
  readonly done: Promise<BotResult>
  /** Resolves when nothing of it runs any more, and its slot is free. Default: with `done`. */
  readonly closed?: Promise<void>
  on<K extends 'status' | 'participant' | 'speaking'>(event: K, listener: (...args: BotEvents[K]) => void): unknown
  join(): Promise<void>
  leave(reason?: string): Promise<void>
  /** Ends it now, without manners. `done` still resolves. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Makes the bot of a record, under the record's uuid. Throws a BotError when the request cannot be served. */
export type BotFactory = (bot: BotRecord) => DrivenBot
