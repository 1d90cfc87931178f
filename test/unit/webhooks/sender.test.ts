import { describe, expect, it, vi } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { sampleUuid } from '../../../src/lab/contracts/store-samples.ts'
import { OutgoingHttp } from '../../../src/net/outgoing-http.ts'
import { createUrlGuard } from '../../../src/net/url-guard.ts'
import { verifyWebhook } from '../../../src/webhooks/verify.ts'
import { type BedOptions, type Seen, senderBed, settled } from './sender-bed.ts'

const HOUR = 3_600_000
const gate = () => {
  let open: (status: number) => void = () => {}
  const answer = new Promise<number>((resolve) => {
    open = resolve
  })
  return { answer, open: (status = 200) => open(status) }
}

describe('order', () => {
  it('is kept per bot, and over a wait for a retry', async () => {
    const { sender, clock, seen, receiver, bot, say, id, states } = await senderBed()
    await bot(1)
    await say(1, ['a', 'b', 'c'])
    receiver.answer = () => (seen.length === 2 ? 500 : 200)
    await sender.start()
    await clock.run(4_999)
    expect(seen.map((said) => said.id)).toEqual([id(1, 1), id(1, 2)])
    await clock.run(1)
    expect(seen.map((said) => said.id)).toEqual([id(1, 1), id(1, 2), id(1, 2), id(1, 3)])
    expect(await states(1)).toEqual(['delivered', 'delivered', 'delivered'])
    await sender.stop()
  })

  it('a bot whose receiver hangs holds up no other bot', async () => {
    const { sender, seen, receiver, bot, say } = await senderBed()
    await bot(1, { webhookUrl: 'https://slow.test/' })
    await bot(2)
    await say(1, ['a', 'b'])
    await say(2, ['a', 'b'])
    const slow = gate()
    receiver.answer = ({ url }) => (url.includes('slow') ? slow.answer : 200)
    await sender.start()
    await settled()
    expect(seen.map(({ url }) => url)).toEqual(['https://slow.test/', 'https://hooks.test/all', 'https://hooks.test/all'])
    slow.open()
    await settled()
    expect(seen).toHaveLength(4)
    await sender.stop()
  })

  it('no more are on their way at once than allowed, and one a bot', async () => {
    const { sender, seen, receiver, bot, say } = await senderBed({ concurrency: 3 })
    for (const n of [1, 2, 3, 4, 5]) {
      await bot(n)
      await say(n, ['a', 'b'])
    }
    const gates = Array.from({ length: 10 }, gate)
    receiver.answer = () => gates[seen.length - 1]?.answer ?? 500
    await sender.start()
    await settled()
    expect(new Set(seen.map(({ id }) => id.split('.')[0])).size).toBe(3)
    expect(seen).toHaveLength(3)
    gates[0]?.open()
    await settled()
    expect(seen).toHaveLength(4)
    for (const { open } of gates) open()
    await settled()
    expect(seen).toHaveLength(10)
    await sender.stop()
  })

  it('those whose receivers hang, however many, are behind those of others', async () => {
    const bed = await senderBed({ concurrency: 2 })
    for (let n = 1; n <= 8; n++) {
      await bed.bot(n, { webhookUrl: 'https://hangs.test/' })
      await bed.say(n, ['a'])
    }
    bed.receiver.answer = ({ url }) => (url.includes('hangs') ? bed.clock.after(10_000).then(() => 504) : 200)
    await bed.sender.start()
    await bed.clock.run(45_000) // each has been tried once
    await bed.bot(9)
    await bed.say(9, ['b', 'c'])
    bed.sender.wake()
    await bed.clock.run(11_000)
    expect(await bed.states(9)).toEqual(['delivered', 'delivered'])
    const stopping = bed.sender.stop()
    await bed.clock.run(10_000)
    await stopping
  })

  it("a retry of one bot is on time while another one's receiver hangs", async () => {
    const { sender, clock, seen, receiver, bot, say } = await senderBed()
    await bot(1, { webhookUrl: 'https://slow.test/' })
    await bot(2)
    await say(1, ['a'])
    await say(2, ['a'])
    const slow = gate()
    receiver.answer = ({ url }) => (url.includes('slow') ? slow.answer : 500)
    await sender.start()
    await clock.run(6_000)
    expect(seen.filter(({ url }) => !url.includes('slow')).map(({ atMs }) => atMs)).toEqual([0, 5_000])
    slow.open()
    await sender.stop()
  })
})

