import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { command } from '../../src/lab/control.ts'
import type { Lab } from '../../src/lab/server.ts'
import { newFolder, PEOPLE, quickLab, SANDBOX } from './meeting.ts'

let lab: Lab
beforeAll(async () => {
  lab = await quickLab()
})
afterAll(() => lab.close())

const FOLDER = '.cache/readme'

it('the first example of the README runs as it is written', async () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  const room = await lab.room({ platform: 'meet', people: PEOPLE } as never)
  const browser = { args: lab.chromiumArgs, sandbox: SANDBOX }
  // Only where it happens is changed: the meeting, the folder, and the arguments that lead a browser to the lab.
  const code = example
    .replace('https://meet.google.com/abc-defg-hij', room.url)
    .replace('new MeetingBot({', `new MeetingBot({ browser: ${JSON.stringify(browser)}, outputDir: ${JSON.stringify(newFolder())},`)
  expect(code).not.toBe(example)
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, 'example.ts')
  writeFileSync(file, code)
  // The package is imported by its own name, as an app does: what runs is what was built.
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data) => {
    said += String(data)
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.stdout.on('data', (data) => {
    said += String(data)
    if (/^in_waiting_room/m.test(String(data))) command(room, 'admit')
    if (/^in_call_recording/m.test(String(data))) room.end()
  })
  expect(await ended, said).toBe(0)
  expect(said).toMatch(/^completed meeting_ended .*recording\.mp4/m)
  rmSync(FOLDER, { recursive: true })
})
