import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { BotConfig } from '../../src/config/bot-config.ts'
import type { Lab } from '../../src/lab/server.ts'
import { devicesIn, expected, GERMAN, PATHS, playRow, type Row, titleOf } from './meet-row.ts'
import { newBot, PEOPLE, pathOf, quickLab, sharedBrowser } from './meeting.ts'

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

const noLobby = { room: { lobby: false }, path: PATHS.letInAtOnce } as const
const endsIt = { on: { in_call_recording: 'end' }, ...ENDED } as const
const removesIt = { on: { in_call_recording: 'remove' }, ...REMOVED } as const

const ROWS: readonly Row[] = [
  // The button says "Jetzt teilnehmen", and a lobby follows all the same.
  {
    rows: [3, 7, 8],
    traps: ['cta-join-now', 'stale-lobby-text', 'lobby-host-admits'],
    ...GERMAN,
    on: { ...admitted, in_call_recording: 'leave' },
    path: PATHS.recorded,
    ...CALLER,
  },
  {
    rows: [8, 17],
    traps: ['stale-lobby-text', 'captions-old'],
    ...GERMAN,
    on: { ...admitted, in_call_recording: 'end' },
    path: PATHS.recorded,
    ...ENDED,
  },
  {
    rows: [8, 15],
    traps: ['no-jsnames', 'people-badge'],
    ...noLobby,
    ...removesIt,
    room: { lobby: false, skin: 'host-managed' },
  },
  {
    rows: [7, 15],
    traps: ['late-lobby-6s', 'people-jsname'],
    room: { skin: 'host-managed' },
    on: { ...admitted, in_call_recording: 'leave' },
    path: PATHS.recorded,
    ...CALLER,
  },
  {
    rows: [7, 13, 15],
    traps: ['no-indicator-lobby', 'people-nav'],
    ...GERMAN,
    on: { ...admitted, in_call_recording: 'leave' },
    path: PATHS.recorded,
    ...CALLER,
  },
  { rows: [18, 16], traps: ['recording-consent', 'consent-first', 'gemini-pill', 'chat-disabled'], ...noLobby, ...endsIt },
  { rows: [18, 17], traps: ['transcription-consent', 'take-notes-prompt', 'captions-old'], ...noLobby, ...endsIt },
  { rows: [18, 19], traps: ['gemini-consent', 'removed-redirect'], ...noLobby, ...removesIt },
  { rows: [19, 16], traps: ['removed-old-text', 'chat-quotes-end', 'chat-old-rows'], ...noLobby, ...removesIt },
  { rows: [19, 20], traps: ['ended-call-ended', 'alert-toasts', 'neteq'], ...noLobby, ...endsIt },
  // A tile reads what is no name, meters move by other names, every tile bears a mark of one's own, and no packet names its source.
  { rows: [14, 20], traps: ['odd-names', 'meters-renamed', 'self-name-everywhere', 'no-csrc', 'media-restart'], ...noLobby, ...endsIt },
  // Longer than the bar stays: it has hidden by then, and the call goes on until the network is gone.
  { rows: [13, 19], traps: ['reconnect-30s'], ...noLobby, reason: 'connection_lost', responsible: 'network' },
]

describe.concurrent('in the call, row by row of the fact sheet', () => {
  for (const row of ROWS) {
    it(titleOf(row), async () => {
      const { said, result, room } = await playRow(lab, browser, row)
      expect(said).toEqual(expected(row))
      expect(result.truncated).toBe(row.reason === 'connection_lost' ? true : undefined)
      expect(room.truth.events.filter(({ type }) => type === 'trap')).toEqual([])
      if (row.rows.includes(8)) expect(devicesIn(room)).toEqual(['off, off'])
      if (row.rows.includes(14)) expect(result.participants.map(({ name }) => name)).toEqual(['Ada', 'Jack'])
    })
  }

  it.each<[string, Partial<Row>]>([
    ['which goes on, whatever the chat quotes', { traps: ['chat-quotes-end', 'overlay-as-end'], ...CALLER }],
    ['whose end in other words is the connection’s', { traps: ['lost-without-flag'], reason: 'connection_lost', responsible: 'network' }],
  ])('row 19: five seconds offline, said as an interruption of a call %s', async (_, { traps = [], reason, responsible }) => {
    const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false, traps } as never)
    const bot = newBot(room.url, browser)
    const kinds: string[] = []
    bot.on('interruption', ({ kind, endAt }) => {
      if (kind !== 'reconnecting') return
      kinds.push(endAt === undefined ? 'starts' : 'ends')
      if (endAt !== undefined) void bot.leave() // says nothing where the call is over
    })
    await bot.join()
    await fetch(`${lab.controlUrl}/rooms/${room.id}/network`, { method: 'POST', body: JSON.stringify({ offlineMs: 5_000 }) })
    const result = await bot.done
    const said = { path: pathOf(bot), reason: result.reason, responsible: bot.history.at(-1)?.responsible, kinds }
    expect(said).toEqual({ path: PATHS.letInAtOnce, reason, responsible, kinds: ['starts', 'ends'] })
  })
})

describe.concurrent('leaves by itself', () => {
  const stays = async (room: Record<string, unknown>, automaticLeave: BotConfig['automaticLeave']) => {
    const { said, result } = await playRow(lab, browser, { room: { lobby: false, ...room }, config: { automaticLeave } })
    const { path, reason, responsible } = said
    return { path, reason, responsible, file: result.mp4 !== undefined }
  }

  it('a call nobody came to, and keeps what it recorded', async () => {
    expect(await stays({ people: [] }, { nooneJoinedTimeoutMs: 1_000 })).toEqual({
      path: ['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'failed'],
      reason: 'NOONE_JOINED',
      responsible: 'meeting',
      file: true,
    })
  })

  it('a call in which nobody says a word', async () => {
    expect(await stays({ speech: 'none' }, { silenceTimeoutMs: 1_000 })).toEqual({
      path: PATHS.letInAtOnce,
      reason: 'silence',
      responsible: 'meeting',
      file: true,
    })
  })

  it('a call that goes on for longer than it may stay', async () => {
    expect(await stays({}, { maxDurationMs: 1_000 })).toEqual({
      path: PATHS.letInAtOnce,
      reason: 'max_duration',
      responsible: 'caller',
      file: true,
    })
  })
})
