import { BotError, isBotError } from '../../../src/core/errors.ts'
import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import { POPUPS, SIGNS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { dismissPopups, fail, refusal } from './trouble.ts'

/** Independent signs needed. */
const NEED = 2
/** They must hold this long, over two looks at least. */
const HOLD_MS = 3_000
/** The host-managed lobby shows a whole call before its text: 3.2 to 6.4 s were measured. Before that a call proves nothing. */
const LOBBY_LAG_MS = 7_000
/** Nothing but a way home for this long after the knock: the client crashed. */
const CRASHED_MS = 6_000
/** The control bar hides from a still pointer: signs gone for less than this, with no lobby text, contradict nothing. */
const HIDDEN_MS = 2_500
/** How long the "no one responded" screen may stay after its button was pressed, or stand before it shows one. */
const STALE_MS = 5_000
const WATCHED = [
  ...SIGNS,
  ...POPUPS,
  'lobby',
  'denied',
  'noAnswer',
  'cantJoin',
  'problem',
  'badCode',
  'startupCode',
  'signIn',
  'captcha',
  'hostEnded',
  'youLeft',
  'removed',
  'askAgain',
  'returnHome',
  'leaveCall',
  'askToJoin',
] as const

interface Waiting extends JoinOptions {
  /** When the join button was pressed. */
  knockedAt: number
  /** When the first try began: the budget runs over every re-knock. */
  startedAt: number
}

/** From the knock to the call, or to what refused it. 'reload': nobody answered, and only a new load can knock again. */
export async function admission(stage: MeetStage, options: Waiting): Promise<Evidence | 'reload'> {
  const { signal, onLobby, onSign, onContradiction, waitingRoomTimeoutMs, startedAt } = options
  let { knockedAt } = options
  let lobbySeen = false
  let held: { since: number; looks: number } | undefined
  let signAt = 0
  let crashedSince: number | undefined
  let unansweredSince: number | undefined
  let wokenAt = 0
  for (;;) {
    const now = stage.clock.now()
    const sight = await stage.look(WATCHED, { signal })
    const outOfTime = waitingRoomTimeoutMs !== null && now - startedAt >= waitingRoomTimeoutMs
    if (sight.answered) {
      const signs = SIGNS.filter((key) => sight.shows.has(key))
      const inLobby = sight.shows.has('lobby')
      if (signs.length > 0) signAt = now
      if (held !== undefined && (inLobby || now - signAt > HIDDEN_MS)) {
        onContradiction(await stage.evidence(sight))
        held = undefined
      }
      await refusal(stage, sight, 'knock', signal)
      if (sight.shows.has('removed') || sight.shows.has('youLeft'))
        throw await fail(stage, sight, 'NOT_ACCEPTED', 'Put out before being let in', 'knock')
      await dismissPopups(stage, sight, signal)

      if (!sight.shows.has('noAnswer')) unansweredSince = undefined
      else {
        if (outOfTime) throw await timeout(stage, options)
        const fresh = unansweredSince === undefined
        unansweredSince ??= now
        if (now - unansweredSince >= STALE_MS) return 'reload'
        if (fresh && (await knockAgain(stage, sight.shows.has('askAgain'), signal))) knockedAt = stage.clock.now()
      }
      if (inLobby) {
        if (!lobbySeen) onLobby(await stage.evidence(sight, { picture: true }))
        lobbySeen = true
      } else if (signs.length > 0) {
        if (held === undefined) {
          held = { since: now, looks: 0 }
          onSign(await stage.evidence(sight))
        }
        held.looks++
        const lagged = lobbySeen || now - knockedAt >= LOBBY_LAG_MS
        if (signs.length >= NEED && held.looks >= 2 && now - held.since >= HOLD_MS && lagged) {
          return stage.evidence(sight, { picture: true, absent: ['lobby'] })
        }
      } else if (now - wokenAt > 3_000) {
        wokenAt = now
        await stage.wake({ signal }) // the control bar hides from a still pointer
      }
      const stranded = sight.shows.has('returnHome') && !inLobby && signs.length === 0 && !sight.shows.has('leaveCall')
      crashedSince = stranded ? (crashedSince ?? now) : undefined
      if (crashedSince !== undefined && now - crashedSince >= CRASHED_MS)
        throw await fail(stage, sight, 'PLATFORM_ERROR', 'The client crashed at the knock', 'knock')
    }
    if (outOfTime) throw await timeout(stage, options)
    await stage.pulse({ atLeastMs: 500, atMostMs: 1_000, signal })
  }
}

/** Meet ends a knock by itself after about ten minutes. Pressed once: the old screen may stay for a moment. */
async function knockAgain(stage: MeetStage, offered: boolean, signal: AbortSignal): Promise<boolean> {
  if (!offered) return false
  try {
    await stage.press('askAgain', { signal, timeoutMs: 3_000 })
    return true
  } catch (error) {
    if (isBotError(error, 'PAGE_CHANGED')) return false // gone or covered: a new load knocks as well
    throw error
  }
}

async function timeout(stage: MeetStage, { waitingRoomTimeoutMs, signal }: Waiting): Promise<BotError> {
  const sight = await stage.look(['lobby', 'noAnswer', 'leaveCall'], { signal })
  const evidence = await stage.evidence(sight, { picture: true })
  return new BotError('WAITING_ROOM_TIMEOUT', `Not let in within ${waitingRoomTimeoutMs} ms`, {
    details: { ...evidence, waitingRoomTimeoutMs },
  })
}
