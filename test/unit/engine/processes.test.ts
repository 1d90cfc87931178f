import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { endMarked, quiet, RUN_MARK } from '../../../src/engine/leftovers.ts'
import { newRunId, vitalOf } from '../../../src/engine/run-id.ts'
import { Runs } from '../../../src/engine/runs.ts'
import { MemoryStore } from '../../../src/store/memory-store.ts'

const children: ChildProcess[] = []
/** A program that does nothing until it is ended; in its arguments, these; in its environment, those. */
async function idle(args: readonly string[] = [], env: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9); console.log("up")', '--', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** The id a run of this process would have. */
const runOf = (pid: number, began: string) => newRunId().replace(/^([^:]+):\d+:\d+:/, `$1:${pid}:${began}:`)

describe.runIf(process.platform === 'linux')('processes of this machine', () => {
  it('knows a dead process, a living one, and a pid that was given to somebody else', async () => {
    const child = await idle()
    const pid = child.pid ?? 0
    const other = await new Promise<string>((resolve) => {
      const url = new URL('../../../src/engine/run-id.ts', import.meta.url).href
      const script = `import(${JSON.stringify(url)}).then(({ newRunId }) => console.log(newRunId())); setInterval(() => {}, 1e9)`
      const teller = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(teller)
      teller.stdout.once('data', (data) => resolve(String(data).trim()))
    })
    expect(vitalOf(other)).toBe('alive')
    expect(vitalOf(runOf(pid, '1'))).toBe('dead')
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    expect(vitalOf(runOf(pid, '1'))).toBe('dead')
    expect(vitalOf(newRunId())).toBe('unknown')
    expect(vitalOf('elsewhere:1:1:x')).toBe('unknown')
  })

  it('ends what a dead run started, and nothing else', async () => {
    const run = newRunId()
    const [marked, similar, plain] = [await idle([], { [RUN_MARK]: run }), await idle([], { [RUN_MARK]: `${run}0` }), await idle([run])]
    const ended = once(marked, 'exit')
    expect(endMarked(run)).toBe(1)
    await ended
    expect([similar.exitCode ?? similar.signalCode, plain.exitCode ?? plain.signalCode]).toEqual([null, null])
  })

  it('waits for a program that works in a folder, and ends it when it takes too long', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'remora-quiet-'))
    const [inside, beside] = [await idle([join(dir, 'audio.aac')]), await idle([`${dir}-other/audio.aac`])]
    await quiet(dir, systemClock, 200)
    expect(inside.signalCode ?? (await once(inside, 'exit'))).toBeTruthy()
    expect(beside.signalCode).toBe(null)
  })
})

describe('runs on a store', () => {
  it('takes a silent run of another machine for dead after its lease, not before', async () => {
    const runs = new Runs(new MemoryStore(), 'me', 60_000, () => 'unknown')
    const store = new MemoryStore()
    const seen = new Runs(store, 'me', 60_000, () => 'unknown')
    await store.beat('you', 1_000)
    await seen.beat(2_000)
    await seen.beat(3_000)
    expect([seen.dead('you', 61_000), seen.dead('you', 61_001), seen.dead('me', 1e12)]).toEqual([false, true, false])
    expect(runs.dead('never heard of', 0)).toBe(true)
  })

  it('believes neither its own clock nor another one: who beats between two looks lives', async () => {
    const store = new MemoryStore()
    const runs = new Runs(store, 'me', 60_000, () => 'unknown')
    await store.beat('behind', 1_000)
    await store.beat('ahead', 9_000_000)
    await runs.beat(1_000_000)
    expect([runs.dead('behind', 1_000_000), runs.dead('ahead', 1_000_000)]).toEqual([false, false])
    await store.beat('behind', 11_000)
    await store.beat('ahead', 9_010_000)
    await runs.beat(1_010_000)
    expect([runs.dead('behind', 1_010_000), runs.dead('ahead', 1_010_000)]).toEqual([false, false])
    await runs.beat(1_020_000)
    expect([runs.dead('behind', 1_020_000), runs.dead('ahead', 1_020_000)]).toEqual([true, true])
  })

  it('says nothing of a name it never heard of: it may be no run at all', () => {
    const runs = new Runs(new MemoryStore(), 'me', 60_000, () => 'unknown')
    expect(runs.gone('a sender', 0)).toBe(false)
    expect(new Runs(new MemoryStore(), 'me', 60_000, () => 'dead').gone('a run', 0)).toBe(true)
  })

  it('forgets a dead run without bots after a day', async () => {
    const store = new MemoryStore()
    const runs = new Runs(store, 'me', 60_000, () => 'dead')
    await store.beat('you', 1_000)
    await runs.beat(80_000_000)
    await runs.tidy(80_000_000, [])
    expect((await store.runs()).map(({ by }) => by)).toEqual(['me', 'you'])
    await runs.beat(90_000_000)
    await runs.tidy(90_000_000, [])
    expect((await store.runs()).map(({ by }) => by)).toEqual(['me'])
  })
})
