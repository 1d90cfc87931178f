import type { EndReason } from '../../../src/core/outcomes.ts'
import type { Observation } from '../../../src/platform/observation.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import { CORE_SIGNS, type MeetKey, POPUPS, SIGNS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { Merge } from './merge.ts'
import { DOORS } from './prejoin.ts'
import { RECONNECT_MS, Since } from './since.ts'
import { dismissPopups, isStart } from './trouble.ts'

const PULSE = { atLeastMs: 1_000, atMostMs: 5_000 }
/** Between a first sight of an end and the second that confirms it. */
const AGAIN = { atLeastMs: 300, atMostMs: 600 }
/** A lobby text must stand this long, over two looks, before a call is called a lobby again. */
const LOBBY_MS = 3_000
/** The door must stand open this long, over two looks, before the bot is outside again: a client that starts anew shows it for a moment. */
const DOOR_MS = 3_000
/** The frame of an end over a call that still shows itself, in words we cannot read: an end once it stood as long as a lost connection may. */
const FRAME_MS = RECONNECT_MS

/** What an end says; `cutOff`: the same while the client tries to reconnect, when it is the connection's. */
// biome-ignore format: a table
const ENDS: readonly [control: MeetKey, reason: EndReason, cutOff: EndReason][] = [
  ['removed',   'removed',       'removed'],
  ['hostEnded', 'meeting_ended', 'meeting_ended'],
  ['callEnded', 'meeting_ended', 'connection_lost'],
  // Sent back to the lobby first, then refused or forgotten there.
  ['denied',    'removed',       'removed'],
  ['noAnswer',  'removed',       'removed'],
  // Nobody pressed our leave button: somebody else ended it for us, and the page does not say who.
  ['youLeft',   'removed',       'connection_lost'],
  ['homePage',  'removed',       'connection_lost'],
  ['cantJoin',  'removed',       'removed'],
  ['signIn',    'removed',       'removed'],
  // The frame of an end in words we cannot read.
  ['endScreen', 'meeting_ended', 'connection_lost'],
]
const ENDED = ENDS.map(([control]) => control)
/** A client that failed in the call: going in again may help, nobody has ended anything. */
const BROKEN = ['problem', 'startupCode', 'badCode'] as const
const CUT_OFF = ['reconnecting', 'cutOffScreen', 'returnHome'] as const
/** With these the frame of an end is no end. */
const NO_END = ['reconnecting', 'lobby', 'askingNow', ...BROKEN] as const
const WATCHED = [...DOORS, ...ENDED, ...CUT_OFF, 'lobby', 'askingNow', ...BROKEN, 'leaveCall', ...SIGNS, ...POPUPS] as const

/** Everything the call itself shows, from admission to its end. Who is there and who speaks: `tile-facts.ts` and `wires.ts`. */
export async function* observe(stage: MeetStage, { signal: outer }: { signal: AbortSignal }): AsyncIterable<Observation> {
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const merge = new Merge<Observation>()
  const watching = watch(stage, signal, (seen) => merge.push(seen)).then(
    () => merge.end(),
    (error: unknown) => merge.end(error),
  )
  try {
    yield* merge
  } finally {
    stop.abort(new Error('no longer observed'))
    await watching
  }
}