describe('failures', () => {
  it.each([
    ['a 500', () => 500],
    ['a 404', () => 404],
    ['a redirect', () => 302],
    ['a 300', () => 300],
    ['a network error', () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
  ])('%s is tried again by the schedule', async (_, answer) => {
    const { sender, clock, seen, receiver, bot, say } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = answer
    await sender.start()
    await clock.run(3 * HOUR)
    expect(seen.map(({ atMs }) => atMs)).toEqual([0, 5_000, 15_000, 75_000, 375_000, 1_275_000, 3_075_000, 6_675_000, 10_275_000])
    await sender.stop()
  })

  it('every attempt is entered: when, how long, and the status or what went wrong', async () => {
    const { sender, clock, seen, receiver, bot, say, store, key } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = () => [503, Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 204][seen.length - 1] ?? 500
    await sender.start()
    await clock.run(60_000)
    const t0 = clock.now() - 60_000
    expect(await store.outbox.attempts(key(1, 1))).toEqual([
      { at: t0, durationMs: 0, status: 503, error: null },
      { at: t0 + 5_000, durationMs: 0, status: null, error: 'read ECONNRESET' },
      { at: t0 + 15_000, durationMs: 0, status: 204, error: null },
    ])
    await sender.stop()
  })

  it('a place that is not allowed any more is named by no word of its URL: secrets travel there', async () => {
    const { sender, store, logs, bot, say, key } = await senderBed({ transport: new OutgoingHttp({ guard: createUrlGuard() }) })
    await bot(1, { webhookUrl: 'http://10.1.2.3/hook?token=topsecret' })
    await say(1, ['a'])
    await sender.start()
    await settled()
    const [attempt] = await store.outbox.attempts(key(1, 1))
    expect(attempt?.error).toContain('a URL with a public address')
    expect(JSON.stringify([attempt, logs])).not.toMatch(/topsecret|10\.1\.2\.3\/hook/)
    await sender.stop()
  })

  it('after 24 hours it is a dead letter, and the next event of the bot goes out', async () => {
    const { sender, clock, seen, receiver, bot, say, store, accountId, states } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = ({ body }) => (body.includes('"a"') ? 500 : 200)
    await sender.start()
    await clock.run(23 * HOUR)
    await say(1, ['b'])
    sender.wake()
    await clock.run(HOUR - 1)
    expect(await states(1)).toEqual(['pending', 'pending'])
    await clock.run(1)
    expect(await states(1)).toEqual(['dead', 'delivered'])
    expect((await store.outbox.dead(accountId)).map(({ event }) => event)).toEqual(['a'])
    expect(seen.at(-2)?.atMs).toBe(24 * HOUR)
    await sender.stop()
  })

  it('a dead letter is resent under its id with its bytes, and has a schedule of its own', async () => {
    const { sender, clock, seen, receiver, bot, say, store, key, states } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = () => 500
    await sender.start()
    await clock.run(25 * HOUR)
    const before = seen.length
    await store.outbox.resend(key(1, 1), clock.now())
    sender.wake()
    await clock.run(5_000)
    expect(seen.length - before).toBe(2)
    receiver.answer = () => 200
    await clock.run(10_000)
    expect(await states(1)).toEqual(['delivered'])
    expect(new Set(seen.map(({ id, body }) => `${id} ${body}`)).size).toBe(1)
    await sender.stop()
  })

  it('a store that fails for a while loses nothing and stops nothing', async () => {
    const { sender, clock, seen, bot, say, store, states } = await senderBed()
    await bot(1)
    await say(1, ['a', 'b'])
    const broken = new Error('disk full')
    vi.spyOn(store.outbox, 'claim').mockRejectedValueOnce(broken)
    vi.spyOn(store.outbox, 'settle').mockRejectedValueOnce(broken)
    vi.spyOn(store.outbox, 'attempts').mockRejectedValueOnce(broken)
    await sender.start()
    await clock.run(5_000)
    expect(await states(1)).toEqual(['delivered', 'delivered'])
    expect(seen).toHaveLength(2)
    await sender.stop()
  })
})

describe('several senders on one store', () => {
  it('send each event once, by one of them', async () => {
    const { sender, make, clock, seen, receiver, bot, say, states } = await senderBed()
    const other = make()
    for (const n of [1, 2, 3]) {
      await bot(n)
      await say(n, ['a', 'b'])
    }
    const slow = gate()
    receiver.answer = () => slow.answer
    await Promise.all([sender.start(), other.start()])
    await clock.run(5_000)
    expect(seen).toHaveLength(3)
    slow.open()
    await clock.run(2_000)
    expect(seen.map(({ id }) => id).toSorted()).toEqual([...new Set(seen.map(({ id }) => id))].toSorted())
    expect([await states(1), await states(2), await states(3)].flat()).toEqual(Array(6).fill('delivered'))
    await Promise.all([sender.stop(), other.stop()])
  })

  it('one that stops leaves nothing behind that others would have to wait for', async () => {
    const { sender, store, clock, receiver, bot, say } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = () => new Promise<number>(() => {})
    await sender.start()
    await settled()
    expect(await store.outbox.holders()).toHaveLength(1)
    const stopped = sender.stop({ graceMs: 0 })
    await clock.run(1)
    await stopped
    expect(await store.outbox.holders()).toEqual([])
  })

  it('what one that died had is sent when its lease is over, or at once by one of the same name', async () => {
    const { store, make, clock, seen, bot, say, id } = await senderBed()
    for (const n of [1, 2]) {
      await bot(n)
      await say(n, ['a'])
    }
    await store.outbox.claim({ by: 'dead', now: clock.now(), limit: 1, leaseMs: 30_000 })
    const other = make()
    await other.start()
    await clock.run(29_000)
    expect(seen.map((said) => said.id)).toEqual([id(2, 1)])
    await clock.run(2_000)
    expect(seen.map((said) => said.id)).toEqual([id(2, 1), id(1, 1)])
    await other.stop()
    await say(1, ['b'])
    await store.outbox.claim({ by: 'service', now: clock.now(), limit: 1, leaseMs: 30_000 })
    const again = make({ by: 'service' })
    await again.start()
    await settled()
    expect(seen.at(-1)?.id).toBe(id(1, 2))
    await again.stop()
  })

  it('an event for which the store took so long that another may have it is not sent', async () => {
    const { sender, store, clock, seen, bot, say, states } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    const slow = gate()
    const attempts = store.outbox.attempts.bind(store.outbox)
    vi.spyOn(store.outbox, 'attempts').mockImplementationOnce(async (key) => {
      await slow.answer
      return attempts(key)
    })
    await sender.start()
    await clock.run(21_000)
    slow.open()
    await settled()
    expect([seen.length, await states(1)]).toEqual([0, ['pending']])
    await clock.run(15_000)
    expect([seen.length, await states(1)]).toEqual([1, ['delivered']])
    await sender.stop()
  })
})

describe('a clock that is set', () => {
  it('back by a day holds up nothing, and a receiver that is down is not met every five seconds', async () => {
    const { sender, store, clock, seen, receiver, bot, key } = await senderBed()
    await bot(1)
    await store.record(sampleUuid(1), { at: clock.now() + 24 * HOUR, deliveries: [{ event: 'of tomorrow', data: {} }] })
    receiver.answer = () => 500
    await sender.start()
    await clock.run(100_000)
    expect(seen.map(({ atMs }) => atMs)).toEqual([0, 5_000, 15_000, 75_000])
    expect(await store.outbox.attempts(key(1, 1))).toHaveLength(4)
    await sender.stop()
  })
})

describe('where events go', () => {
  it("to their own place, else the bot's, else the account's, else everybody's", async () => {
    const { sender, seen, bot, say, store, accountId, id } = await senderBed()
    await bot(1)
    await bot(2, { webhookUrl: 'https://bot.test/' })
    await say(1, ['a'])
    await sender.start()
    await settled()
    await store.setWebhookUrl(accountId, 'https://account.test/')
    await say(1, ['b'])
    await say(2, ['a'])
    await say(2, ['b'], 'https://own.test/')
    sender.wake()
    await settled()
    expect(seen.map(({ id: sent, url }) => [sent, url])).toEqual(
      expect.arrayContaining([
        [id(1, 1), 'https://hooks.test/all'],
        [id(1, 2), 'https://account.test/'],
        [id(2, 1), 'https://bot.test/'],
        [id(2, 2), 'https://own.test/'],
      ]),
    )
    await sender.stop()
  })

  it('without any place an event is a dead letter at once, says so, and can be resent when there is one', async () => {
    const { sender, clock, seen, bot, say, store, accountId, key, states } = await senderBed({ url: null })
    await bot(1)
    await say(1, ['a', 'b'])
    await sender.start()
    await settled()
    expect([await states(1), seen]).toEqual([['dead', 'dead'], []])
    expect((await store.outbox.attempts(key(1, 1))).map(({ error }) => error)).toEqual([expect.stringContaining('No webhook URL')])
    await store.setWebhookUrl(accountId, 'https://account.test/')
    await store.outbox.resend(key(1, 2), clock.now())
    sender.wake()
    await settled()
    expect(await states(1)).toEqual(['dead', 'delivered'])
    await sender.stop()
  })
})

describe('headers', () => {
  const sent = async (options: BedOptions, url?: string): Promise<{ said: Seen; logs: { fields: object }[] }> => {
    const { sender, seen, logs, bot, say } = await senderBed(options)
    await bot(1, url === undefined ? {} : { webhookUrl: url })
    await say(1, ['a'])
    await sender.start()
    await settled()
    await sender.stop()
    const [said] = seen
    if (said === undefined) throw new Error('nothing was sent')
    return { said, logs }
  }

  it("carry the account's key, the type and the event's id", async () => {
    const { said } = await sent({})
    expect(said.headers).toMatchObject({
      'content-type': 'application/json',
      'x-meeting-baas-api-key': 'the key',
      'webhook-id': `${sampleUuid(1)}.1`,
    })
    expect(said.headers).not.toHaveProperty('webhook-signature')
    expect(said.body).toBe('{"event":"a","data":{"n":1}}')
  })

  it('leave the key out where that is wanted, or where the account has none any more', async () => {
    expect((await sent({ sendApiKey: false })).said.headers).not.toHaveProperty('x-meeting-baas-api-key')
    expect((await sent({ apiKeyOf: () => undefined })).said.headers).not.toHaveProperty('x-meeting-baas-api-key')
  })

  it('warn of a key on plain http, not on https nor without the key', async () => {
    const warned = async (options: BedOptions, url: string) =>
      (await sent(options, url)).logs.filter(({ fields }) => 'code' in fields && fields.code === 'insecure_option').length
    expect(await warned({}, 'http://plain.test/')).toBe(1)
    expect(await warned({}, 'https://safe.test/')).toBe(0)
    expect(await warned({ sendApiKey: false }, 'http://plain.test/')).toBe(0)
  })

  it('are signed with every secret while they change', async () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'the old one']
    const { said } = await sent({ secrets })
    vi.useFakeTimers({ now: Number(said.headers['webhook-timestamp']) * 1_000, toFake: ['Date'] })
    try {
      for (const secret of secrets) expect(verifyWebhook(said.body, said.headers, secret)).toEqual({ event: 'a', data: { n: 1 } })
    } finally {
      vi.useRealTimers()
    }
  })

  it('a secret or a URL that cannot be used is refused when the sender is made', async () => {
    const refused = (field: string) => (error: unknown) => isBotError(error, 'CONFIG_INVALID') && error.details['field'] === field
    await expect(senderBed({ secrets: [''] })).rejects.toSatisfy(refused('webhooks.secrets'))
    await expect(senderBed({ url: 'http://127.0.0.1/' })).rejects.toSatisfy(refused('webhooks.url'))
  })
})

