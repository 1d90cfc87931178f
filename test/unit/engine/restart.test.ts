import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nextStatus, type Signal } from '../../../src/core/status.ts'
import { statusFact } from '../../../src/engine/facts.ts'
import { newRunId } from '../../../src/engine/run-id.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { IN_THE_CALL, type ScriptedLife } from '../../../src/lab/fakes/scripted-bot.ts'
import { MemoryStore } from '../../../src/store/memory-store.ts'
import type { BotRecord, BotRequest } from '../../../src/store/port.ts'
import { A_MINUTE, newRig, type RigOptions, requestFor, STAYS } from './rig.ts'

const MINUTE = 60_000
/** A run of this machine whose process is gone: no pid is that high. */
const deadRun = () => newRunId().replace(/^([^:]+):\d+:/, '$1:99999999:')
/** A run of some other machine. */
const farRun = () => `elsewhere:1:1:${newRunId().split(':')[3]}`

/** A second bot of theirs, claimed when they died, and not begun. */
async function claimed({ store, clock, by }: Awaited<ReturnType<typeof leftWith>>): Promise<string> {
  const uuid = crypto.randomUUID()
  const at = clock.now()
  await store.create({ uuid, accountId: 1, request: requestFor(2), meetingKey: 'meet:2', eventUuid: null, createdAt: at, joinAt: at })
  await store.claimDue({ now: at, by, limit: 1 })
  return uuid
}

/** A store as a dead process left it: bots claimed by it, each as far as these signals. */
async function leftWith(
  signals: readonly { signal: Signal; reason?: string }[],
  { by = deadRun(), request }: { by?: string; request?: Partial<BotRequest> } = {},
) {
  const clock = new FakeClock({ limitMs: 1e12 })
  const store = new MemoryStore()
  // The account of the rig's first key is made by a first, short-lived engine.
  await (await newRig({ clock, store })).engine.stop()
  const createdAt = clock.now()
  const uuid = crypto.randomUUID()
  await store.create({
    uuid,
    accountId: 1,
    request: requestFor(1, request),
    meetingKey: 'meet:x',
    eventUuid: null,
    createdAt,
    joinAt: createdAt,
  })
  await store.beat(by, createdAt)
  const [claimed] = await store.claimDue({ now: createdAt, by, limit: 1 })
  let bot = claimed as BotRecord
  for (const { signal, reason } of signals) {
    await clock.run(1_000)
    const to = nextStatus(bot.status, signal)
    if (to === undefined) throw new Error(`no ${signal} from ${bot.status}`)
    bot = (await store.record(
      uuid,
      statusFact(bot, { from: bot.status, to, at: clock.now(), ...(reason === undefined ? {} : { reason }) }),
    )) as BotRecord
  }
  return { clock, store, uuid, by }
}

const IN_CALL = [{ signal: 'start' }, { signal: 'admitted' }, { signal: 'recording' }] as const

/** What `recover` finds: ten seconds, with files. */
function recovered(clock: FakeClock): NonNullable<RigOptions['recover']> {
  return async (dir) => {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'recording.mp4'), 'whole')
    return { mp4: join(dir, 'recording.mp4'), startedAt: clock.now() - 10_000, durationMs: 9_000, gaps: [] }
  }
}

