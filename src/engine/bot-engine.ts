import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { Scope } from '../core/scope.ts'
import type { OutgoingGuard } from '../net/url-guard.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { BotPage, BotQuery, BotRecord, BotRequest, BotStore, Delivery } from '../store/port.ts'
import { Accounts } from './accounts.ts'
import { Admission } from './admission.ts'
import { Adoption } from './adoption.ts'
import { inTime } from './alarm.ts'
import { BotRun } from './bot-run.ts'
import { cancelledFact } from './facts.ts'
import type { Keeping } from './keeping.ts'
import type { Later } from './later.ts'
import { absentSince, missed } from './missed.ts'
import type { BotFactory, BotView, Deletion, EngineService, FileLinks, Retranscription, Screenshot } from './port.ts'
import type { RecoveryParts } from './recovery.ts'
import type { Removal } from './removal.ts'
import { type CommonConfig, checked, joinAtOf } from './request.ts'
import { newRunId } from './run-id.ts'
import { Runs } from './runs.ts'
import { Watch } from './watch.ts'

/** Two bots of one account for one meeting whose times to join are nearer than this are one too many (contract v1, 3.2). */
const DEDUPE_MS = 5 * 60_000
/** After the grace, bots are cut and have this long to be stored as ended. */
const CUT_MS = 5_000

/** Sends what is in the store's outbox; the engine only tells it that there is something. */
export interface Sender {
  start(): Promise<void>
  wake(): void
  stop(): Promise<void>
}

/** Everything an engine is made of. Times are milliseconds. */
export interface EngineParts {
  apiKeys: readonly string[]
  store: BotStore
  artifacts: Pick<ArtifactStore, 'close'>
  clock: Clock
  logger: Logger
  keeping: Keeping
  removal: Removal
  later: Later
  platforms: readonly PlatformAdapter[]
  common: CommonConfig
  recover: RecoveryParts['recover']
  outputDir: string
  concurrency: number
  reservedLeadMs: number
  startLeadMs: number
  missedAfterMs: number | null
  retentionMs: number | null
  leaseMs: number
  beatMs: number
  /** Decides which URLs may be called. */
  guard: OutgoingGuard
  createBot(run: string): BotFactory
  /** `by` is this life of the engine: what it has taken, the next one may take as soon as it is known to be dead. */
  createSender(accounts: Accounts, by: string): Sender
}

/** Many bots on one store: who may join when, what became of each, and nothing lost over a restart. */
export class BotEngine implements EngineService {
  readonly #parts: EngineParts
  readonly #accounts: Accounts
  /** Id of this life of the engine. */
  readonly #run = newRunId()
  readonly #bots = new Map<string, BotRun>()
  /** Told to leave before they began here. */
  readonly #toLeave = new Set<string>()
  readonly #adoption: Adoption
  readonly #admission: Admission
  readonly #watch: Watch
  readonly #runs: Runs
  readonly #sender: Sender
  readonly #scope = new Scope()
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #open = false
  /** Bots due before this were missed. */
  #missedBefore = Number.NEGATIVE_INFINITY

