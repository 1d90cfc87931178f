import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import type { WaitingBudget } from './budget.ts'
import { CORE_SIGNS, type MeetKey, POPUPS, SIGNS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { DOORS, type Door } from './prejoin.ts'
import { dismissPopups, fail, refusal, TROUBLES, tryPress } from './trouble.ts'

/** Independent signs needed, one of them of those no lobby has. */
const NEED = 2
/** They must hold this long, over two looks at least. */
const HOLD_MS = 3_000
/**
 * The host-managed lobby shows a whole call before its text: 3.2 to 6.4 s were measured, counted from that call. Before that
 * a call proves nothing, unless a lobby has stood for as long: a word that flashed by at the knock is none.
 */
const LOBBY_LAG_MS = 7_000
/** Neither lobby nor call for this long: we wait, untold or in words that are not ours. Minutes of it were seen; "Join now" may only be slow. */
const UNTOLD_MS: Readonly<Record<Door, number>> = { askToJoin: 15_000, joinNow: 30_000, mainDoor: 30_000 }
/** Nothing but a way home for this long after the knock: the client crashed. */
const CRASHED_MS = 6_000
/** The door still stands open after the press: pressed again, then given up as a knock that is ignored. */
const IGNORED_MS = 5_000
const STALLED_MS = 15_000
/** The control bar hides from a still pointer: signs gone for less than this, with no lobby text, contradict nothing. */
const HIDDEN_MS = 2_500
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
    ...(['lobby', 'noAnswer', 'askAgain', 'returnHome', 'endScreen', 'leaveCall', 'toggle', 'askingNow'] as const),
  ]),
] as const

interface Waiting extends JoinOptions {
  door: Door
  /** When the join button was pressed. */
  knockedAt: number
  budget: WaitingBudget
}

/** From the knock to the call, or to what refused it. 'reload': nobody answered, and only a new load can knock again. */
export async function admission(stage: MeetStage, options: Waiting): Promise<Evidence | 'reload'> {
  const { signal, onLobby, onSign, onContradiction, budget, door } = options
  let { knockedAt } = options
  let lobbySeen = false
  let lobbyTold = false
  let lobbySince: number | undefined
  let lobbyStood = false
  let callSince: number | undefined
  let held: { since: number; looks: number } | undefined
  let signAt = 0
  let pressedAt = knockedAt
  let crashedSince: number | undefined
  let unansweredSince: number | undefined
  let wokenAt = 0
  for (;;) {
    const now = stage.clock.now()
    const sight = await stage.look(WATCHED, { signal })
    const outOfTime = budget.spent(now)
    if (sight.answered) {
      const signs = SIGNS.filter((key) => sight.shows.has(key))
      const inLobby = sight.shows.has('lobby') || sight.shows.has('askingNow')
      if (signs.length > 0) signAt = now
      if (held !== undefined && (inLobby || now - signAt > HIDDEN_MS)) {
        onContradiction(await stage.evidence(sight))
        held = undefined
      }
      await refusal(stage, sight, 'knock', signal, {
        asked: lobbyTold || held !== undefined,
        inside: held !== undefined && held.looks >= 2,
      })
      await dismissPopups(stage, sight, signal)

      if (!sight.shows.has('noAnswer')) unansweredSince = undefined
      else {
        if (outOfTime) throw await budget.timeout(stage, signal)
        const fresh = unansweredSince === undefined
        unansweredSince ??= now
        if (now - unansweredSince >= STALE_MS) return 'reload'
        // Pressed once: the old screen may stay for a moment. Gone or covered, a new load knocks as well.
        if (fresh && sight.shows.has('askAgain') && (await tryPress(stage, 'askAgain', signal))) {
          knockedAt = pressedAt = stage.clock.now()
          lobbyStood = false
        }
      }
      if (!CORE_SIGNS.some((key) => signs.includes(key)) && now - wokenAt > WAKE_MS) {
        wokenAt = now
        await stage.wake({ signal }) // the control bar hides from a still pointer
      }
      if (inLobby) {
        if (!lobbyTold) onLobby(await stage.evidence(sight, { picture: true }))
        lobbySeen = lobbyTold = true
        // The button that says so is the knock under way: a lobby may still be to come.
        lobbySince = sight.shows.has('askingNow') ? undefined : (lobbySince ?? now)
        lobbyStood ||= lobbySince !== undefined && now - lobbySince >= LOBBY_LAG_MS
        callSince = undefined
      } else if (signs.length > 0) {
        callSince ??= now
        lobbySince = undefined
        if (held === undefined) {
          held = { since: now, looks: 0 }
          onSign(await stage.evidence(sight))
        }
        held.looks++
        const lagged = lobbyStood || now - callSince >= LOBBY_LAG_MS
        if (enough(signs) && held.looks >= 2 && now - held.since >= HOLD_MS && lagged) {
          return stage.evidence(sight, { picture: true, absent: ['lobby'] })
        }
      } else {
        if (now - signAt > HIDDEN_MS) callSince = undefined
        const again = openDoor(sight)
        if (again !== undefined && unansweredSince === undefined) {
          if (now - knockedAt >= STALLED_MS) throw await fail(stage, sight, 'PLATFORM_ERROR', 'The knock was ignored', 'knock')
          if (now - pressedAt >= IGNORED_MS && (await tryPress(stage, again, signal))) pressedAt = stage.clock.now()
        } else if (!lobbyTold && !stranded(sight) && now - knockedAt >= UNTOLD_MS[door]) {
          onLobby(await stage.evidence(sight, { picture: true, absent: ['lobby', ...CORE_SIGNS] }))
          lobbyTold = true
        }
      }
      crashedSince = stranded(sight) && unansweredSince === undefined ? (crashedSince ?? now) : undefined
      if (crashedSince !== undefined && now - crashedSince >= CRASHED_MS)
        // A screen in words we cannot read, after a host was asked: asking again might be asking against a no.
        throw await fail(stage, sight, 'PLATFORM_ERROR', 'The client crashed at the knock', 'knock', { final: lobbySeen })
    }
    if (outOfTime) throw await budget.timeout(stage, signal)
    await stage.pulse({ ...PULSE, signal })
  }
}

function enough(signs: readonly MeetKey[]): boolean {
  return signs.length >= NEED && CORE_SIGNS.some((key) => signs.includes(key))
}

/** The button that was pressed and still can be. */
function openDoor({ shows }: Sight<MeetKey>): Door | undefined {
  return DOORS.find((key) => shows.get(key)?.enabled === true)
}

/** A way home and nothing of a lobby or a call. */
function stranded({ shows }: Sight<MeetKey>): boolean {
  const alive = ['lobby', 'askingNow', 'leaveCall', 'toggle', ...SIGNS] as const
  return (shows.has('returnHome') || shows.has('endScreen')) && !alive.some((key) => shows.has(key))
}
