import { describe, expect, it } from 'vitest'
import { ERROR_CODES, type ErrorCode } from '../../../src/core/outcomes.ts'
import { NOON, sampleBot } from '../../../src/lab/contracts/store-samples.ts'
import { bornBot } from '../../../src/store/life.ts'
import type { BotEnding, BotRecord } from '../../../src/store/port.ts'
import { completeEvent, endingEvents, failedEvent, statusEvents, transcriptionCompleteEvent } from '../../../src/webhooks/payloads.ts'

const UUID = '00000000-0000-4000-8000-000000000007'
const links = { mp4: 'https://files.test/output.mp4', audio: 'https://files.test/audio.wav' }

function bot(over: Partial<BotRecord> = {}): BotRecord {
  return { ...bornBot(sampleBot(7, 1, { request: { extra: { deal: 42 } } }), 7), ...over }
}

function completed(reason: BotEnding['reason'], over: Partial<BotEnding> = {}): BotEnding {
  return { outcome: 'completed', reason, responsible: 'host', truncated: false, message: null, ...over }
}

function failed(reason: ErrorCode, message: string | null = null): BotEnding {
  return { outcome: 'failed', reason, responsible: ERROR_CODES[reason].responsible, truncated: false, message }
}

describe('status changes', () => {
  it.each([
    ['queued', 'joining_call', 'joining_call'],
    ['joining_call', 'in_waiting_room', 'in_waiting_room'],
    ['in_waiting_room', 'in_call_not_recording', 'in_call_not_recording'],
    ['in_call_recording', 'recording_paused', 'recording_paused'],
    ['recording_paused', 'in_call_recording', 'recording_resumed'],
    ['in_call_recording', 'call_ended', 'call_ended'],
  ] as const)('%s to %s is told as %s', (from, to, code) => {
    expect(statusEvents(bot(), { from, to, at: NOON })).toEqual([
      {
        event: 'bot.status_change',
        data: { bot_id: UUID, status: { code, created_at: '2026-11-25T12:00:00.000Z' } },
      },
    ])
  })

  it('recording says its start in Unix seconds', () => {
    const [event] = statusEvents(bot(), { from: 'in_call_not_recording', to: 'in_call_recording', at: NOON, startedAt: NOON - 1_500 })
    expect(event?.data).toEqual({
      bot_id: UUID,
      status: { code: 'in_call_recording', created_at: '2026-11-25T12:00:00.000Z', start_time: NOON / 1_000 - 1.5 },
    })
  })

  it.each(['completed', 'failed'] as const)('%s is told by the last event, not by a status', (to) => {
    expect(statusEvents(bot(), { from: 'call_ended', to, at: NOON })).toEqual([])
  })
})

describe('complete', () => {
  const speakers = [
    { name: 'Ada', startAt: NOON + 5_000, endAt: NOON + 6_000, source: 'csrc', confidence: 1 },
    { name: 'Bob', startAt: NOON + 1_000, endAt: NOON + 2_000, source: 'csrc', confidence: 1 },
    { startAt: NOON + 2_000, endAt: NOON + 3_000, source: 'meter', confidence: 0.2 },
    { name: 'Ada', startAt: NOON + 8_000, endAt: NOON + 9_000, source: 'csrc', confidence: 1 },
  ] as const

  it("has the contract's keys, the reason, and each speaker once by who spoke first", () => {
    const { event, data } = completeEvent(bot({ ending: completed('meeting_ended'), speakers, eventUuid: 'event-1' }), { links })
    expect(event).toBe('complete')
    expect(JSON.stringify(data)).toBe(
      JSON.stringify({
        event: 'complete',
        bot_id: UUID,
        mp4: links.mp4,
        audio: links.audio,
        speakers: ['Bob', 'Ada'],
        event_uuid: 'event-1',
        extra: { deal: 42 },
        reason: 'meeting_ended',
      }),
    )
  })

  it('says when the recording stops before the meeting did', () => {
    const { data } = completeEvent(bot({ ending: completed('process_ended', { truncated: true }) }), { links })
    expect(data).toMatchObject({ reason: 'process_ended', truncated: true })
  })

  it('without pictures the mp4 is the audio file', () => {
    const silent = bornBot(sampleBot(7, 1, { request: { recordingMode: 'audio_only' } }), 7)
    const { data } = completeEvent({ ...silent, ending: completed('caller') }, { links: { mp4: '', audio: links.audio } })
    expect(data).toMatchObject({ mp4: links.audio, audio: links.audio })
  })

  it('carries a transcript only when there is one, in the words of section 7.3', () => {
    const ended = bot({ ending: completed('caller') })
    expect(completeEvent(ended, { links }).data).not.toHaveProperty('transcript')
    const transcript = [{ speaker: 'Ada', startTime: 1.5, endTime: 2, words: [{ start: 1.5, end: 2, word: 'hello' }] }]
    expect(completeEvent(ended, { links, transcript }).data['transcript']).toEqual([
      { speaker: 'Ada', offset: 1.5, start_time: 1.5, end_time: 2, words: [{ start: 1.5, end: 2, word: 'hello' }] },
    ])
  })
})

