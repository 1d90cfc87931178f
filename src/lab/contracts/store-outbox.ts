import assert from 'node:assert/strict'
import type { BotStore, Delivery, DeliveryAttempt, Json, NewDelivery } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, NOON, refusedFor, type StoreUnderTest, sampleBot, sampleUuid } from './store-samples.ts'

const OK: DeliveryAttempt = { at: NOON + 50, durationMs: 12.5, status: 200, error: null }
const FAILED: DeliveryAttempt = { at: NOON + 40, durationMs: 10_000, status: null, error: 'timed out \u0000 \ud800' }
const DELIVERED = { state: 'delivered' } as const
const DEAD = { state: 'dead' } as const

/** Bot `n` with so many events, written at `NOON + at`. */
async function withEvents(
  store: BotStore,
  n: number,
  { at, count, key = 'a key' }: { at: number; count: number; key?: string },
): Promise<void> {
  await added(store, sampleBot(n, await accountOf(store, key)))
  const deliveries: NewDelivery[] = Array.from({ length: count }, (_, index) => ({ event: `e${index + 1}`, data: { n } }))
  await store.record(sampleUuid(n), { at: NOON + at, deliveries })
}

function keys(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ botUuid, sequence }) => `${Number.parseInt(botUuid.slice(-12), 16)}.${sequence}`)
}

function key(n: number, sequence: number): Pick<Delivery, 'botUuid' | 'sequence'> {
  return { botUuid: sampleUuid(n), sequence }
}