describe('after the death of the process', () => {
  it('ends a bot that recorded as completed, with its file, and says nothing twice', async () => {
    const left = await leftWith(IN_CALL)
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    await rig.clock.run(1_000)
    await expect.poll(async () => (await rig.record(left.uuid)).phase).toBe('ended')
    expect(await rig.record(left.uuid)).toMatchObject({
      durationMs: 9_000,
      ending: { outcome: 'completed', reason: 'process_ended', responsible: 'us', truncated: true },
    })
    const told = await rig.events(left.uuid)
    expect(told).toEqual(['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'complete process_ended'])
    expect((await rig.store.outbox.of(left.uuid)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
    expect((await rig.store.outbox.of(left.uuid)).at(-1)?.data).toMatchObject({ mp4: `https://files.test/${left.uuid}/recording.mp4` })
    expect(rig.made).toEqual([])
  })

  it.each([
    ['on its way', [{ signal: 'start' }]],
    ['in the lobby', [{ signal: 'start' }, { signal: 'lobby' }]],
    ['admitted, with nothing recorded yet', [{ signal: 'start' }, { signal: 'admitted' }]],
  ] as const)('ends a bot that was %s as failed', async (_, signals) => {
    const left = await leftWith(signals)
    const rig = await newRig(left)
    await expect.poll(async () => (await rig.record(left.uuid)).ending).toMatchObject({ outcome: 'failed', reason: 'PROCESS_ENDED' })
    expect((await rig.events(left.uuid)).slice(signals.length)).toEqual(['meeting_error', 'failed InternalError'])
  })

  it('keeps the reason of one that was out already', async () => {
    const left = await leftWith([...IN_CALL, { signal: 'ended', reason: 'meeting_ended' }])
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    await expect.poll(async () => (await rig.record(left.uuid)).ending).toMatchObject({ reason: 'meeting_ended', truncated: false })
    expect((await rig.events(left.uuid)).slice(3)).toEqual(['call_ended', 'complete meeting_ended'])
  })

  it('keeps the reason of one that was out of a call nobody joined: a failure, with its file', async () => {
    const left = await leftWith([...IN_CALL, { signal: 'ended', reason: 'NOONE_JOINED' }])
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    await expect.poll(async () => (await rig.record(left.uuid)).ending).toMatchObject({ outcome: 'failed', reason: 'NOONE_JOINED' })
    expect((await rig.events(left.uuid)).slice(3)).toEqual(['call_ended', 'failed TimeoutWaitingToStart'])
  })

  it('sends a bot that was claimed but had not begun', async () => {
    const left = await leftWith([])
    const rig = await newRig(left)
    await rig.clock.run(2_000)
    expect(await rig.statuses(left.uuid)).toEqual(['joining_call', 'in_call_not_recording', 'in_call_recording'])
  })

  it('does not send one that was told to leave before it had begun', async () => {
    const left = await leftWith([])
    await left.store.record(left.uuid, { at: left.clock.now(), patch: { isStopped: true } })
    const rig = await newRig(left)
    await rig.clock.run(MINUTE)
    expect(rig.made).toEqual([])
    expect(await rig.events(left.uuid)).toEqual(['call_ended', 'failed CannotJoinMeeting'])
  })

  it('sends each of more than there are slots for once, one after the other', async () => {
    const left = await leftWith([])
    const [first] = [left.uuid]
    for (const n of [2, 3]) {
      const uuid = crypto.randomUUID()
      const at = left.clock.now()
      await left.store.create({
        uuid,
        accountId: 1,
        request: requestFor(n),
        meetingKey: `meet:${n}`,
        eventUuid: null,
        createdAt: at,
        joinAt: at,
      })
      await left.store.claimDue({ now: at, by: left.by, limit: 1 })
    }
    const rig = await newRig({ ...left, concurrency: 1, life: () => A_MINUTE })
    await rig.clock.run(5 * MINUTE)
    const sent = rig.made.map(({ uuid }) => uuid)
    expect([sent.length, new Set(sent).size, sent[0]]).toEqual([3, 3, first])
  })

  it('what it was sending goes out at once', async () => {
    const left = await leftWith(IN_CALL)
    await left.store.outbox.claim({ by: left.by, now: left.clock.now(), limit: 1, leaseMs: 30_000 })
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    expect(await rig.store.outbox.holders()).toEqual([])
  })

  it('tries again when the files cannot be finished at first', async () => {
    const left = await leftWith(IN_CALL)
    let tries = 0
    const rig = await newRig({
      ...left,
      recover: async (dir) => {
        if (++tries < 3) throw new Error('the disk is full')
        return recovered(left.clock)(dir)
      },
    })
    await rig.clock.run(10_000)
    await expect.poll(async () => (await rig.record(left.uuid)).ending?.outcome).toBe('completed')
  })

  it('can die again in the middle of it', async () => {
    const left = await leftWith(IN_CALL)
    const halfway = await newRig({ ...left, recover: () => new Promise(() => {}) })
    await halfway.clock.run(1_000)
    const given = halfway.engine.stop({ graceMs: 0 })
    await halfway.clock.run(6_000)
    await given
    // This very process cannot be proven dead: the lease of the first one runs out.
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    await rig.clock.run(2 * MINUTE)
    await expect.poll(async () => (await rig.record(left.uuid)).phase).toBe('ended')
    expect((await rig.events(left.uuid)).slice(3)).toEqual(['call_ended', 'complete process_ended'])
  })
})

describe('bots that were due while nobody was there', () => {
  async function dueWhileAway(awayMs: number, options: RigOptions = {}) {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const before = await newRig({ clock, store })
    const { uuid } = await before.engine.create(before.accountId, requestFor(1, { startAt: clock.now() + MINUTE }))
    await before.engine.stop()
    await clock.run(MINUTE + awayMs)
    const rig = await newRig({ clock, store, ...options })
    await clock.run(1_000)
    return { rig, uuid }
  }

  it('join late within the window', async () => {
    const { rig, uuid } = await dueWhileAway(8 * MINUTE)
    expect((await rig.statuses(uuid))[0]).toBe('joining_call')
  })

  it('are reported missed after it', async () => {
    const { rig, uuid } = await dueWhileAway(12 * MINUTE)
    const { ending } = await rig.record(uuid)
    expect(ending).toMatchObject({ outcome: 'failed', reason: 'PROCESS_ENDED' })
    expect(ending?.message).toMatch(/missed.*12 minutes late/i)
    expect(await rig.events(uuid)).toEqual(['meeting_error', 'failed InternalError'])
    expect(rig.made).toEqual([])
  })

  it('join however late when nothing counts as missed', async () => {
    const { rig, uuid } = await dueWhileAway(600 * MINUTE, { missedAfterMs: null })
    expect((await rig.statuses(uuid))[0]).toBe('joining_call')
  })

  it('are missed also when the start that finds them dies in the middle of it', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const before = await newRig({ clock, store })
    const bots = []
    for (const n of [1, 2]) bots.push(await before.engine.create(before.accountId, requestFor(n, { startAt: clock.now() + MINUTE })))
    await before.engine.stop()
    await clock.run(60 * MINUTE)
    // As far as it came: one of them was claimed, and nothing else was written.
    await store.claimDue({ now: clock.now(), by: deadRun(), limit: 1 })
    const rig = await newRig({ clock, store })
    await rig.clock.run(MINUTE)
    expect(rig.made).toEqual([])
    for (const { uuid } of bots) expect((await rig.record(uuid)).ending).toMatchObject({ reason: 'PROCESS_ENDED', responsible: 'us' })
  })

  it('are not missed for having waited for a slot before a short restart', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const before = await newRig({ clock, store, concurrency: 1 })
    await before.engine.create(before.accountId, requestFor(1))
    const waiting = await before.engine.create(before.accountId, requestFor(2))
    await clock.run(60 * MINUTE)
    await before.engine.stop()
    await clock.run(5_000)
    const rig = await newRig({ clock, store, concurrency: 1 })
    await clock.run(1_000)
    expect((await rig.statuses(waiting.uuid))[0]).toBe('joining_call')
  })
})

describe('two engines on one store', () => {
  it('leaves the bots of a living one alone, wherever it lives', async () => {
    const left = await leftWith(IN_CALL, { by: farRun() })
    const rig = await newRig(left)
    for (let minute = 0; minute < 5; minute++) {
      await rig.store.beat(left.by, rig.clock.now())
      await rig.clock.run(50_000)
    }
    expect(await rig.record(left.uuid)).toMatchObject({ phase: 'running', claimedBy: left.by })
  })

  it('takes over the bots of one that has been silent for longer than its lease', async () => {
    const left = await leftWith(IN_CALL, { by: farRun() })
    const rig = await newRig({ ...left, recover: recovered(left.clock) })
    await rig.clock.run(40_000)
    expect((await rig.record(left.uuid)).claimedBy).toBe(left.by)
    await rig.clock.run(40_000)
    await expect.poll(async () => (await rig.record(left.uuid)).phase).toBe('ended')
  })

  it('sends each due bot once', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const [a, b] = [await newRig({ clock, store }), await newRig({ clock, store })]
    for (let n = 1; n <= 8; n++) await (n % 2 ? a : b).engine.create(a.accountId, requestFor(n, { startAt: clock.now() + MINUTE }))
    await clock.run(MINUTE + 1_000)
    const sent = [...a.made, ...b.made].map(({ uuid }) => uuid)
    expect(sent).toHaveLength(8)
    expect(new Set(sent).size).toBe(8)
  })

  it('ends a bot at the next beat when another engine is told to', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const a = await newRig({ clock, store })
    const { uuid } = await a.engine.create(a.accountId, requestFor(1))
    await clock.run(5_000)
    const b = await newRig({ clock, store })
    await b.engine.leave(a.accountId, uuid)
    await clock.run(11_000)
    expect((await a.events(uuid)).slice(-2)).toEqual(['call_ended', 'complete caller'])
  })

  it('never sends a bot that another engine was told to end while it waited for its slot here', async () => {
    const left = await leftWith([])
    const uuid = await claimed(left)
    // Over between two beats.
    const life: ScriptedLife = { steps: IN_THE_CALL, ends: { atMs: 63_000, reason: 'meeting_ended' } }
    const rig = await newRig({ ...left, concurrency: 1, life: () => life })
    await rig.clock.run(5_000)
    const other = await newRig({ clock: left.clock, store: left.store })
    await other.engine.leave(rig.accountId, uuid)
    await rig.clock.run(3 * MINUTE)
    expect(await rig.events(uuid)).toEqual(['call_ended', 'failed CannotJoinMeeting'])
    expect(other.made).toEqual([])
  })

  it('cuts a bot that another engine took over, and writes nothing more of it', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const a = await newRig({ clock, store, life: () => A_MINUTE })
    const { uuid } = await a.engine.create(a.accountId, requestFor(1))
    await clock.run(5_000)
    const { claimedBy } = await a.record(uuid)
    await store.beat('somebody-else', clock.now())
    await store.takeOver(uuid, { from: claimedBy ?? '', to: 'somebody-else' })
    for (let beat = 0; beat < 12; beat++) {
      await clock.run(10_000)
      await store.beat('somebody-else', clock.now())
    }
    expect(await a.record(uuid)).toMatchObject({ phase: 'running', claimedBy: 'somebody-else', status: 'in_call_recording' })
    expect((await a.made[0]?.bot.done)?.outcome).toBe('completed')
  })
})

