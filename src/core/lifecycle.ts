import { BotError } from './errors.ts'
import type { Evidence, StatusChange } from './events.ts'
import type { Responsible } from './outcomes.ts'
import { type BotStatus, isTerminal, nextStatus, type Signal } from './status.ts'

export interface Why {
  reason?: string
  responsible?: Responsible
  evidence?: Evidence
  startedAt?: number
}

/** Holds a bot's status and moves it by the table. The only place a status changes. */
export class Lifecycle {
  readonly #history: StatusChange[] = []
  readonly #now: () => number
  readonly #announce: (change: StatusChange) => void
  #status: BotStatus = 'queued'

  constructor(now: () => number, announce: (change: StatusChange) => void) {
    this.#now = now
    this.#announce = announce
  }

  get status(): BotStatus {
    return this.#status
  }

  get history(): readonly StatusChange[] {
    return this.#history
  }

  get ended(): boolean {
    return isTerminal(this.#status)
  }

  can(signal: Signal): boolean {
    return nextStatus(this.#status, signal) !== undefined
  }

  apply(signal: Signal, why: Why = {}): StatusChange {
    const from = this.#status
    const to = nextStatus(from, signal)
    if (to === undefined) {
      throw new BotError('ILLEGAL_TRANSITION', `"${signal}" cannot happen while ${from}`, { details: { from, signal } })
    }
    const change: StatusChange = { from, to, at: this.#now(), ...why }
    this.#status = to
    this.#history.push(change)
    this.#announce(change)
    return change
  }
}
