import type { EndReason } from '../../../src/core/outcomes.ts'
import type { Observation } from '../../../src/platform/observation.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import { type MeetKey, POPUPS, SIGNS } from './controls.ts'
import type { MeetStage } from './join.ts'
import { Merge } from './merge.ts'
import { DOORS } from './prejoin.ts'
import { dismissPopups } from './trouble.ts'

const PULSE = { atLeastMs: 1_000, atMostMs: 5_000 }
/** Between a first sight of an end and the second that confirms it. */
const AGAIN = { atLeastMs: 300, atMostMs: 600 }
/** Patience with the client's own reconnecting. */
const RECONNECT_MS = 20_000
/** A lobby text must stand this long, over two looks, before a call is called a lobby again. */
const LOBBY_MS = 3_000
/** The door must stand open this long, over two looks, before the bot is outside again: a client that starts anew shows it for a moment. */
const DOOR_MS = 3_000
const WATCHED = [
  ...DOORS,
  'askingNow',
  'removed',
  'hostEnded',
  'youLeft',
  'denied',
  'noAnswer',
  'homePage',
  'endScreen',
  'cutOffScreen',
  'reconnecting',
  'returnHome',
  'leaveCall',
  'lobby',
  ...SIGNS,
  ...POPUPS,
] as const

// biome-ignore format: a table
const ENDS: readonly [control: MeetKey, reason: EndReason][] = [
  ['removed',   'removed'],
  ['hostEnded', 'meeting_ended'],
  // Sent back to the lobby first, then refused or forgotten there.
  ['denied',    'removed'],
  ['noAnswer',  'removed'],
  // Nobody pressed our leave button: somebody else ended it for us, and the page does not say who.
  ['youLeft',   'removed'],
  ['homePage',  'removed'],
  // The frame of an end in words we cannot read.
  ['endScreen', 'meeting_ended'],
]

const ENDED = ENDS.map(([control]) => control)
const CUT_OFF = ['reconnecting', 'cutOffScreen', 'returnHome'] as const

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
  let reconnectingSince: number | undefined
  let lobbySince: number | undefined
  let inLobby = false
  let doorSince: number | undefined
  for (;;) {
    const soon = (lobbySince !== undefined && !inLobby) || doorSince !== undefined
    await stage.pulse({ ...PULSE, ...(soon ? { atMostMs: 1_500 } : {}), signal })
    let sight = await stage.look(WATCHED, { signal })
    if (!sight.answered) continue
    if (!alive(sight)) {
      // A bar hides from a still pointer, and a chat may quote any end: what it hides must show before an end is believed.
      await stage.wake({ signal })
      const first = endOf(sight)
      if (first !== undefined || lobbySince !== undefined || sight.shows.has('reconnecting')) {
        await stage.pulse({ ...AGAIN, signal })
        const second = await stage.look(WATCHED, { signal })
        if (second.answered && (alive(second) || first === undefined)) sight = second
      }
    }
    const { at: atMs } = sight

    const reason = endOf(sight)
    if (reason !== undefined) {
      say({ type: 'end', atMs, reason, evidence: await stage.evidence(only(sight, ENDED), { picture: true }) })
      return
    }
    const outside = !alive(sight) && atDoor(sight)
    doorSince = outside ? (doorSince ?? atMs) : undefined
    if (doorSince !== undefined && atMs - doorSince >= DOOR_MS) {
      say({ type: 'outside', atMs, evidence: await stage.evidence(only(sight, DOORS), { picture: true, absent: ['leaveCall', ...SIGNS] }) })
      return
    }
    for (const control of await dismissPopups(stage, sight, signal)) {
      say({ type: 'popup', atMs, control, pressed: true, evidence: await stage.evidence(only(sight, [control])) })
    }

    const signs = SIGNS.some((key) => sight.shows.has(key))
    if (cutOff(sight, signs)) {
      if (reconnectingSince === undefined)
        say({ type: 'interruption', atMs, kind: 'reconnecting', on: true, evidence: await stage.evidence(only(sight, CUT_OFF)) })
      reconnectingSince ??= atMs
      if (atMs - reconnectingSince >= RECONNECT_MS) {
        say({
          type: 'end',
          atMs,
          reason: 'connection_lost',
          code: 'CONNECTION_LOST',
          evidence: await stage.evidence(only(sight, CUT_OFF), { picture: true }),
        })
        return
      }
    } else if (reconnectingSince !== undefined) {
      reconnectingSince = undefined
      say({ type: 'interruption', atMs, kind: 'reconnecting', on: false })
    }

    // A lobby text may be quoted in the chat: only one that stands while the call's own signs are gone moves us.
    const moved = sight.shows.has('lobby') && !signs
    lobbySince = moved ? (lobbySince ?? atMs) : undefined
    const held = lobbySince !== undefined && atMs - lobbySince >= LOBBY_MS
    if (held && !inLobby)
      say({
        type: 'interruption',
        atMs,
        kind: 'moved_to_lobby',
        on: true,
        evidence: await stage.evidence(only(sight, ['lobby']), { picture: true, absent: SIGNS }),
      })
    if (!moved && inLobby) say({ type: 'interruption', atMs, kind: 'moved_to_lobby', on: false })
    inLobby = moved && (inLobby || held)
  }
}

/** The part of a sight that something is said from: the signs of a running call prove no end. */
function only(sight: Sight<MeetKey>, keys: readonly MeetKey[]): Sight<MeetKey> {
  return { ...sight, shows: new Map([...sight.shows].filter(([key]) => keys.includes(key))) }
}

/** The screen before the call. A lobby is none: there the bot only waits. */
function atDoor({ shows }: Sight<MeetKey>): boolean {
  return DOORS.some((key) => shows.has(key)) && !shows.has('lobby') && !shows.has('askingNow')
}

/** The call shows itself: an end that is said beside it is somebody's chat line. */
function alive({ shows }: Sight<MeetKey>): boolean {
  return shows.has('leaveCall') || SIGNS.some((key) => shows.has(key))
}

/** The overlay comes with a way home; its words alone, in a call that still shows itself, are somebody's chat line. */
function cutOff({ shows, url }: Sight<MeetKey>, signs: boolean): boolean {
  if (url.startsWith('chrome-error:') || shows.has('cutOffScreen')) return true
  return shows.has('reconnecting') && (shows.has('returnHome') || !signs)
}

function endOf(sight: Sight<MeetKey>): EndReason | undefined {
  const url = URL.canParse(sight.url) ? new URL(sight.url) : undefined
  // Only a site we were sent to is a removal; the browser's own error page is the network's doing.
  if (url !== undefined && /^https?:$/.test(url.protocol) && !/(^|\.)meet\.google\.com$/.test(url.hostname)) return 'removed'
  if (sight.shows.has('cutOffScreen')) return undefined // it ended for want of a connection: patience first
  if (alive(sight) && !sight.shows.has('endScreen')) return undefined
  return ENDS.find(([control]) => sight.shows.has(control))?.[1]
}
