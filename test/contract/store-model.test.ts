import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBotError } from '../../src/core/errors.ts'
import { hashOf, LEFT, NOON, sampleBot, sampleUuid } from '../../src/lab/contracts/store-samples.ts'
import type { BotFact, BotPatch, BotQuery, BotStore, Json } from '../../src/store/port.ts'
import { MemoryStore, sqliteStore } from '../../src/store.ts'

/** One thing done to a store; what it answers is compared. */
interface Step {
  name: string
  run(store: BotStore): Promise<unknown>
}

// Few of everything, so that steps meet: the same bot, the same event, equal values.
const number = fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 5)
const accountId = fc.constantFrom(1, 1, 1, 1, 2, 3)
const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(7.5)).map((ms) => NOON + ms)
const run = fc.constantFrom('run-a', 'run-b')
const word = fc.constantFrom('a', 'A', 'ä', 'b\u0000', '\ud800', '🎧', '%', '', 'ß', 'SS')
const json: fc.Arbitrary<Json> = fc.oneof(word, fc.constantFrom(null, true, 0, 1.5, 1e21), fc.array(word, { maxLength: 2 }))
const extra: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ k: fc.constantFrom('a', 'b') }) },
  json,
  fc.dictionary(fc.constantFrom('k', 'K', 'b\u0000', '__proto__', ''), json),
)
const sequence = fc.constantFrom(0, 1, 1, 1, 2, 2, 3)

const participant = fc.record({ id: word, name: word, joinedAt: time, self: fc.boolean() })
const patch: fc.Arbitrary<BotPatch> = fc.record(
  {
    joinedAt: fc.option(time),
    durationMs: fc.option(time),
    isStopped: fc.boolean(),
    files: fc.record({ mp4: word }, { requiredKeys: [] }),
    participants: fc.array(participant, { maxLength: 2 }),
    speakers: fc.array(
      fc.record({ name: word, startAt: time, endAt: time, source: fc.constant('csrc' as const), confidence: fc.constant(0.5) }),
      { maxLength: 2 },
    ),
    dataDeleted: fc.option(fc.record({ at: time, partial: fc.boolean() })),
    joinAt: time,
    keepAt: fc.option(time),
  },
  { requiredKeys: [] },
)
const history = fc.record({
  status: fc.constantFrom('joining_call', 'call_ended', 'completed'),
  reason: fc.option(word),
  responsible: fc.constantFrom('host', null),
  screenshot: fc.option(word),
})
const delivery = fc.oneof(
  fc.record({ event: word, data: fc.dictionary(word, json) }),
  fc.record({ event: word, data: fc.dictionary(word, json), url: word }),
)
const fact = fc.record(
  { at: time, patch, history, ending: fc.constant(LEFT), deliveries: fc.array(delivery, { minLength: 1, maxLength: 3 }) },
  { requiredKeys: ['at'] },
) as fc.Arbitrary<BotFact>
const guard = fc.record({ phase: fc.constantFrom('waiting', 'running', 'ended'), claimedBy: run }, { requiredKeys: [] })

const sortByExtra = fc.record({ field: fc.constantFrom('k', 'k', 'k', '__proto__'), direction: fc.constantFrom('asc', 'desc') })
const filters = fc.record(
  {
    botName: word,
    meetingUrl: word,
    speakerName: word,
    createdAfter: time,
    createdBefore: time,
    endedAfter: time,
    extra: fc.array(fc.record({ field: fc.constantFrom('k', 'b\u0000', ''), value: word }), { maxLength: 1 }),
    sortByExtra,
  },
  { requiredKeys: [] },
)

function step<T>(name: string, given: fc.Arbitrary<T>, act: (store: BotStore, value: T) => Promise<unknown>): fc.Arbitrary<Step> {
  return given.map((value) => ({ name: `${name} ${JSON.stringify(value)}`, run: (store) => act(store, value) }))
}

async function everyPage(store: BotStore, query: Omit<BotQuery, 'limit'>): Promise<unknown> {
  const pages: unknown[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await store.list({ ...query, limit: 2, ...(cursor === undefined ? {} : { cursor }) })
    pages.push(page)
    cursor = page.nextCursor
    if (pages.length > 5) throw new Error('the pages do not end')
  }
  return pages
}

const creation = fc.record({
  n: number,
  accountId,
  joinAt: time,
  createdAt: time,
  key: fc.option(word),
  botName: word,
  extra,
  reserved: fc.boolean(),
  within: fc.option(fc.integer({ min: 0, max: 9 })),
})

