import type { Clock } from '../core/clock.ts'
import type { BotFact, BotRecord } from '../store/port.ts'
import { cancelledFact } from './facts.ts'
import { Journal } from './journal.ts'
import { bringToItsEnd, missedFact, type RecoveryParts } from './recovery.ts'

/** What adoption needs. */
export interface AdoptionParts extends RecoveryParts {
  clock: Clock
  /** Gives a bot a slot. */
  admit(bot: BotRecord): void
  /** Whether it was due so long before this engine began, with nobody there, that it is not sent any more. */
  isMissed(bot: BotRecord): boolean
}

/** Bots that a dead process left: one that had not begun is begun, or ended for its reason; any other is brought to its end. */
export class Adoption {
  readonly #parts: AdoptionParts
  readonly #quit = new AbortController()
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(parts: AdoptionParts) {
    this.#parts = parts
  }

  has(uuid: string): boolean {
    return this.#underWay.has(uuid)
  }

  /** All that are under way now. */
  over(): Promise<unknown> {
    return Promise.all(this.#underWay.values())
  }

  /** Leaves the rest to the next start. */
  abandon(): void {
    this.#quit.abort()
  }

  adopt(bot: BotRecord): void {
    if (this.#quit.signal.aborted) return
    const ending = bot.status === 'queued' ? this.#endOf(bot) : bringToItsEnd(this.#parts, bot, this.#quit.signal)
    if (ending === undefined) {
      this.#parts.admit(bot)
      return
    }
    const over = ending
      .catch((error: unknown) => this.#parts.logger.error('a bot could not be recovered', { bot: bot.uuid, error: String(error) }))
      .finally(() => this.#underWay.delete(bot.uuid))
    this.#underWay.set(bot.uuid, over)
  }

  /** Of one that had not begun; undefined if it is to begin. */
  #endOf(bot: BotRecord): Promise<void> | undefined {
    const { clock, isMissed } = this.#parts
    if (bot.isStopped) return this.#write(bot, cancelledFact(bot, clock.now()))
    return isMissed(bot) ? this.#write(bot, missedFact(bot, clock.now())) : undefined
  }

  async #write({ uuid }: BotRecord, fact: BotFact): Promise<void> {
    const { store, clock, logger, by, onSaid } = this.#parts
    const journal = new Journal({ store, clock, logger, by, onSaid, uuid, onLost: () => {} })
    const stop = () => journal.close()
    this.#quit.signal.addEventListener('abort', stop, { once: true })
    journal.write(fact)
    await journal.settled()
    this.#quit.signal.removeEventListener('abort', stop)
  }
}
