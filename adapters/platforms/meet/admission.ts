import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import type { WaitingBudget } from './budget.ts'
import { CORE_SIGNS, type MeetKey, POPUPS, SIGNS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { DOORS, type Door } from './prejoin.ts'
import { Standing } from './standing.ts'
import { dismissPopups, fail, refusal, TROUBLES, tryPress } from './trouble.ts'

/** Neither lobby nor call for this long: we wait, untold or in words that are not ours. Minutes of it were seen; "Join now" may only be slow. */
const UNTOLD_MS: Readonly<Record<Door, number>> = { askToJoin: 15_000, joinNow: 30_000, mainDoor: 30_000 }
/** Nothing but a way home for this long after the knock: the client crashed. */
const CRASHED_MS = 6_000
/** The door still stands open after the press: pressed again, then given up as a knock that is ignored. */
const IGNORED_MS = 5_000
const STALLED_MS = 15_000
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

/** From the knock to the call, or to what refused it. 'reload': only a new load can knock again. */
export async function admission(stage: MeetStage, options: Waiting): Promise<Evidence | 'reload'> {
  const { signal, onLobby, onSign, onContradiction, budget, door } = options
  const standing = new Standing()
  let { knockedAt } = options
  let lobbyTold = false
  let waited = false
  let doorSince: number | undefined = knockedAt
  let pressedAt = knockedAt
  let namelessSince: number | undefined
  let strandedSince: number | undefined
  let unansweredSince: number | undefined
  let wokenAt = 0
  for (;;) {
    const now = stage.clock.now()
    const sight = await stage.look(WATCHED, { signal })
    const outOfTime = budget.spent(now)
    if (sight.answered) {
      const signs = SIGNS.filter((key) => sight.shows.has(key))
      const inLobby = sight.shows.has('lobby') || sight.shows.has('askingNow')
      if (standing.contradicts(now, signs, inLobby)) onContradiction(await stage.evidence(sight))
      const passing = await refusal(stage, sight, 'knock', signal, { asked: lobbyTold || standing.holds, inside: standing.heldTwice })
      if (passing) continue // the next look tells where the way ends
      await dismissPopups(stage, sight, signal)

      if (!sight.shows.has('noAnswer')) unansweredSince = undefined
      else {
        waited = false
        if (outOfTime) throw await budget.timeout(stage, signal)
        const fresh = unansweredSince === undefined
        unansweredSince ??= now
        if (now - unansweredSince >= STALE_MS) return 'reload'
        // Pressed once: the old screen may stay for a moment. Gone or covered, a new load knocks as well.
        if (fresh && sight.shows.has('askAgain') && (await tryPress(stage, 'askAgain', signal))) {
          knockedAt = pressedAt = stage.clock.now()
          standing.knocked()
        }
      }
      if (!CORE_SIGNS.some((key) => signs.includes(key)) && now - wokenAt > WAKE_MS) {
        wokenAt = now
        await stage.wake({ signal }) // the control bar hides from a still pointer
      }
      if (inLobby) {
        if (!lobbyTold) onLobby(await stage.evidence(sight, { picture: true }))
        lobbyTold = waited = true
        standing.seeLobby(now, sight.shows.has('askingNow'))
      } else if (signs.length > 0) {
        const seen = standing.seeCall(now, signs)
        if (seen === 'first') onSign(await stage.evidence(sight))
        if (seen === 'in') return stage.evidence(sight, { picture: true, absent: ['lobby'] })
      } else standing.seeNothing(now)

      // A way in beside an end is the end's: "ask again", which is ours to press only where nobody answered.
      const ended = sight.shows.has('endScreen') || sight.shows.has('endHeading')
      const outside = !inLobby && signs.length === 0 && unansweredSince === undefined && !ended
      const again = outside ? openDoor(sight) : undefined
      doorSince = again === undefined ? undefined : (doorSince ?? now)
      namelessSince = outside && again === undefined && (await nameless(stage, sight, signal)) ? (namelessSince ?? now) : undefined
      const doorStands = now - (namelessSince ?? Math.max(doorSince ?? now, pressedAt)) >= IGNORED_MS
      if (doorStands && waited) {
        waited = false
        if (budget.sentBack()) throw await fail(stage, sight, 'PLATFORM_ERROR', 'Sent back to the door again', 'knock', { final: true })
      }
      if (doorStands && namelessSince !== undefined) return 'reload'
      if (again !== undefined && doorSince !== undefined) {
        if (now - doorSince >= STALLED_MS)
          throw await fail(stage, sight, 'PLATFORM_ERROR', 'The knock was ignored', 'knock', { final: lobbyTold })
        if (doorStands && (await tryPress(stage, again, signal))) {
          pressedAt = stage.clock.now()
          standing.knocked()
        }
      } else if (outside && !lobbyTold && !stranded(sight) && now - knockedAt >= UNTOLD_MS[door]) {
        onLobby(await stage.evidence(sight, { picture: true, absent: ['lobby', ...CORE_SIGNS] }))
        lobbyTold = true
      }
      strandedSince = stranded(sight) && unansweredSince === undefined ? (strandedSince ?? now) : undefined
      if (strandedSince !== undefined && now - strandedSince >= CRASHED_MS) {
        const unread = sight.shows.has('endHeading')
        const says = unread ? 'The client shows an end in words we cannot read' : 'The client crashed at the knock'
        // Where a host was asked it may be a no: asking again would be asking against it.
        throw await fail(stage, sight, 'PLATFORM_ERROR', says, 'knock', { final: lobbyTold || (unread && door !== 'joinNow') })
      }
    }
    if (outOfTime) throw await budget.timeout(stage, signal)
    await stage.pulse({ ...PULSE, signal })
  }
}

/** The button that was pressed and still can be. */
function openDoor({ shows }: Sight<MeetKey>): Door | undefined {
  return DOORS.find((key) => shows.get(key)?.enabled === true)
}

/** Before the meeting again, with nothing in the box for the name: its door stays grey, and waits for us. */
async function nameless(stage: MeetStage, { shows }: Sight<MeetKey>, signal: AbortSignal): Promise<boolean> {
  if (!shows.has('nameBox') || !DOORS.some((key) => shows.has(key))) return false
  return (await stage.read('nameBox', { signal })).some(({ visible, value }) => visible && value === '')
}

/** A way home or the frame of an end, and nothing of a lobby or a call: no switch, and no picture of oneself either. */
function stranded({ shows }: Sight<MeetKey>): boolean {
  const alive = ['lobby', 'askingNow', 'leaveCall', 'toggle', ...SIGNS] as const
  if (alive.some((key) => shows.has(key))) return false
  return shows.has('endScreen') || (shows.has('returnHome') && !shows.has('selfView'))
}
