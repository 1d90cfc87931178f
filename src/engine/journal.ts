import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotFact, BotPatch, BotStore } from '../store/port.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/** What a journal needs. */
export interface JournalParts {
  store: BotStore
  clock: Clock
  logger: Logger
  uuid: string
  /** The run that has the bot: what another run took over is not ours to write. */
  by: string
  /** Something new is in the outbox. */
  onSaid(): void
  /** The bot is not ours any more, or has ended. */
  onLost(): void
}

/**
 * The facts of one bot on their way to the store: in order, one at a time, each until it is written. Whoever says one never
 * waits. While the store fails they wait here; nothing is lost as long as the process lives.
 */
export class Journal {
  readonly #parts: JournalParts
  readonly #queue: BotFact[] = []
  readonly #stop = new AbortController()
  #writing: Promise<void> | undefined
  #lost = false

  constructor(parts: JournalParts) {
    this.#parts = parts
  }

  get lost(): boolean {
    return this.#lost
  }

  /** Takes a fact; answers at once. */
  write(fact: BotFact): void {
    if (this.#lost) return
    if (!this.#merged(fact)) this.#queue.push(fact)
    this.#writing ??= this.#drain()
  }

  patch(patch: BotPatch): void {
    this.write({ at: this.#parts.clock.now(), patch })
  }

  /** Everything said so far is written, or will never be. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  /** Gives up: what is not written yet is left to whoever finds the bot next. */
  close(): void {
    this.#lost = true
    this.#queue.length = 0
    this.#stop.abort()
  }

  /** While facts pile up, only the newest patch is of interest. The first one may be on its way already. */
  #merged({ patch, history, ending, deliveries, at }: BotFact): boolean {
    const last = this.#queue.length > 1 ? this.#queue.at(-1) : undefined
    if (last === undefined || history !== undefined || ending !== undefined || deliveries !== undefined) return false
    if (last.history !== undefined || last.ending !== undefined || last.deliveries !== undefined) return false
    this.#queue[this.#queue.length - 1] = { at, patch: { ...last.patch, ...patch } }
    return true
  }

  /** Given up, the queue is empty. */
  async #drain(): Promise<void> {
    const { store, uuid, by } = this.#parts
    let waitMs = FIRST_WAIT_MS
    let doubt = false
    for (let fact = this.#queue[0]; fact !== undefined; fact = this.#queue[0]) {
      try {
        const written = (doubt && (await this.#holds(fact))) || (await store.record(uuid, fact, { claimedBy: by })) !== undefined
        if (this.#lost) continue
        if (!written) {
          this.close()
          this.#parts.onLost()
          continue
        }
        this.#queue.shift()
        if (fact.deliveries !== undefined) this.#parts.onSaid()
        doubt = false
        waitMs = FIRST_WAIT_MS
      } catch (error) {
        if (this.#lost) continue
        this.#parts.logger.error('a fact could not be stored yet', { bot: uuid, error: String(error), waiting: this.#queue.length })
        doubt = true
        await this.#parts.clock.after(waitMs, this.#stop.signal).catch(() => {}) // given up: the loop sees it
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      }
    }
    // In the same step: a fact said behind it must not find somebody at work who is done.
    this.#writing = undefined
  }

  /** After an error nobody knows whether it was written: a status said twice would be worse than a look. */
  async #holds({ history, ending, at }: BotFact): Promise<boolean> {
    const { store, uuid } = this.#parts
    if (ending !== undefined) return (await store.get(uuid))?.phase === 'ended'
    if (history === undefined) return false
    return (await store.history(uuid)).some((entry) => entry.status === history.status && entry.at === at)
  }
}
