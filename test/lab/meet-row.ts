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
  /** Number in the sheet's table. */
  row: number
  traps?: readonly string[]
  room?: Readonly<Record<string, unknown>>
  config?: Partial<BotConfig>
  /** What the host (or we, by `leave`) does once the bot says a status. */
  on?: Partial<Record<BotStatus, Act>>
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
  said: { path: readonly BotStatus[]; reason: string; responsible: string | undefined }
  result: BotResult
  bot: MeetingBot
  room: Room
}

/** Plays a row in a room of its own. */
export async function playRow(
  lab: Lab,
  browser: BrowserProvider,
  { traps = [], room: more = {}, config = {}, on = {} }: Row,
): Promise<Played> {
  const room = await lab.room({ platform: 'meet', people: PEOPLE, skin: 'simple', traps, ...more } as never)
  const bot = newBot(room.url, browser, config)
  bot.on('status', ({ to }) => {
    const act = on[to]
    if (act === 'leave') void bot.leave()
    else if (act === 'end') room.end()
    else if (act !== undefined) command(room, act)
  })
  await bot.join().catch(() => {}) // `done` says the same
  const result = await bot.done
  const responsible = bot.history.at(-1)?.responsible
  return { said: { path: pathOf(bot), reason: result.reason, responsible }, result, bot, room }
}

/** What the row expects, in the same shape. */
export const expected = ({ path, reason, responsible }: Row): Played['said'] => ({ path, reason, responsible })
export const titleOf = ({ row, traps = [], room = {}, config = {}, on = {} }: Row) =>
  `row ${row}: ${[...traps, ...Object.entries({ ...room, ...on }).map(([key, value]) => `${key} ${String(value)}`), config.locale].filter((part) => part !== undefined).join(', ')}`
