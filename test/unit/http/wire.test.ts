import { expect, it } from 'vitest'
import { ERROR_CODES, type ErrorCode } from '../../../src/core/outcomes.ts'
import { botRequest, JoinBody } from '../../../src/http/requests.ts'
import { botWire, paramsWire, statusWire } from '../../../src/http/wire.ts'
import type { BotRecord } from '../../../src/store/port.ts'
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
