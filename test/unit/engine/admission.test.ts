import { describe, expect, it } from 'vitest'
import { IN_THE_CALL } from '../../../src/lab/fakes/scripted-bot.ts'
import { A_MINUTE, newRig, OTHER_KEY, requestFor, STAYS } from './rig.ts'

const MINUTE = 60_000
const DAY = 86_400_000

describe('who joins when', () => {
  it('joins at once when no time is given, or a past one', async () => {
    const rig = await newRig()
    const now = rig.clock.now()
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.engine.create(rig.accountId, requestFor(2, { startAt: now - MINUTE }))
    await rig.clock.run(0)
    expect(rig.made.map(({ at }) => at - now)).toEqual([0, 0])
  })

  it('joins exactly at its time, also weeks away', async () => {
    const rig = await newRig({ beatMs: DAY })
    const startAt = rig.clock.now() + 40 * DAY + 17
    await rig.engine.create(rig.accountId, requestFor(1, { startAt }))
    await rig.clock.run(40 * DAY + 16)
    expect(rig.made).toEqual([])
    await rig.clock.run(1)
    expect(rig.made.map(({ at }) => at)).toEqual([startAt])
  })

  it('sets out earlier by the lead it is given', async () => {
    const rig = await newRig({ startLeadMs: 4 * MINUTE })
    const startAt = rig.clock.now() + 10 * MINUTE
    await rig.engine.create(rig.accountId, requestFor(1, { startAt }))
    await rig.clock.run(6 * MINUTE)
    expect(rig.made.map(({ at }) => at)).toEqual([startAt - 4 * MINUTE])
  })

  it('joins four minutes after the request when reserved', async () => {
    const rig = await newRig()
    const now = rig.clock.now()
    await rig.engine.create(rig.accountId, requestFor(1, { reserved: true }))
    await rig.clock.run(10 * MINUTE)
    expect(rig.made.map(({ at }) => at - now)).toEqual([4 * MINUTE])
  })

  it('lets bots wait for a slot, never refuses, first by their time to join', async () => {
    const rig = await newRig({ concurrency: 1, life: () => A_MINUTE })
    const now = rig.clock.now()
    const late = await rig.engine.create(rig.accountId, requestFor(1, { startAt: now + 2 }))
    const early = await rig.engine.create(rig.accountId, requestFor(2, { startAt: now + 1 }))
    const first = await rig.engine.create(rig.accountId, requestFor(3))
    await rig.clock.run(30_000)
    expect(await rig.record(late.uuid)).toMatchObject({ phase: 'waiting', status: 'queued' })
    expect(await rig.engine.counts()).toMatchObject({ waiting: 2, running: 1, concurrency: 1 })
    await rig.clock.run(3 * MINUTE)
    expect(rig.made.map(({ uuid }) => uuid)).toEqual([first.uuid, early.uuid, late.uuid])
  })

  it('never runs more at once than it may', async () => {
    const rig = await newRig({ concurrency: 3, life: () => A_MINUTE })
    for (let n = 1; n <= 10; n++) await rig.engine.create(rig.accountId, requestFor(n))
    for (let round = 0; round < 24; round++) {
      await rig.clock.run(10_000)
      expect((await rig.engine.counts()).running).toBeLessThanOrEqual(3)
    }
    expect(rig.made).toHaveLength(10)
  })

  it('keeps the slot of a reserved bot empty, so that it is in at its time', async () => {
    const rig = await newRig({ concurrency: 1, life: () => STAYS })
    const now = rig.clock.now()
    const reserved = await rig.engine.create(rig.accountId, requestFor(1, { reserved: true }))
    await rig.engine.create(rig.accountId, requestFor(2))
    await rig.clock.run(5 * MINUTE)
    expect(rig.made).toMatchObject([{ uuid: reserved.uuid, at: now + 4 * MINUTE }])
  })

  it('holds no slot for a reserved bot of next week', async () => {
    const rig = await newRig({ concurrency: 1, life: () => A_MINUTE })
    await rig.engine.create(rig.accountId, requestFor(1, { reserved: true, startAt: rig.clock.now() + 7 * DAY }))
    await rig.engine.create(rig.accountId, requestFor(2))
    await rig.clock.run(1_000)
    expect(rig.made).toHaveLength(1)
  })

  it('gives a free slot to the reserved bot before others that wait longer', async () => {
    const rig = await newRig({
      concurrency: 1,
      life: (_, nth) => (nth === 0 ? { steps: IN_THE_CALL, ends: { atMs: 10 * MINUTE, reason: 'meeting_ended' } } : STAYS),
    })
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(0)
    await rig.engine.create(rig.accountId, requestFor(2))
    const reserved = await rig.engine.create(rig.accountId, requestFor(3, { reserved: true }))
    await rig.clock.run(11 * MINUTE)
    expect(rig.made.map(({ uuid }) => uuid)[1]).toBe(reserved.uuid)
  })

  it('gives the held slot back when the reserved bot is cancelled', async () => {
    const rig = await newRig({ concurrency: 1 })
    const reserved = await rig.engine.create(rig.accountId, requestFor(1, { reserved: true }))
    const other = await rig.engine.create(rig.accountId, requestFor(2))
    await rig.clock.run(1_000)
    expect(rig.made).toEqual([])
    await rig.engine.leave(rig.accountId, reserved.uuid)
    await rig.clock.run(0)
    expect(rig.made.map(({ uuid }) => uuid)).toEqual([other.uuid])
  })

  it('joins all the same when the store fails for a while', async () => {
    const rig = await newRig()
    const { claimDue } = rig.store
    rig.store.claimDue = () => Promise.reject(new Error('the database is away'))
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(15_000)
    rig.store.claimDue = claimDue
    await rig.clock.run(11_000)
    expect(rig.made).toHaveLength(1)
  })

  it('finds a claim whose answer was lost', async () => {
    const rig = await newRig()
    const { claimDue } = rig.store
    rig.store.claimDue = async (claim) => {
      await claimDue.call(rig.store, claim)
      throw new Error('the connection broke after the commit')
    }
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.clock.run(0)
    rig.store.claimDue = claimDue
    await rig.clock.run(25_000)
    expect(rig.made).toHaveLength(1)
  })
})