async function watch(stage: MeetStage, signal: AbortSignal, say: (seen: Observation) => void): Promise<void> {
  const reconnecting = new Since()
  const lobby = new Since()
  const door = new Since()
  const frame = new Since()
  let inLobby = false
  for (;;) {
    const soon = (lobby.holds && !inLobby) || door.holds
    await stage.pulse({ ...PULSE, ...(soon ? { atMostMs: 1_500 } : {}), signal })
    let sight = await stage.look(WATCHED, { signal })
    if (!sight.answered) continue
    if (!alive(sight) || movedIn(sight)) {
      // A bar hides from a still pointer, and a chat may quote any end: what it hides must show before an end is believed.
      await stage.wake({ signal })
      const first = endOf(sight)
      if (first !== undefined || movedIn(sight) || lobby.holds || sight.shows.has('reconnecting')) {
        await stage.pulse({ ...AGAIN, signal })
        const second = await stage.look(WATCHED, { signal })
        if (second.answered && (alive(second) || first === undefined)) sight = second
      }
    }
    const { at: atMs } = sight

    const overdue = (frame.see(atMs, sight.shows.has('endScreen') && !shows(sight, NO_END)) ?? 0) >= FRAME_MS
    const reason = endOf(sight, { reconnecting: reconnecting.holds, overdue })
    if (reason !== undefined) {
      const code = reason === 'connection_lost' ? ({ code: 'CONNECTION_LOST' } as const) : {}
      say({ type: 'end', atMs, reason, ...code, evidence: await stage.evidence(only(sight, ENDED), { picture: true }) })
      return
    }
    const outside = !alive(sight) && (atDoor(sight) || shows(sight, BROKEN))
    if ((door.see(atMs, outside) ?? 0) >= DOOR_MS) {
      const evidence = await stage.evidence(only(sight, [...DOORS, ...BROKEN]), { picture: true, absent: ['leaveCall', ...SIGNS] })
      say({ type: 'outside', atMs, evidence })
      return
    }
    for (const control of await dismissPopups(stage, sight, signal)) {
      say({ type: 'popup', atMs, control, pressed: true, evidence: await stage.evidence(only(sight, [control])) })
    }

    const wasCutOff = reconnecting.holds
    // Between the overlay and what comes after it the page may stand empty: it is not back yet.
    const cutOffMs = reconnecting.see(atMs, cutOff(sight) || (wasCutOff && sight.shows.size === 0))
    if (cutOffMs !== undefined && !wasCutOff)
      say({ type: 'interruption', atMs, kind: 'reconnecting', on: true, evidence: await stage.evidence(only(sight, CUT_OFF)) })
    if (cutOffMs !== undefined && cutOffMs >= RECONNECT_MS) {
      const evidence = await stage.evidence(only(sight, CUT_OFF), { picture: true })
      say({ type: 'end', atMs, reason: 'connection_lost', code: 'CONNECTION_LOST', evidence })
      return
    }
    if (cutOffMs === undefined && wasCutOff) say({ type: 'interruption', atMs, kind: 'reconnecting', on: false })

    const moved = movedIn(sight)
    const held = (lobby.see(atMs, moved) ?? 0) >= LOBBY_MS
    if (held && !inLobby)
      say({
        type: 'interruption',
        atMs,
        kind: 'moved_to_lobby',
        on: true,
        evidence: await stage.evidence(only(sight, ['lobby']), { picture: true, absent: CORE_SIGNS }),
      })
    if (!moved && inLobby) say({ type: 'interruption', atMs, kind: 'moved_to_lobby', on: false })
    inLobby = moved && (inLobby || held)
  }
}

/** The part of a sight that something is said from: the signs of a running call prove no end. */
function only(sight: Sight<MeetKey>, keys: readonly MeetKey[]): Sight<MeetKey> {
  return { ...sight, shows: new Map([...sight.shows].filter(([key]) => keys.includes(key))) }
}

const shows = (sight: Sight<MeetKey>, keys: readonly MeetKey[]): boolean => keys.some((key) => sight.shows.has(key))

/** The screen before the call. A lobby is none: there the bot only waits. */
const atDoor = (sight: Sight<MeetKey>): boolean => shows(sight, DOORS) && !shows(sight, ['lobby', 'askingNow'])

/** The call shows itself: an end that is said beside it is somebody's chat line. */
const alive = (sight: Sight<MeetKey>): boolean => shows(sight, ['leaveCall', ...SIGNS])

/**
 * A lobby may show one's own tile and the bar of a call, but no sign that only a call has; and its text may be quoted in a
 * chat: only one that stands while those signs are gone says that the bot was moved.
 */
const movedIn = (sight: Sight<MeetKey>): boolean => sight.shows.has('lobby') && !shows(sight, CORE_SIGNS)

/** The overlay comes with a way home; its words alone, in a call that still shows itself, are somebody's chat line. */
function cutOff(sight: Sight<MeetKey>): boolean {
  if (sight.url.startsWith('chrome-error:') || sight.shows.has('cutOffScreen')) return true
  return sight.shows.has('reconnecting') && (sight.shows.has('returnHome') || !shows(sight, SIGNS))
}

/** `reconnecting`: the client was cut off and has not come back; `overdue`: the frame of an end has stood over the call for long. */
function endOf(sight: Sight<MeetKey>, { reconnecting = false, overdue = false } = {}): EndReason | undefined {
  const url = URL.canParse(sight.url) ? new URL(sight.url) : undefined
  // Only a site we were sent to is a removal; the browser's own error page is the network's doing.
  if (url !== undefined && /^https?:$/.test(url.protocol) && !/(^|\.)meet\.google\.com$/.test(url.hostname)) return 'removed'
  if (isStart(sight.url)) return reconnecting ? 'connection_lost' : 'removed'
  if (sight.shows.has('cutOffScreen')) return undefined // it ended for want of a connection: patience first
  if (alive(sight) && !sight.shows.has('endScreen')) return undefined
  const end = ENDS.find(([control]) => sight.shows.has(control))
  if (end === undefined) return undefined
  const [control, reason, whenCutOff] = end
  if (control === 'endScreen' && shows(sight, NO_END)) return undefined
  // It may be the overlay of a lost connection in words we cannot read: as long as that is waited for.
  if (control === 'endScreen' && alive(sight)) return overdue && !shows(sight, CORE_SIGNS) ? 'connection_lost' : undefined
  return reconnecting ? whenCutOff : reason
}
