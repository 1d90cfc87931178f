import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { keysOf, sign } from '../../../src/webhooks/signature.ts'
import { verifyWebhook } from '../../../src/webhooks/verify.ts'

const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const NEW = 'a new secret — with more than ASCII'
const NOW = Date.UTC(2026, 10, 25, 12)
const body = JSON.stringify({ event: 'complete', data: { bot_id: 'b', speakers: ['Zoë'] } })

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const signed = (secrets: string[], at = NOW) => ({ ...sign(keysOf(secrets, 'secrets'), { id: 'bot.1', at, body }) })
const fault = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return isBotError(error, 'CONFIG_INVALID') ? error.details['field'] : error
  }
  return undefined
}

describe('a signed webhook', () => {
  it('has the example signature of the Standard Webhooks specification', () => {
    const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' }
    expect(sign(keysOf([OLD], 'secrets'), example)['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  it.each([
    ['a whsec_ secret', OLD],
    ['a secret that is any text', NEW],
  ])('is read with %s', (_, secret) => {
    expect(verifyWebhook(body, signed([secret]), secret)).toEqual(JSON.parse(body))
  })

  it('is believed with the old and with the new secret while they change', () => {
    const headers = signed([NEW, OLD])
    expect([OLD, NEW].map((secret) => verifyWebhook(body, headers, secret).event)).toEqual(['complete', 'complete'])
    expect(verifyWebhook(body, signed([OLD]), [NEW, OLD]).event).toBe('complete')
  })

  it('may come as bytes, with headers of any case or of the web', () => {
    const headers = signed([OLD])
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))
    expect(verifyWebhook(new TextEncoder().encode(body), upper, OLD).event).toBe('complete')
    expect(verifyWebhook(Buffer.from(body), new Headers(headers), OLD).event).toBe('complete')
  })
})

describe('refused, naming the field at fault', () => {
  it('another secret', () => expect(fault(() => verifyWebhook(body, signed([OLD]), NEW))).toBe('webhook-signature'))
  it('no secret at all', () => expect(fault(() => verifyWebhook(body, signed([OLD]), []))).toBe('webhook-signature'))
  it('one changed byte', () => expect(fault(() => verifyWebhook(body.replace('b"', 'c"'), signed([OLD]), OLD))).toBe('webhook-signature'))
  it('another id', () =>
    expect(fault(() => verifyWebhook(body, { ...signed([OLD]), 'webhook-id': 'bot.2' }, OLD))).toBe('webhook-signature'))

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s', (name) => {
    expect(fault(() => verifyWebhook(body, { ...signed([OLD]), [name]: undefined }, OLD))).toBe(name)
  })

  it.each([
    ['five minutes and a second old', -301_000],
    ['five minutes and a second in the future', 301_000],
  ])('%s', (_, offset) => expect(fault(() => verifyWebhook(body, signed([OLD], NOW + offset), OLD))).toBe('webhook-timestamp'))

  it('a timestamp that is no number', () =>
    expect(fault(() => verifyWebhook(body, { ...signed([OLD]), 'webhook-timestamp': 'now' }, OLD))).toBe('webhook-timestamp'))

  it.each([
    ['no JSON', 'hello'],
    ['JSON that is no event', '[1]'],
  ])('%s, though signed', (_, text) => {
    const headers = { ...sign(keysOf([OLD], 'secrets'), { id: 'bot.1', at: NOW, body: text }) }
    expect(fault(() => verifyWebhook(text, headers, OLD))).toBe('body')
  })

  it.each(['', 'whsec_', 'whsec_not base64!'])('the secret %j, without repeating it', (secret) => {
    expect(fault(() => keysOf([secret], 'webhooks.secrets'))).toBe('webhooks.secrets')
  })
})

it('five minutes are within the tolerance', () => {
  expect(verifyWebhook(body, signed([OLD], NOW - 299_000), OLD).event).toBe('complete')
})
