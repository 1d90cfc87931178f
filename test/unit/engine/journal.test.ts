import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../src/core/logger.ts'
import { Journal } from '../../../src/engine/journal.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { IN_THE_CALL } from '../../../src/lab/fakes/scripted-bot.ts'
import type { BotFact } from '../../../src/store/port.ts'
import { A_MINUTE, newRig, requestFor } from './rig.ts'

const WHOLE = ['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'complete meeting_ended']

describe('when the store fails', () => {
  it('does not hold the bot up, and everything is written in order when it is back', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const { uuid, createdAt } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(100)
    const { record } = rig.store
    rig.store.record = () => Promise.reject(new Error('the database is away'))
    await rig.clock.run(10 * 60_000)
    expect((await rig.made[0]?.bot.done)?.outcome).toBe('completed')
    expect(await rig.events(uuid)).toEqual(['joining_call'])
    rig.store.record = record
    await rig.clock.run(31_000)
    expect(await rig.events(uuid)).toEqual(WHOLE)
    expect(await rig.record(uuid)).toMatchObject({ joinedAt: createdAt + 500, exitedAt: createdAt + 60_000 })
  })

  it('says no status twice when only the answer was lost', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const { record } = rig.store
    let calls = 0
    rig.store.record = async (...args: Parameters<typeof record>) => {
      const written = await record.apply(rig.store, args)
      if (++calls % 2 === 1) throw new Error('the connection broke after the commit')
      return written
    }
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(2 * 60_000)
    expect(await rig.events(uuid)).toEqual(WHOLE)
  })

  it('keeps only the newest of what piles up about people', async () => {
    const person = (n: number) => ({ id: `p${n}`, name: `P${n}`, joinedAt: n })
    const joins = Array.from({ length: 20 }, (_, n) => ({ atMs: 2_000 + n * 6_000, joins: person(n) }))
    const rig = await newRig({ life: () => ({ steps: [...IN_THE_CALL, ...joins] }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(1_500)
    const { record } = rig.store
    const facts: BotFact[] = []
    rig.store.record = () => Promise.reject(new Error('the database is away'))
    await rig.clock.run(3 * 60_000)
    rig.store.record = async (...args: Parameters<typeof record>) => {
      facts.push(args[1])
      return record.apply(rig.store, args)
    }
    await rig.clock.run(31_000)
    expect(facts.length).toBeLessThanOrEqual(2)
    expect((await rig.record(uuid)).participants).toHaveLength(20)
  })
})

describe('a journal', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('writes a fact that is said %i steps after the one before it was written', async (steps) => {
    const facts: BotFact[] = []
    let written: () => void = () => {}
    const first = new Promise<void>((resolve) => {
      written = resolve
    })
    const record = async (_: string, fact: BotFact) => {
      facts.push(fact)
      written()
      return {}
    }
    const clock = new FakeClock()
    const parts = { store: { record } as never, clock, logger: silentLogger, uuid: 'u', by: 'run', onSaid() {}, onLost() {} }
    const journal = new Journal(parts)
    journal.patch({ durationMs: 1 })
    await first
    for (let step = 0; step < steps; step++) await Promise.resolve()
    journal.patch({ durationMs: 2 })
    await journal.settled()
    expect(facts.map(({ patch }) => patch?.durationMs)).toEqual([1, 2])
  })
})

it('a recording that could not be finished is finished later, and has its link then', async () => {
  let isFull = true
  const rig = await newRig({
    life: ({ uuid }) => ({
      ...A_MINUTE,
      media: {
        start: async () => ({ startedAt: 0 }),
        finish: async () => {
          mkdirSync(join(rig.outputDir, uuid))
          const pcm = join(rig.outputDir, uuid, 'audio.pcm')
          writeFileSync(pcm, 'sound')
          return { pcm, startedAt: 1, durationMs: 59_000, gaps: [] }
        },
      },
    }),
    recover: async (dir) => {
      if (isFull) throw new Error('the disk is full')
      writeFileSync(join(dir, 'recording.mp4'), 'whole')
      return { mp4: join(dir, 'recording.mp4'), pcm: join(dir, 'audio.pcm'), startedAt: 1, durationMs: 59_000, gaps: [] }
    },
  })
  const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
  await rig.clock.run(10 * 60_000)
  expect((await rig.events(uuid)).at(-1)).toBe('complete meeting_ended')
  isFull = false
  await rig.clock.run(20 * 60_000)
  const bot = await rig.record(uuid)
  expect(bot).toMatchObject({ files: { mp4: join(rig.outputDir, uuid, 'recording.mp4') }, keepAt: null })
  expect(await rig.engine.links(bot)).toMatchObject({ mp4: `https://files.test/${uuid}/recording.mp4` })
})

describe('when files cannot be kept', () => {
  const withFile = (failures: number) =>
    newRig({
      concurrency: 1,
      life: () => ({
        ...A_MINUTE,
        media: {
          start: async () => ({ startedAt: 0 }),
          finish: async () => ({ mp4: import.meta.filename, startedAt: 1, durationMs: 59_000, gaps: [] }),
        },
      }),
    }).then((rig) => {
      rig.artifacts.failures = failures
      return rig
    })

  it('tries again, and the complete event has the link', async () => {
    const rig = await withFile(4)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(60_500)
    expect((await rig.events(uuid)).at(-1)).toBe('call_ended')
    await rig.clock.run(60_000)
    const last = (await rig.store.outbox.of(uuid)).at(-1)
    expect(last?.data).toMatchObject({ event: 'complete', mp4: `https://files.test/${uuid}/journal.test.ts` })
  })

  it('frees the slot meanwhile', async () => {
    const rig = await withFile(4)
    await rig.engine.create(rig.accountId, requestFor(1))
    const second = await rig.engine.create(rig.accountId, requestFor(2))
    await rig.clock.run(60_500)
    expect(rig.made.at(-1)?.uuid).toBe(second.uuid)
  })

  it('waits no longer than that for an upload that hangs', async () => {
    const rig = await withFile(0)
    rig.artifacts.put = () => new Promise(() => {})
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(12 * 60_000)
    expect((await rig.events(uuid)).at(-1)).toBe('complete meeting_ended')
    expect((await rig.record(uuid)).keepAt).toBeGreaterThan(0)
  })

  it('waits for no link that hangs', async () => {
    const rig = await withFile(0)
    rig.artifacts.link = () => new Promise(() => {})
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(2 * 60_000)
    expect((await rig.store.outbox.of(uuid)).at(-1)?.data).toMatchObject({ event: 'complete', mp4: '' })
  })

  it.each(['put', 'link'] as const)('an engine that stops waits for no %s that hangs, and leaves no timer behind', async (what) => {
    const rig = await withFile(0)
    rig.artifacts[what] = () => new Promise<never>(() => {})
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(61_000)
    const stopped = rig.engine.stop({ graceMs: 1_000 })
    await rig.clock.run(7_000)
    await stopped
    expect(rig.clock.waiting).toBe(0)
  })

  it('an engine that stops while it keeps behind the event leaves no timer behind', async () => {
    const rig = await withFile(1_000)
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(11 * 60_000)
    let asked = 0
    rig.artifacts.put = () => {
      asked++
      return new Promise(() => {})
    }
    await rig.clock.run(5 * 60_000)
    expect(asked).toBe(1)
    await rig.engine.stop()
    expect(rig.clock.waiting).toBe(0)
  })

  it('does not lose the complete event: after ten minutes it goes without that link, and the file stays', async () => {
    const rig = await withFile(1_000)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(12 * 60_000)
    expect((await rig.store.outbox.of(uuid)).at(-1)?.data).toMatchObject({ event: 'complete', mp4: '' })
    expect((await rig.record(uuid)).files.mp4).toBe(import.meta.filename)
  })

  it('is tried on behind the event, ever more seldom, until the file is kept', async () => {
    const rig = await withFile(1_000)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(12 * 60_000)
    const tried = () => 1_000 - rig.artifacts.failures
    const before = tried()
    await rig.clock.run(24 * 3_600_000)
    const inADay = tried() - before
    expect(inADay).toBeGreaterThan(20)
    expect(inADay).toBeLessThan(40)
    rig.artifacts.failures = 0
    await rig.clock.run(3_700_000)
    expect(rig.artifacts.kept.get(`${uuid}/journal.test.ts`)).toBe(import.meta.filename)
    expect((await rig.record(uuid)).keepAt).toBe(null)
  })

  it('is tried on after a restart', async () => {
    const rig = await withFile(1_000)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(12 * 60_000)
    const stopped = rig.engine.stop()
    await rig.clock.run(10_000)
    await stopped
    const { clock, store } = rig
    const next = await newRig({ clock, store })
    await clock.run(10 * 60_000)
    expect(next.artifacts.kept.has(`${uuid}/journal.test.ts`)).toBe(true)
  })

  it('is not put back by a try that ends after the data was removed', async () => {
    const rig = await withFile(1_000)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(12 * 60_000)
    rig.artifacts.failures = 0
    const put = rig.artifacts.put.bind(rig.artifacts)
    let go: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    rig.artifacts.put = async (file) => {
      await gate
      await put(file)
    }
    await rig.clock.run(10 * 60_000)
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('deleted')
    go()
    await expect.poll(() => rig.artifacts.kept.size).toBe(0)
    await rig.clock.run(60_000)
    expect([rig.artifacts.kept.size, (await rig.record(uuid)).keepAt]).toEqual([0, null])
  })
})
