import { describe, expect, it } from 'vitest'
import type { CaptureTrouble } from '../../../src/bot/capture-watch.ts'
import { Remedy } from '../../../src/bot/remedy.ts'
import { callBot, comes, type Turn } from './scripted-call.ts'

type State = CaptureTrouble | 'well' | undefined
const STALLED: State = { why: 'video_stalled', audioContext: 'running' }
const MUTE: State = { why: 'audio_stalled', audioContext: 'suspended' }
const HUNG: State = { why: 'no_reports' }
const DEAD: State = { why: 'dead_track', track: 1, packets: 50, participants: ['Ada'] }

/** What is due in each of so many seconds, as "second what". */
function play(seconds: number, state: (second: number) => State, heard = false): readonly string[] {
  const remedy = new Remedy()
  return Array.from({ length: seconds }, (_, second) => remedy.due(state(second), heard, second * 1_000)).flatMap((due, second) =>
    due === undefined ? [] : [`${second} ${due}`],
  )
}

describe('a stalled capture', () => {
  it.each([
    ['sound', MUTE],
    ['picture', STALLED],
  ])('is begun again after 15 seconds without %s, and ever more rarely', (_, state) => {
    expect(play(500, () => state)).toEqual(['15 restart', '75 restart', '195 restart', '435 restart'])
  })

  it('is begun again a minute later at the soonest, however often it recovers', () => {
    expect(play(130, (second) => (second % 20 === 0 ? 'well' : MUTE))).toEqual(['16 restart', '76 restart'])
  })

  it('is let be where it recovers by itself', () => expect(play(300, (second) => (second % 14 === 0 ? 'well' : MUTE))).toEqual([]))
})

it('another page is due after a minute without a report', () =>
  expect(play(62, () => HUNG)).toEqual(['60 another page', '61 another page']))

it.each<[string, State, boolean]>([
  ['frames come without reports', HUNG, true],
  ['one voice is dead', DEAD, true],
  ['nothing is known', undefined, false],
  ['all is well', 'well', true],
])('nothing is due while %s', (_, state, heard) => expect(play(600, () => state, heard)).toEqual([]))

it('a capture that stalls in the call is begun again on its page, into the same recording', async () => {
  const did: string[] = []
  const turns: readonly Turn[] = [
    comes(0, 'Ada'),
    { at: 0, sound: true, reports: true },
    { at: 10_000, sound: null, reports: { samples: 0, audioContext: 'suspended' } },
    { at: 30_000, sound: true, reports: true },
    { at: 60_000, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } },
  ]
  const { bot, pages } = callBot(turns, {}, { did })
  await bot.join()
  const { warnings } = await bot.done
  expect([did.filter((what) => /arm|commit/.test(what)), pages()]).toEqual([['arm', 'commit', 'arm'], 1])
  expect(warnings).toMatchObject([{ code: 'capture_gap', details: { why: 'stalled' } }])
})