describe('failed', () => {
  it("has the contract's word, text for people and what the caller sent along", () => {
    expect(failedEvent(bot({ ending: failed('SIGN_IN_REQUIRED', 'The meeting wants an account') }))).toEqual({
      event: 'failed',
      data: {
        bot_id: UUID,
        error: 'CannotJoinMeeting',
        message: 'The meeting wants an account',
        event_uuid: null,
        extra: { deal: 42 },
      },
    })
  })

  it.each(Object.entries(ERROR_CODES))('%s is told as its wire word', (code, { wire }) => {
    expect(failedEvent(bot({ ending: failed(code as ErrorCode) })).data['error']).toBe(wire)
  })
})

describe('the last events', () => {
  const codes = (record: BotRecord, isOut?: boolean) =>
    endingEvents(record, { at: NOON, links, ...(isOut === undefined ? {} : { isOut }) }).map(({ event, data }) =>
      event === 'bot.status_change' ? (data['status'] as { code: string }).code : event,
    )

  it.each([
    ['NOT_ACCEPTED', 'bot_rejected'],
    ['REMOVED_EARLY', 'bot_removed'],
    ['WAITING_ROOM_TIMEOUT', 'waiting_room_timeout'],
    ['HOST_NOT_STARTED', 'waiting_room_timeout'],
    ['INVALID_MEETING_URL', 'invalid_meeting_url'],
    ['NOONE_JOINED', 'call_ended'],
    ['LEFT_BEFORE_RECORDING', 'call_ended'],
    ['PLATFORM_BLOCKED', 'meeting_error'],
    ['PROCESS_ENDED', 'meeting_error'],
  ] as const)('%s is announced by %s, then failed', (code, status) => {
    expect(codes(bot({ ending: failed(code) }))).toEqual([status, 'failed'])
  })

  it("a meeting error says which, in words and in the contract's word", () => {
    const [status] = endingEvents(bot({ ending: failed('BROWSER_CRASHED', 'The page crashed') }), { at: NOON, links })
    expect(status?.data).toMatchObject({
      status: { code: 'meeting_error', error_message: 'The page crashed', error_type: 'InternalError' },
    })
  })

  it('nothing comes between call_ended and the last event', () => {
    expect(codes(bot({ ending: failed('INTERNAL'), status: 'call_ended' }))).toEqual(['failed'])
    expect(codes(bot({ ending: completed('caller'), exitedAt: NOON }))).toEqual(['complete'])
    expect(codes(bot({ ending: completed('caller') }), true)).toEqual(['complete'])
  })

  it('a recording cut off by a crash still says call_ended before complete', () => {
    expect(codes(bot({ ending: completed('process_ended', { truncated: true }) }))).toEqual(['call_ended', 'complete'])
  })

  it('a bot without an end has no last event', () => {
    expect(codes(bot())).toEqual([])
  })
})

it('a transcription that is ready names the bot, and may go to a place of its own', () => {
  expect(transcriptionCompleteEvent(bot(), 'https://there.test/')).toEqual({
    event: 'transcription_complete',
    data: { bot_id: UUID },
    url: 'https://there.test/',
  })
  expect(transcriptionCompleteEvent(bot())).not.toHaveProperty('url')
})