/** Outgoing events: order, attempts, dead letters. */
export const STORE_OUTBOX: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'an event is pending from the fact on, exactly as given',
    async run({ store, twin }) {
      const { accountId, uuid } = await added(store, sampleBot(1, await accountOf(store)))
      const data: { [key: string]: Json } = { b: 1, a: { list: [1.5, null, 'ü \u0000 \ud800 🎧'] }, '2': 'two', '1': 'one' }
      await store.record(uuid, {
        at: NOON + 9,
        deliveries: [
          { event: 'complete', data },
          { event: 'x', data: {}, url: 'https://example.com/?q=\u0000' },
        ],
      })
      const common = { botUuid: uuid, accountId, createdAt: NOON + 9, state: 'pending', attempts: 0, nextAt: NOON + 9 } as const
      const [first, second] = await twin.outbox.of(uuid)
      assert.deepEqual(first, { ...common, event: 'complete', data, sequence: 1 })
      assert.deepEqual(second, { ...common, event: 'x', data: {}, url: 'https://example.com/?q=\u0000', sequence: 2 })
      // The same bytes at every attempt: the order of keys is kept too.
      assert.equal(JSON.stringify(first?.data), JSON.stringify(data))
      assert.equal(await twin.outbox.pending(), 2)
    },
  },
  {
    name: 'gives the head of each queue that is due, oldest first, up to the limit',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 30, count: 2 })
      await withEvents(store, 2, { at: 10, count: 3 })
      await withEvents(store, 3, { at: 20, count: 1 })
      assert.deepEqual(keys(await twin.outbox.due(NOON + 30, 10)), ['2.1', '3.1', '1.1'])
      assert.deepEqual(keys(await twin.outbox.due(NOON + 29, 10)), ['2.1', '3.1'])
      assert.deepEqual(keys(await twin.outbox.due(NOON + 30, 1)), ['2.1'])
      assert.deepEqual(keys(await twin.outbox.due(NOON + 30, 0)), [])
      assert.deepEqual(keys(await twin.outbox.due(NOON + 9, 10)), [])
    },
  },
  {
    name: 'what waits holds back the later events of its bot only, and sets the next time',
    async run({ store, twin }) {
      assert.equal(await store.outbox.nextAt(), undefined)
      await withEvents(store, 1, { at: 10, count: 2 })
      await withEvents(store, 2, { at: 20, count: 1 })
      await store.outbox.settle(key(1, 1), FAILED, { state: 'pending', nextAt: NOON + 5_000 })
      assert.deepEqual(keys(await twin.outbox.due(NOON + 4_999, 10)), ['2.1'])
      assert.equal(await twin.outbox.nextAt(), NOON + 20)
      await twin.outbox.settle(key(2, 1), OK, DELIVERED)
      assert.equal(await store.outbox.nextAt(), NOON + 5_000)
      assert.deepEqual(keys(await store.outbox.due(NOON + 5_000, 10)), ['1.1'])
      await store.outbox.settle(key(1, 1), OK, DELIVERED)
      assert.deepEqual(keys(await twin.outbox.due(NOON + 60, 10)), ['1.2'])
      await store.outbox.settle(key(1, 2), OK, DELIVERED)
      assert.deepEqual([await twin.outbox.nextAt(), await twin.outbox.pending()], [undefined, 0])
    },
  },
  {
    name: 'a dead letter lets the next event through',
    async run({ store }) {
      await withEvents(store, 1, { at: 10, count: 2 })
      await store.outbox.settle(key(1, 1), FAILED, DEAD)
      assert.deepEqual(keys(await store.outbox.due(NOON + 60, 10)), ['1.2'])
      assert.equal(await store.outbox.pending(), 1)
    },
  },
  {
    name: 'keeps every attempt, in order',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      await store.outbox.settle(key(1, 1), FAILED, { state: 'pending', nextAt: NOON + 45 })
      await twin.outbox.settle(key(1, 1), OK, DELIVERED)
      assert.deepEqual(await store.outbox.attempts(key(1, 1)), [FAILED, OK])
      const [settled] = await store.outbox.of(sampleUuid(1))
      assert.deepEqual([settled?.state, settled?.attempts], ['delivered', 2])
      assert.deepEqual(await store.outbox.attempts(key(1, 2)), [])
    },
  },
  {
    name: 'what was delivered stays so, even if a slower sender failed afterwards',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      await store.outbox.settle(key(1, 1), OK, DELIVERED)
      await twin.outbox.settle(key(1, 1), FAILED, { state: 'pending', nextAt: NOON + 99 })
      await twin.outbox.settle(key(1, 1), FAILED, DEAD)
      const [settled] = await store.outbox.of(sampleUuid(1))
      assert.deepEqual([settled?.state, settled?.attempts, await store.outbox.pending()], ['delivered', 3, 0])
    },
  },
  {
    name: 'attempts settled at once are all counted',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      const tries = Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? store : twin).outbox.settle(key(1, 1), FAILED, { state: 'pending', nextAt: NOON + 50 }),
      )
      await Promise.all(tries)
      assert.equal((await store.outbox.of(sampleUuid(1)))[0]?.attempts, 10)
      assert.equal((await twin.outbox.attempts(key(1, 1))).length, 10)
    },
  },
  {
    name: 'an attempt at an event that does not exist is the callers mistake, and said',
    async run({ store }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      for (const wrong of [key(1, 2), key(1, 0), key(1, 1.5), key(2, 1), { botUuid: '\u0000', sequence: 1 }]) {
        await assert.rejects(store.outbox.settle(wrong, OK, DELIVERED), /no such outgoing event/)
      }
    },
  },
  {
    name: 'refuses an attempt whose numbers are none',
    async run({ store }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      await assert.rejects(store.outbox.settle(key(1, 1), { ...OK, durationMs: Number.NaN }, DELIVERED), refusedFor('durationMs'))
      await assert.rejects(store.outbox.settle(key(1, 1), OK, { state: 'pending', nextAt: Number.NaN }), refusedFor('nextAt'))
      assert.equal((await store.outbox.of(sampleUuid(1)))[0]?.attempts, 0)
    },
  },
  {
    name: 'an account sees its dead letters, oldest first, and no others',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 20, count: 2 })
      await withEvents(store, 2, { at: 10, count: 1 })
      await withEvents(store, 3, { at: 5, count: 1, key: 'other' })
      for (const [n, sequence] of [
        [1, 2],
        [1, 1],
        [2, 1],
        [3, 1],
      ] as const) {
        await store.outbox.settle(key(n, sequence), FAILED, DEAD)
      }
      assert.deepEqual(keys(await twin.outbox.dead(await accountOf(store))), ['2.1', '1.1', '1.2'])
      assert.deepEqual(keys(await twin.outbox.dead(await accountOf(store, 'other'))), ['3.1'])
      assert.deepEqual(await twin.outbox.dead(99), [])
    },
  },
  {
    name: 'resends a dead or delivered event under its own id, and says since when',
    async run({ store, twin }) {
      await withEvents(store, 1, { at: 10, count: 3 })
      await store.outbox.settle(key(1, 1), FAILED, DEAD)
      await store.outbox.settle(key(1, 2), OK, DELIVERED)
      assert.equal(await twin.outbox.resend(key(1, 1), NOON + 70), true)
      assert.equal(await twin.outbox.resend(key(1, 2), NOON + 80), true)
      const [first, second] = await store.outbox.of(sampleUuid(1))
      assert.deepEqual(
        [first?.state, first?.nextAt, first?.resentAt, first?.attempts, first?.createdAt],
        ['pending', NOON + 70, NOON + 70, 1, NOON + 10],
      )
      assert.deepEqual([second?.state, second?.sequence, second?.data], ['pending', 2, { n: 1 }])
      assert.deepEqual(keys(await store.outbox.due(NOON + 99, 10)), ['1.1'])
      assert.deepEqual(await store.outbox.dead(await accountOf(store)), [])
    },
  },
  {
    name: 'does not resend what waits anyway, or what is not there',
    async run({ store }) {
      await withEvents(store, 1, { at: 10, count: 1 })
      for (const wrong of [key(1, 1), key(1, 2), key(1, 0), key(1, 2 ** 40), key(9, 1)])
        assert.equal(await store.outbox.resend(wrong, NOON), false)
      const [waiting] = await store.outbox.of(sampleUuid(1))
      assert.deepEqual([waiting?.nextAt, waiting?.resentAt], [NOON + 10, undefined])
    },
  },
]
