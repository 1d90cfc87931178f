import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { expected, PATHS, playRow, type Row, titleOf } from './meet-row.ts'
import { quickLab, sharedBrowser } from './meeting.ts'

vi.setConfig({ maxConcurrency: 3 })
let lab: Lab
let browser: BrowserProvider
beforeAll(async () => {
  lab = await quickLab()
  browser = sharedBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

const REMOVED = { reason: 'removed', responsible: 'host' }
const ENDED = { reason: 'meeting_ended', responsible: 'host' }
const CALLER = { reason: 'caller', responsible: 'caller' }
const admitted = { in_waiting_room: 'admit' } as const
const german = { room: { locale: 'de' }, config: { locale: 'de' } }

const ROWS: readonly Row[] = [
  {
    row: 8,
    traps: ['stale-lobby-text'],
    ...german,
    on: { ...admitted, in_call_recording: 'end' },
    path: PATHS.recorded,
    ...ENDED,
  },
  {
    row: 8,
    room: { lobby: false, skin: 'host-managed' },
    traps: ['no-jsnames', 'people-badge'],
    on: { in_call_recording: 'remove' },
    path: PATHS.letInAtOnce,
    ...REMOVED,
  },
  {
    row: 7,
    room: { skin: 'host-managed' },
    traps: ['late-lobby-6s', 'people-jsname'],
    on: { ...admitted, in_call_recording: 'leave' },
    path: PATHS.recorded,
    ...CALLER,
  },
  { row: 7, traps: ['no-indicator-lobby', 'people-nav'], on: { ...admitted, in_call_recording: 'leave' }, path: PATHS.recorded, ...CALLER },
  {
    row: 18,
    traps: ['recording-consent', 'gemini-pill'],
    room: { lobby: false },
    on: { in_call_recording: 'end' },
    path: PATHS.letInAtOnce,
    ...ENDED,
  },
  {
    row: 18,
    traps: ['transcription-consent', 'take-notes-prompt'],
    room: { lobby: false },
    on: { in_call_recording: 'end' },
    path: PATHS.letInAtOnce,
    ...ENDED,
  },
  {
    row: 18,
    traps: ['gemini-consent', 'removed-redirect'],
    room: { lobby: false },
    on: { in_call_recording: 'remove' },
    path: PATHS.letInAtOnce,
    ...REMOVED,
  },
  {
    row: 19,
    traps: ['removed-old-text', 'chat-quotes-end'],
    room: { lobby: false },
    on: { in_call_recording: 'remove' },
    path: PATHS.letInAtOnce,
    ...REMOVED,
  },
  {
    row: 19,
    traps: ['ended-call-ended', 'alert-toasts'],
    room: { lobby: false },
    on: { in_call_recording: 'end' },
    path: PATHS.letInAtOnce,
    ...ENDED,
  },
  { row: 19, traps: ['reconnect-30s'], room: { lobby: false }, path: PATHS.letInAtOnce, reason: 'connection_lost', responsible: 'network' },
]

describe.concurrent('in the call, row by row of the fact sheet', () => {
  for (const row of ROWS) {
    it(titleOf(row), async () => {
      const { said, result, room } = await playRow(lab, browser, row)
      expect(said).toEqual(expected(row))
      expect(result.truncated).toBe(row.reason === 'connection_lost' ? true : undefined)
      expect(room.truth.events.filter(({ type }) => type === 'trap')).toEqual([])
    })
  }

  it('row 19: five seconds offline, said as an interruption; the call goes on, whatever the chat quotes', async () => {
    const row: Row = { row: 19, traps: ['chat-quotes-end'], room: { lobby: false }, path: PATHS.letInAtOnce, ...CALLER }
    const kinds: string[] = []
    const { newBot, PEOPLE, pathOf } = await import('./meeting.ts')
    const room = await lab.room({ platform: 'meet', people: PEOPLE, ...row.room, traps: row.traps } as never)
    const bot = newBot(room.url, browser)
    const over = new Promise<void>((resolve) =>
      bot.on('interruption', ({ kind, endAt }) => {
        if (kind !== 'reconnecting') return
        kinds.push(endAt === undefined ? 'starts' : 'ends')
        if (endAt !== undefined) resolve()
      }),
    )
    await bot.join()
    await fetch(`${lab.controlUrl}/rooms/${room.id}/network`, { method: 'POST', body: JSON.stringify({ offlineMs: 5_000 }) })
    await over
    await bot.leave()
    expect({ path: pathOf(bot), kinds }).toEqual({ path: row.path, kinds: ['starts', 'ends'] })
  })
})
