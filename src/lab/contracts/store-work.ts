import assert from 'node:assert/strict'
import type { BotFact, BotPatch } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, LEFT, NOON, type StoreUnderTest, sampleBot, sampleUuid } from './store-samples.ts'

const STEP = { status: 'joining_call', reason: null, responsible: null, screenshot: null } as const

/** Claiming bots, and what happens to them. */
export const STORE_WORK: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'claims due bots once, earliest first, up to the limit',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const [n, joinAt] of [5, 3, 9, 3, 1].entries()) await added(store, sampleBot(n + 1, accountId, { joinAt: NOON + joinAt }))
      assert.equal(await twin.nextJoinAt(), NOON + 1)
      assert.deepEqual(await store.claimDue({ now: NOON, by: 'run-1', limit: 10 }), [])
      assert.deepEqual(await store.claimDue({ now: NOON + 5, by: 'run-1', limit: 0 }), [])
      const first = await store.claimDue({ now: NOON + 5, by: 'run-1', limit: 3 })
      assert.deepEqual(
        first.map(({ uuid }) => uuid),
        [5, 2, 4].map(sampleUuid),
      )
      assert.ok(first.every(({ phase, claimedBy, status }) => phase === 'running' && claimedBy === 'run-1' && status === 'queued'))
      const second = await twin.claimDue({ now: NOON + 5, by: 'run-2', limit: 3 })
      assert.deepEqual(
        second.map(({ uuid }) => uuid),
        [sampleUuid(1)],
      )
      assert.equal(await store.nextJoinAt(), NOON + 9)
      assert.deepEqual(await store.counts(), { waiting: 1, running: 4, ended: 0 })
    },
  },
  {
    name: 'two callers at once never get the same bot',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (let n = 1; n <= 40; n += 1) await added(store, sampleBot(n, accountId))
      const claims = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : twin).claimDue({ now: NOON + 100, by: `run-${n % 2}`, limit: 3 }),
      )
      const taken = (await Promise.all(claims)).flat().map(({ uuid }) => uuid)
      assert.equal(new Set(taken).size, taken.length)
      while ((await store.claimDue({ now: NOON + 100, by: 'run-0', limit: 3 })).length > 0);
      assert.deepEqual(await twin.counts(), { waiting: 0, running: 40, ended: 0 })
    },
  },
  {
    name: 'nothing waiting has no next join time',
    async run({ store }) {
      assert.equal(await store.nextJoinAt(), undefined)
      assert.deepEqual(await store.counts(), { waiting: 0, running: 0, ended: 0 })
    },
  },
  {
    name: 'a new join time moves a waiting bot',
    async run({ store }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      await store.record(uuid, { at: NOON, patch: { joinAt: NOON + 5_000 } })
      assert.equal(await store.nextJoinAt(), NOON + 5_000)
      assert.deepEqual(await store.claimDue({ now: NOON + 4_999, by: 'r', limit: 5 }), [])
    },
  },
  {
    name: 'a fact changes what it names and nothing else',
    async run({ store, twin }) {
      const before = await added(store, sampleBot(1, await accountOf(store)))
      const patch: BotPatch = {
        joinedAt: NOON + 1.25,
        exitedAt: NOON + 2,
        recordingStartedAt: NOON + 3,
        durationMs: 1234.5,
        isStopped: true,
        files: { mp4: '/data/ü.mp4', events: '/data/e.jsonl' },
        participants: [{ id: 'd/1', name: 'Zoë \u0000', host: true, joinedAt: NOON }],
        speakers: [{ participantId: 'd/1', name: 'Zoë', startAt: NOON, endAt: NOON + 9, source: 'csrc', confidence: 0.9 }],
        dataDeleted: { at: NOON + 4, partial: true },
      }
      const after = await store.record(before.uuid, { at: NOON + 5, patch })
      assert.deepEqual(after, { ...before, ...patch })
      assert.deepEqual(await twin.get(before.uuid), after)
      assert.deepEqual(await store.record(before.uuid, { at: NOON + 6, patch: {} }), after)
      const cleared = await twin.record(before.uuid, { at: NOON + 6, patch: { files: {}, participants: [], dataDeleted: null } })
      assert.deepEqual(cleared, { ...after, files: {}, participants: [], dataDeleted: null })
    },
  },
  {
    name: 'history counts from 1, keeps its order and moves the status',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      await store.record(uuid, { at: NOON + 1, history: STEP })
      await twin.record(uuid, { at: NOON + 2, patch: { joinedAt: NOON + 2 } })
      const screenshot = '/data/odd \u0000 name.jpg'
      const after = await twin.record(uuid, {
        at: NOON + 3,
        history: { status: 'in_waiting_room', reason: 'asked', responsible: 'host', screenshot },
      })
      assert.deepEqual([after?.status, after?.statusAt], ['in_waiting_room', NOON + 3])
      assert.deepEqual(await store.history(uuid), [
        { sequence: 1, at: NOON + 1, ...STEP },
        { sequence: 2, at: NOON + 3, status: 'in_waiting_room', reason: 'asked', responsible: 'host', screenshot },
      ])
    },
  },
  {
    name: 'an ending ends the bot at its time, with its history and its events',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      const ending = { outcome: 'failed', reason: 'NOT_ACCEPTED', responsible: 'host', truncated: false, message: 'No. \u0000' } as const
      const fact: BotFact = { at: NOON + 7, ending, history: { ...STEP, status: 'failed' }, deliveries: [{ event: 'failed', data: {} }] }
      const after = await store.record(uuid, fact)
      assert.deepEqual([after?.phase, after?.endedAt, after?.status, after?.ending], ['ended', NOON + 7, 'failed', ending])
      assert.deepEqual(await twin.get(uuid), after)
      assert.equal((await twin.outbox.of(uuid)).length, 1)
      assert.deepEqual(await store.claimDue({ now: NOON + 99, by: 'r', limit: 5 }), [])
    },
  },
  {
    name: 'a second ending is refused whole: no patch, no history, no event',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      const fact: BotFact = {
        at: NOON + 7,
        ending: LEFT,
        history: { ...STEP, status: 'completed' },
        deliveries: [{ event: 'complete', data: {} }],
      }
      const both = await Promise.all([store, twin, store, twin].map((one) => one.record(uuid, { ...fact, patch: { isStopped: true } })))
      assert.equal(both.filter((answer) => answer !== undefined).length, 1)
      assert.equal(await twin.record(uuid, { ...fact, at: NOON + 9, patch: { durationMs: 1 } }), undefined)
      const kept = await store.get(uuid)
      assert.deepEqual([kept?.endedAt, kept?.durationMs], [NOON + 7, null])
      assert.deepEqual([(await store.history(uuid)).length, (await store.outbox.of(uuid)).length], [1, 1])
    },
  },
  {
    name: 'an ended bot may still learn facts and send events',
    async run({ store }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      await store.record(uuid, { at: NOON + 1, ending: LEFT })
      const after = await store.record(uuid, {
        at: NOON + 2,
        patch: { durationMs: 5 },
        deliveries: [{ event: 'transcription_complete', data: {} }],
      })
      assert.deepEqual([after?.durationMs, after?.endedAt, after?.phase], [5, NOON + 1, 'ended'])
      assert.equal((await store.outbox.of(uuid)).length, 1)
    },
  },
  {
    name: 'facts written at once lose nothing and count without gaps',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      const writes = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : twin).record(uuid, {
          at: NOON + n,
          history: STEP,
          deliveries: [
            { event: 'e', data: { n } },
            { event: 'f', data: { n } },
          ],
        }),
      )
      await Promise.all(writes)
      const sequences = async (list: Promise<readonly { sequence: number }[]>): Promise<readonly number[]> =>
        (await list).map(({ sequence }) => sequence)
      assert.deepEqual(
        await sequences(store.history(uuid)),
        Array.from({ length: 20 }, (_, n) => n + 1),
      )
      assert.deepEqual(
        await sequences(twin.outbox.of(uuid)),
        Array.from({ length: 40 }, (_, n) => n + 1),
      )
    },
  },
  {
    name: 'nothing is recorded about a bot that does not exist',
    async run({ store }) {
      assert.equal(await store.record(sampleUuid(5), { at: NOON, ending: LEFT, deliveries: [{ event: 'e', data: {} }] }), undefined)
      assert.equal(await store.outbox.pending(), 0)
    },
  },
  {
    name: 'an ended bot has no further history: such a fact is refused whole',
    async run({ store }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      await store.record(uuid, { at: NOON + 1, ending: LEFT })
      const late: BotFact = { at: NOON + 2, history: STEP, patch: { durationMs: 5 }, deliveries: [{ event: 'e', data: {} }] }
      assert.equal(await store.record(uuid, late), undefined)
      assert.equal((await store.get(uuid))?.durationMs, null)
      assert.deepEqual([await store.history(uuid), await store.outbox.of(uuid)], [[], []])
    },
  },
]
