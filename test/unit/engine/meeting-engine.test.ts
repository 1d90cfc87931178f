import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { IN_THE_CALL, ScriptedBot } from '../../../src/lab/fakes/scripted-bot.ts'
import { MeetingEngine, type MeetingEngineOptions } from '../../../src/meeting-engine.ts'
import { MemoryStore } from '../../../src/store/memory-store.ts'
import { sqliteStore } from '../../../src/store/sqlite.ts'
import { KEY, requestFor } from './rig.ts'

const QUICK = IN_THE_CALL.map((step) => ({ ...step, atMs: step.atMs / 20 }))
const engines: MeetingEngine[] = []
const newEngine = (options: Partial<MeetingEngineOptions> = {}) => {
  const engine = new MeetingEngine({
    apiKeys: [KEY],
    dataDir: mkdtempSync(join(tmpdir(), 'remora-engine-')),
    createBot: ({ uuid }) => new ScriptedBot(uuid, { steps: QUICK }, systemClock),
    ...options,
  })
  engines.push(engine)
  return engine
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop({ graceMs: 1_000 })
})

async function receiver() {
  const got: { key: unknown; id: unknown; body: { event: string; data: { status?: { code: string }; reason?: string } } }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const { 'x-meeting-baas-api-key': key, 'webhook-id': id } = request.headers
      got.push({ key, id, body: JSON.parse(String(Buffer.concat(parts))) })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const words = () => got.map(({ body: { event, data } }) => data.status?.code ?? `${event} ${data.reason}`)
  return { got, words, url: `http://127.0.0.1:${port}/hook`, close: () => server.close() }
}

describe('MeetingEngine', () => {
  it.each([
    ['apiKeys', { apiKeys: [] }],
    ['apiKeys', { apiKeys: [' '] }],
    ['concurrency', { concurrency: 0 }],
    ['missedAfterMs', { missedAfterMs: -1 }],
    ['webhooks.url', { webhooks: { url: 'http://127.0.0.1/hook' } }],
    ['webhooks.secrets', { webhooks: { secrets: [''] } }],
  ])('refuses a wrong %s by name', (field, options) => {
    expect(() => newEngine(options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', details: expect.objectContaining({ field }) }),
    )
  })

  it('tells every status to the webhook with the key of the account, the last one also while it stops', async () => {
    const hook = await receiver()
    const engine = newEngine({ webhooks: { url: hook.url }, allowPrivateUrls: true })
    await engine.start()
    const { uuid } = await engine.create((await engine.account(KEY)) ?? 0, requestFor(1))
    await expect.poll(hook.words).toContain('in_call_recording')
    await engine.stop({ graceMs: 5_000 })
    hook.close()
    expect(hook.words()).toEqual(['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'complete process_ended'])
    expect(hook.got.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5].map((n) => `${uuid}.${n}`))
    expect(new Set(hook.got.map(({ key }) => key))).toEqual(new Set([KEY]))
  })

  it('stops its sender also when the outbox cannot be read', async () => {
    const store = new MemoryStore()
    const engine = newEngine({ store })
    await engine.start()
    const released: string[] = []
    await expect.poll(async () => (await store.outbox.holders()).length).toBe(0)
    Object.assign(store.outbox, {
      due: () => Promise.reject(new Error('the database is away')),
      release: async (by: string) => void released.push(by),
    })
    await engine.stop()
    expect(released).toHaveLength(1)
  })

  it('goes on where it was, on the same file', async () => {
    const store = () => sqliteStore({ path })
    const path = join(mkdtempSync(join(tmpdir(), 'remora-engine-')), 'bots.db')
    const first = newEngine({ store: store() })
    await first.start()
    const accountId = (await first.account(KEY)) ?? 0
    const { uuid } = await first.create(accountId, requestFor(1, { startAt: Date.now() + 3_600_000, extra: { order: 7 } }))
    await first.stop()
    const second = newEngine({ store: store() })
    await second.start()
    expect(await second.account(KEY)).toBe(accountId)
    expect((await second.get(accountId, uuid))?.bot).toMatchObject({ phase: 'waiting', request: { extra: { order: 7 } } })
  })
})
