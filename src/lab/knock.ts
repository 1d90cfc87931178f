import type { RoomPlan } from './people.ts'
import type { FromServer, VisitorState } from './protocol.ts'

/** Who has knocked waits in one of these. */
const WAITING: readonly VisitorState[] = ['knocking', 'entering']

interface KnockOptions {
  room: { readonly plan: Pick<RoomPlan, 'lobby' | 'noAnswerAfterMs'>; readonly hostStarted: boolean; readonly ended: boolean }
  state(): VisitorState
  tell(message: FromServer): void
  after(ms: number, work: () => void): void
}

/** A visitor's knocks: how each is answered where nobody answers it by hand. */
export class Knock {
  readonly #options: KnockOptions
  /** Knocked, and the page does not wait yet: it would not hear an answer. */
  #asked = false
  #waits = 0
  /** Would be in, if the host had come. */
  #due = false

  constructor(options: KnockOptions) {
    this.#options = options
  }

  ask(): void {
    const { room, tell } = this.#options
    this.#asked = !room.ended
    if (room.ended) tell({ type: 'end' })
  }

  /** The page has come to another state: from where it waits, the room's times count. */
  entered(state: VisitorState): void {
    // Who was sent back by the host waits without having knocked.
    if (!WAITING.includes(state) || !this.#asked) return
    this.#asked = false
    this.#due = false
    this.#waits++
    const { room, tell } = this.#options
    const { lobby, noAnswerAfterMs } = room.plan
    if (lobby === false) this.#letIn()
    if (typeof lobby === 'object') this.#unlessAnswered(lobby.admitAfterMs, () => this.#letIn())
    if (noAnswerAfterMs !== undefined) this.#unlessAnswered(noAnswerAfterMs, () => tell({ type: 'no_answer' }))
  }

  /** The host has come: whose time that was is let in. */
  hostStarted(): void {
    const { state, tell } = this.#options
    tell({ type: 'host_started' })
    if (this.#due && WAITING.includes(state())) tell({ type: 'admit' })
    this.#due = false
  }

  /** Nobody comes in before the host. */
  #letIn(): void {
    if (this.#options.room.hostStarted) this.#options.tell({ type: 'admit' })
    else this.#due = true
  }

  /** Answers this knock later, unless somebody else does before. */
  #unlessAnswered(ms: number, answer: () => void): void {
    const wait = this.#waits
    this.#options.after(ms, () => this.#options.state() === 'knocking' && this.#waits === wait && answer())
  }
}
