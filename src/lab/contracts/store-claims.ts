import assert from 'node:assert/strict'
import type { BotStore, Delivery, DeliveryAttempt } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, NOON, refusedFor, type StoreUnderTest, sampleBot, sampleUuid } from './store-samples.ts'

const OK: DeliveryAttempt = { at: NOON + 50, durationMs: 12.5, status: 200, error: null }
const LEASE = 30_000

/** Bots 1 to n with so many events each, written in order of their numbers. */
async function withEvents(store: BotStore, bots: number, each: number): Promise<void> {
  const accountId = await accountOf(store)
  for (let n = 1; n <= bots; n++) {
    await added(store, sampleBot(n, accountId))
    const deliveries = Array.from({ length: each }, (_, index) => ({ event: `e${index + 1}`, data: { n } }))
    await store.record(sampleUuid(n), { at: NOON + n, deliveries })
  }
}

function keys(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.map(({ botUuid, sequence }) => `${Number.parseInt(botUuid.slice(-12), 16)}.${sequence}`)
}

const key = (n: number, sequence: number) => ({ botUuid: sampleUuid(n), sequence })

const taken = async (store: BotStore, by: string, now: number, limit = 9): Promise<readonly string[]> =>
  keys(await store.outbox.claim({ by, now, limit, leaseMs: LEASE }))

/** Outgoing events are taken by one sender at a time. */
export const STORE_CLAIMS: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'two senders at once never take the same event, and together they take each once',
    async run({ store, twin }) {
      await withEvents(store, 12, 2)
      const takers = Array.from({ length: 8 }, (_, n) => taken(n % 2 === 0 ? store : twin, `sender-${n}`, NOON + 100, 3))
      const all = (await Promise.all(takers)).flat()
      // One that found others at work may have gone without; what is left is there for the next.
      all.push(...(await taken(twin, 'last', NOON + 100, 99)))
      assert.deepEqual(all.toSorted(), Array.from({ length: 12 }, (_, n) => `${n + 1}.1`).toSorted())
      assert.deepEqual(await taken(store, 'late', NOON + 100), [])
    },
  },
  {
    name: 'takes what is due, oldest first, up to the limit, as it is kept',
    async run({ store, twin }) {
      await withEvents(store, 3, 1)
      const [first] = await twin.outbox.of(sampleUuid(1))
      assert.deepEqual(await store.outbox.claim({ by: 'a', now: NOON + 9, limit: 1, leaseMs: LEASE }), [first])
      assert.deepEqual(await taken(twin, 'a', NOON + 2), ['2.1'])
      assert.deepEqual(await taken(twin, 'a', NOON + 2, 0), [])
      assert.deepEqual(keys(await twin.outbox.due(NOON + 9, 9)), ['1.1', '2.1', '3.1'])
      await assert.rejects(store.outbox.claim({ by: '', now: NOON, limit: 1, leaseMs: LEASE }), refusedFor('by'))
    },
  },
  {
    name: 'what is taken holds back the later events of its bot until it is settled',
    async run({ store, twin }) {
      await withEvents(store, 1, 2)
      assert.deepEqual(await taken(store, 'a', NOON + 10), ['1.1'])
      assert.deepEqual(await taken(twin, 'b', NOON + 10), [])
      await store.outbox.settle(key(1, 1), OK, { state: 'delivered' })
      assert.deepEqual(await taken(twin, 'b', NOON + 10), ['1.2'])
    },
  },
  {
    name: 'what failed is free again at its time, for whoever comes',
    async run({ store, twin }) {
      await withEvents(store, 1, 1)
      await taken(store, 'a', NOON + 10)
      const failed: DeliveryAttempt = { ...OK, status: 500 }
      await store.outbox.settle(key(1, 1), failed, { state: 'pending', nextAt: NOON + 5_000 })
      assert.deepEqual(await taken(twin, 'b', NOON + 4_999), [])
      assert.deepEqual(await taken(twin, 'b', NOON + 5_000), ['1.1'])
    },
  },
  {
    name: 'a lease ends by itself: what a dead sender had is taken by another',
    async run({ store, twin }) {
      await withEvents(store, 1, 1)
      await taken(store, 'dead', NOON + 10)
      assert.deepEqual(await taken(twin, 'next', NOON + 9 + LEASE), [])
      assert.deepEqual(await taken(twin, 'next', NOON + 10 + LEASE), ['1.1'])
    },
  },
  {
    name: 'a sender that is known to be gone lets go at once, and only what it had',
    async run({ store, twin }) {
      await withEvents(store, 2, 1)
      await taken(store, 'gone', NOON + 10, 1)
      await taken(store, 'alive', NOON + 10, 1)
      assert.deepEqual(await twin.outbox.holders(), ['alive', 'gone'])
      await twin.outbox.release('gone')
      await twin.outbox.release('never there')
      assert.deepEqual(await store.outbox.holders(), ['alive'])
      assert.deepEqual(await taken(store, 'next', NOON + 10), ['1.1'])
    },
  },
  {
    name: 'a sender whose clock is behind by less than a lease does not take what another has',
    async run({ store, twin }) {
      await withEvents(store, 1, 1)
      assert.deepEqual(await taken(store, 'a', NOON + LEASE), ['1.1'])
      assert.deepEqual(await taken(twin, 'b', NOON + 10), [])
    },
  },
  {
    name: 'times written by a clock that has been set back hold up nothing',
    async run({ store, twin }) {
      await withEvents(store, 2, 1)
      const dayBefore = NOON - 86_400_000
      await taken(store, 'a', NOON + 10, 1)
      assert.deepEqual(await taken(twin, 'b', dayBefore), [])
      const claim = { by: 'b', now: dayBefore, limit: 9, leaseMs: LEASE, latest: dayBefore + 7_200_000 }
      assert.deepEqual(keys(await twin.outbox.claim(claim)), ['1.1', '2.1'])
    },
  },
]
