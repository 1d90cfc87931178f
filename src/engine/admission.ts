import PQueue from 'p-queue'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord, BotStore } from '../store/port.ts'

/** Timers of Node are 32 bit; a bot may be wanted in a year. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What admission needs. */
export interface AdmissionParts {
  store: Pick<BotStore, 'claimDue' | 'nextJoinAt' | 'reservedUntil'>
  clock: Clock
  logger: Logger
  by: string
  concurrency: number
  /** Without news, the store is looked at this often: another process may have put something there. */
  pollMs: number
  /** How long before its time a reserved bot's slot is held. */
  reservedLeadMs: number
  /** Resolves when the bot's slot is free again. Never rejects. */
  live(bot: BotRecord): Promise<void>
}

/**
 * Who may start now. The store decides; a slot is free before a bot is claimed, so that a bot that waits is still nobody's.
 * Reserved bots come first, and the slots of those due soon stay empty.
 */
export class Admission {
  readonly #parts: AdmissionParts
  readonly #queue: PQueue
  readonly #admitted = new Set<string>()
  #open = false
  #stopped = false
  #pumping: Promise<void> | undefined
  #again = false
  #sleep = new AbortController()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#queue = new PQueue({ concurrency: parts.concurrency })
  }

  get running(): number {
    return this.#queue.pending + this.#queue.size
  }

  /** Whether it has a slot, or waits for one. */
  has(uuid: string): boolean {
    return this.#admitted.has(uuid)
  }

  start(): void {
    this.#open = true
    this.wake()
  }

  /** Something has changed: a new bot, a cancelled one, a free slot, the time. */
  wake(): void {
    this.#again = true
    if (!this.#open) return
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined
      if (this.#again) this.wake()
    })
  }

  /** Takes a slot for a bot that is claimed already. Once stopped it takes none: the next start finds the bot. */
  admit(bot: BotRecord): void {
    if (this.#stopped) return
    const { live, logger } = this.#parts
    const { uuid } = bot
    this.#admitted.add(uuid)
    this.#queue
      .add(() => live(bot))
      .catch((error: unknown) => logger.error('a bot could not be run', { bot: uuid, error: String(error) }))
      .finally(() => {
        this.#admitted.delete(uuid)
        this.wake()
      })
  }

  /** Claims nothing more, and lets nobody who waits for a slot begin; resolves when a claim under way is done. */
  async stop(): Promise<void> {
    this.#open = false
    this.#stopped = true
    this.#queue.clear()
    this.#sleep.abort()
    while (this.#pumping !== undefined) await this.#pumping
  }

  async #pump(): Promise<void> {
    const { clock, logger, pollMs } = this.#parts
    while (this.#again && this.#open) {
      this.#again = false
      try {
        await this.#claim()
        await this.#sleepUntilNext()
      } catch (error) {
        logger.error('the store cannot be asked who is due', { error: String(error) })
        this.#wakeAt(clock.now() + pollMs)
      }
    }
  }

  async #claim(): Promise<void> {
    const { store, clock, by, concurrency, reservedLeadMs } = this.#parts
    const now = clock.now()
    const claim = async (limit: number, reserved: boolean) => {
      const bots = limit > 0 ? await store.claimDue({ now, by, limit, reserved }) : []
      for (const bot of bots) this.admit(bot)
    }
    const free = () => concurrency - this.running
    await claim(free(), true)
    if (free() > 0) await claim(free() - (await store.reservedUntil(now + reservedLeadMs)), false)
  }

  async #sleepUntilNext(): Promise<void> {
    const { store, clock, pollMs } = this.#parts
    const now = clock.now()
    const next = await store.nextJoinAt(now)
    this.#wakeAt(Math.min(next ?? Number.POSITIVE_INFINITY, now + pollMs))
  }

  #wakeAt(at: number): void {
    this.#sleep.abort()
    if (!this.#open) return
    this.#sleep = new AbortController()
    const { clock } = this.#parts
    const ms = Math.min(Math.max(0, at - clock.now()), LONGEST_TIMER_MS)
    clock.after(ms, this.#sleep.signal).then(
      () => this.wake(),
      () => {}, // woken by something else
    )
  }
}
