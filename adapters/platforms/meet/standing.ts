import { CORE_SIGNS, type MeetKey } from './controls.ts'

/** Independent signs needed, one of them of those no lobby has. */
const NEED = 2
/** The whole set must hold this long, over two looks at least. */
const HOLD_MS = 3_000
/**
 * The host-managed lobby shows a whole call before its text: 3.2 to 6.4 s were measured, counted from that call. Before that
 * a call proves nothing, unless a lobby has stood for as long: a word that flashed by at the knock is none.
 */
const LOBBY_LAG_MS = 7_000
/** The control bar hides from a still pointer: signs gone for less than this, with no lobby text, contradict nothing. */
const HIDDEN_MS = 2_500

interface Held {
  since: number
  looks: number
  lastAt: number
}

/** What the looks since the knock add up to. Only signs of a call that stood long enough, together, are a call. */
export class Standing {
  #lobbySince: number | undefined
  #lobbyStood = false
  #callSince: number | undefined
  /** Any sign at all. */
  #some: Held | undefined
  /** Enough of them. */
  #enough: Held | undefined

  /** A sign of a call is held to be one until something contradicts it. */
  get holds(): boolean {
    return this.#some !== undefined
  }

  /** Enough signs are held to be a call, and have only to stand for longer. */
  get nearlyIn(): boolean {
    return this.#enough !== undefined
  }

  get heldTwice(): boolean {
    return (this.#some?.looks ?? 0) >= 2
  }

  /** Another knock, another lobby. */
  knocked(): void {
    this.#lobbyStood = false
    this.#lobbySince = this.#callSince = undefined
  }

  /** Whether this look takes back what was held. */
  contradicts(now: number, signs: readonly MeetKey[], inLobby: boolean): boolean {
    if (this.#some === undefined) return false
    if (!inLobby && (signs.length > 0 || now - this.#some.lastAt <= HIDDEN_MS)) return false
    this.#some = this.#enough = undefined
    return true
  }

  /** `asking`: the button that says so is the knock under way; a lobby may still be to come. */
  seeLobby(now: number, asking: boolean): void {
    this.#lobbySince = asking ? undefined : (this.#lobbySince ?? now)
    this.#lobbyStood ||= this.#lobbySince !== undefined && now - this.#lobbySince >= LOBBY_LAG_MS
    this.#callSince = undefined
  }

  /** 'first': the first sign of all. 'in': they are a call. */
  seeCall(now: number, signs: readonly MeetKey[]): 'first' | 'some' | 'in' {
    const first = this.#some === undefined
    this.#callSince ??= now
    this.#lobbySince = undefined
    this.#some = longer(this.#some, now)
    const enough = signs.length >= NEED && CORE_SIGNS.some((key) => signs.includes(key))
    if (enough) this.#enough = longer(this.#enough, now)
    else if (this.#enough !== undefined && now - this.#enough.lastAt > HIDDEN_MS) this.#enough = undefined
    if (first) return 'first'
    const held = enough && this.#enough !== undefined && this.#enough.looks >= 2 && now - this.#enough.since >= HOLD_MS
    return held && (this.#lobbyStood || now - this.#callSince >= LOBBY_LAG_MS) ? 'in' : 'some'
  }

  /** Neither lobby nor call, for longer than a bar hides: a call begins anew. */
  seeNothing(now: number): void {
    if (this.#some === undefined || now - this.#some.lastAt > HIDDEN_MS) this.#callSince = undefined
  }
}

const longer = (held: Held | undefined, now: number): Held => ({
  since: held?.since ?? now,
  looks: (held?.looks ?? 0) + 1,
  lastAt: now,
})
