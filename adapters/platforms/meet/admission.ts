import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import type { WaitingBudget } from './budget.ts'
import { CORE_SIGNS, type MeetKey, POPUPS, SIGNS } from './controls.ts'
import { Doorway } from './doorway.ts'
import type { MeetStage } from './join.ts'
import { DOORS, type Door, openDoor } from './prejoin.ts'
import { RECONNECT_MS, Since } from './since.ts'
import { Standing } from './standing.ts'
import { dismissPopups, fail, refusal, TROUBLES, tryPress } from './trouble.ts'

/** Neither lobby nor call for this long: we wait, untold or in words that are not ours. Minutes of it were seen; "Join now" may only be slow. */
const UNTOLD_MS: Readonly<Record<Door, number>> = { askToJoin: 15_000, joinNow: 30_000, mainDoor: 30_000 }
/** Nothing but a way home for this long after the knock: the client crashed. */
const CRASHED_MS = 6_000
/** What shows itself as a call is one within this long, or none. */
const MOST_NEARLY_MS = 15_000
/** How long the "no one responded" screen may stay after its button was pressed, or stand before it shows one. */
const STALE_MS = 5_000
const WAKE_MS = 3_000
/** `stage.pulse` between two looks. */
const PULSE = { atLeastMs: 500, atMostMs: 1_000 }
const WATCHED = [
  ...new Set([
    ...SIGNS,
    ...POPUPS,
    ...TROUBLES,
    ...DOORS,
    ...([
      'lobby',
      'noAnswer',
      'askAgain',
      'returnHome',
      'reconnecting',
      'cutOffScreen',
      'endScreen',
      'endHeading',
      'leaveCall',
      'toggle',
      'askingNow',
      'nameBox',
      'selfView',
    ] as const),
  ]),
] as const

interface Waiting extends JoinOptions {
  door: Door
  /** When the join button was pressed. */
  knockedAt: number
  budget: WaitingBudget
}

/** What one look shows, in the words of this room. */
interface Look {
  now: number
  sight: Sight<MeetKey>
  signs: readonly MeetKey[]
  inLobby: boolean
  /** "No one responded" stands. */
  unanswered: boolean
}
type Way = Evidence | 'reload' | undefined

/** From the knock to the call, or to what refused it. 'reload': only a new load can knock again. */
export const admission = (stage: MeetStage, options: Waiting): Promise<Evidence | 'reload'> => new Admission(stage, options).wait()

class Admission {
  readonly #stage: MeetStage
  readonly #options: Waiting
  readonly #standing = new Standing()
  readonly #doorway: Doorway
  readonly #noAnswer = new Since()
  readonly #stranded = new Since()
  readonly #cutOff = new Since()
  #knockedAt: number
  #lobbyTold = false
  #wokenAt = 0

  constructor(stage: MeetStage, options: Waiting) {
    this.#stage = stage
    this.#options = options
    this.#knockedAt = options.knockedAt
    this.#doorway = new Doorway(options.knockedAt)
  }

