import fs, { mkdtempSync, readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { EventLog } from '../../../src/bot/event-log.ts'
import { callBot, comes } from './scripted-call.ts'

const real = fs.writeSync
/** A disk that takes so many bytes more. */
function disk(left: number): { left: number } {
  const room = { left }
  fs.writeSync = ((file: number, line: Buffer) => {
    if (room.left <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    const taken = real(file, line.subarray(0, room.left))
    room.left -= taken
    return taken
  }) as typeof real
  syncBuiltinESMExports()
  return room
}
afterEach(() => {
  fs.writeSync = real
  syncBuiltinESMExports()
})

const newPath = () => join(mkdtempSync(join(tmpdir(), 'remora-log-')), 'bot', 'events.jsonl')
const eventsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event)

it('keeps the lines a full disk refuses, and writes them whole when there is room again', () => {
  const refused = vi.fn()
  const log = new EventLog(newPath(), refused)
  log.open()
  const room = disk(50)
  for (const event of ['one', 'two', 'three']) log.write(event, 1, { some: 'data' })
  room.left = Number.POSITIVE_INFINITY
  log.write('four', 2, {})
  log.close()
  expect(eventsIn(log.path)).toEqual(['one', 'two', 'three', 'four'])
  expect(refused).toHaveBeenCalledTimes(1)
})

it('says in its place that something could not be written as JSON', () => {
  const log = new EventLog(newPath())
  log.open()
  log.write('warning', 1, { count: 1n })
  expect(readFileSync(log.path, 'utf8')).toContain('"unwritable":"TypeError')
  log.close()
})

it('is opened once: a log that was closed stays closed', () => {
  const log = new EventLog(newPath())
  log.open()
  log.write('one', 1, {})
  log.close()
  log.open()
  log.write('two', 2, {})
  expect(eventsIn(log.path)).toEqual(['one'])
})

it('full in the middle of a call, lets the bot live to its usual end, with one warning', async () => {
  const { bot } = callBot([comes(0, 'Ada'), { at: 0, sound: true }], { maxDurationMs: 60_000 })
  await bot.join()
  disk(0)
  const { reason, outcome, warnings } = await bot.done
  expect([outcome, reason]).toEqual(['completed', 'max_duration'])
  expect(warnings.map(({ code }) => code)).toEqual(['disk_slow'])
})
