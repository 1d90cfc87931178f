import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { type Logger, silentLogger } from '../core/logger.ts'
import { OutgoingHttp } from '../net/outgoing-http.ts'
import type { OutgoingGuard } from '../net/url-guard.ts'
import type { BotStore, Delivery, DeliveryAttempt, DeliveryVerdict } from '../store/port.ts'
import { attemptOnce, hasArrived, type Transport, wireId } from './attempt.ts'
import { Destinations } from './destination.ts'
import { afterFailure, bornAt, failuresSince, RETRY_SCHEDULE, type RetrySchedule } from './schedule.ts'
import { keysOf } from './signature.ts'

/** How a `WebhookSender` is set up. Times are milliseconds. */
export interface WebhookSenderOptions {
  store: Pick<BotStore, 'outbox' | 'get' | 'accountById'>
  /**
   * Who takes the events, so that of several senders on one store each event has one. One that begins under the same name
   * takes over at once what the one before it had; under another, when the lease is over. Default: a name of its own.
   */
  by?: string
  /** Decides which URLs may be used. */
  guard: OutgoingGuard
  /** The key of an account, for the contract's header; undefined if it is not known any more. */
  apiKeyOf?: (accountId: number) => string | undefined
  /** Puts that key into the header. Default true. */
  sendApiKey?: boolean
  /** Standard Webhooks secrets, the newest first; every one signs. Default: no signature. */
  secrets?: readonly string[]
  /** For bots and accounts that have no place of their own. */
  url?: string
  schedule?: RetrySchedule
  /** A receiver must answer within this. Default 10 000. */
  timeoutMs?: number
  /** How many events are on their way at once, each of another bot. Default 16. */
  concurrency?: number
  clock?: Clock
  logger?: Logger
  /** 0 to 1, for the jitter. */
  random?: () => number
  transport?: Transport
}

/** While something is on its way the outbox cannot say when the next other event is due, so it is asked this often. */
const LOOK_MS = 1_000
/** Another process may have written something nobody here was told of. */
const LOOK_ANYWAY_MS = 15_000
const STORE_WAIT_MS = 1_000
/** From taking an event to sending it: longer than a database that is locked makes us wait. Beyond it, somebody else may have it. */
const MARGIN_MS = 20_000
const HOUR_MS = 3_600_000

/**
 * Sends what is in the outbox: per bot in order, over bots at the same time, each event until it arrives or is a dead letter.
 * The store decides what is to be done, and gives each event to one sender at a time; a process that is killed at any moment
 * has lost nothing. It may send an event twice, under the same id and with the same bytes.
 */
