import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BrowserProvider } from '../../../src/browser/port.ts'
import { isBotError } from '../../../src/core/errors.ts'
import { MeetingBot } from '../../../src/meeting-bot.ts'

const good = { meetingUrl: 'https://meet.google.com/abc-defg-hij', botName: 'Notes' }
const neverOpened: BrowserProvider = {
  open: () => Promise.reject(new Error('a browser was started')),
  close: async () => {},
}

describe('options', () => {
  it.each([
    [{ ...good, recordingMode: 'sideways' }, 'recordingMode', 'sideways', 'speaker_view'],
    [{ ...good, botName: '' }, 'botName', '', '1'],
    [{ ...good, automaticLeave: { silenceTimeoutMs: -1 } }, 'automaticLeave.silenceTimeoutMs', -1, '0'],
    [{ ...good, streaming: { output: 'http://x' } }, 'streaming.output', 'http://x', 'ws:'],
    [{ botName: 'Notes' }, 'meetingUrl', undefined, 'missing'],
    [
      { ...good, automaticLeave: { silenceTimeoutMs: Number.POSITIVE_INFINITY } },
      'automaticLeave.silenceTimeoutMs',
      Number.POSITIVE_INFINITY,
      'Infinity',
    ],
    [{ ...good, colour: 'red' }, 'colour', 'red', 'no such option'],
    [{ ...good, browser: { headles: true } }, 'browser.headles', true, 'no such option'],
    [
      { ...good, browser: { cdpUrl: 'http://127.0.0.1:9222', headless: false } },
      'browser.headless',
      false,
      'nothing beside browser.cdpUrl',
    ],
    [{ ...good, browser: { cdpUrl: 'http://127.0.0.1:9222', profileDir: '/p' } }, 'browser.profileDir', '/p', 'leave one of the two out'],
    [{ ...good, browser: { channel: 'chrome', executablePath: '/c' } }, 'browser.executablePath', '/c', 'nothing beside browser.channel'],
  ])('%j is one error naming %s, its value and what is allowed', (config, field, value, allowed) => {
    try {
      new MeetingBot(config as never)
      expect.unreachable()
    } catch (error) {
      expect(isBotError(error, 'CONFIG_INVALID')).toBe(true)
      expect(error).toMatchObject({ details: { field, value } })
      expect(String(error)).toContain(field)
      expect(String(error)).toContain(allowed)
    }
  })

  it.each([{ entryMessage: 'hi' }, { botImage: 'https://x/y.png' }, { recordingMode: 'audio_only' }, { speechToText: 'Default' }])(
    '%j is refused, never ignored',
    (more) => {
      expect(() => new MeetingBot({ ...good, ...more } as never)).toThrowError(expect.objectContaining({ code: 'NOT_SUPPORTED' }))
    },
  )

  it.each(['executablePath', 'channel', 'args', 'headless', 'profileDir', 'sandbox'])(
    'browser.cdpUrl and %s contradict each other',
    (field) => {
      const value = { args: ['--x'], headless: true, sandbox: true }[field] ?? 'x'
      const browser = { cdpUrl: 'http://127.0.0.1:9222', [field]: value }
      expect(() => new MeetingBot({ ...good, browser } as never)).toThrowError(
        expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ field: `browser.${field}`, value }) }),
      )
    },
  )

  it('a channel in a profile, with its window, is no contradiction', () => {
    expect(new MeetingBot({ ...good, browser: { channel: 'chrome', profileDir: '/p', headless: false, args: [] } }).status).toBe('queued')
  })

  it('a passcode for a platform that has none is refused, and not repeated', () => {
    expect(() => new MeetingBot({ ...good, passcode: 'sesame' })).toThrowError(
      expect.objectContaining({ code: 'NOT_SUPPORTED', message: expect.not.stringContaining('sesame') }),
    )
  })

  it('does not repeat a secret', () => {
    expect(() => new MeetingBot({ ...good, passcode: 12_345 } as never)).toThrowError(/^(?!.*12345)/)
  })
})

describe('a bot before its browser', () => {
  const outputDir = () => mkdtempSync(join(tmpdir(), 'remora-unit-'))

  it.each([
    'https://example.org/abc',
    'meet.google.com/new',
    'https://meet.google.com/abcd-efgh-ijkl',
    'http://meet.google.com/abc-defg-hij',
    ' ',
  ])('fails %j with INVALID_MEETING_URL and starts no browser', async (meetingUrl) => {
    const bot = new MeetingBot({ ...good, meetingUrl, outputDir: outputDir() }, { browser: neverOpened })
    await expect(bot.join()).rejects.toSatisfy((error) => isBotError(error, 'INVALID_MEETING_URL'))
    expect(await bot.done).toMatchObject({ outcome: 'failed', reason: 'INVALID_MEETING_URL', durationMs: 0 })
    expect(bot.history.map(({ to }) => to)).toEqual(['failed'])
  })

  it('that is told to leave while queued ends quietly', async () => {
    const bot = new MeetingBot({ ...good, outputDir: outputDir() }, { browser: neverOpened })
    await bot.leave()
    expect(await bot.done).toMatchObject({ outcome: 'failed', reason: 'LEFT_BEFORE_RECORDING' })
    await expect(bot.until('in_call_recording')).rejects.toThrow(/never was/)
    await expect(bot.until('failed')).resolves.toBeUndefined()
  })
})