  async wait(): Promise<Evidence | 'reload'> {
    const { signal, budget } = this.#options
    for (;;) {
      const now = this.#stage.clock.now()
      const sight = await this.#stage.look(WATCHED, { signal })
      if (sight.answered) {
        const signs = SIGNS.filter((key) => sight.shows.has(key))
        const inLobby = sight.shows.has('lobby') || sight.shows.has('askingNow')
        const look = { now, sight, signs, inLobby, unanswered: sight.shows.has('noAnswer') }
        if (await this.#refused(look)) continue // the next look tells where the way ends
        const way =
          (await this.#seeNoAnswer(look)) ?? (await this.#seeCall(look)) ?? (await this.#seeDoor(look)) ?? (await this.#seeCrash(look))
        if (way !== undefined) return way
      }
      // A call that has only to stand for longer is one: seconds more tell.
      if (budget.spent(now - (this.#standing.nearlyIn ? MOST_NEARLY_MS : 0))) throw await budget.timeout(this.#stage, signal)
      await this.#stage.pulse({ ...PULSE, signal })
    }
  }

  /** Throws what refuses us, and presses away what lies over the rest. */
  async #refused({ now, sight, signs, inLobby }: Look): Promise<boolean> {
    const { signal, onContradiction } = this.#options
    const standing = this.#standing
    if (standing.contradicts(now, signs, inLobby)) onContradiction(await this.#stage.evidence(sight))
    const seen = { asked: this.#lobbyTold || standing.holds, inside: standing.heldTwice }
    if (await refusal(this.#stage, sight, 'knock', signal, seen)) return true
    await dismissPopups(this.#stage, sight, signal)
    return false
  }

  /** Nobody answered, in the client's own words: it is asked to ask again. */
  async #seeNoAnswer({ now, sight, unanswered }: Look): Promise<Way> {
    const { signal, budget } = this.#options
    const stood = this.#noAnswer.see(now, unanswered)
    if (stood === undefined) return undefined
    this.#doorway.lobby(false)
    if (budget.spent(now)) throw await budget.timeout(this.#stage, signal)
    if (stood >= STALE_MS) return 'reload'
    // Pressed once: the old screen may stay for a moment. Gone or covered, a new load knocks as well.
    if (stood === 0 && sight.shows.has('askAgain') && (await tryPress(this.#stage, 'askAgain', signal))) {
      this.#knockedAt = this.#stage.clock.now()
      this.#knockAgain()
    }
    return undefined
  }

  async #seeCall({ now, sight, signs, inLobby }: Look): Promise<Way> {
    const { signal, onSign } = this.#options
    if (!CORE_SIGNS.some((key) => signs.includes(key)) && now - this.#wokenAt > WAKE_MS) {
      this.#wokenAt = now
      await this.#stage.wake({ signal }) // the control bar hides from a still pointer
    }
    if (inLobby) {
      if (!this.#lobbyTold) await this.#tellLobby(sight)
      this.#doorway.lobby(true)
      this.#standing.seeLobby(now, sight.shows.has('askingNow'))
    } else if (signs.length > 0) {
      const seen = this.#standing.seeCall(now, signs)
      if (seen === 'first') onSign(await this.#stage.evidence(sight))
      if (seen === 'in') return this.#stage.evidence(sight, { picture: true, absent: ['lobby'] })
    } else this.#standing.seeNothing(now)
    return undefined
  }

  /** Neither lobby nor call: the door stands still, or again, or there is nothing to be told at all. */
  async #seeDoor({ now, sight, signs, inLobby, unanswered }: Look): Promise<Way> {
    const { signal, budget, door } = this.#options
    // A way in beside an end is the end's: "ask again", which is ours to press only where nobody answered.
    const ended = sight.shows.has('endScreen') || sight.shows.has('endHeading')
    const outside = !inLobby && signs.length === 0 && !unanswered && !ended
    const open = outside ? openDoor(sight) : undefined
    const unnamed = outside && open === undefined && (await nameless(this.#stage, sight, signal))
    const { stands, leftLobby, ignored } = this.#doorway.see(now, open !== undefined, unnamed)
    if (leftLobby && budget.sentBack())
      throw await fail(this.#stage, sight, 'PLATFORM_ERROR', 'Sent back to the door again', 'knock', { final: true })
    if (stands && unnamed) return 'reload'
    if (ignored) throw await fail(this.#stage, sight, 'PLATFORM_ERROR', 'The knock was ignored', 'knock', { final: this.#lobbyTold })
    if (stands && open !== undefined && (await tryPress(this.#stage, open, signal))) this.#knockAgain()
    const untold = outside && open === undefined && !this.#lobbyTold && !stranded(sight) && !isCutOff(sight)
    if (untold && now - this.#knockedAt >= UNTOLD_MS[door]) await this.#tellLobby(sight, ['lobby', ...CORE_SIGNS])
    return undefined
  }

  /** An end without a word for us, for too long. */
  async #seeCrash({ now, sight, unanswered }: Look): Promise<undefined> {
    const cutOff = isCutOff(sight)
    const cutOffMs = this.#cutOff.see(now, cutOff)
    if (cutOffMs !== undefined && cutOffMs >= RECONNECT_MS)
      throw await fail(this.#stage, sight, 'CONNECTION_LOST', 'The client lost its connection while it waited', 'knock')
    const stood = this.#stranded.see(now, stranded(sight) && !unanswered && !cutOff)
    if (stood === undefined || stood < CRASHED_MS) return
    const unread = sight.shows.has('endHeading')
    const says = unread ? 'The client shows an end in words we cannot read' : 'The client crashed at the knock'
    // Where a host was asked it may be a no: asking again would be asking against it.
    const final = this.#lobbyTold || (unread && this.#options.door !== 'joinNow')
    throw await fail(this.#stage, sight, 'PLATFORM_ERROR', says, 'knock', { final })
  }

  async #tellLobby(sight: Sight<MeetKey>, absent?: readonly MeetKey[]): Promise<void> {
    this.#options.onLobby(await this.#stage.evidence(sight, { picture: true, ...(absent === undefined ? {} : { absent }) }))
    this.#lobbyTold = true
  }

  #knockAgain(): void {
    this.#doorway.pressed(this.#stage.clock.now())
    this.#standing.knocked()
  }
}

/** Before the meeting again, with nothing in the box for the name: its door stays grey, and waits for us. */
async function nameless(stage: MeetStage, { shows }: Sight<MeetKey>, signal: AbortSignal): Promise<boolean> {
  if (!shows.has('nameBox') || !DOORS.some((key) => shows.has(key))) return false
  return (await stage.read('nameBox', { signal })).some(({ visible, value }) => visible && value === '')
}

/** The client has lost its connection, and nothing of a lobby or a call stands. */
const isCutOff = (sight: Sight<MeetKey>): boolean => (sight.shows.has('reconnecting') || sight.shows.has('cutOffScreen')) && !alive(sight)

/** A way home or the frame of an end, and nothing of a lobby or a call: no switch, and no picture of oneself either. */
function stranded(sight: Sight<MeetKey>): boolean {
  const { shows } = sight
  if (alive(sight)) return false
  return shows.has('endScreen') || (shows.has('returnHome') && !shows.has('selfView'))
}

const ALIVE = ['lobby', 'askingNow', 'leaveCall', 'toggle', ...SIGNS] as const
const alive = ({ shows }: Sight<MeetKey>): boolean => ALIVE.some((key) => shows.has(key))
