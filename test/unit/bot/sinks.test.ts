import { describe, expect, it } from 'vitest'
import type { MediaSink } from '../../../src/media/capture-port.ts'
import { callBot, comes, type Turn } from './scripted-call.ts'

const ENDED: readonly Turn[] = [
  comes(0, 'Ada'),
  { at: 0, sound: true },
  { at: 20_000, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } },
]
const sink = (name: string, more: Partial<MediaSink>): MediaSink => ({ name, write() {}, close: async () => {}, ...more })

describe('a sink that cannot be closed', () => {
  it.each<[string, () => Promise<void>]>([
    ['never ends', () => new Promise(() => {})],
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
  ])('because it %s costs nothing of the recording, and is told of', async (_, close) => {
    const did: string[] = []
    const closed: string[] = []
    const sinks = [sink('theirs', { close }), sink('other', { close: async () => void closed.push('other') })]
    const { bot } = callBot(ENDED, {}, { did, sinks })
    await bot.join()
    const { outcome, reason, warnings } = await bot.done
    expect([outcome, reason, did.includes('finish'), closed]).toEqual(['completed', 'meeting_ended', true, ['other']])
    expect(warnings).toMatchObject([{ code: 'stream_dropped', details: { sink: 'theirs' } }])
  })
})

it('a sink that fails in the call is fed no more, and closed at the end', async () => {
  let [written, closed] = [0, 0]
  const write = () => {
    written++
    throw new Error('full')
  }
  const { bot } = callBot(ENDED, {}, { sinks: [sink('theirs', { write, close: async () => void closed++ })] })
  await bot.join()
  const { warnings } = await bot.done
  expect([written, closed, warnings.length]).toEqual([1, 1, 1])
})

it('files are finished while sinks close', async () => {
  let finishing = () => {}
  const finished = new Promise<void>((resolve) => {
    finishing = resolve
  })
  const { bot } = callBot(ENDED, {}, { finish: async () => finishing(), sinks: [sink('slow', { close: () => finished })] })
  await bot.join()
  expect((await bot.done).warnings).toEqual([])
})
