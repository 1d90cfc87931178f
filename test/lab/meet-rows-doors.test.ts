import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { expected, PATHS, playRow, type Row, titleOf } from './meet-row.ts'
import { quickLab, sharedBrowser } from './meeting.ts'

vi.setConfig({ maxConcurrency: 4 })
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

const refused = (row: number, trap: string, reason: string, responsible: string, path: Row['path'] = PATHS.refusedAtOnce): Row => ({
  row,
  traps: [trap],
  reason,
  responsible,
  path,
})
const waits = (row: number, traps: readonly string[], more: Partial<Row> = {}): Row => ({
  row,
  traps,
  on: { in_waiting_room: 'leave' },
  reason: 'LEFT_BEFORE_RECORDING',
  responsible: 'caller',
  path: PATHS.leftLobby,
  ...more,
})
const german = { room: { locale: 'de' }, config: { locale: 'de' } }

const ROWS: readonly Row[] = [
  waits(1, ['slow-render', 'popup-got-it', 'popup-not-now']),
  waits(1, ['blank-render', 'cta-ask-anyway', 'no-jsnames']),
  waits(3, ['cta-without-camera', 'popup-dismiss']),
  waits(3, ['cta-join-anyway', 'device-problem']),
  waits(3, ['cta-enter-meeting', 'camera-toast']),
  refused(3, 'cta-switch-here', 'ACCOUNT_CONFLICT', 'caller'),
  refused(3, 'cta-join-here-too', 'ACCOUNT_CONFLICT', 'caller'),
  waits(3, [], { room: { locale: 'hu' }, config: { locale: 'hu' } }),
  waits(3, [], { room: { locale: 'ja' }, config: { locale: 'ja' } }),
  waits(4, ['signed-in', 'shortcut-labels', 'no-jsnames']),
  waits(6, ['device-toast', 'media-choice', 'popup-without-account'], german),
  waits(7, ['lobby-host-brings'], german),
  waits(7, ['lobby-host-admits'], { room: { skin: 'host-managed' } }),
  waits(7, ['lobby-exposes-more'], { room: { skin: 'host-managed' } }),
  waits(7, ['lobby-text-in-label', 'lobby-waiting-let-in']),
  waits(7, ['no-indicator-lobby']),
  waits(11, ['captcha-small']),
  refused(11, 'captcha-visible', 'PLATFORM_BLOCKED', 'platform'),
  { ...refused(9, 'denied-left-screen', 'NOT_ACCEPTED', 'host', PATHS.refused), on: { in_waiting_room: 'deny' } },
  { ...refused(9, 'denied-not-allowed', 'NOT_ACCEPTED', 'host', PATHS.refused), on: { in_waiting_room: 'deny' } },
  { ...refused(9, 'stale-lobby-text', 'NOT_ACCEPTED', 'host', PATHS.refused), on: { in_waiting_room: 'deny' } },
  {
    ...refused(9, 'no-answer-8s', 'WAITING_ROOM_TIMEOUT', 'host', PATHS.refused),
    ...german,
    config: { locale: 'de', automaticLeave: { waitingRoomTimeoutMs: 12_000 } },
  },
  refused(9, 'cant-join', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'cant-join-straight', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'cant-join-at-load', 'PLATFORM_BLOCKED', 'platform'),
  refused(9, 'problem-connecting', 'PLATFORM_ERROR', 'platform'),
  refused(9, 'crash-at-knock', 'PLATFORM_ERROR', 'platform'),
  waits(9, ['problem-connecting-twice']),
  waits(9, ['problem-joining-once']),
  waits(9, ['crash-at-knock-once']),
  refused(10, 'not-found', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'startup-code-other', 'PLATFORM_ERROR', 'platform'),
  refused(10, 'invalid-call-name', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'code-expired', 'INVALID_MEETING_URL', 'caller'),
  refused(10, 'code-doesnt-work', 'INVALID_MEETING_URL', 'caller'),
  refused(12, 'sign-in-choose', 'SIGN_IN_REQUIRED', 'caller'),
  refused(12, 'sign-in-after-knock', 'SIGN_IN_REQUIRED', 'caller'),
  refused(12, 'workspace-at-load', 'PLATFORM_BLOCKED', 'platform'),
  refused(12, 'workspace-after-knock', 'PLATFORM_BLOCKED', 'platform'),
]

describe.concurrent('before the call, row by row of the fact sheet', () => {
  for (const row of ROWS) {
    it(titleOf(row), async () => {
      const { said, result } = await playRow(lab, browser, row)
      expect(said).toEqual(expected(row))
      if (row.on?.in_waiting_room !== 'leave') expect(result.error?.details).toMatchObject({ screenshot: expect.any(String) })
    })
  }
})

it('knocks again when nobody answered, while its own budget lasts', async () => {
  const room = await lab.room({ platform: 'meet', people: [], skin: 'simple', traps: ['no-answer-8s'] } as never)
  const { newBot } = await import('./meeting.ts')
  const bot = newBot(room.url, browser, { automaticLeave: { waitingRoomTimeoutMs: 16_000 } })
  await bot.join().catch(() => {}) // `done` says the same
  expect((await bot.done).reason).toBe('WAITING_ROOM_TIMEOUT')
  expect(room.truth.events.filter(({ type, state }) => type === 'state' && state === 'knocking').length).toBeGreaterThanOrEqual(2)
})
