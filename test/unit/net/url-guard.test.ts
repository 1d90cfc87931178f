import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { ANY_URL, createUrlGuard, type OutgoingGuard } from '../../../src/net/url-guard.ts'

const v4 = (address: string): LookupAddress => ({ address, family: 4 })
const v6 = (address: string): LookupAddress => ({ address, family: 6 })

/** Names that answer with one list after the other, then with the last one for ever. */
function fakeDns(names: Record<string, LookupAddress[][]>) {
  const asked: string[] = []
  const resolve = async (name: string) => {
    const answers = names[name] ?? []
    const answer = answers[Math.min(asked.filter((other) => other === name).length, answers.length - 1)]
    asked.push(name)
    if (answer === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' })
    return answer
  }
  return { resolve, asked }
}

function look(guard: OutgoingGuard, name: string, options: { all?: boolean; family?: number } = { all: true }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    guard.lookup(name, options, (error, address, family) => {
      if (error) reject(error)
      else resolve(family === undefined ? address : { address, family })
    })
  })
}

const refusedIn = (field: string) => (error: unknown) => isBotError(error, 'CONFIG_INVALID') && error.details['field'] === field

describe('a URL as it is given', () => {
  const guard = createUrlGuard()
  const giving = (url: string, kind: 'http' | 'ws' = 'http') => {
    try {
      guard.check(url, 'webhook_url', kind)
    } catch (error) {
      return error
    }
    return undefined
  }

  it.each(['https://hooks.example.com/a?b=c', 'http://hooks.example.com:8080', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    '%s passes',
    (url) => {
      expect(giving(url)).toBeUndefined()
    },
  )

  it.each([
    ...[
      'http://127.0.0.1/',
      'http://127.1/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://2130706433/',
      'http://127.0.0.1./',
      'http://①②⑦.0.0.1/',
    ],
    ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::127.0.0.1]/', 'http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/'],
    ...[
      'http://[fe80::1%25eth0]/',
      'http://10.0.0.1',
      'http://169.254.169.254/latest/meta-data',
      'http://localhost/',
      'http://LOCALHOST./',
      'http://a.localhost/',
    ],
    ...['file:///etc/passwd', 'ftp://example.com/', 'ws://example.com/', 'javascript:alert(1)', 'hooks.example.com', ''],
    ...['https://user@example.com/', 'https://:pass@example.com/', 'https://user:pass@example.com/'],
  ])('%s is refused, naming field, value and what is allowed', (url) => {
    const error = giving(url)
    expect(isBotError(error, 'CONFIG_INVALID') ? Object.keys(error.details) : error).toEqual(['field', 'value', 'allowed'])
    expect(refusedIn('webhook_url')(error)).toBe(true)
  })

  it('streams are ws and wss only', () => {
    expect(giving('wss://audio.example.com/', 'ws')).toBeUndefined()
    expect(refusedIn('webhook_url')(giving('https://audio.example.com/', 'ws'))).toBe(true)
    expect(refusedIn('webhook_url')(giving('ws://127.0.0.1:9/', 'ws'))).toBe(true)
  })

  it('a password is not repeated', () => {
    expect(JSON.stringify(giving('https://user:hunter2@example.com/'))).not.toContain('hunter2')
  })

  it('private addresses pass where the operator allows them, credentials still do not', () => {
    const open = createUrlGuard({ allowPrivateUrls: true })
    expect(() => open.check('http://127.0.0.1:9/', 'webhook_url', 'http')).not.toThrow()
    expect(() => open.check('http://localhost:9/', 'webhook_url', 'http')).not.toThrow()
    expect(() => open.checkHost('127.0.0.1')).not.toThrow()
    expect(() => open.check('http://user:pass@127.0.0.1:9/', 'webhook_url', 'http')).toThrow(/user name/)
  })
})

describe('a name as it is resolved', () => {
  it('answers with the addresses that were checked, from one resolution', async () => {
    const dns = fakeDns({ 'two.test': [[v4('8.8.8.8'), v6('2606:4700::1111')]] })
    const guard = createUrlGuard(dns)
    expect(await look(guard, 'two.test')).toEqual([v4('8.8.8.8'), v6('2606:4700::1111')])
    expect(dns.asked).toEqual(['two.test'])
    expect(await look(guard, 'two.test', { family: 6 })).toEqual(v6('2606:4700::1111'))
    expect(await look(guard, 'two.test', {})).toEqual(v4('8.8.8.8'))
  })

  it.each([
    ['a private address', [v4('10.0.0.1')]],
    ['one private address among public ones', [v4('8.8.8.8'), v4('192.168.0.1')]],
    ['a private address of the other family', [v4('8.8.8.8'), v6('::1')]],
    ['a mapped address', [v6('::ffff:127.0.0.1')]],
    ['an address with a zone', [v6('fe80::1%eth0')]],
  ])('%s is refused', async (_, addresses) => {
    const guard = createUrlGuard(fakeDns({ 'bad.test': [addresses] }))
    await expect(look(guard, 'bad.test')).rejects.toSatisfy(refusedIn('url'))
    await expect(look(guard, 'bad.test', { family: 4 })).rejects.toSatisfy(refusedIn('url'))
  })

  it('the refusal does not tell the private address', async () => {
    const guard = createUrlGuard(fakeDns({ 'bad.test': [[v4('10.77.66.55')]] }))
    await expect(look(guard, 'bad.test')).rejects.toSatisfy((error) => !JSON.stringify(error).includes('10.77'))
  })

  it('a name that changes its mind is judged by each answer it gives', async () => {
    const guard = createUrlGuard(fakeDns({ 'rebind.test': [[v4('8.8.8.8')], [v4('127.0.0.1')]] }))
    expect(await look(guard, 'rebind.test')).toEqual([v4('8.8.8.8')])
    await expect(look(guard, 'rebind.test')).rejects.toSatisfy(refusedIn('url'))
  })

  it('a name without an address of the wanted kind, or at all, is not found', async () => {
    const guard = createUrlGuard(fakeDns({ 'four.test': [[v4('8.8.8.8')]] }))
    await expect(look(guard, 'four.test', { family: 6 })).rejects.toMatchObject({ code: 'ENOTFOUND' })
    await expect(look(guard, 'none.test')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })
})

it("a bot in the caller's own process may go anywhere", () => {
  expect(() => ANY_URL.check('ws://127.0.0.1:9/', 'streaming.output', 'ws')).not.toThrow()
  expect(() => ANY_URL.checkHost('127.0.0.1')).not.toThrow()
})
