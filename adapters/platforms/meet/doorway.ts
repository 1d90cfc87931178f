import { Since } from './since.ts'

/** The door still stands open after the press: pressed again, then given up as a knock that is ignored. */
const IGNORED_MS = 5_000
const STALLED_MS = 15_000

/** What the looks since the knock say of the door that was knocked at. */
interface DoorSeen {
  /** Long enough to be no leftover of the press. */
  stands: boolean
  /** So it does, and a lobby was seen before: we were led back to it. Said once a lobby. */
  leftLobby: boolean
  /** Pressing does nothing. */
  ignored: boolean
}

/** The door after the knock: gone, as it should be, or still there, or there again. */
export class Doorway {
  readonly #open: Since
  readonly #nameless = new Since()
  #pressedAt: number
  #waited = false

  constructor(knockedAt: number) {
    this.#open = new Since(knockedAt)
    this.#pressedAt = knockedAt
  }

  pressed(at: number): void {
    this.#pressedAt = at
  }

  /** A lobby shows: `false` where it ended by itself, and what follows is no way back from it. */
  lobby(shows: boolean): void {
    this.#waited = shows
  }

  /** `nameless`: its box for the name is empty, so that it stays grey. */
  see(now: number, open: boolean, nameless: boolean): DoorSeen {
    const openMs = this.#open.see(now, open)
    const namelessMs = this.#nameless.see(now, nameless)
    const stands = (namelessMs ?? Math.min(openMs ?? 0, now - this.#pressedAt)) >= IGNORED_MS
    const leftLobby = stands && this.#waited
    if (leftLobby) this.#waited = false
    return { stands, leftLobby, ignored: openMs !== undefined && openMs >= STALLED_MS }
  }
}