describe('stopping', () => {
  it('lets what is on its way arrive, and begins nothing new', async () => {
    const { sender, seen, receiver, bot, say, states } = await senderBed()
    await bot(1)
    await say(1, ['a', 'b'])
    const slow = gate()
    receiver.answer = () => slow.answer
    await sender.start()
    await settled()
    const stopped = sender.stop()
    slow.open()
    await stopped
    expect([seen.length, await states(1)]).toEqual([1, ['delivered', 'pending']])
  })

  it('cuts what takes too long; it is entered, stays pending and is the first thing a later sender sends', async () => {
    const { sender, make, clock, seen, receiver, bot, say, store, key, id, states } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    receiver.answer = () => new Promise<number>(() => {})
    await sender.start()
    await settled()
    const stopped = sender.stop({ graceMs: 2_000 })
    await clock.run(2_000)
    await stopped
    expect(await states(1)).toEqual(['pending'])
    expect((await store.outbox.attempts(key(1, 1))).map(({ error }) => error)).toEqual([expect.stringContaining('stopped')])
    receiver.answer = () => 200
    const next = make()
    await next.start()
    await settled()
    expect(seen.map((said) => said.id)).toEqual([id(1, 1), id(1, 1)])
    await next.stop()
    expect(await states(1)).toEqual(['delivered'])
  })

  it('leaves no timer behind, also when it never began', async () => {
    const { sender, make, clock, bot, say } = await senderBed()
    await bot(1)
    await say(1, ['a'])
    await sender.start()
    await settled()
    await Promise.all([sender.stop(), sender.stop()])
    await make().stop()
    expect(clock.waiting).toBe(0)
  })
})

it('what is put into the outbox is sent as soon as somebody rings, and without a ring within a quarter of a minute', async () => {
  const { sender, clock, seen, bot, say } = await senderBed()
  await bot(1)
  await sender.start()
  await clock.run(1_000)
  await say(1, ['a'])
  sender.wake()
  await settled()
  expect(seen).toHaveLength(1)
  await say(1, ['b'])
  await clock.run(15_000)
  expect(seen).toHaveLength(2)
  await sender.stop()
})
