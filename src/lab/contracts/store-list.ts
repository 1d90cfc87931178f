import assert from 'node:assert/strict'
import type { BotQuery, BotStore } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import { accountOf, added, addedWithExtra, LEFT, NOON, refusedFor, type StoreUnderTest, sampleBot, sampleUuid } from './store-samples.ts'

/** Numbers of the sample bots of one page. */
async function found(store: BotStore, query: Omit<BotQuery, 'limit'> & { limit?: number }): Promise<readonly number[]> {
  const { bots } = await store.list({ limit: 50, ...query })
  return bots.map(({ uuid }) => Number.parseInt(uuid.slice(-12), 16))
}

/** All pages, one after the other. */
async function walked(store: BotStore, query: BotQuery, between: () => Promise<void> = async () => {}): Promise<readonly number[][]> {
  const pages: number[][] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await store.list({ ...query, ...(cursor === undefined ? {} : { cursor }) })
    pages.push(page.bots.map(({ uuid }) => Number.parseInt(uuid.slice(-12), 16)))
    cursor = page.nextCursor
    if (pages.length > 100) throw new Error('the pages do not end')
    await between()
  }
  return pages
}

/** Lists by contract v1, section 3.8: order, pages, filters. */
export const STORE_LIST: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'lists newest first; of one moment the later added first',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const [n, createdAt] of [5, 9, 5, 7].entries()) await added(store, sampleBot(n + 1, accountId, { createdAt: NOON + createdAt }))
      assert.deepEqual(await found(twin, { accountId }), [2, 4, 3, 1])
    },
  },
  {
    name: 'an empty list has no next page, nor has one that just fits',
    async run({ store }) {
      const accountId = await accountOf(store)
      assert.deepEqual(await store.list({ accountId, limit: 2 }), { bots: [], nextCursor: null })
      await addedWithExtra(store, accountId, [null, null])
      assert.equal((await store.list({ accountId, limit: 2 })).nextCursor, null)
      assert.notEqual((await store.list({ accountId, limit: 1 })).nextCursor, null)
      assert.deepEqual(await store.list({ accountId: 2 ** 40, limit: 2 }), { bots: [], nextCursor: null })
    },
  },
  {
    name: 'pages hold every bot once while others are added and others end',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (let n = 1; n <= 7; n += 1) await added(store, sampleBot(n, accountId, { createdAt: NOON + Math.floor(n / 3) }))
      let next = 100
      const pages = await walked(twin, { accountId, limit: 2 }, async () => {
        next += 1
        await added(store, sampleBot(next, accountId, { createdAt: NOON + next }))
        await store.record(sampleUuid(4), { at: NOON + next, ending: LEFT })
      })
      assert.deepEqual(pages, [[7, 6], [5, 4], [3, 2], [1]])
    },
  },
  {
    name: 'finds substrings of name and URL in any case and script, and takes no character for a wildcard',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const names = ['Weekly 100% Notes', 'weekly_notes', 'ÉCOLE Straße', 'ΟΔΟΣ Иван', "O'Brien \\ [x] * ?", 'nul\u0000inside \ud800']
      for (const [n, botName] of names.entries()) {
        await added(store, sampleBot(n + 1, accountId, { request: { botName, meetingUrl: `https://meet.google.com/Room-${n}%5F` } }))
      }
      for (const [botName, expected] of [
        ['WEEKLY', [2, 1]],
        ['%', [1]],
        ['_', [2]],
        ['y_n', [2]],
        ['école', [3]],
        ['e\u0301cole', [3]],
        ['STRASSE', [3]],
        ['οδος', [4]],
        ['иВАН', [4]],
        ["o'b", [5]],
        ['\\', [5]],
        ['* ?', [5]],
        ['inside', [6]],
        ['nul\u0000in', [6]],
        ['', [6, 5, 4, 3, 2, 1]],
        ["' or '1'='1", []],
        ['x'.repeat(70_000), []],
      ] as const) {
        assert.deepEqual(await found(twin, { accountId, botName }), expected, botName.slice(0, 20))
      }
      assert.deepEqual(await found(twin, { accountId, meetingUrl: 'ROOM-3%5f' }), [4])
      assert.deepEqual(await found(twin, { accountId, meetingUrl: 'room-3', botName: 'notes' }), [])
    },
  },
  {
    name: 'finds bots by who was there or spoke, but not by the bot itself or over two names',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3]) await added(store, sampleBot(n, accountId))
      const at = NOON
      const participants = [
        { id: 'a', name: 'Ada Lovelace', joinedAt: at },
        { id: 'b', name: 'Bob', joinedAt: at },
        { id: 'self', name: 'Notes', joinedAt: at, self: true },
      ]
      await store.record(sampleUuid(1), { at, patch: { participants } })
      await store.record(sampleUuid(2), {
        at,
        patch: { speakers: [{ name: 'ADA B.', startAt: at, endAt: at, source: 'csrc', confidence: 1 }] },
      })
      for (const [speakerName, expected] of [
        ['ada', [2, 1]],
        ['lovelaceb', []],
        ['lovelace\nbob', []],
        ['lovelace bob', []],
        ['notes', []],
        ['BOB', [1]],
      ] as const) {
        assert.deepEqual(await found(twin, { accountId, speakerName }), expected, speakerName)
      }
      await store.record(sampleUuid(1), { at, patch: { participants: [] } })
      assert.deepEqual(await found(twin, { accountId, speakerName: 'bob' }), [])
    },
  },
  {
    name: 'times are inclusive, and a bot that has not ended ended after nothing',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      for (const n of [1, 2, 3, 4]) await added(store, sampleBot(n, accountId))
      for (const n of [1, 2, 3]) await store.record(sampleUuid(n), { at: NOON + n * 10, ending: LEFT })
      assert.deepEqual(await found(twin, { accountId, createdAfter: NOON + 2 }), [4, 3, 2])
      assert.deepEqual(await found(twin, { accountId, createdBefore: NOON + 2 }), [2, 1])
      assert.deepEqual(await found(twin, { accountId, createdAfter: NOON + 2, createdBefore: NOON + 2 }), [2])
      assert.deepEqual(await found(twin, { accountId, endedAfter: NOON + 20 }), [3, 2])
      assert.deepEqual(await found(twin, { accountId, endedAfter: 0 }), [3, 2, 1])
    },
  },
  {
    name: 'filters go on from page to page',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      await addedWithExtra(store, accountId, [{ t: 'x' }, { t: 'y' }, { t: 'x' }, { t: 'x' }, { t: 'y' }, { t: 'x' }, { t: 'x' }])
      assert.deepEqual(await walked(twin, { accountId, limit: 2, extra: [{ field: 't', value: 'x' }] }), [[7, 6], [4, 3], [1]])
    },
  },
  {
    name: 'refuses a cursor that is not of this list, by name',
    async run({ store, twin }) {
      const [mine, theirs] = [await accountOf(store, 'mine'), await accountOf(store, 'theirs')]
      await addedWithExtra(store, mine, [{ t: 'x' }, { t: 'y' }])
      const sortByExtra = { field: 't', direction: 'asc' } as const
      const newest = (await twin.list({ accountId: mine, limit: 1 })).nextCursor ?? ''
      const sorted = (await twin.list({ accountId: mine, limit: 1, sortByExtra })).nextCursor ?? ''
      const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
      const garbage = [
        '',
        'garbage',
        '%%%',
        encoded(null),
        encoded([1]),
        encoded([999, 'newest']),
        encoded(['1', 'newest']),
        encoded([-1, 'newest']),
        encoded([2 ** 40, 'newest']),
        encoded([1.5, 'newest']),
        `${encoded([1, 'newest', 'x'])}`,
      ]
      for (const cursor of [...garbage, sorted])
        await assert.rejects(twin.list({ accountId: mine, limit: 1, cursor }), refusedFor('cursor'), cursor)
      await assert.rejects(twin.list({ accountId: mine, limit: 1, cursor: newest, sortByExtra }), refusedFor('cursor'))
      await assert.rejects(
        twin.list({ accountId: mine, limit: 1, cursor: sorted, sortByExtra: { field: 't', direction: 'desc' } }),
        refusedFor('cursor'),
      )
      await assert.rejects(
        twin.list({ accountId: mine, limit: 1, cursor: sorted, sortByExtra: { field: 'u', direction: 'asc' } }),
        refusedFor('cursor'),
      )
      await assert.rejects(twin.list({ accountId: theirs, limit: 1, cursor: newest }), refusedFor('cursor'))
    },
  },
  {
    name: 'refuses a limit or a time that is none, by name',
    async run({ store }) {
      const accountId = await accountOf(store)
      for (const limit of [0, -1, 1.5, Number.NaN]) await assert.rejects(store.list({ accountId, limit }), refusedFor('limit'))
      await assert.rejects(store.list({ accountId, limit: 1, createdAfter: Number.NaN }), refusedFor('createdAfter'))
    },
  },
]
