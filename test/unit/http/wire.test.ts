import { expect, it } from 'vitest'
import { ERROR_CODES, type ErrorCode } from '../../../src/core/outcomes.ts'
import type { BotStatus } from '../../../src/core/status.ts'
import { botRequest, JoinBody } from '../../../src/http/requests.ts'
import { historyWire, statusWire } from '../../../src/http/told.ts'
import { botWire, detailsWire, paramsWire } from '../../../src/http/wire.ts'
import type { BotRecord, HistoryEntry } from '../../../src/store/port.ts'
import { endingEvents } from '../../../src/webhooks/payloads.ts'

const AT = Date.UTC(2026, 10, 25)

function bot(more: Partial<BotRecord>): BotRecord {
  return {
    ...{ id: 1, paramId: 1, accountId: 1, uuid: '6f1f7a3e-3c55-4c0c-9d6e-1d1d5a6f0c11', meetingKey: 'm', eventUuid: null, phase: 'ended' },
    ...{ claimedBy: null, status: 'failed', statusAt: AT, createdAt: AT, joinAt: AT, joinedAt: null, exitedAt: null, endedAt: AT },
    ...{
      recordingStartedAt: null,
      durationMs: null,
      isStopped: false,
      ending: null,
      files: {},
      participants: [],
      speakers: [],
      keepAt: null,
      dataDeleted: null,
    },
    request: botRequest(JoinBody.parse({ meeting_url: 'https://meet.google.com/abc-defg-hij', bot_name: 'Notes' })),
    ...more,
  }
}

const failedWith = (reason: ErrorCode) =>
  bot({ ending: { outcome: 'failed', reason, responsible: ERROR_CODES[reason].responsible, truncated: false, message: 'm' } })

it.each(Object.keys(ERROR_CODES) as ErrorCode[])('says %s in the status as the webhooks say it', (reason) => {
  const failed = failedWith(reason)
  const told = endingEvents(failed, { at: AT, links: { mp4: '', audio: '' } }).flatMap(({ event, data }) =>
    event === 'bot.status_change' ? [(data['status'] as { code: string }).code] : [],
  )
  expect(statusWire(failed).code).toBe(told.at(-1) ?? 'call_ended')
  expect(botWire(failed).errors).toBe(ERROR_CODES[reason].wire)
})

it('keeps a patience of more than 31 bits within what the answer can say', () => {
  const request = botRequest(
    JoinBody.parse({
      meeting_url: 'u',
      bot_name: 'Notes',
      automatic_leave: { waiting_room_timeout: 4_294_967_295, noone_joined_timeout: 600 },
    }),
  )
  expect(paramsWire(bot({ request }))).toMatchObject({ waiting_room_timeout: 2_147_483_647, noone_joined_timeout: 600 })
})

it('names the sound of an audio_only bot as its recording', () => {
  expect(botWire(bot({ files: { audio: '/data/6f1f7a3e-3c55-4c0c-9d6e-1d1d5a6f0c11/audio.wav' } })).mp4_s3_path).toMatch(
    /^6f1f.*\/audio\.wav$/,
  )
})

const entries = (...words: readonly (BotStatus | [BotStatus, string])[]): HistoryEntry[] =>
  words.map((word, n) => {
    const [status, reason] = typeof word === 'string' ? [word, null] : word
    return { sequence: n + 1, status, at: AT + n, reason, responsible: null, screenshot: null }
  })

it.each([
  ['nothing was told yet', [], []],
  [
    'deleted in the lobby',
    ['joining_call', 'in_waiting_room', 'call_ended', ['failed', 'LEFT_BEFORE_RECORDING']],
    ['joining_call', 'in_waiting_room', 'call_ended'],
  ],
  ['deleted before it set out', [['failed', 'LEFT_BEFORE_RECORDING']], ['call_ended']],
  ['refused', ['joining_call', 'in_waiting_room', ['failed', 'NOT_ACCEPTED']], ['joining_call', 'in_waiting_room', 'bot_rejected']],
  [
    'nothing to capture in the call',
    ['joining_call', 'in_call_not_recording', 'call_ended', ['failed', 'CAPTURE_FAILED']],
    ['joining_call', 'in_call_not_recording', 'call_ended'],
  ],
  [
    'thrown out at once',
    ['joining_call', 'in_call_not_recording', 'call_ended', ['failed', 'REMOVED_EARLY']],
    ['joining_call', 'in_call_not_recording', 'call_ended'],
  ],
  ['recorded', ['joining_call', 'in_call_recording', 'call_ended', 'completed'], ['joining_call', 'in_call_recording', 'call_ended']],
  [
    'paused',
    ['in_call_recording', 'recording_paused', 'in_call_recording'],
    ['in_call_recording', 'recording_paused', 'recording_resumed'],
  ],
] as [string, (BotStatus | [BotStatus, string])[], string[]][])(
  'says the history of a bot as the webhooks told it: %s',
  (_, said, codes) => {
    const history = entries(...said)
    expect(historyWire(history).map(({ code }) => code)).toEqual(codes)
    expect(detailsWire({ bot: bot({ status: 'queued' }), history }).status.code).toBe(codes.at(-1) ?? 'joining_call')
  },
)

it('says the latest code of a bot that was out before its end: call_ended', () => {
  expect(statusWire({ ...failedWith('CAPTURE_FAILED'), joinedAt: AT - 9, exitedAt: AT - 1 })).toMatchObject({ code: 'call_ended' })
  expect(statusWire({ ...failedWith('BROWSER_CRASHED'), joinedAt: AT - 9, exitedAt: AT })).toMatchObject({ code: 'meeting_error' })
})
