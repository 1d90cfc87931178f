/** What has not moved for this long has stopped: its person fell silent when it last moved. */
const STILL_MS = 450

/** Whose sign started or stopped moving, and when: `atMs` on `performance.now()`. */
export interface Stirring {
  id: string
  on: boolean
  atMs: number
}

/** Moves of one kind of sign, joined to stretches of moving for each person. */
export class Stirrings {
  readonly #say: (change: Stirring) => void
  readonly #moved = new Map<string, number>()
  readonly #on = new Set<string>()

  constructor(say: (change: Stirring) => void) {
    this.#say = say
  }

  /** This person's sign moves at `now`, and has since `since`. */
  move(id: string, since: number, now: number): void {
    this.#moved.set(id, now)
    if (this.#on.has(id)) return
    this.#on.add(id)
    this.#say({ id, on: true, atMs: since })
  }

  /** Whose sign stands still by now. */
  settle(now: number): void {
    for (const [id, at] of this.#moved) {
      if (now - at < STILL_MS) continue
      this.#moved.delete(id)
      if (this.#on.delete(id)) this.#say({ id, on: false, atMs: at })
    }
  }
}
