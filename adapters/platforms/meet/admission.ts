import { BotError } from '../../../src/core/errors.ts'
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

/** From the knock to the call, or to what refused it. */
export async function admission(stage: MeetStage, options: Waiting): Promise<Evidence> {
  const { signal, onLobby, onSign, onContradiction, waitingRoomTimeoutMs, startedAt } = options
  let { knockedAt } = options
  let lobbySeen = false
  let held: { since: number; looks: number } | undefined
  let crashedSince: number | undefined
  let wokenAt = 0
  for (;;) {
    const now = stage.clock.now()
    const sight = await stage.look(WATCHED, { signal })
    const outOfTime = waitingRoomTimeoutMs !== null && now - startedAt >= waitingRoomTimeoutMs
    if (sight.answered) {
      const signs = SIGNS.filter((key) => sight.shows.has(key))
      const inLobby = sight.shows.has('lobby')
      if (inLobby || signs.length === 0) {
        if (held !== undefined) onContradiction(await stage.evidence(sight))
        held = undefined
      }
      await refusal(stage, sight, 'knock', signal)
      if (sight.shows.has('removed') || sight.shows.has('youLeft'))
        throw await fail(stage, sight, 'NOT_ACCEPTED', 'Put out before being let in', 'knock')
      await dismissPopups(stage, sight, signal)

      if (sight.shows.has('noAnswer')) {
        if (outOfTime || !(await knockAgain(stage, options))) throw await timeout(stage, options)
        knockedAt = stage.clock.now()
        continue
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

/** Meet ends a knock by itself after about ten minutes; while our own budget lasts we knock again. */
async function knockAgain(stage: MeetStage, { signal, ref }: Waiting): Promise<boolean> {
  const { shows } = await stage.look(['askAgain'], { signal })
  if (!shows.has('askAgain'))
    throw new BotError('PLATFORM_ERROR', 'Nobody answered, and the page offers no second knock', { details: { url: ref.joinUrl } })
  await stage.press('askAgain', { signal })
  return true
}

async function timeout(stage: MeetStage, { waitingRoomTimeoutMs, signal }: Waiting): Promise<BotError> {
  const sight = await stage.look(['lobby', 'noAnswer', 'leaveCall'], { signal })
  const evidence = await stage.evidence(sight, { picture: true })
  return new BotError('WAITING_ROOM_TIMEOUT', `Not let in within ${waitingRoomTimeoutMs} ms`, {
    details: { ...evidence, waitingRoomTimeoutMs },
  })
}
