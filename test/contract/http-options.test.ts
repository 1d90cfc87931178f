import { describe, expect, it } from 'vitest'
import { isBotError } from '../../src/core/errors.ts'
import { createHandler, type HandlerOptions } from '../../src/http/handler.ts'
import { FakeClock } from '../../src/lab/fakes/fake-clock.ts'
import { KEY, MEETING, OTHER_KEY } from './http-client.ts'
import { StoredEngine } from './stored-engine.ts'

const JOIN = { meeting_url: MEETING, bot_name: 'Notes' }

function service(options: HandlerOptions = {}) {
  const engine = new StoredEngine([KEY, OTHER_KEY])
  const handle = createHandler(engine, options)
  async function ask(path: string, { key = KEY, address = '192.0.2.1', body }: { key?: string; address?: string; body?: unknown } = {}) {
    const response = await handle(
      new Request(`http://service.test${path}`, {
        headers: { 'x-meeting-baas-api-key': key },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      }),
      { address },
    )
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  return { engine, ask }
}

const LIST = '/bots/bots_with_metadata'

describe('limits', () => {
  it('lets a key ask so often in a minute, then says when there is room again', async () => {
    const clock = new FakeClock()
    const { ask } = service({ requestsPerMinute: 3, clock })
    for (let at = 0; at < 3; at++) expect((await ask(LIST)).status).toBe(200)
    const refused = await ask(LIST)
    expect([refused.status, JSON.parse(refused.text).error, refused.headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '60'])
    expect((await ask(LIST, { key: OTHER_KEY })).status).toBe(200)
    await clock.run(60_000)
    expect((await ask(LIST)).status).toBe(200)
  })

  it('slows down an address that tries keys, and nobody who has one', async () => {
    const { ask } = service({ failuresPerMinute: 2, clock: new FakeClock() })
    const statuses = []
    for (let at = 0; at < 4; at++) statuses.push((await ask(LIST, { key: `guess ${at}` })).status)
    expect(statuses).toEqual([401, 401, 429, 429])
    expect((await ask(LIST)).status).toBe(200)
    expect((await ask(LIST, { key: 'guess', address: '192.0.2.2' })).status).toBe(401)
  })

  it('answers hundreds of wrong keys a minute with 401, as the contract says', async () => {
    const { ask } = service({ clock: new FakeClock() })
    const statuses = []
    for (let at = 0; at < 601; at++) statuses.push((await ask(LIST, { key: 'wrong' })).status)
    expect([statuses.filter((status) => status === 401).length, statuses.at(-1)]).toEqual([600, 429])
  })

  it.each(['maxBodyBytes', 'bodyTimeoutMs', 'requestsPerMinute', 'failuresPerMinute'] as const)('refuses %s: 0 by name', (name) => {
    expect(() => service({ [name]: 0 })).toThrow(expect.toSatisfy((error) => isBotError(error, 'CONFIG_INVALID')))
    expect(() => service({ [name]: 0 })).toThrow(name)
  })
})

it('a store of files that does not answer is no reason to wait for good', async () => {
  const clock = new FakeClock()
  const { ask, engine } = service({ clock })
  engine.artifacts.link = () => new Promise(() => {})
  const { bot_id } = JSON.parse((await ask('/bots', { body: JOIN })).text)
  await engine.recorded(bot_id)
  const answered = ask(`/bots/meeting_data?bot_id=${bot_id}`)
  await clock.run(60_000)
  expect((await answered).status).toBe(500)
})

describe('what an embedder decides', () => {
  it('refuses a bot with 402 when the quota says so, and keeps nothing of it', async () => {
    const { ask, engine } = service({ quota: (accountId) => accountId === 2 })
    await engine.account(KEY)
    const before = await engine.footprint()
    const refused = await ask('/bots', { body: JOIN })
    expect([refused.status, JSON.parse(refused.text).error]).toEqual([402, 'InsufficientTokens'])
    expect(await engine.footprint()).toBe(before)
    expect((await ask('/bots', { key: OTHER_KEY, body: JOIN })).status).toBe(200)
  })

  it('holds timeouts to the newer ranges only when told to', async () => {
    const body = { ...JOIN, automatic_leave: { waiting_room_timeout: 600, silence_timeout: 299 } }
    expect((await service().ask('/bots', { body })).status).toBe(200)
    const strict = await service({ strictTimeouts: true }).ask('/bots', { body })
    expect([strict.status, JSON.parse(strict.text).details.field]).toEqual([400, 'automatic_leave.silence_timeout'])
  })

  it.each([
    ['open', 200],
    ['key', 401],
    ['off', 404],
  ] as const)('with metrics "%s" answers who has no key with %i', async (metrics, status) => {
    expect((await service({ metrics }).ask('/metrics', { key: '' })).status).toBe(status)
  })

  it.each(['/api', '/api/', 'api'])('works below the path "%s" and nowhere else', async (basePath) => {
    const { ask } = service({ basePath })
    expect((await ask(`/api${LIST}/`)).status).toBe(200)
    expect([(await ask(LIST)).status, (await ask(`/apiary${LIST}`)).status, (await ask(`/v1/api${LIST}`)).status]).toEqual([404, 404, 404])
  })
})

describe('the page', () => {
  it.each([
    ['/api', './api/page.js'],
    ['/api/', './page.js'],
  ])('at %s names its script as %s, so that a proxy may take the front of the path away', async (path, script) => {
    const { text, headers } = await service({ basePath: '/api' }).ask(path)
    expect(text).toContain(`<script src="${script}" defer>`)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
  })

  it('is not there when it is switched off', async () => {
    const { ask } = service({ page: false })
    expect([(await ask('/')).status, (await ask('/page.js')).status]).toEqual([404, 404])
  })
})
