import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { OutgoingHttp } from '../../../src/net/outgoing-http.ts'
import { createUrlGuard, type OutgoingGuard } from '../../../src/net/url-guard.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function server(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: IncomingMessage[] = []
  const http = createServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  closers.push(() => {
    http.closeAllConnections()
    return new Promise((resolve) => http.close(resolve))
  })
  return { seen, port: (http.address() as AddressInfo).port }
}

/** The internet of a test: `*.public.test` is reached on this machine unchecked, everything else meets the real guard. */
function internet(real: OutgoingGuard): OutgoingGuard {
  return {
    ...real,
    lookup: (name, options, callback) => {
      if (!name.endsWith('public.test')) real.lookup(name, options, callback)
      else if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
      else callback(null, '127.0.0.1', 4)
    },
  }
}

function client(guard: OutgoingGuard) {
  const http = new OutgoingHttp({ guard })
  closers.push(() => http.close())
  return http
}

const strict = (addresses: string[][] = []) => {
  let at = 0
  return createUrlGuard({
    resolve: async () => (addresses[Math.min(at++, addresses.length - 1)] ?? []).map((address) => ({ address, family: 4 })),
  })
}
const refused = (error: unknown) => isBotError(error, 'CONFIG_INVALID')

describe('where a request may go', () => {
  it.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    'localhost',
    'localhost.',
    '[64:ff9b::7f00:1]',
  ])('not to %s, though a server listens there', async (host) => {
    const { seen, port } = await server((_, response) => response.end())
    await expect(client(strict()).request(`http://${host}:${port}/`)).rejects.toSatisfy(refused)
    expect(seen).toEqual([])
  })

  it('not to a name that leads to this machine', async () => {
    const { seen, port } = await server((_, response) => response.end())
    await expect(client(strict([['127.0.0.1']])).request(`http://inside.test:${port}/`)).rejects.toSatisfy(refused)
    expect(seen).toEqual([])
  })

  it('a literal is refused by the connector too, where no name is resolved', async () => {
    const { seen, port } = await server((_, response) => response.end())
    const blind = { ...strict(), check() {} }
    await expect(client(blind).request(`http://[::ffff:127.0.0.1]:${port}/`)).rejects.toSatisfy(refused)
    await expect(client(blind).request(`http://127.0.0.1:${port}/`)).rejects.toSatisfy(refused)
    expect(seen).toEqual([])
  })

  it('a connection goes to the address that was checked: the name is resolved once, and a later answer changes nothing', async () => {
    const { seen, port } = await server((_, response) => response.end())
    let asked = 0
    const guard = createUrlGuard({
      allowPrivateUrls: true,
      resolve: async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.99', family: 4 }],
    })
    expect((await client(guard).request(`http://once.test:${port}/`)).status).toBe(200)
    expect(asked).toBe(1)
    expect(seen[0]?.socket.localAddress).toBe('127.0.0.1')
  })

  it('a name that turns private for its second connection is refused then', async () => {
    const { seen, port } = await server((_, response) => response.end())
    const real = strict([['8.8.8.8'], ['127.0.0.1']])
    const http = client(real)
    await expect(http.request(`http://rebind.test:${port}/`, { timeoutMs: 50 })).rejects.toThrow()
    await expect(http.request(`http://rebind.test:${port}/`)).rejects.toSatisfy(refused)
    expect(seen).toEqual([])
  })
})

describe('redirects', () => {
  it('are the answer unless asked for', async () => {
    const { seen, port } = await server((_, response) => response.writeHead(302, { location: '/next' }).end())
    const answer = await client(internet(strict())).request(`http://a.public.test:${port}/`, { method: 'POST', body: '{}' })
    expect([answer.status, seen.length]).toEqual([302, 1])
  })

  it.each([
    ['a private address', (port: number) => `http://127.0.0.1:${port}/secret`],
    ['a private IPv6 form', (port: number) => `http://[::ffff:127.0.0.1]:${port}/secret`],
    ['a name that is private', (port: number) => `http://inside.test:${port}/secret`],
    ['another protocol', () => 'file:///etc/passwd'],
    ['a URL with a password', (port: number) => `http://user:pass@a.public.test:${port}/`],
  ])('to %s are not followed', async (_, target) => {
    const { seen, port } = await server((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: target(port) }).end()
      else response.end('secret')
    })
    const http = client(internet(strict([['10.0.0.1']])))
    await expect(http.request(`http://a.public.test:${port}/`, { follow: 3, maxBytes: 100 })).rejects.toSatisfy(refused)
    expect(seen.map(({ url }) => url)).toEqual(['/'])
  })

  it('to a public place are followed, and headers stay with the host they were for', async () => {
    const { seen, port } = await server((request, response) => {
      if (request.url === '/') response.writeHead(307, { location: `http://b.public.test:${port}/there` }).end()
      else response.end('here')
    })
    const http = client(internet(strict()))
    const answer = await http.request(`http://a.public.test:${port}/`, { follow: 1, maxBytes: 100, headers: { 'x-key': 'secret' } })
    expect(answer.body.toString()).toBe('here')
    expect(seen.map(({ headers }) => headers['x-key'])).toEqual(['secret', undefined])
  })

  it('do not go round for ever', async () => {
    const { seen, port } = await server((_, response) => response.writeHead(302, { location: '/' }).end())
    await expect(client(internet(strict())).request(`http://a.public.test:${port}/`, { follow: 2 })).rejects.toThrow(/redirects/)
    expect(seen).toHaveLength(3)
  })
})

describe('bounds', () => {
  it('an answer that is too long is an error', async () => {
    const { port } = await server((_, response) => response.end('x'.repeat(200)))
    await expect(client(internet(strict())).request(`http://a.public.test:${port}/`, { maxBytes: 100 })).rejects.toThrow(/longer than 100/)
  })

  it('an answer that never comes is an error', async () => {
    const { port } = await server(() => {})
    await expect(client(internet(strict())).request(`http://a.public.test:${port}/`, { timeoutMs: 50 })).rejects.toThrow(/within 50 ms/)
  })

  it('a body that never ends is an error where it is wanted, and no matter where it is not', async () => {
    const { port } = await server((_, response) => {
      response.write('x')
    })
    const http = client(internet(strict()))
    await expect(http.request(`http://a.public.test:${port}/`, { timeoutMs: 100, maxBytes: 10 })).rejects.toThrow(/within 100 ms/)
    expect((await http.request(`http://a.public.test:${port}/`)).status).toBe(200)
  })

  it('a short answer leaves the connection to be used again', async () => {
    const { seen, port } = await server((_, response) => response.end('thanks'))
    const http = client(internet(strict()))
    for (let n = 0; n < 6; n++) await http.request(`http://a.public.test:${port}/`, { method: 'POST', body: '{}' })
    // A request that follows at once may find the first connection still busy.
    expect(new Set(seen.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2)
  })
})
