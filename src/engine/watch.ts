import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord, BotStore } from '../store/port.ts'
import { alarm } from './alarm.ts'
import { endMarked } from './leftovers.ts'
import type { Runs } from './runs.ts'

/** Nobody's run id: asking for the bots left behind by everybody but nobody gives all that run. */
const NOBODY = 'nobody'

/** What the watch needs. */
export interface WatchParts {
  store: Pick<BotStore, 'leftBehind' | 'takeOver' | 'outbox'>
  clock: Clock
  logger: Logger
  runs: Runs
  by: string
  beatMs: number
  /** Whether a bot is run here. */
  has(uuid: string): boolean
  /** A bot of a dead run (or one whose claim never reached us) is ours now. */
  adopt(bot: BotRecord): void
  /** A caller told another process to end this bot of ours. */
  leave(uuid: string): void
}

/** The engine's heartbeat, and with every beat a look at who has died and what they left. */
export class Watch {
  readonly #parts: WatchParts
  readonly #stop = new AbortController()
  readonly #searched = new Set<string>()
  #suspects = new Set<string>()
  #loop: Promise<void> | undefined

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** First beat and first look; throws what the store throws. Then goes on by itself. */
  async start(): Promise<void> {
    await this.#beat()
    this.#loop = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run(): Promise<void> {
    const { clock, logger, beatMs } = this.#parts
    while (await alarm(clock, beatMs, this.#stop.signal)) {
      try {
        await this.#beat()
      } catch (error) {
        logger.error('the store cannot be reached for the heartbeat', { error: String(error) })
      }
    }
  }

  async #beat(): Promise<void> {
    const { store, clock, runs, by } = this.#parts
    const now = clock.now()
    await runs.beat(now)
    const running = await store.leftBehind(NOBODY)
    const mine = running.filter(({ claimedBy }) => claimedBy === by)
    await this.#own(mine)
    for (const bot of running) {
      const { claimedBy } = bot
      if (claimedBy === null || claimedBy === by || !runs.dead(claimedBy, now)) continue
      this.#endBrowsersOf(claimedBy)
      await this.#take(bot.uuid, claimedBy)
    }
    // What a dead one was sending goes out again now, not when its lease is over.
    for (const holder of await store.outbox.holders()) if (runs.gone(holder, now)) await store.outbox.release(holder)
    await runs.tidy(now, running)
  }

  /** Ours by the store: told to leave elsewhere, or (seen twice) claimed without our hearing of it. */
  async #own(mine: readonly BotRecord[]): Promise<void> {
    const { has, leave, by } = this.#parts
    const unheard = mine.filter(({ uuid }) => !has(uuid)).map(({ uuid }) => uuid)
    for (const { uuid, isStopped } of mine) if (isStopped && has(uuid)) leave(uuid)
    for (const uuid of unheard) if (this.#suspects.has(uuid)) await this.#take(uuid, by)
    this.#suspects = new Set(unheard)
  }

  async #take(uuid: string, from: string): Promise<void> {
    const { store, by, has, adopt } = this.#parts
    const bot = await store.takeOver(uuid, { from, to: by })
    if (bot !== undefined && !has(uuid)) adopt(bot)
  }

  #endBrowsersOf(run: string): void {
    if (this.#searched.has(run)) return
    this.#searched.add(run)
    const ended = endMarked(run)
    if (ended > 0) this.#parts.logger.warn('browsers of a dead run were ended', { run, processes: ended })
  }
}
