import { BotError } from '../../../src/core/errors.ts'
import type { MeetStage } from './join.ts'

const MOST_SENT_BACK = 1

/** How long a bot waits to be let in: counted from its first knock, over every further one. `null` is for ever. */
export class WaitingBudget {
  readonly #limitMs: number | null
  #startedAt: number | undefined
  #sentBack = 0

  constructor(limitMs: number | null) {
    this.#limitMs = limitMs
  }

  /** A knock; the first one starts the count. */
  knocked(at: number): void {
    this.#startedAt ??= at
  }

  spent(now: number): boolean {
    return this.#limitMs !== null && this.#startedAt !== undefined && now - this.#startedAt >= this.#limitMs
  }

  /** The client led back from the lobby to its door. Once that may be the client starting anew; every time it is somebody's no. */
  sentBack(): boolean {
    return ++this.#sentBack > MOST_SENT_BACK
  }

  /** What is said once it is spent, with a look at the page and a picture. */
  async timeout(stage: MeetStage, signal: AbortSignal): Promise<BotError> {
    const sight = await stage.look(['lobby', 'noAnswer', 'leaveCall'], { signal })
    const evidence = await stage.evidence(sight, { picture: true })
    return new BotError('WAITING_ROOM_TIMEOUT', `Not let in within ${this.#limitMs} ms`, {
      details: { ...evidence, waitingRoomTimeoutMs: this.#limitMs },
    })
  }
}