describe('stopping', () => {
  it("lets bots leave and stores their ends, said to be the engine's doing", async () => {
    const rig = await newRig({ life: (_, nth) => (nth === 0 ? { ...STAYS, leaveMs: 5_000 } : { steps: [{ atMs: 0, signal: 'start' }] }) })
    const recording = await rig.engine.create(rig.accountId, requestFor(1))
    const knocking = await rig.engine.create(rig.accountId, requestFor(2))
    await rig.clock.run(10_000)
    const stopped = rig.engine.stop({ graceMs: 20_000 })
    await rig.clock.run(6_000)
    await stopped
    expect((await rig.events(recording.uuid)).slice(-2)).toEqual(['call_ended', 'complete process_ended'])
    expect((await rig.record(knocking.uuid)).ending).toMatchObject({ reason: 'PROCESS_ENDED', responsible: 'us' })
  })

  it('lets nobody begin who still waits for a slot; the next start sends them', async () => {
    const left = await leftWith([])
    const second = await claimed(left)
    const rig = await newRig({ ...left, concurrency: 1 })
    await rig.clock.run(5_000)
    const stopped = rig.engine.stop()
    await rig.clock.run(10_000)
    await stopped
    expect(rig.made.map(({ uuid }) => uuid)).toEqual([left.uuid])
    const next = await newRig({ clock: left.clock, store: left.store })
    await left.clock.run(3 * MINUTE)
    expect(next.made.map(({ uuid }) => uuid)).toEqual([second])
  })

  it('begins no bot whose claim arrives while it stops; the next start sends it', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const rig = await newRig({ clock, store })
    const { claimDue } = store
    let answer: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      answer = resolve
    })
    store.claimDue = async (claim) => {
      const bots = await claimDue.call(store, claim)
      await gate
      return bots
    }
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await clock.run(0)
    const stopped = rig.engine.stop({ graceMs: 1_000 })
    await clock.run(0)
    answer()
    await clock.run(10_000)
    await stopped
    expect(rig.made).toEqual([])
    store.claimDue = claimDue
    const next = await newRig({ clock, store })
    await clock.run(3 * MINUTE)
    expect(next.made.map((one) => one.uuid)).toEqual([uuid])
  })

  it('takes nothing over any more that a dead run left', async () => {
    const rig = await newRig({ life: () => ({ ...STAYS, leaveMs: 40_000 }) })
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(5_000)
    const by = deadRun()
    await rig.store.beat(by, rig.clock.now())
    const stopped = rig.engine.stop({ graceMs: 60_000 })
    await rig.clock.run(1_000)
    const at = rig.clock.now()
    const uuid = crypto.randomUUID()
    await rig.store.create({ uuid, accountId: 1, request: requestFor(2), meetingKey: 'meet:2', eventUuid: null, createdAt: at, joinAt: at })
    await rig.store.claimDue({ now: at, by, limit: 1 })
    await rig.clock.run(60_000)
    await stopped
    expect(rig.made).toHaveLength(1)
  })

  it('cuts what does not leave in time and leaves its end to the next start', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const rig = await newRig({ clock, store, life: () => ({ ...STAYS, leaveMs: 10 * MINUTE }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await clock.run(10_000)
    const stopped = rig.engine.stop({ graceMs: 20_000 })
    await clock.run(26_000)
    await stopped
    expect((await rig.record(uuid)).phase).toBe('running')
    const next = await newRig({ clock, store, recover: recovered(clock) })
    await clock.run(2 * MINUTE)
    await expect.poll(async () => (await next.record(uuid)).phase).toBe('ended')
    expect((await next.events(uuid)).at(-1)).toBe('complete process_ended')
  })

  it('leaves waiting bots to the next start', async () => {
    const clock = new FakeClock({ limitMs: 1e12 })
    const store = new MemoryStore()
    const rig = await newRig({ clock, store })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1, { startAt: clock.now() + MINUTE }))
    await rig.engine.stop()
    const next = await newRig({ clock, store })
    await clock.run(2 * MINUTE)
    expect(next.made.map((one) => one.uuid)).toEqual([uuid])
  })

  it('shares one promise between calls, and refuses to start again', async () => {
    const rig = await newRig({ start: false })
    expect(rig.engine.start()).toBe(rig.engine.start())
    await rig.engine.start()
    expect(rig.engine.stop()).toBe(rig.engine.stop())
    await rig.engine.stop()
    await expect(rig.engine.start()).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' })
    await expect(rig.engine.create(1, requestFor(1))).rejects.toMatchObject({ code: 'CAPACITY' })
  })

  it('can be stopped after a start that failed, and leaves no timer behind', async () => {
    const store = new MemoryStore()
    store.beat = () => Promise.reject(new Error('no such table'))
    const rig = await newRig({ store, start: false })
    await expect(rig.engine.start()).rejects.toThrow('no such table')
    await rig.engine.stop()
    expect(rig.clock.waiting).toBe(0)
  })

  it('leaves no timer behind', async () => {
    const rig = await newRig({ retentionMs: 1_000 })
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(10_000)
    await rig.engine.stop()
    expect(rig.clock.waiting).toBe(0)
  })
})

