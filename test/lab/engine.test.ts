import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RUN_MARK } from '../../src/engine/leftovers.ts'
import type { Lab } from '../../src/lab/server.ts'
import { decode, newFolder, PEOPLE, processesWith, quickLab, SANDBOX } from './meeting.ts'

let lab: Lab
beforeAll(async () => {
  lab = await quickLab()
})
afterAll(() => lab.close())

interface Said {
  status?: string
  people?: number
  durationMs?: number
  end?: { bot: { ending: object; files: { mp4?: string }; participants: unknown[] }; history: { status: string }[] }
}

/** A program with an engine and one bot in this room, in a process group of its own, as a terminal gives it. */
function program(meetingUrl: string, mark: string) {
  const options = { meetingUrl, outputDir: newFolder(), args: [...lab.chromiumArgs, mark], sandbox: SANDBOX }
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/lab/engine-child.ts', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const heard: Said[] = []
  const until = (wanted: (said: Said) => boolean) =>
    new Promise<Said>((resolve, reject) => {
      const found = heard.find(wanted)
      if (found !== undefined) resolve(found)
      lines.on('line', (line) => {
        const said = JSON.parse(line)
        if (wanted(said)) resolve(said)
      })
      child.once('exit', () => reject(new Error(`ended early: ${JSON.stringify(heard.at(-1))}`)))
    })
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => heard.push(JSON.parse(line)))
  return { child, until, dir: options.outputDir }
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve))

it('survives a Ctrl-C to the whole process group: the bot leaves politely and its file is whole', async () => {
  const mark = `--remora-mark=${crypto.randomUUID()}`
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const { child, until } = program(room.url, mark)
  const live = await until(({ status, durationMs = 0, people = 0 }) => status === 'in_call_recording' && durationMs > 4_000 && people > 1)
  expect(live.people).toBeGreaterThanOrEqual(2)
  const over = ended(child)
  process.kill(-(child.pid ?? 0), 'SIGINT')
  const { end } = await until((said) => said.end !== undefined)
  await over
  expect(end?.bot.ending).toMatchObject({ outcome: 'completed', reason: 'process_ended', truncated: true })
  expect(end?.history.map(({ status }) => status)).toEqual([
    'joining_call',
    'in_call_not_recording',
    'in_call_recording',
    'call_ended',
    'completed',
  ])
  expect(decode(end?.bot.files.mp4 ?? '', 48_000).length / 48_000).toBeGreaterThan(3)
  expect(processesWith(mark)).toEqual([])
})

it('takes its browsers along when it is killed', async () => {
  const mark = `--remora-mark=${crypto.randomUUID()}`
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const { child, until, dir } = program(room.url, mark)
  await until(({ status }) => status === 'in_call_recording')
  // The program's own arguments hold the mark too.
  const browsers = processesWith(mark).filter(({ pid }) => pid !== child.pid)
  const [main] = browsers.filter(({ command }) => !command.includes('--type='))
  expect(readFileSync(`/proc/${main?.pid}/environ`, 'utf8')).toContain(`${RUN_MARK}=`)
  process.kill(child.pid ?? 0, 'SIGKILL')
  await expect.poll(() => processesWith(mark).length, { timeout: 10_000 }).toBe(0)
  await expect.poll(() => processesWith(join(dir, '')).length, { timeout: 10_000 }).toBe(0)
})
