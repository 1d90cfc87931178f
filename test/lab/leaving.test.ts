import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { chromiumProvider } from '../../src/browser/chromium.ts'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { decode, newBot, PEOPLE, pathOf, quickLab, SANDBOX, sharedBrowser } from './meeting.ts'

let lab: Lab
let browser: BrowserProvider
beforeAll(async () => {
  lab = await quickLab()
  browser = sharedBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

const room = (more: Record<string, unknown> = {}) => lab.room({ platform: 'meet', people: PEOPLE, lobby: false, ...more } as never)

it('can be told to leave before it was ever sent', async () => {
  const bot = newBot('https://meet.google.com/abc-defg-hij', browser)
  await bot.leave()
  expect(pathOf(bot)).toEqual(['call_ended', 'failed'])
  expect((await bot.done).reason).toBe('LEFT_BEFORE_RECORDING')
  await expect(bot.join()).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
})

it('can be told to leave between admission and the first recorded moment', async () => {
  const meeting = await room()
  const bot = newBot(meeting.url, browser)
  bot.on('status', ({ to }) => to === 'in_call_not_recording' && void bot.leave())
  await expect(bot.join()).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
  expect(pathOf(bot)).toEqual(['joining_call', 'in_call_not_recording', 'call_ended', 'failed'])
  expect((await bot.done).mp4).toBeUndefined()
  expect(meeting.truth.events.some(({ type, state }) => type === 'state' && state === 'left')).toBe(true)
})

it('waits for its files when it is told to leave a call that has ended', async () => {
  const meeting = await room()
  const bot = newBot(meeting.url, browser)
  const left = new Promise<void>((resolve) => {
    bot.on('status', ({ to }) => to === 'call_ended' && resolve(bot.leave('too late')))
  })
  await bot.join()
  meeting.end()
  await left
  const result = await bot.done
  expect(result).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  expect(existsSync(result.mp4 ?? '')).toBe(true)
  await bot.leave('again')
  expect(pathOf(bot).filter((status) => status === 'call_ended')).toHaveLength(1)
})

/** A screen nobody sees; its number as it says itself. */
async function screen(): Promise<string> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.stdio[3]?.once('data', (data: Buffer) => resolve(`:${String(data).trim()}`))
  })
}

it('records with a window under Xvfb as it does without one', async () => {
  const env = { ...process.env, DISPLAY: await screen() }
  const window = chromiumProvider({ sandbox: SANDBOX, headless: false, args: lab.chromiumArgs, env })
  onTestFinished(() => window.close())
  const meeting = await room()
  const bot = newBot(meeting.url, window)
  const heard = bot.audio()[Symbol.asyncIterator]()
  await bot.join()
  for (let loud = false; !loud; ) {
    const { value } = await heard.next()
    loud = value.pcm.some((sample: number) => Math.abs(sample) > 2_000)
  }
  await bot.leave()
  const { mp4 = '' } = await bot.done
  expect(Math.max(...decode(mp4, 8_000))).toBeGreaterThan(2_000)
})