  /** Throws `CONFIG_INVALID`; nothing is started. */
  constructor(parts: EngineParts) {
    const { apiKeys, store, clock, logger, concurrency, reservedLeadMs, leaseMs, beatMs, createSender } = parts
    const by = this.#run
    this.#parts = parts
    this.#accounts = new Accounts(apiKeys)
    this.#sender = createSender(this.#accounts, by)
    this.#runs = new Runs(store, by, leaseMs)
    this.#admission = new Admission({
      ...{ store, clock, logger, by, concurrency, reservedLeadMs, pollMs: beatMs },
      live: (bot) => this.#live(bot),
    })
    this.#adoption = new Adoption({
      ...{ ...parts, by, onSaid: () => this.#sender.wake() },
      admit: (bot) => this.#admission.admit(bot),
      isMissed: ({ joinAt }) => joinAt < this.#missedBefore,
    })
    this.#watch = new Watch({
      ...{ store, clock, logger, by, beatMs, runs: this.#runs },
      has: (uuid) => this.#bots.has(uuid) || this.#admission.has(uuid) || this.#adoption.has(uuid),
      adopt: (bot) => this.#adoption.adopt(bot),
      leave: (uuid) => this.#tell(uuid),
    })
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      return Promise.reject(new BotError('ILLEGAL_TRANSITION', 'This engine was stopped; make a new one on the same store'))
    }
    this.#starting ??= this.#start()
    return this.#starting
  }

  stop({ graceMs = 30_000 }: { graceMs?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  async account(apiKey: string): Promise<number | undefined> {
    await this.#starting
    return this.#accounts.idOf(apiKey)
  }

  async create(accountId: number, request: BotRequest): Promise<BotRecord> {
    await this.#ready()
    const { store, clock } = this.#parts
    const { meetingKey } = checked(request, this.#parts)
    const createdAt = clock.now()
    const joinAt = joinAtOf(request, createdAt, this.#parts)
    const bot = { uuid: randomUUID(), accountId, request, meetingKey, eventUuid: null, createdAt, joinAt }
    const creation = await store.create(bot, { dedupe: { withinMs: DEDUPE_MS } })
    if (!creation.created) {
      const { uuid: botId } = creation.earlier
      throw new BotError('DUPLICATE', 'This meeting already has a bot around that time; give a new deduplication key to send another', {
        details: { botId },
      })
    }
    this.#admission.wake()
    return creation.bot
  }

  async get(accountId: number, uuid: string): Promise<BotView | undefined> {
    const { store } = this.#parts
    const bot = await store.get(uuid, accountId)
    if (bot === undefined) return undefined
    return { bot: this.#bots.get(uuid)?.seen(bot) ?? bot, history: await store.history(uuid) }
  }

  list(query: BotQuery): Promise<BotPage> {
    return this.#parts.store.list(query)
  }

  async leave(accountId: number, uuid: string): Promise<BotRecord | undefined> {
    await this.#ready()
    const { store, clock } = this.#parts
    const bot = await store.get(uuid, accountId)
    if (bot === undefined || bot.phase === 'ended') return bot
    if (bot.phase === 'waiting') {
      const cancelled = await store.record(uuid, cancelledFact(bot, clock.now()), { phase: 'waiting' })
      if (cancelled !== undefined) {
        this.#sender.wake()
        this.#admission.wake() // its slot may have been held
        return cancelled
      }
    }
    // Also for a bot that another process runs: it looks at every beat.
    const stopped = await store.record(uuid, { at: clock.now(), patch: { isStopped: true } }, { phase: 'running' })
    if (stopped?.claimedBy === this.#run) this.#tell(uuid)
    return stopped ?? store.get(uuid, accountId)
  }

  async screenshots(accountId: number, uuid: string): Promise<readonly Screenshot[] | undefined> {
    const view = await this.get(accountId, uuid)
    return view?.history.flatMap(({ at, screenshot }) => (screenshot !== null && existsSync(screenshot) ? [{ at, path: screenshot }] : []))
  }

  async deleteData(accountId: number, uuid: string): Promise<Deletion | undefined> {
    const bot = await this.#parts.store.get(uuid, accountId)
    return bot === undefined ? undefined : this.#parts.removal.remove(bot)
  }

  async retranscribe(accountId: number, uuid: string): Promise<Retranscription | undefined> {
    const bot = await this.#parts.store.get(uuid, accountId)
    if (bot === undefined) return undefined
    return bot.files.audio !== undefined && existsSync(bot.files.audio) ? 'unavailable' : 'no_audio'
  }

  async webhookUrl(accountId: number): Promise<string | null> {
    return (await this.#parts.store.accountById(accountId))?.webhookUrl ?? null
  }

  async setWebhookUrl(accountId: number, url: string | null): Promise<void> {
    if (url !== null) this.#parts.guard.check(url, 'webhookUrl', 'http')
    await this.#parts.store.setWebhookUrl(accountId, url)
    this.#sender.wake()
  }

  deadLetters(accountId: number): Promise<readonly Delivery[]> {
    return this.#parts.store.outbox.dead(accountId)
  }

  async resend(accountId: number, uuid: string, sequence: number): Promise<boolean> {
    const { store, clock } = this.#parts
    if ((await store.get(uuid, accountId)) === undefined) return false
    const found = await store.outbox.resend({ botUuid: uuid, sequence }, clock.now())
    this.#sender.wake()
    return found
  }

  async counts(): Promise<{ waiting: number; running: number; concurrency: number; pendingDeliveries: number }> {
    const { store, concurrency } = this.#parts
    const [{ waiting, running }, pendingDeliveries] = await Promise.all([store.counts(), store.outbox.pending()])
    return { waiting, running, concurrency, pendingDeliveries }
  }

  /** Links to a bot's files, signed now. */
  links(bot: BotRecord): Promise<FileLinks> {
    return this.#parts.keeping.links(bot)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #start(): Promise<void> {
    const { store, artifacts, clock, logger, missedAfterMs, retentionMs, removal, later } = this.#parts
    this.#scope.own('artifacts', () => artifacts.close())
    this.#scope.own('store', () => store.close())
    await store.open()
    await this.#accounts.open(store)
    this.#scope.own('sender', () => this.#sender.stop())
    await this.#sender.start()
    // Before the first beat: dying in the middle of it, this run must not count as somebody who was there.
    await this.#runs.look()
    if (missedAfterMs !== null) {
      const now = clock.now()
      this.#missedBefore = absentSince({ now, afterMs: missedAfterMs, lastHeardAt: this.#runs.lastHeardAt })
      await missed({ store, clock, logger, by: this.#run, before: this.#missedBefore })
    }
    this.#scope.own('watch', () => this.#watch.stop())
    await this.#watch.start()
    this.#scope.own('retention', removal.keepDoing(retentionMs))
    this.#scope.own('later', later.keepDoing())
    this.#admission.start()
    this.#open = true
    this.#sender.wake()
  }

  /** Bots leave, their ends are stored, then everything is closed backwards. What is not ended by then, the next start ends. */
  async #stop(graceMs: number): Promise<void> {
    await this.#starting?.catch(() => {}) // said by `start`; what it opened is closed all the same
    this.#open = false
    const { clock, logger } = this.#parts
    await this.#admission.stop()
    for (const run of this.#bots.values()) run.leave('stop')
    const over = () => Promise.all([...[...this.#bots.values()].map((run) => run.over), this.#adoption.over()])
    if (!(await inTime(clock, graceMs, over()))) {
      for (const run of this.#bots.values()) void run.cut().catch(() => {}) // it ends with its process at the latest
      await inTime(clock, CUT_MS, over())
    }
    this.#adoption.abandon()
    for (const run of this.#bots.values()) run.abandon()
    for (const { name, error } of await this.#scope.close()) logger.error('not closed well', { name, error: String(error) })
  }

  async #ready(): Promise<void> {
    await this.#starting
    if (this.#open) return
    if (this.#stopping !== undefined) throw new BotError('CAPACITY', 'The engine is stopping')
    throw new BotError('ILLEGAL_TRANSITION', 'The engine is not started')
  }

  /** Tells a bot of ours to leave, also one that waits for its slot or whose claim is on its way here. */
  #tell(uuid: string): void {
    const run = this.#bots.get(uuid)
    if (run !== undefined) run.leave('caller')
    else if (!this.#adoption.has(uuid)) this.#toLeave.add(uuid)
  }

  /** Runs a claimed bot as long as it needs a slot; the rest of its way goes on without one. */
  async #live(bot: BotRecord): Promise<void> {
    const { store, clock, logger, keeping, createBot } = this.#parts
    const run = new BotRun(
      { store, clock, logger, keeping, by: this.#run, createBot: createBot(this.#run), onSaid: () => this.#sender.wake() },
      bot,
    )
    this.#bots.set(bot.uuid, run)
    if (this.#toLeave.delete(bot.uuid) || bot.isStopped) run.leave('caller')
    void run.over.then(() => this.#bots.delete(bot.uuid))
    await run.live()
  }
}
