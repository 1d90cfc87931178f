import { setTimeout as sleep } from 'node:timers/promises'
import type { BotResult, Interruption, StatusChange } from '../src/core/events.ts'
import type { BotStatus } from '../src/core/status.ts'
import type { MeetingBot } from '../src/meeting-bot.ts'

/** What a walk may do to a room, over the control API. */
type Act = 'admit' | 'ignore' | 'popup' | 'come' | 'go' | 'mute' | 'chat' | 'offline' | 'lobby' | 'deny' | 'remove' | 'end' | 'leave'

/** One line of the truth log. */
interface Truth {
  atMs: number
  type: string
  visitor?: string
  state?: string
  control?: string
}

export interface WalkReport {
  seed: number
  steps: string[]
  reason: string
  statuses: BotStatus[]
  /** Where what was said contradicts what was true; empty is what it should be. */
  contradictions: string[]
  /** How long after the truth each status and the end were said, in milliseconds. */
  lagMs: Record<string, number>
}

export interface WalkOptions {
  seed: number
  controlUrl: string
  newBot(meetingUrl: string): MeetingBot
}

/** What is said may trail the truth by this much: the pulse of the bot, and a machine that is busy with other calls. */
const LAG_MS = 20_000
/** A look, and the page's own frame: what was true this long before a status was said still counts. */
const SHUTTER_MS = 4_000
/** A host acts on whom they see: for this long a verb is said again until it applies to somebody. */
const HOST_MS = 60_000
const END_WORDS = [
  'You left the meeting',
  'The call ended',
  'Your host ended the meeting for everyone',
  'You’ve been removed from the meeting',
  'Asking to be let in',
  'You lost your network connection. Trying to reconnect.',
]
/** The truth's last word, and how the bot may call it: once recorded, and before. */
// biome-ignore format: a table
const REASONS: Readonly<Record<string, readonly string[]>> = {
  denied:  ['NOT_ACCEPTED', 'removed'],
  removed: ['removed', 'REMOVED_EARLY', 'NOT_ACCEPTED'],
  ended:   ['meeting_ended', 'MEETING_OVER'],
  left:    ['caller', 'LEFT_BEFORE_RECORDING', 'everyone_left'],
  no_answer: ['LEFT_BEFORE_RECORDING', 'WAITING_ROOM_TIMEOUT'], // and no word after it: left, or given up, on that screen
}

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One bot in one room while a host does what the seed says; then what the bot said is held against the truth. */
export async function walk({ seed, controlUrl, newBot }: WalkOptions): Promise<WalkReport> {
  const random = randomOf(seed)
  const steps: string[] = []
  const one = <T>(...from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0]
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${controlUrl}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text.slice(0, 200)}`)
    return text
  }
  const { meet } = JSON.parse(await call('GET', '/catalogue')) as { meet: { skins: { name: string }[]; popups: { kind: string }[] } }
  const [first, ...others] = meet.skins.map(({ name }) => name).filter((name) => /host-managed|simple/.test(name))
  const skin = one(first ?? 'host-managed', ...others)
  const popups = meet.popups.map(({ kind }) => kind).filter((kind) => !/notes/.test(kind)) // whether notes are taken is for people to say
  const people = ['Ada', 'Jack', 'Mina']
    .slice(0, 1 + Math.floor(random() * 3))
    .map((name) => ({ name, voice: 'austen-1', host: name === 'Ada' }))
  const lobby = random() < 0.75
  const room = JSON.parse(await call('POST', '/rooms', { platform: 'meet', skin, people, lobby, seed })) as { id: string; url: string }
  const at = (path: string) => `/rooms/${room.id}${path}`
  const present = new Set(people.map(({ name }) => name))

  const bot = newBot(room.url)
  const said: { at: number; change: StatusChange }[] = []
  const broken: Interruption[] = []
  bot.on('status', (change) => said.push({ at: Date.now(), change }))
  bot.on('interruption', (interval) => broken.push(interval))
  steps.push(`skin ${skin}${lobby ? '' : ', no lobby'}`)
  const joining = bot.join().catch(() => {}) // `done` says the same
  const over = bot.done.then(() => true)
  const pause = async (least: number, most: number) => Promise.race([over, sleep(least + random() * (most - least)).then(() => false)])
  const reached = async (...statuses: BotStatus[]) => {
    const wanted = new Promise<true>((resolve) => {
      const check = () => bot.history.some(({ to }) => statuses.includes(to)) && resolve(true)
      bot.on('status', check)
      check()
    })
    await Promise.race([wanted, over, sleep(60_000, undefined, { ref: false })])
  }

  const host = async (verb: string) => {
    for (const until = Date.now() + HOST_MS; Date.now() < until; ) {
      const { applied } = JSON.parse(await call('POST', at(`/${verb}`), {})) as { applied: string[] }
      if (applied.length > 0 || (await Promise.race([over, sleep(500).then(() => false)]))) return
    }
    steps.push(`(${verb}: nobody there)`)
  }

  const come = async () => {
    const name = `Guest ${steps.length}`
    await call('POST', at('/people'), { name, voice: 'jfk' })
    present.add(name)
  }
  const go = async () => {
    if (present.delete('Ada')) await call('DELETE', at('/people/Ada'))
  }
  const chat = async () => {
    const text = one(END_WORDS[0] ?? '', ...END_WORDS)
    const [from] = present
    if (from !== undefined) await call('POST', at('/chat'), { from, text })
  }

  // biome-ignore format: a table
  const acts: Readonly<Record<Act, () => Promise<unknown>>> = {
    admit:   () => host('admit'),
    ignore:  () => host('ignore'),
    popup:   () => (popups.length === 0 ? Promise.resolve() : call('POST', at('/popup'), { kind: one(popups[0] ?? '', ...popups) })),
    come,
    go,
    mute:    () => host('mute'),
    chat,
    offline: () => call('POST', at('/network'), { offlineMs: 3_000 }),
    lobby:   () => host('move-to-lobby'),
    deny:    () => host('deny'),
    remove:  () => host('remove'),
    end:     () => call('POST', at('/end'), {}),
    leave:   async () => void bot.leave(),
  }
  const act = async (what: Act) => {
    steps.push(what)
    await acts[what]()
  }
  try {
    if (lobby) {
      await reached('in_waiting_room')
      if (random() < 0.3) await act('ignore')
      await pause(500, 4_000)
      await act(one<Act>('admit', 'admit', 'admit', 'admit', 'deny', 'leave', 'end'))
    }
    if (['admit', steps[0]].includes(steps.at(-1))) {
      await reached('in_call_recording')
      for (let left = 2 + Math.floor(random() * 4); left > 0 && !(await pause(1_000, 5_000)); left--) {
        const what = one<Act>('popup', 'come', 'go', 'mute', 'chat', 'chat', 'offline', 'lobby')
        await act(what)
        if (what === 'offline') await pause(6_000, 8_000)
        if (what === 'lobby') {
          await pause(6_000, 12_000)
          await act('admit')
          await pause(5_000, 7_000)
        }
      }
      await act(one<Act>('remove', 'end', 'leave'))
    }
    const result = await Promise.race([bot.done, sleep(60_000, undefined, { ref: false })])
    if (result === undefined) await bot.leave('the walk is over')
    await joining
    // The truth hears of a closed page a moment after the bot is done.
    await fetch(`${controlUrl}${at('/wait')}`, { method: 'POST', body: JSON.stringify({ type: 'page-closed', timeoutMs: 5_000 }) })
    const lines = (await call('GET', at('/truth'))).split('\n').filter((line) => line !== '')
    return judge({ seed, steps, lines, said, broken, result: await bot.done, hung: result === undefined })
  } finally {
    await bot.leave('the walk is over')
  }
}

function closed(states: readonly { at: number; state: string }[]) {
  const gone = states.findLast(({ state }) => state === 'gone')
  return gone === undefined ? undefined : { ...gone, state: 'left' }
}

interface Case {
  seed: number
  steps: string[]
  lines: readonly string[]
  said: readonly { at: number; change: StatusChange }[]
  broken: readonly Interruption[]
  result: BotResult
  hung: boolean
}

/** The invariant, in full: see the comments. Times are Unix milliseconds. */
function judge({ seed, steps, lines, said, broken, result, hung }: Case): WalkReport {
  const [head = {}, ...rest] = lines.map((line) => JSON.parse(line) as Truth & Record<string, unknown>)
  const wall = Object.entries(head).find(
    ([key, value]) => /wall|started/i.test(key) && (typeof value === 'number' || typeof value === 'string'),
  )?.[1]
  const zero = typeof wall === 'string' ? Date.parse(wall) : Number(wall ?? Number.NaN)
  if (!Number.isFinite(zero)) throw new Error(`the truth's first line names no wall time: ${lines[0]}`)
  const states = rest
    .filter(({ type, state }) => type === 'state' && state !== undefined)
    .map(({ atMs, state = '' }) => ({ at: zero + atMs, state }))
  const stateAt = (time: number) => states.findLast(({ at }) => at <= time)?.state ?? 'none'
  const duringLast = (time: number, ms: number) => [
    stateAt(time - ms),
    ...states.filter(({ at }) => at > time - ms && at <= time).map(({ state }) => state),
  ]
  const contradictions: string[] = []
  const lagMs: Record<string, number> = {}

  // 1. A status is said only of what was true when it was said, or a look before.
  const TRUE_OF: Readonly<Record<string, readonly string[]>> = {
    in_waiting_room: ['knocking'],
    in_call_not_recording: ['in_call'],
    in_call_recording: ['in_call', 'reconnecting'],
  }
  for (const { at, change } of said) {
    const may = TRUE_OF[change.to]
    if (may === undefined) continue
    const were = duringLast(at, SHUTTER_MS)
    if (!were.some((state) => may.includes(state))) contradictions.push(`${change.to} was said while the visitor was ${were.join(', ')}`)
    const since = states.findLast(({ at: began, state }) => began <= at && may.includes(state))
    if (since !== undefined) lagMs[change.to] = at - since.at
  }

  // 2. A call that is over is not held for one: whatever ends it is said within the lag. A lobby in between is said as an interruption.
  const ended = said.find(({ change }) => change.to === 'call_ended' || change.to === 'failed')
  const inCall = said.find(({ change }) => change.to === 'in_call_not_recording')
  for (const [index, { at, state }] of states.entries()) {
    const until = Math.min(states[index + 1]?.at ?? Number.POSITIVE_INFINITY, ended?.at ?? Number.POSITIVE_INFINITY)
    if (inCall === undefined || at < inCall.at || until - at <= LAG_MS || ['in_call', 'entering'].includes(state)) continue
    const told = broken.some(({ startAt, endAt = Number.POSITIVE_INFINITY }) => startAt < until && endAt > at)
    if (!told) contradictions.push(`in a call for ${Math.round((until - at) / 1_000)} s while the visitor was ${state}`)
  }

  // 3. The end is the truth's: its last word before the bot was out, called by its own name.
  // A page that was closed on a screen without a way out has left as well.
  const word = states.findLast(({ state }) => REASONS[state] !== undefined) ?? closed(states)
  if (hung) contradictions.push('never ended')
  else if (word === undefined) contradictions.push(`ended with ${result.reason}, the truth knows no end`)
  else {
    if (REASONS[word.state]?.includes(result.reason) !== true)
      contradictions.push(`ended with ${result.reason} while the truth says ${word.state}`)
    if (ended !== undefined) lagMs['end'] = ended.at - word.at
  }
  return { seed, steps, reason: result.reason, statuses: said.map(({ change }) => change.to), contradictions, lagMs }
}