const steps: fc.Arbitrary<Step> = fc.oneof(
  step('account', fc.constantFrom('x', 'y'), (store, key) => store.account(hashOf(key))),
  step('setWebhookUrl', fc.tuple(accountId, fc.option(word)), (store, [id, url]) => store.setWebhookUrl(id, url)),
  {
    weight: 4,
    arbitrary: step('create', creation, (store, { n, key, within, botName, extra: kept, reserved, ...bot }) =>
      store.create(
        sampleBot(n, bot.accountId, { ...bot, request: { botName, reserved, deduplicationKey: key, extra: kept } }),
        within === null ? {} : { dedupe: { withinMs: within } },
      ),
    ),
  },
  step('claimDue', fc.record({ now: time, by: run, limit: fc.integer({ min: 0, max: 3 }) }), (store, claim) => store.claimDue(claim)),
  step('claimReserved', fc.record({ now: time, by: run, limit: fc.constant(1), reserved: fc.boolean() }), (store, claim) =>
    store.claimDue(claim),
  ),
  {
    weight: 5,
    arbitrary: step('record', fc.tuple(number, fact, fc.option(guard, { nil: undefined })), (store, [n, given, onlyIf]) =>
      store.record(sampleUuid(n), given, onlyIf),
    ),
  },
  step('takeOver', fc.tuple(number, run, run), (store, [n, from, to]) => store.takeOver(sampleUuid(n), { from, to })),
  step('beat', fc.tuple(run, time), (store, [by, at]) => store.beat(by, at)),
  step('forgetRun', run, (store, by) => store.forgetRun(by)),
  step('waiting', time, async (store, at) => [
    await store.nextJoinAt(),
    await store.nextJoinAt(at),
    await store.reservedUntil(at),
    await store.counts(),
  ]),
  step('left', run, async (store, by) => [await store.leftBehind(by), await store.runs()]),
  step('endedBefore', fc.tuple(time, fc.integer({ min: 0, max: 3 })), (store, [at, limit]) => store.endedBefore(at, limit)),
  {
    weight: 3,
    arbitrary: step('list', fc.tuple(accountId, fc.oneof(filters, fc.record({ sortByExtra }))), (store, [id, query]) =>
      everyPage(store, { accountId: id, ...query }),
    ),
  },
  step('due', fc.tuple(time, fc.integer({ min: 0, max: 3 })), async (store, [at, limit]) => [
    await store.outbox.due(at, limit),
    await store.outbox.nextAt(),
  ]),
  {
    weight: 3,
    arbitrary: step(
      'settle',
      fc.tuple(number, sequence, fc.constantFrom('delivered', 'dead', 'pending'), time, fc.option(word)),
      (store, [n, at, state, nextAt, error]) =>
        store.outbox.settle(
          { botUuid: sampleUuid(n), sequence: at },
          { at: nextAt, durationMs: 3, status: error === null ? 500 : null, error },
          state === 'pending' ? { state, nextAt } : { state },
        ),
    ),
  },
  step(
    'claim',
    fc.record({ by: run, now: time, limit: fc.integer({ min: 0, max: 2 }), leaseMs: fc.constantFrom(1, 5), latest: time }),
    (store, claim) => store.outbox.claim(claim),
  ),
  step('release', run, (store, by) => store.outbox.release(by)),
  step('upkeep', fc.tuple(time, fc.integer({ min: 0, max: 3 })), async (store, [at, limit]) => [
    await store.halfRemoved(limit),
    await store.toKeep(at, limit),
  ]),
  step('resend', fc.tuple(number, sequence, time), (store, [n, at, now]) =>
    store.outbox.resend({ botUuid: sampleUuid(n), sequence: at }, now),
  ),
)

async function answer(step: Step, store: BotStore): Promise<unknown> {
  try {
    return await step.run(store)
  } catch (error) {
    if (isBotError(error)) return { refused: error.code, field: error.details.field }
    throw error
  }
}

/** Three bots with two events each: on empty stores most steps would only be refused. */
async function furnished(store: BotStore): Promise<void> {
  await store.account(hashOf('x'))
  for (const n of [1, 2, 3]) {
    await store.create(sampleBot(n, 1, { createdAt: NOON, request: { extra: { k: n === 3 ? 'b' : 'a' } } }))
    const deliveries = [1, 2].map((data) => ({ event: 'e', data: { data } }))
    await store.record(sampleUuid(n), { at: NOON, deliveries })
  }
}

/** Everything there is to know. */
async function whole(store: BotStore): Promise<unknown> {
  const bots = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(sampleUuid).map(async (uuid) => {
      const deliveries = await store.outbox.of(uuid)
      const attempts = await Promise.all(deliveries.map((delivery) => store.outbox.attempts(delivery)))
      return [await store.get(uuid), await store.history(uuid), deliveries, attempts]
    }),
  )
  return [
    bots,
    await store.outbox.pending(),
    await store.outbox.holders(),
    await store.outbox.dead(1),
    await store.outbox.dead(2),
    await store.accountById(1),
    await store.accountById(2),
  ]
}

describe('stores', () => {
  it('memory and SQLite answer any sequence of operations alike', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 80 }), async (sequenceOfSteps) => {
      const [memory, sqlite] = [new MemoryStore(), sqliteStore({ path: ':memory:' })]
      await sqlite.open()
      try {
        for (const store of [memory, sqlite]) await furnished(store)
        for (const one of sequenceOfSteps) expect(await answer(one, sqlite), one.name).toStrictEqual(await answer(one, memory))
        expect(await whole(sqlite)).toStrictEqual(await whole(memory))
      } finally {
        await sqlite.close()
      }
    })
    await fc.assert(property, { seed: 20_261_125, numRuns: 150 })
  })
})
