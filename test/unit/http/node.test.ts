import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { carry, toRequest } from '../../../adapters/http/node.ts'

const message = (more: Partial<IncomingMessage>) =>
  Object.assign(new PassThrough(), { method: 'GET', url: '/bots/', rawHeaders: [], headers: {}, ...more }) as unknown as IncomingMessage
const never = new AbortController().signal

it.each([
  ['/bots/?limit=3', '/bots/?limit=3'],
  ['//bots/', '//bots/'],
  ['http://elsewhere.test/bots/?limit=3', '/bots/?limit=3'],
  ['http://a:b@elsewhere.test/bots/', '/bots/'],
  ['http://', '/*'],
  ['*', '/*'],
])('takes path and query of the target %s, whatever else it holds', (target, path) => {
  expect(toRequest(message({ url: target }), never).url).toBe(`http://localhost${path}`)
})

it('answers 400 to a message no web request can be made of', async () => {
  const said: { body?: string } = {}
  const res = Object.assign(new PassThrough(), {
    setHeader() {},
    end(bytes: Buffer) {
      said.body = String(bytes)
    },
  }) as unknown as ServerResponse
  const req = message({ rawHeaders: ['no name', 'x'] })
  await carry(async () => Response.json({}), { req, res }, {})
  expect(res.statusCode).toBe(400)
  expect(JSON.parse(said.body ?? '')).toMatchObject({ error: 'ValidationError', message: expect.any(String) })
})
