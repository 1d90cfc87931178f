import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeBeside } from '../../../src/artifacts/beside.ts'
import { artifactKey } from '../../../src/artifacts/key.ts'

const PEOPLE = {
  participants: [
    { id: 'devices/1', name: 'Ada', joinedAt: 1_000, host: true },
    { id: 'devices/2', name: 'Jack', joinedAt: 2_000, leftAt: 9_000 },
  ],
  speakers: [
    { participantId: 'devices/2', name: 'Jack', startAt: 3_000, endAt: 5_000, source: 'csrc', confidence: 1 },
    { participantId: 'devices/1', name: 'Ada', startAt: 4_000, endAt: 4_500.4, source: 'csrc', confidence: 1 },
    { startAt: 6_000, endAt: 7_000, source: 'track', confidence: 0.5 },
  ],
} as const

it('tells every change of who speaks, in time order, one array a line', () => {
  const [diarization = ''] = writeBeside(mkdtempSync(join(tmpdir(), 'remora-beside-')), PEOPLE)
  const lines = readFileSync(diarization, 'utf8').trim().split('\n')
  expect(lines.flatMap((line) => JSON.parse(line)).map(({ name, id, timestamp, isSpeaking }) => [name, id, timestamp, isSpeaking])).toEqual(
    [
      ['Jack', 2, 3_000, true],
      ['Ada', 1, 4_000, true],
      ['Ada', 1, 4_500, false],
      ['Jack', 2, 5_000, false],
      ['', null, 6_000, true],
      ['', null, 7_000, false],
    ],
  )
})

it('tells who was there, and from when to when', () => {
  const [, participants = ''] = writeBeside(mkdtempSync(join(tmpdir(), 'remora-beside-')), PEOPLE)
  expect(JSON.parse(readFileSync(participants, 'utf8'))).toEqual([
    { id: 1, name: 'Ada', is_host: true, is_bot: false, joined_at: '1970-01-01T00:00:01.000Z', left_at: null },
    { id: 2, name: 'Jack', is_host: false, is_bot: false, joined_at: '1970-01-01T00:00:02.000Z', left_at: '1970-01-01T00:00:09.000Z' },
  ])
})

it('names a file by its bot and where it is below the folder of that bot', () => {
  const uuid = '0b5c'
  expect(artifactKey(uuid, `/data/recordings/${uuid}/recording.mp4`)).toBe(`${uuid}/recording.mp4`)
  expect(artifactKey(uuid, `C:\\data\\${uuid}\\screenshots\\01.jpg`)).toBe(`${uuid}/screenshots/01.jpg`)
  expect(artifactKey(uuid, '/elsewhere/recording.mp4')).toBe(`${uuid}/recording.mp4`)
})
