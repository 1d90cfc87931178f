import type { ArtifactStore } from './artifacts/port.ts'
import type { BrowserOptions } from './config/bot-config.ts'
import type { Clock } from './core/clock.ts'
import type { Logger } from './core/logger.ts'
import type { BotFactory } from './engine/port.ts'
import type { PlatformAdapter } from './platform/adapter.ts'
import type { BotStore } from './store/port.ts'

/** How a `MeetingEngine` is set up. Only `apiKeys` is needed. Times are milliseconds. */
export interface MeetingEngineOptions {
  /** The keys callers may use; each is one account, which sees its own bots only. */
  apiKeys: readonly string[]
  /** Everything the engine keeps on disk. Default 'remora-data'. */
  dataDir?: string
  /** Files go to `<outputDir>/<bot uuid>/`. Default `<dataDir>/recordings`. */
  outputDir?: string
  /** Default: memory, which forgets at the end of the process. */
  store?: BotStore
  /** Default: the files stay where they are, served by signed links. */
  artifacts?: ArtifactStore
  webhooks?: {
    /** Where the events of every account go that has set no place of its own. */
    url?: string
    /** Standard Webhooks secrets, the newest first; old ones sign too while receivers change over. Default: no signature. */
    secrets?: readonly string[]
    /** Puts the bot's API key into the contract's header. Default true. */
    sendApiKey?: boolean
  }
  /** Allows outgoing URLs that lead to private addresses: webhooks, streams. Default false. */
  allowPrivateUrls?: boolean
  /** How many bots run at once; more wait, first by their time to join. Default 4. */
  concurrency?: number
  /** A reserved bot's slot is held this long before it joins; without a start time it joins this long after the request. Default 240 000. */
  reservedLeadMs?: number
  /** How much earlier than `startAt` a bot sets out. Default 0. */
  startLeadMs?: number
  /** A bot found at start that is later than this is reported missed instead of being sent. Default 600 000; null = always send it. */
  missedAfterMs?: number | null
  /** Recordings, screenshots and logs are removed this long after a bot's end. Default null: never. */
  retentionMs?: number | null
  /** Each bot has a browser of its own, started with these. */
  browser?: BrowserOptions
  /** Language asked of the sites. Default 'en'. */
  locale?: string
  /** Default: every platform of this package. */
  platforms?: readonly PlatformAdapter[]
  clock?: Clock
  logger?: Logger
  /** Makes the bots; default: a `MeetingBot` each. */
  createBot?: BotFactory
}
