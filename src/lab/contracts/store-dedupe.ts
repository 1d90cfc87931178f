import assert from 'node:assert/strict'
import type { NewBot } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, NOON, type StoreUnderTest, sampleBot } from './store-samples.ts'

const FIVE_MINUTES = { dedupe: { withinMs: 300_000 } }

/** One bot per meeting and key within a window (contract v1, section 3.2). */
export const STORE_DEDUPE: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'refuses a second bot for the same meeting and names the earlier one',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const first = await added(store, sampleBot(1, accountId))
      assert.deepEqual(await twin.create(sampleBot(2, accountId), FIVE_MINUTES), { created: false, earlier: first })
      assert.equal((await store.list({ accountId, limit: 10 })).bots.length, 1)
    },
  },
  {
    name: 'without deduplication everything is let in',
    async run({ store }) {
      const accountId = await accountOf(store)
      await added(store, sampleBot(1, accountId))
      assert.equal((await store.create(sampleBot(2, accountId))).created, true)
    },
  },
  {
    name: 'another account, meeting or deduplication key is another bot; the same key value is not',
    async run({ store }) {
      const [mine, theirs] = [await accountOf(store, 'mine'), await accountOf(store, 'theirs')]
      const tries: readonly [NewBot, boolean][] = [
        [sampleBot(1, mine), true],
        [sampleBot(2, theirs), true],
        [sampleBot(3, mine, { meetingKey: 'meet:zzz' }), true],
        [sampleBot(4, mine, { request: { deduplicationKey: 'a' } }), true],
        [sampleBot(5, mine, { request: { deduplicationKey: 'a' } }), false],
        [sampleBot(6, mine, { request: { deduplicationKey: 'A' } }), true],
        [sampleBot(7, mine, { request: { deduplicationKey: '' } }), true],
        [sampleBot(8, mine, { request: { deduplicationKey: 'null' } }), true],
        [sampleBot(9, mine, { request: { deduplicationKey: 'a\u0000' } }), true],
        [sampleBot(10, mine, { request: { deduplicationKey: 'a\u0000' } }), false],
        [sampleBot(11, mine), false],
      ]
      for (const [bot, created] of tries) assert.equal((await store.create(bot, FIVE_MINUTES)).created, created, bot.uuid)
    },
  },
  {
    name: 'the window counts from the join time, both ways, and ends at its edge',
    async run({ store }) {
      const accountId = await accountOf(store)
      await added(store, sampleBot(1, accountId, { joinAt: NOON + 3_600_000 }))
      const joining = async (n: number, offset: number): Promise<boolean> =>
        (await store.create(sampleBot(n, accountId, { joinAt: NOON + 3_600_000 + offset }), FIVE_MINUTES)).created
      assert.equal(await joining(2, 299_999), false)
      assert.equal(await joining(3, -299_999), false)
      assert.equal(await joining(4, 300_000), true)
      assert.equal(await joining(5, -300_000), true)
    },
  },
  {
    name: 'what became of the earlier bot does not matter',
    async run({ store }) {
      const accountId = await accountOf(store)
      const { uuid } = await added(store, sampleBot(1, accountId))
      await store.record(uuid, {
        at: NOON + 5,
        history: { status: 'failed', reason: null, responsible: null, screenshot: null },
        ending: { outcome: 'failed', reason: 'NOT_ACCEPTED', responsible: 'host', truncated: false, message: null },
      })
      assert.equal((await store.create(sampleBot(2, accountId), FIVE_MINUTES)).created, false)
    },
  },
  {
    name: 'of 100 at once exactly one wins, over two connections',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const tries = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? store : twin).create(sampleBot(n + 1, accountId), FIVE_MINUTES))
      const results = await Promise.all(tries)
      const winners = results.flatMap((result) => (result.created ? [result.bot.uuid] : []))
      const named = new Set(results.flatMap((result) => (result.created ? [] : [result.earlier.uuid])))
      assert.equal(winners.length, 1)
      assert.deepEqual([...named], winners)
      assert.equal((await store.list({ accountId, limit: 50 })).bots.length, 1)
    },
  },
]