describe('what is refused', () => {
  it.each([
    ['recordingMode', { recordingMode: 'gallery_view' }],
    ['entryMessage', { entryMessage: 'hello' }],
    ['botImage', { botImage: 'https://example.com/a.png' }],
    ['speechToText', { speechToText: { provider: 'Default', apiKey: null } }],
    ['streaming.input', { streaming: { input: 'wss://example.com', output: null, audioFrequency: null } }],
  ] as const)('refuses %s by name, and stores nothing', async (field, more) => {
    const rig = await newRig()
    await expect(rig.engine.create(rig.accountId, requestFor(1, more))).rejects.toMatchObject({ code: 'NOT_SUPPORTED', details: { field } })
    expect(await rig.engine.counts()).toMatchObject({ waiting: 0, running: 0 })
  })

  it.each(['https://example.com/abc', 'not a url', 'https://meet.google.com/'])(
    'refuses %s as no meeting, without a bot',
    async (meetingUrl) => {
      const rig = await newRig()
      await expect(rig.engine.create(rig.accountId, requestFor(1, { meetingUrl }))).rejects.toMatchObject({ code: 'INVALID_MEETING_URL' })
      expect((await rig.engine.list({ accountId: rig.accountId, limit: 10 })).bots).toEqual([])
    },
  )

  it('names field, value and what is allowed of a wrong value', async () => {
    const rig = await newRig()
    const wrong = requestFor(1, { botName: 'x'.repeat(101) })
    await expect(rig.engine.create(rig.accountId, wrong)).rejects.toMatchObject({ code: 'CONFIG_INVALID', details: { field: 'botName' } })
  })

  it('lets one of a hundred equal requests win, and names it to the others', async () => {
    const rig = await newRig()
    const all = await Promise.allSettled(Array.from({ length: 100 }, () => rig.engine.create(rig.accountId, requestFor(1))))
    const won = all.filter((one) => one.status === 'fulfilled')
    expect(won).toHaveLength(1)
    const lost = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(new Set(lost.map(({ code, details }) => `${code} ${details.botId}`))).toEqual(new Set([`DUPLICATE ${won[0]?.value.uuid}`]))
  })

  it('takes the same meeting again with a new key, from another account, or five minutes later', async () => {
    const rig = await newRig({ life: () => A_MINUTE })
    const other = (await rig.engine.account(OTHER_KEY)) ?? 0
    await rig.engine.create(rig.accountId, requestFor(1))
    await rig.engine.create(rig.accountId, requestFor(1, { deduplicationKey: 'again' }))
    await rig.engine.create(other, requestFor(1))
    await expect(rig.engine.create(rig.accountId, requestFor(1, { deduplicationKey: 'again' }))).rejects.toMatchObject({
      code: 'DUPLICATE',
    })
    await rig.clock.run(5 * MINUTE)
    await rig.engine.create(rig.accountId, requestFor(1))
    expect((await rig.engine.list({ accountId: rig.accountId, limit: 10 })).bots).toHaveLength(3)
  })

  it('knows its keys and no others, and shows an account its own bots only', async () => {
    const rig = await newRig()
    const other = await rig.engine.account(OTHER_KEY)
    expect([rig.accountId, other].every(Number.isInteger)).toBe(true)
    expect(other).not.toBe(rig.accountId)
    expect(await rig.engine.account('key-on')).toBeUndefined()
    const { uuid } = await rig.engine.create(rig.accountId, requestFor(1))
    expect(await rig.engine.get(other ?? 0, uuid)).toBeUndefined()
    expect(await rig.engine.leave(other ?? 0, uuid)).toBeUndefined()
    expect(await rig.engine.deleteData(other ?? 0, uuid)).toBeUndefined()
    expect(await rig.engine.screenshots(other ?? 0, uuid)).toBeUndefined()
    expect(await rig.engine.resend(other ?? 0, uuid, 1)).toBe(false)
  })
})

describe('URLs that lead to private addresses', () => {
  it.each([
    ['webhookUrl', { webhookUrl: 'http://127.0.0.1/hook' }],
    ['streaming.output', { streaming: { input: null, output: 'ws://[::1]:9000', audioFrequency: null } }],
  ] as const)('are refused for %s, and nothing is stored', async (field, more) => {
    const rig = await newRig()
    await expect(rig.engine.create(rig.accountId, requestFor(1, more))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field },
    })
    expect(await rig.engine.counts()).toMatchObject({ waiting: 0, running: 0 })
  })

  it('are refused as the webhook of an account', async () => {
    const rig = await newRig()
    await expect(rig.engine.setWebhookUrl(rig.accountId, 'http://10.0.0.1/')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(await rig.engine.webhookUrl(rig.accountId)).toBe(null)
  })
})
