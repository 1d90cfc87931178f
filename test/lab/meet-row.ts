import type { BrowserProvider } from '../../src/browser/port.ts'
import type { BotConfig } from '../../src/config/bot-config.ts'
import type { BotResult } from '../../src/core/events.ts'
import type { BotStatus } from '../../src/core/status.ts'
import { command } from '../../src/lab/control.ts'
import type { Lab } from '../../src/lab/server.ts'
import type { MeetingBot } from '../../src/meeting-bot.ts'
import { newBot, PEOPLE, pathOf } from './meeting.ts'

type Room = Awaited<ReturnType<Lab['room']>>
export type Act = Parameters<typeof command>[1] | 'leave' | 'end'

/** One row of the fact sheet's table as a scenario. */
export interface Row {
  /** Numbers in the sheet's table. */
  rows: readonly number[]
  traps?: readonly string[]
  room?: Readonly<Record<string, unknown>>
  config?: Partial<BotConfig>
  /** What the host (or we, by `leave`) does once the bot says a status. */
  on?: Partial<Record<BotStatus, Act>>
  /** How often the page is loaded; absent: once. */
  loads?: number
  /** What is done once the bot knocks a second time. */
  again?: Act
  path: readonly BotStatus[]
  reason: string
  responsible: string
}

// biome-ignore format: a table
export const PATHS = {
  refusedAtOnce: ['joining_call', 'failed'],
  refused:       ['joining_call', 'in_waiting_room', 'failed'],
  leftLobby:     ['joining_call', 'in_waiting_room', 'call_ended', 'failed'],
  recorded:      ['joining_call', 'in_waiting_room', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'completed'],
  letInAtOnce:   ['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'completed'],
} as const satisfies Record<string, readonly BotStatus[]>

export interface Played {
  said: { path: readonly BotStatus[]; reason: string; responsible: string | undefined; loads: number }
  result: BotResult
  bot: MeetingBot
  room: Room
}

/** Plays a row in a room of its own. */
export async function playRow(
  lab: Lab,
  browser: BrowserProvider,
  { traps = [], room: more = {}, config = {}, on = {}, again }: Omit<Row, 'rows' | 'path' | 'reason' | 'responsible' | 'loads'>,
): Promise<Played> {
  const room = await lab.room({ platform: 'meet', people: PEOPLE, skin: 'simple', traps, ...more } as never)
  const bot = newBot(room.url, browser, config)
  const perform = (act: Act | undefined) => {
    if (act === 'leave') void bot.leave()
    else if (act === 'end') room.end()
    else if (act !== undefined) command(room, act)
  }
  bot.on('status', ({ to }) => {
    perform(on[to])
    if (to !== 'in_waiting_room' || again === undefined) return
    void room.truth.wait(({ type, state }) => type === 'state' && state === 'knocking', 60_000).then(() => perform(again))
  })
  await bot.join().catch(() => {}) // `done` says the same
  const result = await bot.done
  const responsible = bot.history.at(-1)?.responsible
  const loads = new Set(room.truth.events.filter(({ state }) => state === 'loading').map(({ visitor }) => visitor)).size
  return { said: { path: pathOf(bot), reason: result.reason, responsible, loads }, result, bot, room }
}

/** Microphone and camera of everyone who came, as their pages last had them. */
export const devicesIn = ({ visitors }: Room) =>
  [...visitors.values()].map(({ micOn, cameraOn }) => `${micOn ? 'on' : 'off'}, ${cameraOn ? 'on' : 'off'}`)

/** What was said in German; the room speaks it as well. */
export const GERMAN = { room: { locale: 'de' }, config: { locale: 'de' } } as const

/** What the row expects, in the same shape. */
export const expected = ({ path, reason, responsible, loads = 1 }: Row): Played['said'] => ({ path, reason, responsible, loads })
export const titleOf = ({ rows, traps = [], room = {}, config = {}, on = {} }: Row) =>
  `row ${rows.join(', ')}: ${[...traps, ...Object.entries({ ...room, ...on }).map(([key, value]) => `${key} ${String(value)}`), config.locale].filter((part) => part !== undefined).join(', ')}`
