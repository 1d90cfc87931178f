import { join, resolve } from 'node:path'
import { z } from 'zod'
import { inPlace } from './artifacts/in-place.ts'
import type { ArtifactStore } from './artifacts/port.ts'
import { chromiumProvider } from './browser/chromium.ts'
import type { BrowserOptions } from './config/bot-config.ts'
import { readEnv } from './config/env.ts'
import { invalid } from './config/invalid.ts'
import { type Clock, systemClock } from './core/clock.ts'
import { type Logger, silentLogger } from './core/logger.ts'
import { PLATFORMS } from './defaults.ts'
import { BotEngine, type EngineParts, type Sender } from './engine/bot-engine.ts'
import { Keeping } from './engine/keeping.ts'
import { Later } from './engine/later.ts'
import { RUN_MARK } from './engine/leftovers.ts'
import type { BotFactory, DrivenBot } from './engine/port.ts'
import { Removal } from './engine/removal.ts'
import { botConfigOf, type CommonConfig } from './engine/request.ts'
import { findFfmpeg } from './media/ffmpeg.ts'
import { recover } from './media/finish.ts'
import { MeetingBot } from './meeting-bot.ts'
import { createUrlGuard, type OutgoingGuard } from './net/url-guard.ts'
import type { PlatformAdapter } from './platform/adapter.ts'
import { MemoryStore } from './store/memory-store.ts'
import type { BotStore } from './store/port.ts'
import { WebhookSender } from './webhooks/sender.ts'

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
  /** Default: the files stay where the bots write them, and links are empty; `LocalArtifacts` serves them by signed links. */
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

const positive = z.number().int().min(1)
const span = z.number().int().min(0)

/** The numbers and names among the options, checked at the door; ports are taken as they are. */
const optionsSchema = z.object({
  dataDir: z.string().min(1).default('remora-data'),
  outputDir: z.string().min(1).optional(),
  allowPrivateUrls: z.boolean().default(false),
  concurrency: positive.default(4),
  reservedLeadMs: span.default(240_000),
  startLeadMs: span.default(0),
  missedAfterMs: span.nullable().default(600_000),
  retentionMs: span.nullable().default(null),
})

/** Another process that said nothing for so long is taken for dead; on one machine its death is seen at once. */
const LEASE_MS = 60_000
const BEAT_MS = 10_000
/** A file that cannot be kept for so long does not hold back the `complete` event any longer; it is tried on behind it. */
const KEEPING_MS = 600_000

/**
 * Many bots in one process: scheduled, deduplicated, stored, told to the outside by webhooks, and brought to a truthful
 * end after a crash.
 *
 * @example
 * const engine = new MeetingEngine({ apiKeys: [key], webhooks: { url: 'https://example.com/hook' } })
 * await engine.start()
 */
export class MeetingEngine extends BotEngine {
  /** Where the files are kept, for whoever serves them. */
  readonly artifacts: ArtifactStore

  /** Throws `CONFIG_INVALID` (field, value, allowed); nothing is started. */
  constructor(options: MeetingEngineOptions) {
    const parts = partsOf(options)
    super(parts)
    this.artifacts = parts.artifacts
  }
}

function partsOf(options: MeetingEngineOptions): EngineParts & { artifacts: ArtifactStore } {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw invalid(options, parsed.error)
  const { dataDir, allowPrivateUrls, concurrency, reservedLeadMs, startLeadMs, missedAfterMs, retentionMs } = parsed.data
  const outputDir = resolve(parsed.data.outputDir ?? join(dataDir, 'recordings'))
  const { apiKeys, store = new MemoryStore(), artifacts = inPlace(), clock = systemClock, logger = silentLogger, webhooks } = options
  const { browser, locale, platforms = PLATFORMS, createBot } = options
  const env = readEnv()
  const guard = createUrlGuard({ allowPrivateUrls })
  const keeping = new Keeping({ artifacts, clock, logger, budgetMs: KEEPING_MS, outputDir })
  const ffmpegPath = findFfmpeg(env.ffmpeg)
  const finish = (dir: string) => recover(dir, ffmpegPath)
  const common: CommonConfig = { outputDir, ...(browser === undefined ? {} : { browser }), ...(locale === undefined ? {} : { locale }) }
  return {
    ...{ apiKeys, store, artifacts, clock, logger, platforms, common, outputDir, guard },
    ...{ concurrency, reservedLeadMs, startLeadMs, missedAfterMs, retentionMs, leaseMs: LEASE_MS, beatMs: BEAT_MS },
    keeping,
    later: new Later({ store, artifacts, keeping, recover: finish, outputDir, clock, logger }),
    removal: new Removal({ store, artifacts, clock, logger, outputDir }),
    recover: finish,
    createBot: (run) => createBot ?? meetingBots({ run, common, platforms, clock, logger, guard, env: env.all }),
    createSender: (accounts, by) =>
      sender(new WebhookSender({ ...webhooks, by, store, guard, clock, logger, apiKeyOf: (id) => accounts.keyOf(id) }), store, clock),
  }
}

/** What bots said while they were made to leave goes out before the sender is stopped, if its receivers take it by then. */
const LAST_EVENTS_MS = 3_000
const LOOK_MS = 20

function sender(webhooks: WebhookSender, store: BotStore, clock: Clock): Sender {
  return {
    start: async () => webhooks.start(),
    wake: () => webhooks.wake(),
    stop: async () => {
      // Receivers live in real time, whatever clock the bots are on.
      const until = systemClock.now() + LAST_EVENTS_MS
      try {
        while (systemClock.now() < until && (await store.outbox.due(clock.now(), 1)).length > 0) await systemClock.after(LOOK_MS)
      } finally {
        await webhooks.stop() // also when the store is away: it would hold up the end of the process
      }
    },
  }
}

interface MeetingBotsOptions {
  run: string
  common: CommonConfig
  platforms: readonly PlatformAdapter[]
  clock: Clock
  logger: Logger
  guard: OutgoingGuard
  env: Readonly<Record<string, string | undefined>>
}

/** A `MeetingBot` with a browser of its own, marked with the run: should this process die, the next one knows whose it was. */
function meetingBots({ run, common, platforms, clock, logger, guard, env }: MeetingBotsOptions): BotFactory {
  return ({ uuid, request }) => {
    const onWarning = (code: string, message: string) => logger.warn(message, { bot: uuid, code })
    const browser = chromiumProvider({ ...common.browser, env: { ...env, [RUN_MARK]: run }, onWarning })
    const bot = new MeetingBot(botConfigOf(request, common), { id: uuid, browser, platforms, clock, logger, outgoing: guard })
    const failed = (error: unknown) => logger.warn('a browser was not closed well', { bot: uuid, error: String(error) })
    return {
      id: bot.id,
      done: bot.done,
      closed: bot.done.then(() => browser.close()).catch(failed),
      on: (event, listener) => bot.on(event, listener),
      join: () => bot.join(),
      leave: (reason) => bot.leave(reason),
      [Symbol.asyncDispose]: () => bot[Symbol.asyncDispose](),
    } satisfies DrivenBot
  }
}
