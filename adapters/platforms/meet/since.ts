/** Patience with the client's own reconnecting, in a lobby as in a call (fact sheet 7.3). */
export const RECONNECT_MS = 20_000

/** For how long something has held, look after look. */
export class Since {
  #at: number | undefined

  constructor(at?: number) {
    this.#at = at
  }

  get holds(): boolean {
    return this.#at !== undefined
  }

  /** Tells what this look showed: ms it has held by now, `undefined` while it does not. */
  see(now: number, holds: boolean): number | undefined {
    this.#at = holds ? (this.#at ?? now) : undefined
    return this.#at === undefined ? undefined : now - this.#at
  }
}
