import assert from 'node:assert/strict'
import type { BotRecord, Json } from '../../store/port.ts'
import type { ContractCase } from './contract-case.ts'
import {
  accountOf,
  added,
  hashOf,
  LEFT,
  NOON,
  refusedFor,
  type StoreUnderTest,
  sampleBot,
  sampleRequest,
  sampleUuid,
} from './store-samples.ts'

const ODD = 'nul \u0000, half a pair \ud800 and \udc00, \u001a0000, emoji 🎧, quote \' " ` \\, percent % _ and ؟'

/** Accounts, and how bots come to be. */
export const STORE_BOTS: readonly ContractCase<StoreUnderTest>[] = [
  {
    name: 'opening again does nothing',
    async run({ store }) {
      const { id } = await added(store, sampleBot(1, await accountOf(store)))
      await Promise.all([store.open(), store.open()])
      assert.equal((await store.get(sampleUuid(1)))?.id, id)
    },
  },
  {
    name: 'one key is one account, whoever asks',
    async run({ store, twin }) {
      const seen = await Promise.all([store, twin, store, twin].map((one) => one.account(hashOf('k'))))
      assert.deepEqual(new Set(seen.map(({ id }) => id)).size, 1)
      assert.notEqual((await twin.account(hashOf('other'))).id, seen[0]?.id)
      assert.deepEqual(await twin.accountById(seen[0]?.id ?? 0), { id: seen[0]?.id, keyHash: hashOf('k'), webhookUrl: null })
    },
  },
  {
    name: 'a key itself is refused where its hash belongs, and not repeated',
    async run({ store }) {
      const refusal = await store.account('sk-live-secret').catch((error: unknown) => error)
      assert.ok(refusedFor('keyHash')(refusal))
      assert.doesNotMatch(JSON.stringify(refusal), /secret/)
    },
  },
  {
    name: 'keeps the webhook URL of an account and takes it away again',
    async run({ store, twin }) {
      const id = await accountOf(store)
      await store.setWebhookUrl(id, 'https://example.com/hook?a=b%20c')
      assert.equal((await twin.accountById(id))?.webhookUrl, 'https://example.com/hook?a=b%20c')
      await twin.setWebhookUrl(id, null)
      assert.equal((await store.accountById(id))?.webhookUrl, null)
    },
  },
  {
    name: 'knows no account that was never made',
    async run({ store }) {
      assert.equal(await store.accountById(99), undefined)
      await assert.rejects(store.setWebhookUrl(99, 'https://example.com'), refusedFor('accountId'))
      await assert.rejects(store.create(sampleBot(1, 99)), refusedFor('accountId'))
    },
  },
  {
    name: 'a new bot waits, is queued and has nothing else yet',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const given = sampleBot(1, accountId, { eventUuid: sampleUuid(9), joinAt: NOON + 240_000 })
      const bot = await added(store, given)
      const expected: BotRecord = {
        ...given,
        id: bot.id,
        paramId: bot.paramId,
        phase: 'waiting',
        claimedBy: null,
        status: 'queued',
        statusAt: given.createdAt,
        joinedAt: null,
        exitedAt: null,
        endedAt: null,
        recordingStartedAt: null,
        durationMs: null,
        isStopped: false,
        ending: null,
        files: {},
        participants: [],
        speakers: [],
        keepAt: null,
        dataDeleted: null,
      }
      assert.deepEqual(bot, expected)
      assert.deepEqual(await twin.get(bot.uuid), expected)
      assert.deepEqual(await store.history(bot.uuid), [])
    },
  },
  {
    name: 'gives integer ids that grow and fit 32 bits',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      const ids = [await added(store, sampleBot(1, accountId)), await added(twin, sampleBot(2, accountId))].map(({ id }) => id)
      const [first = 0, second = 0] = ids
      assert.ok(Number.isInteger(first) && first >= 1 && second > first && second < 2 ** 31)
    },
  },
  {
    name: 'gives back every request exactly as it was, odd characters and all',
    async run({ store, twin }) {
      const request = sampleRequest({
        meetingUrl: `https://meet.google.com/abc-defg-hij?x=${ODD}`,
        botName: ODD,
        entryMessage: ODD,
        recordingMode: 'audio_only',
        reserved: true,
        startAt: NOON + 0.5,
        speechToText: { provider: 'Gladia', apiKey: ODD },
        transcriptionParameters: [1, null, true, { a: [ODD] }],
        automaticLeave: { waitingRoomTimeoutMs: 0, nooneJoinedTimeoutMs: 1.5, silenceTimeoutMs: 4_294_967_295_000 },
        webhookUrl: 'https://example.com/hook',
        deduplicationKey: ODD,
        extra: { [ODD]: ODD, n: 1e21, big: 9_007_199_254_740_991, nested: { no: null, list: [] }, '1': 'one', '': 'empty', b: false },
      })
      await added(store, { ...sampleBot(1, await accountOf(store)), request, meetingKey: ODD })
      const kept = await twin.get(sampleUuid(1))
      assert.deepEqual(kept?.request, request)
      assert.equal(kept?.meetingKey, ODD)
    },
  },
  {
    name: 'keeps an extra of a megabyte',
    async run({ store, twin }) {
      const extra = { blob: 'äx\u0000'.repeat(350_000), small: 'findable' }
      const accountId = await accountOf(store)
      await added(store, sampleBot(1, accountId, { request: { extra } }))
      assert.deepEqual((await twin.get(sampleUuid(1)))?.request.extra, extra)
      const page = await twin.list({ accountId, limit: 1, extra: [{ field: 'blob', value: extra.blob }] })
      assert.equal(page.bots.length, 1)
    },
  },
  {
    name: 'does not see what the caller does to an object later',
    async run({ store }) {
      const extra = { tag: 'before' }
      const bot = await added(store, sampleBot(1, await accountOf(store), { request: { extra } }))
      extra.tag = 'after'
      Object.assign(bot, { isStopped: true })
      const kept = await store.get(bot.uuid)
      assert.deepEqual([kept?.request.extra, kept?.isStopped], [{ tag: 'before' }, false])
    },
  },
  {
    name: 'another account does not see a bot',
    async run({ store }) {
      const [mine, theirs] = [await accountOf(store, 'mine'), await accountOf(store, 'theirs')]
      const { uuid } = await added(store, sampleBot(1, mine))
      assert.equal((await store.get(uuid, mine))?.uuid, uuid)
      assert.equal(await store.get(uuid, theirs), undefined)
      assert.deepEqual((await store.list({ accountId: theirs, limit: 10 })).bots, [])
    },
  },
  {
    name: 'an id that is none is nobody',
    async run({ store }) {
      for (const odd of ['', 'nul\u0000', "' or 1=1 --", '\ud800', 'x'.repeat(100_000)]) {
        assert.equal(await store.get(odd), undefined)
        assert.deepEqual(await store.history(odd), [])
        assert.equal(await store.record(odd, { at: NOON }), undefined)
        assert.deepEqual(await store.outbox.of(odd), [])
        assert.deepEqual(await store.outbox.attempts({ botUuid: odd, sequence: 1 }), [])
        assert.equal(await store.outbox.resend({ botUuid: odd, sequence: 1 }, NOON), false)
      }
    },
  },
  {
    name: 'refuses a uuid twice, and leaves no trace of the second',
    async run({ store, twin }) {
      const accountId = await accountOf(store)
      await added(store, sampleBot(1, accountId))
      await assert.rejects(twin.create(sampleBot(1, accountId, { request: { botName: 'Second' } })), refusedFor('uuid'))
      assert.equal((await twin.list({ accountId, limit: 10 })).bots.length, 1)
      assert.equal((await store.get(sampleUuid(1)))?.request.botName, 'Notes')
    },
  },
  {
    name: 'refuses a time that is no number and an id that is no id, by name',
    async run({ store }) {
      const accountId = await accountOf(store)
      await assert.rejects(store.create(sampleBot(1, accountId, { joinAt: Number.NaN })), refusedFor('joinAt'))
      await assert.rejects(store.create(sampleBot(1, accountId, { createdAt: Number.POSITIVE_INFINITY })), refusedFor('createdAt'))
      await assert.rejects(store.create({ ...sampleBot(1, accountId), uuid: 'nul\u0000' }), refusedFor('uuid'))
      const { uuid } = await added(store, sampleBot(2, accountId))
      await assert.rejects(store.record(uuid, { at: Number.NaN, ending: LEFT }), refusedFor('at'))
      await assert.rejects(store.record(uuid, { at: NOON, patch: { durationMs: Number.NaN } }), refusedFor('durationMs'))
      await assert.rejects(store.claimDue({ now: NOON, by: '\u0000', limit: 1 }), refusedFor('by'))
      assert.deepEqual(await store.counts(), { waiting: 1, running: 0, ended: 0 })
    },
  },
  {
    name: 'refuses what is no JSON or too deep for it, by name, and leaves no trace',
    async run({ store }) {
      const accountId = await accountOf(store)
      await added(store, sampleBot(2, accountId))
      const circle: { [key: string]: Json } = {}
      circle.me = circle
      let deep: Json = 1
      for (let level = 0; level < 100_000; level += 1) deep = [deep]
      for (const extra of [circle, deep]) {
        await assert.rejects(store.create(sampleBot(1, accountId, { request: { extra } })), refusedFor('request'))
        const fact = { at: NOON, patch: { isStopped: true }, deliveries: [{ event: 'e', data: { extra } }] }
        await assert.rejects(store.record(sampleUuid(2), fact), refusedFor('fact'))
      }
      assert.equal(await store.get(sampleUuid(1)), undefined)
      assert.equal((await store.get(sampleUuid(2)))?.isStopped, false)
      assert.equal(await store.outbox.pending(), 0)
    },
  },
]
