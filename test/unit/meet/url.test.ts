import { describe, expect, it } from 'vitest'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import { withLanguage } from '../../../adapters/platforms/meet/url.ts'
import { parseMeetingUrl } from '../../../src/platform/meeting-url.ts'

describe('addresses of Meet', () => {
  it.each([
    ['https://meet.google.com/abc-defg-hij', 'abc-defg-hij'],
    ['https://meet.google.com/abc-defg-hij/', 'abc-defg-hij'],
    ['https://www.meet.google.com/abc-defg-hij', 'abc-defg-hij'],
    ['meet.google.com/abc-defg-hij', 'abc-defg-hij'],
    ['"https://meet.google.com/abc-defg-hij"', 'abc-defg-hij'],
    [' <https://meet.google.com/abc-defg-hij>', 'abc-defg-hij'],
    ['https://meet.google.com/ABC-DEFG-HIJ', 'abc-defg-hij'],
    ['https://meet.google.com/abc-defg-hij?authuser=1&hs=122', 'abc-defg-hij'],
    ['https://meet.google.com/lookup/Weekly-Sync', 'lookup/weekly-sync'],
  ])('%s is a meeting', (text, id) => {
    expect(parseMeetingUrl(text, [meet]).ref).toMatchObject({ platform: 'meet', id })
  })

  it.each([
    'https://meet.google.com/',
    'https://meet.google.com/new',
    'https://meet.google.com/_meet/abc-defg-hij',
    'https://meet.google.com/abcd-efgh-ijkl',
    'https://meet.google.com/abc-defg',
    'https://meet.google.com/ab1-defg-hij',
    'https://meet.google.com/abc-defg-hij/more',
    'https://meet.google.com.example.test/abc-defg-hij',
    'https://example.test/abc-defg-hij',
    'http://meet.google.com/abc-defg-hij',
    'https://meet.google.com/lookup/',
    'not an address',
  ])('%s is none', (text) => {
    expect(() => parseMeetingUrl(text, [meet])).toThrow(expect.objectContaining({ code: 'INVALID_MEETING_URL' }))
  })

  it('keeps the query, asks for the language, and leaves a language the caller chose', () => {
    const { ref } = parseMeetingUrl('https://meet.google.com/abc-defg-hij?authuser=1', [meet])
    expect(withLanguage(ref.joinUrl, 'de')).toBe('https://meet.google.com/abc-defg-hij?authuser=1&hl=de')
    expect(withLanguage('https://meet.google.com/abc-defg-hij?hl=fr', 'de')).toBe('https://meet.google.com/abc-defg-hij?hl=fr')
  })
})
