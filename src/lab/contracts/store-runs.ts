import assert from 'node:assert/strict'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, LEFT, NOON, refusedFor, type StoreUnderTest, sampleBot, sampleUuid } from './store-samples.ts'

/** Engine runs, what they hold and leave behind, reserved slots and retention. */
export const STORE_RUNS: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'finds the running bots of other runs',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4]) await added(store, sampleBot(n, accountId))
      await store.claimDue({ now: NOON + 2, by: 'dead', limit: 5 })
      await store.claimDue({ now: NOON + 3, by: 'live', limit: 5 })
      await store.record(sampleUuid(2), { at: NOON + 9, ending: LEFT })
      const uuids = async (by: string): Promise<readonly string[]> => (await twin.leftBehind(by)).map(({ uuid }) => uuid)
      assert.deepEqual(await uuids('live'), [sampleUuid(1)])
      assert.deepEqual(await uuids('dead'), [sampleUuid(3)])
      assert.deepEqual(await uuids('new'), [1, 3].map(sampleUuid))
    },
  },
  {
    name: 'a run is known from its first beat until it is forgotten',
    async run({ store, twin }) {
      assert.deepEqual(await store.runs(), [])
      await store.beat('b', NOON)
      await twin.beat('a', NOON + 1)
      await store.beat('b', NOON + 2)
      assert.deepEqual(await twin.runs(), [
        { by: 'a', lastBeatAt: NOON + 1 },
        { by: 'b', lastBeatAt: NOON + 2 },
      ])
      await twin.forgetRun('b')
      await twin.forgetRun('never there')
      assert.deepEqual(await store.runs(), [{ by: 'a', lastBeatAt: NOON + 1 }])
      await assert.rejects(store.beat('', NOON), refusedFor('by'))
    },
  },
  {
    name: 'of several that take over a bot exactly one gets it',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      await store.claimDue({ now: NOON + 1, by: 'dead', limit: 1 })
      const tries = await Promise.all(
        [1, 2, 3, 4].map((n) => (n % 2 === 0 ? store : twin).takeOver(uuid, { from: 'dead', to: `run-${n}` })),
      )
      const got = tries.flatMap((bot) => (bot === undefined ? [] : [bot]))
      assert.equal(got.length, 1)
      assert.deepEqual(await store.get(uuid), got[0])
      assert.deepEqual(await twin.leftBehind(got[0]?.claimedBy ?? ''), [])
    },
  },
  {
    name: 'a bot that waits, has ended or is unknown cannot be taken over',
    async run({ store }) {
      const accountId = await accountOf(store)
      const { uuid } = await added(store, sampleBot(1, accountId))
      const change = { from: 'a', to: 'b' }
      assert.equal(await store.takeOver(uuid, change), undefined)
      await store.claimDue({ now: NOON + 1, by: 'a', limit: 1 })
      await store.record(uuid, { at: NOON + 2, ending: LEFT })
      assert.equal(await store.takeOver(uuid, change), undefined)
      assert.equal((await store.get(uuid))?.claimedBy, 'a')
      assert.equal(await store.takeOver(sampleUuid(9), change), undefined)
    },
  },
  {
    name: 'a fact of a run that lost its bot is not written',
    async run({ store, twin }) {
      const { uuid } = await added(store, sampleBot(1, await accountOf(store)))
      const fact = { at: NOON + 5, patch: { durationMs: 7 }, deliveries: [{ event: 'e', data: {} }] }
      assert.equal(await store.record(uuid, fact, { claimedBy: 'a' }), undefined)
      assert.equal(await store.record(uuid, fact, { phase: 'running' }), undefined)
      await store.claimDue({ now: NOON + 1, by: 'a', limit: 1 })
      assert.notEqual(await store.record(uuid, fact, { phase: 'running', claimedBy: 'a' }), undefined)
      await twin.takeOver(uuid, { from: 'a', to: 'b' })
      assert.equal(await store.record(uuid, fact, { claimedBy: 'a' }), undefined)
      assert.equal((await store.outbox.of(uuid)).length, 1)
    },
  },
  {
    name: 'claims and counts the reserved ones apart',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4]) await added(store, sampleBot(n, accountId, { request: { reserved: n % 2 === 0 } }))
      assert.deepEqual(
        [await twin.reservedUntil(NOON + 1), await twin.reservedUntil(NOON + 2), await twin.reservedUntil(NOON + 4)],
        [0, 1, 2],
      )
      const claimed = async (reserved: boolean): Promise<readonly string[]> =>
        (await store.claimDue({ now: NOON + 9, by: 'r', limit: 1, reserved })).map(({ uuid }) => uuid)
      assert.deepEqual(await claimed(true), [sampleUuid(2)])
      assert.deepEqual(await claimed(false), [sampleUuid(1)])
      assert.equal(await twin.reservedUntil(NOON + 9), 1)
    },
  },
  {
    name: 'the next join time can be asked after a time',
    async run({ store }) {
      const accountId = await accountOf(store)
      for (const n of [10, 20]) await added(store, sampleBot(n, accountId))
      assert.deepEqual(
        [await store.nextJoinAt(), await store.nextJoinAt(NOON + 9), await store.nextJoinAt(NOON + 10), await store.nextJoinAt(NOON + 20)],
        [NOON + 10, NOON + 10, NOON + 20, undefined],
      )
    },
  },
  {
    name: 'retention finds ended bots whose data is old and still there, oldest first',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4, 5, 6]) await added(store, sampleBot(n, accountId))
      for (const [n, at] of [
        [1, 30],
        [2, 20],
        [3, 10],
        [4, 50],
        [5, 5],
      ] as const) {
        const patch = n === 5 ? { dataDeleted: { at: NOON, partial: false } } : {}
        await store.record(sampleUuid(n), { at: NOON + at, patch, ending: LEFT })
      }
      const found = async (limit: number): Promise<readonly string[]> => (await twin.endedBefore(NOON + 50, limit)).map(({ uuid }) => uuid)
      assert.deepEqual(await found(10), [3, 2, 1].map(sampleUuid))
      assert.deepEqual(await found(2), [3, 2].map(sampleUuid))
      assert.deepEqual(await found(0), [])
    },
  },
  {
    name: 'finds again whose data was removed in part only, until the rest is gone too',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4]) await added(store, sampleBot(n, accountId))
      for (const [n, at] of [
        [1, 30],
        [2, 20],
        [3, 10],
      ] as const) {
        const patch = { dataDeleted: { at: NOON + 40, partial: n !== 3 } }
        await store.record(sampleUuid(n), { at: NOON + at, patch, ending: LEFT })
      }
      const found = async (limit: number): Promise<readonly string[]> => (await twin.halfRemoved(limit)).map(({ uuid }) => uuid)
      assert.deepEqual(await found(9), [2, 1].map(sampleUuid))
      assert.deepEqual(await found(1), [2].map(sampleUuid))
      await store.record(sampleUuid(2), { at: NOON + 50, patch: { dataDeleted: { at: NOON + 50, partial: false } } })
      assert.deepEqual(await found(9), [1].map(sampleUuid))
    },
  },
  {
    name: 'finds ended bots whose files are to be kept, in time and earliest first, until they are',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4]) await added(store, sampleBot(n, accountId))
      for (const [n, keepAt] of [
        [1, NOON + 300],
        [2, NOON + 200.5],
        [3, null],
      ] as const)
        await store.record(sampleUuid(n), { at: NOON + 9, patch: { keepAt }, ending: LEFT })
      await store.record(sampleUuid(4), { at: NOON + 9, patch: { keepAt: NOON + 100 } })
      const found = async (now: number, limit = 9): Promise<readonly string[]> => (await twin.toKeep(now, limit)).map(({ uuid }) => uuid)
      assert.deepEqual(await found(NOON + 200), [])
      assert.deepEqual(await found(NOON + 300), [2, 1].map(sampleUuid))
      assert.deepEqual(await found(NOON + 300, 1), [sampleUuid(2)])
      assert.equal((await twin.get(sampleUuid(2)))?.keepAt, NOON + 200.5)
      await store.record(sampleUuid(2), { at: NOON + 400, patch: { keepAt: null } })
      assert.deepEqual(await found(NOON + 300), [sampleUuid(1)])
      await assert.rejects(store.record(sampleUuid(1), { at: NOON, patch: { keepAt: Number.NaN } }), refusedFor('keepAt'))
    },
  },
]
