import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { IN_THE_CALL, ScriptedBot, type ScriptedLife } from '../../../src/lab/fakes/scripted-bot.ts'
import type { BotFact, BotRecord } from '../../../src/store/port.ts'
import { A_MINUTE, newRig, requestFor, STAYS } from './rig.ts'

describe('one bot of the engine', () => {
  it('tells its whole life in order, with the files in the last event', async () => {
    const rig = await newRig({
      life: () => ({ ...A_MINUTE, steps: [{ atMs: 0, signal: 'start' }, { atMs: 100, signal: 'lobby' }, ...IN_THE_CALL.slice(1)] }),
    })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1, { extra: { customer: 7 } }))
    await rig.clock.run(61_000)
    expect(await rig.statuses(uuid)).toEqual([
      'joining_call',
      'in_waiting_room',
      'in_call_not_recording',
      'in_call_recording',
      'call_ended',
      'completed',
    ])
    expect(await rig.events(uuid)).toEqual([
      'joining_call',
      'in_waiting_room',
      'in_call_not_recording',
      'in_call_recording',
      'call_ended',
      'complete meeting_ended',
    ])
    const bot = await rig.record(uuid)
    const began = bot.createdAt
    expect(bot).toMatchObject({
      phase: 'ended',
      status: 'completed',
      joinedAt: began + 500,
      recordingStartedAt: began + 1_000,
      exitedAt: began + 60_000,
      durationMs: 59_000,
      ending: { outcome: 'completed', reason: 'meeting_ended', responsible: 'host', truncated: false },
    })
  })

  it('says recording_resumed after a pause, and keeps media time 0', async () => {
    const rig = await newRig({
      life: () => ({ ...A_MINUTE, steps: [...IN_THE_CALL, { atMs: 5_000, signal: 'pause' }, { atMs: 9_000, signal: 'resume' }] }),
    })
    const { uuid, createdAt } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(10_000)
    expect((await rig.events(uuid)).slice(-2)).toEqual(['recording_paused', 'recording_resumed'])
    expect((await rig.record(uuid)).recordingStartedAt).toBe(createdAt + 1_000)
  })

  it.each([
    ['NOT_ACCEPTED', 'bot_rejected', 'failed BotNotAccepted'],
    ['WAITING_ROOM_TIMEOUT', 'waiting_room_timeout', 'failed TimeoutWaitingToStart'],
    ['INVALID_MEETING_URL', 'invalid_meeting_url', 'failed InvalidMeetingUrl'],
    ['SIGN_IN_REQUIRED', 'meeting_error', 'failed CannotJoinMeeting'],
    ['BROWSER_CRASHED', 'meeting_error', 'failed InternalError'],
  ] as const)('ends with %s as the contract says', async (reason, status, last) => {
    const rig = await newRig({ life: () => ({ steps: IN_THE_CALL.slice(0, 1), ends: { atMs: 5_000, reason } }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(6_000)
    expect(await rig.events(uuid)).toEqual(['joining_call', status, last])
    expect((await rig.record(uuid)).ending).toMatchObject({ outcome: 'failed', reason })
  })

  it('that failed has its verdict stored before anything is kept, and what there is is kept behind it', async () => {
    const rig = await newRig({ life: () => ({ steps: IN_THE_CALL.slice(0, 1), ends: { atMs: 5_000, reason: 'NOT_ACCEPTED' } }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    mkdirSync(join(rig.outputDir, uuid))
    writeFileSync(join(rig.outputDir, uuid, 'refused.jpg'), 'jpeg')
    const put = rig.artifacts.put.bind(rig.artifacts)
    rig.artifacts.put = () => new Promise(() => {})
    await rig.clock.run(5_000)
    expect((await rig.record(uuid)).ending).toMatchObject({ reason: 'NOT_ACCEPTED' })
    expect((await rig.events(uuid)).at(-1)).toBe('failed BotNotAccepted')
    rig.artifacts.put = put
    await rig.clock.run(60_000)
    expect([...rig.artifacts.kept.keys()]).toEqual([`${uuid}/refused.jpg`])
    expect((await rig.record(uuid)).keepAt).toBe(null)
  })

  it('has its end stored while its browser is still closing, and keeps its slot until that is done', async () => {
    let closed: () => void = () => {}
    const closing = new Promise<void>((resolve) => {
      closed = resolve
    })
    const clock = new FakeClock({ limitMs: 1e12 })
    const life: ScriptedLife = { steps: IN_THE_CALL.slice(0, 1), ends: { atMs: 5_000, reason: 'NOT_ACCEPTED' } }
    const createBot = () => (bot: BotRecord) => Object.assign(new ScriptedBot(bot.uuid, life, clock), { closed: closing })
    const rig = await newRig({ clock, concurrency: 1, createBot } as never)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    const second = await rig.engine.create(rig.accountId, requestFor(2))
    await clock.run(6_000)
    expect((await rig.record(uuid)).ending).toMatchObject({ reason: 'NOT_ACCEPTED' })
    expect((await rig.record(second.uuid)).phase).toBe('waiting')
    closed()
    await clock.run(1_000)
    expect((await rig.record(second.uuid)).phase).toBe('running')
  })

  it('waits for no picture: it is kept behind the last event', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    mkdirSync(join(rig.outputDir, uuid))
    writeFileSync(join(rig.outputDir, uuid, 'tile.png'), 'png')
    const put = rig.artifacts.put.bind(rig.artifacts)
    rig.artifacts.put = async (file) => (file.key.endsWith('.png') ? new Promise<void>(() => {}) : put(file))
    await rig.clock.run(61_000)
    expect((await rig.events(uuid)).at(-1)).toBe('complete meeting_ended')
    rig.artifacts.put = put
    await rig.clock.run(120_000)
    expect(rig.artifacts.kept.has(`${uuid}/tile.png`)).toBe(true)
    expect((await rig.record(uuid)).keepAt).toBe(null)
  })

  it('has nothing said of it behind its end', async () => {
    const ada = { id: 'a', name: 'Ada', joinedAt: 1 }
    const rig = await newRig({
      life: () => ({ steps: [...IN_THE_CALL, { atMs: 57_000, joins: ada }], ends: { atMs: 60_000, reason: 'meeting_ended' } }),
    })
    const { record } = rig.store
    const facts: BotFact[] = []
    rig.store.record = async (...args: Parameters<typeof record>) => {
      facts.push(args[1])
      if (args[1].ending !== undefined) await rig.clock.after(10_000)
      return record.apply(rig.store, args)
    }
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(90_000)
    expect(facts.at(-1)?.ending).toMatchObject({ reason: 'meeting_ended' })
    expect(facts.filter(({ history }) => history === undefined)).toEqual([])
  })

  it('leaves when it is told to: the data so far is delivered', async () => {
    const rig = await newRig({ life: () => ({ ...STAYS, leaveMs: 2_000 }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(10_000)
    await rig.engine.leave(rig.accountId, uuid)
    await rig.clock.run(3_000)
    expect((await rig.events(uuid)).slice(-2)).toEqual(['call_ended', 'complete caller'])
    expect(await rig.record(uuid)).toMatchObject({ isStopped: true, phase: 'ended' })
  })

  it('changes nothing when an ended bot is told to leave', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(61_000)
    const before = await rig.record(uuid)
    expect(await rig.engine.leave(rig.accountId, uuid)).toEqual(before)
    expect((await rig.events(uuid)).at(-1)).toBe('complete meeting_ended')
  })

  it('cancels a waiting bot: call_ended, failed, and its slot is free', async () => {
    const rig = await newRig()
    const startAt = rig.clock.now() + 3_600_000
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1, { startAt }))
    const cancelled = await rig.engine.leave(rig.accountId, uuid)
    await rig.clock.run(7_200_000)
    expect(cancelled).toMatchObject({ phase: 'ended', isStopped: true, ending: { reason: 'LEFT_BEFORE_RECORDING' } })
    expect(await rig.events(uuid)).toEqual(['call_ended', 'failed CannotJoinMeeting'])
    expect(rig.made).toEqual([])
  })

  it('fails with its own code when no bot can be made of it', async () => {
    const rig = await newRig({
      createBot: () => () => {
        throw new Error('no browser today')
      },
    } as never)
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(1_000)
    expect((await rig.record(uuid)).ending).toMatchObject({ reason: 'INTERNAL', message: 'no browser today' })
  })

  it('shows who is there and how long while the call goes on, and stores it within seconds', async () => {
    const ada = { id: 'a', name: 'Ada', joinedAt: 1 }
    const rig = await newRig({ life: () => ({ steps: [...IN_THE_CALL, { atMs: 2_000, joins: ada }] }) })
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(4_000)
    expect((await rig.record(uuid)).participants).toEqual([])
    expect((await rig.engine.get(rig.accountId, uuid))?.bot).toMatchObject({ participants: [ada], durationMs: 3_000 })
    await rig.clock.run(4_000)
    expect(await rig.record(uuid)).toMatchObject({ participants: [ada], durationMs: 6_000 })
  })
})