export class WebhookSender {
  readonly #options: Required<Omit<WebhookSenderOptions, 'url' | 'apiKeyOf' | 'secrets'>> & Pick<WebhookSenderOptions, 'url' | 'apiKeyOf'>
  readonly #keys: ReturnType<typeof keysOf>
  readonly #halt = new AbortController()
  /** By bot: one at a time. */
  readonly #underWay = new Map<string, { sequence: number; over: Promise<void>; cut: AbortController }>()
  readonly #destinations: Destinations
  #bell = new AbortController()
  #loop: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  /** Throws `CONFIG_INVALID` for a secret or a URL that cannot be used. */
  constructor(options: WebhookSenderOptions) {
    const { clock = systemClock, guard, secrets = [], url } = options
    this.#keys = keysOf(secrets, 'webhooks.secrets')
    if (url !== undefined) guard.check(url, 'webhooks.url', 'http')
    this.#options = {
      by: `sender:${randomUUID()}`,
      sendApiKey: true,
      schedule: RETRY_SCHEDULE,
      timeoutMs: 10_000,
      concurrency: 16,
      logger: silentLogger,
      random: Math.random,
      transport: options.transport ?? new OutgoingHttp({ guard, clock }),
      ...options,
      clock,
    }
    this.#destinations = new Destinations(this.#options)
  }

  /** Begins with whatever is due. Calling it again does nothing. */
  async start(): Promise<void> {
    this.#loop ??= this.#run()
  }

  /** Something was put into the outbox. Cheap; never waits. */
  wake(): void {
    this.#bell.abort()
  }

  /** Begins nothing new, lets what is on its way end for `graceMs` (default: as long as a receiver may take), then cuts it. */
  stop({ graceMs = this.#options.timeoutMs }: { graceMs?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(graceMs)
    return this.#stopping
  }

  async #stop(graceMs: number): Promise<void> {
    this.#halt.abort()
    this.wake()
    await this.#loop
    const ended = new AbortController()
    const underWay = [...this.#underWay.values()]
    const all = Promise.all(underWay.map(({ over }) => over)).then(() => ended.abort())
    await this.#options.clock.after(graceMs, ended.signal).catch(() => {}) // everything has ended earlier
    const reason = new BotError('PROCESS_ENDED', 'Cut off: the sender was stopped; it will be sent again')
    for (const { cut } of underWay) cut.abort(reason)
    await all
    const { store, by, logger } = this.#options
    await store.outbox
      .release(by)
      .catch((error: unknown) => logger.error('what was taken is free after a while only', { error: String(error) }))
    await this.#options.transport.close()
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#options
    let isFirst = true
    while (!this.#halt.signal.aborted) {
      // Hung up before looking, so that what is written meanwhile rings.
      const bell = new AbortController()
      this.#bell = bell
      let waitMs = STORE_WAIT_MS
      try {
        // What an earlier life under this name had taken is nobody's.
        if (isFirst) await this.#options.store.outbox.release(this.#options.by)
        isFirst = false
        waitMs = await this.#sendDue()
      } catch (error) {
        logger.error('the outbox could not be read yet', { error: String(error) })
      }
      await clock.after(waitMs, bell.signal).catch(() => {}) // woken
    }
  }

  /** Sends what may be sent now; answers how long to wait for more. */
  async #sendDue(): Promise<number> {
    const { store, clock, concurrency, by, timeoutMs } = this.#options
    const room = concurrency - this.#underWay.size
    if (room <= 0) return LOOK_ANYWAY_MS // the end of each one rings
    const now = clock.now()
    const claim = { by, now, limit: room, leaseMs: timeoutMs + MARGIN_MS, latest: now + this.#longestWaitMs }
    for (const delivery of await store.outbox.claim(claim)) this.#launch(delivery, now)
    const nextAt = await store.outbox.nextAt()
    const untilNext = nextAt === undefined ? LOOK_ANYWAY_MS : Math.min(nextAt - clock.now(), LOOK_ANYWAY_MS)
    return untilNext > 0 ? untilNext : LOOK_MS
  }

  #launch(delivery: Delivery, takenAt: number): void {
    if (this.#halt.signal.aborted) return // given back at the end
    const { botUuid, sequence } = delivery
    const last = this.#underWay.get(botUuid)
    // Sent, but its entry cannot be stored and the lease is over: whoever has it here goes on with it.
    if (last?.sequence === sequence) return
    const cut = new AbortController()
    // The one before is settled, else this one could not have been taken; only its end may not have been seen here.
    const before = last?.over ?? Promise.resolve()
    const begin = () => (this.#halt.signal.aborted ? undefined : this.#deliver(delivery, takenAt, cut.signal))
    const mine = { sequence, over: before.then(begin), cut }
    this.#underWay.set(botUuid, mine)
    mine.over = mine.over.finally(() => {
      if (this.#underWay.get(botUuid) === mine) this.#underWay.delete(botUuid)
      this.wake()
    })
  }

  /** One attempt and its entry. Never throws. */
  async #deliver(delivery: Delivery, takenAt: number, signal: AbortSignal): Promise<void> {
    const { store, clock, logger } = this.#options
    let made: Made | undefined
    for (;;) {
      try {
        made ??= await this.#attempt(delivery, takenAt, signal)
        if (made === undefined) return
        await store.outbox.settle(delivery, made.attempt, made.verdict)
        this.#tell(delivery, made)
        return
      } catch (error) {
        logger.error('an attempt could not be stored yet', { id: wireId(delivery), error: String(error) })
      }
      // Not stored, so not sent: the next start sends it again, under the same id.
      if (this.#halt.signal.aborted) return
      await clock.after(STORE_WAIT_MS, this.#halt.signal).catch(() => {}) // one last time
    }
  }

  /** Undefined if the store took so long that the event may be somebody else's by now. */
  async #attempt(delivery: Delivery, takenAt: number, signal: AbortSignal): Promise<Made | undefined> {
    const { store, transport, clock, timeoutMs, schedule, random } = this.#options
    // Everything is asked of the store before, so that nothing sent is left without its entry.
    const to = await this.#destinations.of(delivery)
    if (to === undefined) return nobody(clock.now())
    const born = bornAt(delivery)
    // Not since its birth: a clock that was set back would make every attempt the first, and a receiver that is down suffer.
    const failures = failuresSince(delivery.resentAt ?? Number.NEGATIVE_INFINITY, await store.outbox.attempts(delivery)) + 1
    if (clock.now() - takenAt > MARGIN_MS) return undefined
    const attempt = await attemptOnce(delivery, { ...to, keys: this.#keys, transport, clock, timeoutMs, signal })
    if (hasArrived(attempt)) return { attempt, verdict: { state: 'delivered' } }
    const now = clock.now()
    if (signal.aborted) return { attempt, verdict: { state: 'pending', nextAt: now } }
    return { attempt, verdict: afterFailure({ failures, born, now }, schedule, random) }
  }

  /** No wait of ours ends later than this from now. */
  get #longestWaitMs(): number {
    const { waitsMs, thenEveryMs, jitter } = this.#options.schedule
    return Math.max(...waitsMs, thenEveryMs) * (1 + jitter) + HOUR_MS
  }

  #tell(delivery: Delivery, { attempt: { status, error }, verdict }: Made): void {
    const { logger } = this.#options
    const fields = { id: wireId(delivery), event: delivery.event, status, error }
    if ('nextAt' in verdict) logger.warn('an event did not arrive yet', { ...fields, code: 'webhook_retry', nextAt: verdict.nextAt })
    else if (verdict.state === 'dead') logger.error('an event is a dead letter', fields)
  }
}

/** An attempt and what follows from it. */
interface Made {
  attempt: DeliveryAttempt
  verdict: DeliveryVerdict
}

/** It waits for nobody, and it was not delivered: a dead letter, which can be resent once there is a place for it. */
function nobody(at: number): Made {
  const error = 'No webhook URL: neither the event, its bot, its account nor the service has one'
  return { attempt: { at, durationMs: 0, status: null, error }, verdict: { state: 'dead' } }
}
