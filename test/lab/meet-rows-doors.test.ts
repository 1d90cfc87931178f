import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { devicesIn, expected, GERMAN, PATHS, playRow, type Row, titleOf } from './meet-row.ts'
import { quickLab, sharedBrowser } from './meeting.ts'

// They wait for pages much more than they compute.
vi.setConfig({ maxConcurrency: 6 })
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

const refused = (row: number, trap: string, reason: string, responsible: string, more: Partial<Row> = {}): Row => ({
  rows: [row],
  traps: [trap],
  reason,
  responsible,
  path: PATHS.refusedAtOnce,
  ...more,
})
/** As far as the lobby, and out again. */
const waits = (rows: readonly number[], traps: readonly string[], more: Partial<Row> = {}): Row => ({
  rows,
  traps,
  on: { in_waiting_room: 'leave' },
  reason: 'LEFT_BEFORE_RECORDING',
  responsible: 'caller',
  path: PATHS.leftLobby,
  ...more,
})
const denied = { on: { in_waiting_room: 'deny' }, path: PATHS.refused } as const
const hostManaged = { room: { skin: 'host-managed' } } as const

const ROWS: readonly Row[] = [
  refused(9, 'crash-at-knock', 'PLATFORM_ERROR', 'platform', { loads: 3 }), // the longest: first
  waits([1, 2, 5], ['slow-render', 'popup-got-it', 'popup-not-now']),
  waits([1, 2, 3], ['blank-render', 'cta-ask-anyway', 'no-jsnames', 'lobby-waiting-let-in']),
  waits([2, 3, 7], ['cta-without-camera', 'popup-dismiss', 'host-absent'], { room: { hostStarted: false } }),
  waits([3, 6, 7], ['cta-join-anyway', 'device-problem', 'lobby-host-admits'], GERMAN),
  waits([3, 6, 11], ['cta-enter-meeting', 'camera-toast', 'captcha-small', 'lobby-asking-to-join']),
  refused(3, 'cta-switch-here', 'ACCOUNT_CONFLICT', 'caller'),
  refused(3, 'cta-join-here-too', 'ACCOUNT_CONFLICT', 'caller'),
  waits([2, 3, 5, 7], ['lobby-home-button'], { room: { locale: 'hu' }, config: { locale: 'hu' } }),
  waits([2, 3, 5], [], { room: { locale: 'ja' }, config: { locale: 'ja' } }),
  waits([4, 5], ['signed-in', 'shortcut-labels', 'no-jsnames', 'lobby-text-in-label']),
  waits([2, 5, 6, 7], ['device-toast', 'media-choice', 'popup-without-account', 'lobby-host-brings'], GERMAN),
  waits([7], ['lobby-host-admits', 'lobby-own-tile', 'late-lobby-6s'], { ...GERMAN, room: { ...GERMAN.room, ...hostManaged.room } }),
  waits([7], ['lobby-exposes-more', 'lobby-text-in-label', 'lobby-host-admits'], hostManaged),
  refused(9, 'denied-left-screen', 'NOT_ACCEPTED', 'host', denied),
  refused(9, 'denied-not-allowed', 'NOT_ACCEPTED', 'host', denied),
  refused(9, 'denied-redirect', 'NOT_ACCEPTED', 'host', denied),
  refused(9, 'stale-lobby-text', 'NOT_ACCEPTED', 'host', denied),
  refused(9, 'lobby-host-brings', 'WAITING_ROOM_TIMEOUT', 'host', {
    // Nobody answers once the bot has said that it waits, however slow the machine.
    ...{ room: GERMAN.room, on: { in_waiting_room: 'ignore' }, path: PATHS.refused },
    config: { ...GERMAN.config, automaticLeave: { waitingRoomTimeoutMs: 4_000 } },
  }),
  refused(9, 'cant-join', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'cant-join-straight', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'cant-join-at-load', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'problem-connecting', 'PLATFORM_ERROR', 'platform', { loads: 3 }),
  waits([9], ['problem-connecting-twice'], { loads: 3 }),
  waits([9], ['problem-joining-once'], { loads: 2 }),
  waits([9], ['crash-at-knock-once'], { loads: 2 }),
  refused(10, 'not-found', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'startup-code-other', 'PLATFORM_ERROR', 'platform', { loads: 3 }),
  refused(10, 'invalid-call-name', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'code-expired', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'code-doesnt-work', 'INVALID_MEETING_URL', 'caller'),
  refused(11, 'captcha-visible', 'PLATFORM_BLOCKED', 'platform'),
  refused(12, 'sign-in-choose', 'SIGN_IN_REQUIRED', 'caller'),
  refused(12, 'sign-in-after-knock', 'SIGN_IN_REQUIRED', 'caller'),
  refused(12, 'workspace-at-load', 'PLATFORM_BLOCKED', 'platform', { loads: 3 }),
  refused(12, 'workspace-after-knock', 'PLATFORM_BLOCKED', 'platform', { loads: 3 }),
]

describe.concurrent('before the call, row by row of the fact sheet', () => {
  for (const row of ROWS) {
    it(titleOf(row), async () => {
      const { said, result, room } = await playRow(lab, browser, row)
      expect(said).toEqual(expected(row))
      if (row.on?.in_waiting_room !== 'leave') expect(result.error?.details).toMatchObject({ screenshot: expect.any(String) })
      // Row 4: nothing that only looks like the way in was pressed, and nothing by a script.
      const { events } = room.truth
      expect(events.filter(({ type, trusted }) => type === 'trap' || trusted === false)).toEqual([])
      if (row.rows.includes(5)) expect(devicesIn(room)).toEqual(['off, off'])
      if (!row.rows.includes(2)) return
      const typed = events.findLast(({ type }) => type === 'typed')
      const entered = events.find(({ type, control }) => type === 'click' && control === 'join')
      expect(typed).toMatchObject({ control: 'name', text: 'Notes' })
      expect(typed?.atMs).toBeLessThan(entered?.atMs ?? 0)
    })
  }

  it.each<[string, Partial<Row>]>([
    ['when nobody answered', { traps: ['lobby-host-brings'], on: { in_waiting_room: 'ignore' } }],
    ['with its name, where that leads back to the entrance', { traps: ['ask-again-prejoin'], on: { in_waiting_room: 'ignore' }, loads: 2 }],
    ['where the client loaded itself anew in the lobby', { traps: ['reload-in-lobby'], on: {}, loads: 3 }],
  ])('row 9: knocks again %s, while its own budget lasts', async (_, more) => {
    const row: Row = { ...waits([9], []), ...more, again: 'leave' }
    const { said, room } = await playRow(lab, browser, row)
    expect(said).toEqual(expected(row))
    expect(room.truth.events.filter(({ type, state }) => type === 'state' && state === 'knocking')).toHaveLength(2)
  })
})
