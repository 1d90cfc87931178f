import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { BotParts } from '../../../src/bot/parts.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { MeetingBot } from '../../../src/meeting-bot.ts'
import { definePlatform, type PlatformAdapter } from '../../../src/platform/adapter.ts'
import { defineControls } from '../../../src/platform/controls.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'remora-audio-'))

const platform = definePlatform({
  id: 'shut',
  controls: defineControls({ door: { clues: [{ css: 'b' }] } }),
  parse: ({ hostname }) => (hostname === 'meeting.test' ? { platform: 'shut', id: 'm', joinUrl: 'https://meeting.test/m' } : undefined),
  facts: () => () => [],
  join: async () => ({}),
  async *observe() {},
  devicesOff: async () => {},
  act: () => ({ layout: async () => false, audioOnly: async () => false }),
  leave: async () => {},
}) as PlatformAdapter

/** A bot that ends before there is a recording. */
function shortLived({
  meetingUrl = 'https://meeting.test/m',
  outputDir = folder(),
  ...parts
}: Partial<BotParts> & Record<string, unknown>) {
  const close = vi.fn(async () => {})
  const bot = new MeetingBot(
    { meetingUrl: String(meetingUrl), botName: 'Notes', outputDir: String(outputDir) },
    {
      clock: new FakeClock({ auto: true }),
      browser: { open: () => Promise.reject(new Error('no browser')), close: async () => {} },
      platforms: [platform],
      sinks: [{ name: 'mine', write: () => {}, close }],
      ...parts,
    },
  )
  return { bot, close }
}

function blocked(): string {
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  return join(file, 'recordings')
}

const readAll = async (bot: MeetingBot) => {
  for await (const _ of bot.audio());
}

describe('the audio of a bot that ends before it records', () => {
  const joined = async (bot: MeetingBot) => void (await bot.join().catch(() => {}))
  const createRecorder = () => {
    throw new Error('no recorder')
  }
  it.each<[string, string, Parameters<typeof shortLived>[0], (bot: MeetingBot) => Promise<void>]>([
    ['a link to nowhere', 'INVALID_MEETING_URL', { meetingUrl: 'https://elsewhere.test/m' }, joined],
    ['no folder', 'STORAGE_FAILED', { outputDir: blocked() }, joined],
    ['no wish to join', 'LEFT_BEFORE_RECORDING', {}, (bot) => bot.leave()],
    ['no recorder', 'INTERNAL', { createRecorder }, joined],
    ['no browser', 'INTERNAL', {}, joined],
  ])('ends with it for %s, and so do the other sinks', async (_, reason, how, end) => {
    const { bot, close } = shortLived(how)
    const before = readAll(bot)
    await end(bot)
    expect(await bot.done).toMatchObject({ reason })
    await before
    await readAll(bot)
    expect(close).toHaveBeenCalledTimes(1)
  })

  const stuck = () => {
    throw new Error('stuck')
  }
  it.each<[string, () => Promise<void>]>([
    ['cannot be closed', stuck],
    ['never closes', () => new Promise(() => {})],
  ])('ends also where another sink %s, which is told of', async (_, close) => {
    const { bot } = shortLived({ sinks: [{ name: 'mine', write: () => {}, close }] })
    const warned: string[] = []
    bot.on('warning', ({ code, message }) => warned.push(`${code} ${message}`))
    const before = readAll(bot)
    await bot.leave()
    await before
    expect((await bot.done).reason).toBe('LEFT_BEFORE_RECORDING')
    expect(warned).toEqual([expect.stringMatching(/^stream_dropped .*"mine"/)])
  })
})
