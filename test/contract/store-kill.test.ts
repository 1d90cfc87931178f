import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import Libsql from 'libsql'
import { afterAll, expect, it } from 'vitest'
import { sampleUuid } from '../../src/lab/contracts/store-samples.ts'
import type { BotStore } from '../../src/store/port.ts'
import { sqliteStore } from '../../src/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'remora-kill-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A writer of bots from number `first` on, killed once it has said so many lines; gives all the lines that came out. */
async function killedAfter(lines: number, path: string, first: number): Promise<readonly string[]> {
  const script = resolve(import.meta.dirname, 'store-writer.ts')
  const writer: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (writer.stdout === null) throw new Error('the writer has no output')
  const gone = once(writer, 'exit')
  const said: string[] = []
  for await (const line of createInterface({ input: writer.stdout })) {
    said.push(line)
    // It goes on writing meanwhile: the kill finds it anywhere.
    if (said.length === lines) writer.kill('SIGKILL')
  }
  const [code, signal] = await gone
  expect([code, signal]).toEqual([null, 'SIGKILL'])
  return said
}

/** Whether what a line says is in the store. */
async function isKept(store: BotStore, line: string): Promise<boolean> {
  const [number, what, count] = line.split(' ')
  const uuid = sampleUuid(Number(number))
  const [bot, history, letters] = [await store.get(uuid), await store.history(uuid), await store.outbox.of(uuid)]
  if (what === 'created') return bot !== undefined
  if (what === 'ended') return bot?.phase === 'ended'
  if (what === 'step') return history.length >= Number(count)
  return letters.filter(({ state }) => state === 'delivered').length >= Number(count)
}

it('keeps every acknowledged write of processes killed in the middle of writing', { timeout: 60_000 }, async () => {
  const path = join(folder, 'bots.db')
  const lines = (await Promise.all([17, 44, 90].map((count, round) => killedAfter(count, path, 1_000 * (round + 1))))).flat()
  // One more, over what the killed ones left behind.
  lines.push(...(await killedAfter(25, path, 9_000)))
  const raw = new Libsql(path)
  expect(raw.prepare('pragma integrity_check').all([])).toEqual([{ integrity_check: 'ok' }])
  raw.close()
  const store = sqliteStore({ path })
  await store.open()
  try {
    const lost: string[] = []
    for (const line of lines) if (!(await isKept(store, line))) lost.push(line)
    expect(lost).toEqual([])
    expect(lines.length).toBeGreaterThanOrEqual(17 + 44 + 90 + 25)
    // A fact is whole or not at all: its patch, its history and its event came together.
    for (const n of new Set(lines.map((line) => Number.parseInt(line, 10)))) {
      const [bot, history, letters] = [
        await store.get(sampleUuid(n)),
        await store.history(sampleUuid(n)),
        await store.outbox.of(sampleUuid(n)),
      ]
      expect([n, letters.length, bot?.durationMs ?? 0]).toEqual([n, history.length, history.length])
    }
  } finally {
    await store.close()
  }
})
