import assert from 'node:assert/strict'
import type { BotQuery, BotStore, Json } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, addedWithExtra, type StoreUnderTest } from './store-samples.ts'

async function found(store: BotStore, query: Omit<BotQuery, 'limit'>): Promise<readonly number[]> {
  const { bots } = await store.list({ limit: 50, ...query })
  return bots.map(({ uuid }) => Number.parseInt(uuid.slice(-12), 16))
}

/** Every page of one bot, put together: the order, as cursors see it. */
async function walkedOneByOne(store: BotStore, query: Omit<BotQuery, 'limit'>): Promise<readonly number[]> {
  const seen: number[] = []
  let cursor: string | null | undefined
  while (cursor !== null && seen.length < 100) {
    const { bots, nextCursor } = await store.list({ ...query, limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...bots.map(({ uuid }) => Number.parseInt(uuid.slice(-12), 16)))
    cursor = nextCursor
  }
  return seen
}

const HOSTILE = [
  "a'b",
  'a"b',
  "') or 1=1 --",
  '$.x',
  '$[0]',
  'a.b',
  'x[0]',
  '?',
  '$1',
  ':name',
  '\u0000',
  'nul\u0000in',
  '\ud800',
  '\udc00x',
  '\u001a0000',
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(10_000),
  '🎧',
] as const

/** Filters and order by fields of `extra` (contract v1, section 3.8). */
export const STORE_EXTRA: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'filters by the string form of a field of extra, case and all; without the field a bot is dropped',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const extras: readonly Json[] = [
        { team: 'Red', n: 1 },
        { team: 'red', n: '1' },
        { team: 'Red', n: 1.5, ok: true },
        { ok: 'true', none: null },
        null,
        'team',
        ['Red'],
        { team: ['Red'] },
        { team: { a: 1 } },
        7,
      ]
      await addedWithExtra(store, accountId, extras)
      const of = (...extra: readonly [string, string][]): Promise<readonly number[]> =>
        found(twin, { accountId, extra: extra.map(([field, value]) => ({ field, value })) })
      assert.deepEqual(await of(['team', 'Red']), [3, 1])
      assert.deepEqual(await of(['team', 'red']), [2])
      assert.deepEqual(await of(['Team', 'Red']), [])
      assert.deepEqual(await of(['n', '1']), [2, 1])
      assert.deepEqual(await of(['ok', 'true']), [4, 3])
      assert.deepEqual(await of(['none', 'null']), [4])
      assert.deepEqual(await of(['team', '["Red"]']), [8])
      assert.deepEqual(await of(['team', '{"a":1}']), [9])
      assert.deepEqual(await of(['0', 'Red']), [])
      assert.deepEqual(await of(['length', '1']), [])
      assert.deepEqual(await of(['team', 'Red'], ['n', '1']), [1])
      assert.deepEqual(await of(['team', 'Red'], ['team', 'red']), [])
      assert.deepEqual(await of(), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    },
  },
  {
    name: 'a field is only ever a name: quotes, paths, inherited names and half characters mean themselves',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const extras = HOSTILE.map((word) => Object.fromEntries([[word, word]]) as { [key: string]: Json })
      extras.push({ plain: 'x' }, JSON.parse('{"__proto__":"own"}'))
      await addedWithExtra(store, accountId, extras)
      for (const [index, word] of HOSTILE.entries()) {
        const numbers = await found(twin, { accountId, extra: [{ field: word, value: word }] })
        assert.deepEqual(numbers, [index + 1], JSON.stringify(word).slice(0, 40))
        const sorted = await found(twin, { accountId, sortByExtra: { field: word, direction: 'desc' } })
        assert.equal(sorted[0], word === '__proto__' ? extras.length : index + 1)
      }
      assert.deepEqual(await found(twin, { accountId, extra: [{ field: '__proto__', value: 'own' }] }), [extras.length])
      assert.deepEqual(await found(twin, { accountId, extra: [{ field: 'valueOf', value: '' }] }), [])
    },
  },
  {
    name: 'sorts by a field as text, bots having it first, equal ones newest first, the same page by page',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const values = ['b', 'a', undefined, 'B', 10, 9, 'b', undefined, 'é', 'z', '', '🎧', '\uffee', null, 'b\u0000']
      await addedWithExtra(
        store,
        accountId,
        values.map((v) => (v === undefined ? { other: 1 } : { k: v })),
      )
      const upwards = [11, 5, 6, 4, 2, 7, 1, 15, 14, 10, 9, 13, 12, 8, 3]
      const downwards = [12, 13, 9, 10, 14, 15, 7, 1, 2, 4, 6, 5, 11, 8, 3]
      const by = (direction: 'asc' | 'desc'): Omit<BotQuery, 'limit'> => ({ accountId, sortByExtra: { field: 'k', direction } })
      assert.deepEqual(await found(twin, by('asc')), upwards)
      assert.deepEqual(await found(twin, by('desc')), downwards)
      assert.deepEqual(await walkedOneByOne(twin, by('asc')), upwards)
      assert.deepEqual(await walkedOneByOne(twin, by('desc')), downwards)
    },
  },
  {
    name: 'sorts what the filters left',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      await addedWithExtra(store, accountId, [{ t: 'x', k: '2' }, { t: 'y', k: '1' }, { t: 'x', k: '1' }, { t: 'x' }])
      const query = { accountId, extra: [{ field: 't', value: 'x' }], sortByExtra: { field: 'k', direction: 'asc' } } as const
      assert.deepEqual(await found(twin, query), [3, 1, 4])
      assert.deepEqual(await walkedOneByOne(twin, query), [3, 1, 4])
    },
  },
  {
    name: 'keeps thousands of fields',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const extra = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`f${n}`, n]))
      await addedWithExtra(store, accountId, [extra])
      assert.deepEqual(await found(twin, { accountId, extra: [{ field: 'f4999', value: '4999' }] }), [1])
    },
  },
]
