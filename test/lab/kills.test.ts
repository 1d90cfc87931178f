import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/server.ts'
import { findFfmpeg } from '../../src/media/ffmpeg.ts'
import { recover } from '../../src/media/finish.ts'
import { decode, newBot, newFolder, PEOPLE, processesWith, quickLab, sharedBrowser } from './meeting.ts'

let lab: Lab
beforeAll(async () => {
  lab = await quickLab()
})
afterAll(() => lab.close())

it('keeps the recording when the browser is killed', async () => {
  const mark = `--remora-mark=${randomUUID()}`
  const browser = sharedBrowser(lab, [mark])
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const bot = newBot(room.url, browser)
  await bot.join()
  await new Promise((resolve) => setTimeout(resolve, 5_000)) // something to lose
  const killedAt = Date.now()
  const [main] = processesWith(mark).filter(({ command }) => !command.includes('--type='))
  process.kill(main?.pid ?? 0, 'SIGKILL')
  const result = await bot.done
  await browser.close()
  expect(result).toMatchObject({ outcome: 'completed', reason: 'browser_crashed', truncated: true })
  const kept = decode(result.mp4 ?? '', 48_000).length / 48
  expect(killedAt - result.startedAt - kept).toBeLessThan(2_000)
})

it('keeps the recording when its own process is killed, finished by recover, twice alike', async () => {
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const out = newFolder()
  const args = [
    'src/cli/main.ts',
    'join',
    room.url,
    '--out',
    out,
    '--no-sandbox',
    ...lab.chromiumArgs.flatMap((arg) => ['--browser-arg', arg]),
  ]
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data) => {
      said += String(data)
      if (said.includes('in_call_recording')) resolve()
    })
    child.once('exit', () => reject(new Error(`ended early: ${said}`)))
  })
  await new Promise((resolve) => setTimeout(resolve, 5_000)) // something to lose
  const killedAt = Date.now()
  child.removeAllListeners('exit')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  const [id] = readdirSync(out)
  const dir = join(out, id ?? '')
  await expect.poll(() => processesWith(join(dir, 'audio.part0.aac')).length, { timeout: 10_000 }).toBe(0)
  const files = await recover(dir, findFfmpeg())
  expect(existsSync(files?.audio ?? '')).toBe(true)
  const kept = decode(files?.mp4 ?? '', 48_000).length / 48
  expect(killedAt - (files?.startedAt ?? 0) - kept).toBeLessThan(2_000)
  const size = statSync(files?.mp4 ?? '').size
  expect((await recover(dir, findFfmpeg()))?.durationMs).toBe(files?.durationMs)
  expect(statSync(files?.mp4 ?? '').size).toBe(size)
})