describe('removing data', () => {
  async function withFile(options: RigOptions = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'remora-data-'))
    const rig = await newRig({
      outputDir: dir,
      life: ({ uuid }) => ({
        ...A_MINUTE,
        media: {
          start: async () => ({ startedAt: 0 }),
          finish: async () => {
            mkdirSync(join(dir, uuid))
            writeFileSync(join(dir, uuid, 'recording.mp4'), 'moving')
            return { mp4: join(dir, uuid, 'recording.mp4'), startedAt: 1, durationMs: 59_000, gaps: [] }
          },
        },
      }),
      ...options,
    })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    return { rig, uuid, dir: join(dir, uuid) }
  }

  it('is refused while files are being written, then done once', async () => {
    const { rig, uuid, dir } = await withFile()
    await rig.clock.run(10_000)
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('busy')
    await rig.clock.run(MINUTE)
    expect([...rig.artifacts.kept.keys()].map((key) => key.split('/')[1])).toEqual([
      'recording.mp4',
      'diarization.json',
      'participants.json',
    ])
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('deleted')
    expect([existsSync(dir), rig.artifacts.kept.size]).toEqual([false, 0])
    expect(await rig.record(uuid)).toMatchObject({ files: {}, participants: [], durationMs: 59_000, ending: { reason: 'meeting_ended' } })
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('alreadyDeleted')
  })

  it('says so where there is nothing', async () => {
    const rig = await newRig()
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1, { startAt: rig.clock.now() + MINUTE }))
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('noDataFound')
    await rig.engine.leave(rig.accountId, uuid)
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('noDataFound')
  })

  it('is partial when the artifact store keeps some, and may be tried again', async () => {
    const { rig, uuid } = await withFile()
    await rig.clock.run(2 * MINUTE)
    const { remove } = rig.artifacts
    rig.artifacts.remove = async () => ({ removed: 0, failed: 1 })
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('partiallyDeleted')
    rig.artifacts.remove = remove
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('deleted')
  })

  it('is partial when the artifact store does not answer', async () => {
    const { rig, uuid } = await withFile()
    await rig.clock.run(2 * MINUTE)
    rig.artifacts.remove = () => new Promise(() => {})
    const removed = rig.engine.deleteData(rig.accountId, uuid)
    await expect.poll(async () => (await rig.record(uuid)).dataDeleted?.partial).toBe(true)
    await rig.clock.run(MINUTE)
    expect(await removed).toBe('partiallyDeleted')
  })

  it('that failed in part is tried again by itself, without any retention', async () => {
    const { rig, uuid, dir } = await withFile()
    await rig.clock.run(2 * MINUTE)
    const { remove } = rig.artifacts
    rig.artifacts.remove = async () => {
      throw new Error('the store is away')
    }
    expect(await rig.engine.deleteData(rig.accountId, uuid)).toBe('partiallyDeleted')
    expect(existsSync(dir)).toBe(false)
    rig.artifacts.remove = remove
    await rig.clock.run(61 * MINUTE)
    await expect.poll(async () => (await rig.record(uuid)).dataDeleted?.partial).toBe(false)
    expect(rig.artifacts.kept.size).toBe(0)
  })

  it('that a process died in the middle of is finished by the next start', async () => {
    const { rig, uuid, dir } = await withFile()
    await rig.clock.run(2 * MINUTE)
    // It never comes back: what was said before it began is all there is.
    rig.artifacts.remove = () => new Promise(() => {})
    void rig.engine.deleteData(rig.accountId, uuid)
    await expect.poll(async () => (await rig.record(uuid)).dataDeleted?.partial).toBe(true)
    const { clock, store, outputDir } = rig
    const next = await newRig({ clock, store, outputDir })
    await expect.poll(async () => (await next.record(uuid)).dataDeleted?.partial).toBe(false)
    expect(existsSync(dir)).toBe(false)
  })

  it('happens by itself when the data is older than it may be', async () => {
    const { rig, uuid, dir } = await withFile({ retentionMs: 24 * 60 * MINUTE })
    await rig.clock.run(20 * 60 * MINUTE)
    expect(existsSync(dir)).toBe(true)
    await rig.clock.run(6 * 60 * MINUTE)
    await expect.poll(async () => (await rig.record(uuid)).dataDeleted?.partial).toBe(false)
    expect(existsSync(dir)).toBe(false)
  })
})
