import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, withLanguage } from '../../../adapters/platforms/meet/url.ts'
import { decodeCollections } from '../../../adapters/platforms/meet/wires.ts'
import { collectionsMessage } from '../../../src/lab/collections.ts'

describe('meeting URLs', () => {
  it.each([
    ['https://meet.google.com/abc-defg-hij', 'abc-defg-hij'],
    ['https://www.meet.google.com/ABC-defg-hij/?authuser=1&hs=2', 'abc-defg-hij'],
    ['https://meet.google.com/lookup/team-standup', 'lookup/team-standup'],
  ])('%s is %s', (url, id) => expect(parse(new URL(url))?.id).toBe(id))

  it.each([
    'https://meet.google.com/new',
    'https://meet.google.com/_meet/x',
    'https://meet.google.com/abc-def-hij',
    'https://meet.google.com/a1c-defg-hij',
    'https://meet.example.com/abc-defg-hij',
  ])('%s is no meeting', (url) => expect(parse(new URL(url))).toBeUndefined())

  it('asks for a language and keeps the one the caller wrote', () => {
    expect(withLanguage('https://meet.google.com/abc-defg-hij', 'de')).toContain('hl=de')
    expect(withLanguage('https://meet.google.com/abc-defg-hij?hl=fr', 'de')).toContain('hl=fr')
  })
})

describe('the collections channel', () => {
  it('tells people and whose source is whose', () => {
    const seen = decodeCollections(
      collectionsMessage(
        [{ id: 'spaces/x/devices/1', name: 'Zoë', host: true, status: 'in', self: false, csrc: 700_001, muted: false, camera: true }],
        [],
        { streamIdText: false, packing: 'gzip' },
      ),
      5,
    )
    expect(seen).toContainEqual({ type: 'participant', atMs: 5, id: 'spaces/x/devices/1', present: true, name: 'Zoë', host: true })
    expect(seen).toContainEqual({ type: 'source', atMs: 5, csrc: 700_001, participantId: 'spaces/x/devices/1' })
  })

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => Array.isArray(decodeCollections(bytes, 0)) && Array.isArray(decodeCollections(gzipSync(bytes), 0)),
      ),
      { numRuns: 300 },
    )
  })
})
