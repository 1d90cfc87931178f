import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/server.ts'
import { PEOPLE, processesWith, quickLab, SANDBOX } from './meeting.ts'
import { program } from './program.ts'
import { becomes, receiver } from './receiver.ts'

const SERVE = 'src/cli/main.ts'
const folder = () => mkdtempSync(join(tmpdir(), 'remora-serve-'))
const ask = (url: string, key: string) => fetch(`${url}/bots/bots_with_metadata`, { headers: { 'x-meeting-baas-api-key': key } })

it('makes a key once, keeps it for its owner only, and shows it once', async () => {
  const data = folder()
  const first = await program(SERVE, ['serve', '--port', '0', '--data', data, '--json'])
  const said = JSON.parse(first.line)
  expect(said.apiKey).toMatch(/^[\w-]{43}$/)
  expect(readFileSync(said.keyFile, 'utf8').trim()).toBe(said.apiKey)
  for (const name of ['api-key', 'link-secret', 'remora.db']) expect([name, statSync(join(data, name)).mode & 0o777]).toEqual([name, 0o600])
  expect((await ask(said.url, said.apiKey)).status).toBe(200)
  expect(await first.end('SIGTERM')).toBe(0)
  const second = await program(SERVE, ['serve', '--port', '0', '--data', data, '--json'])
  const again = JSON.parse(second.line)
  expect(again).not.toHaveProperty('apiKey')
  expect((await ask(again.url, said.apiKey)).status).toBe(200)
  expect(await second.end('SIGINT')).toBe(0)
  expect(first.errors() + second.errors()).not.toContain(said.apiKey)
})

it('takes keys from the command line and the environment, and shows them nowhere', async () => {
  const data = folder()
  const args = [
    'serve',
    '--port',
    '0',
    '--data',
    data,
    '--api-key',
    'first-key',
    '--api-key',
    'second-key',
    '--webhook-secret',
    'hush-hush-hush-hush',
  ]
  const given = await program(SERVE, args)
  expect(given.line).toMatch(/^Remora listens on http:\/\/127\.0\.0\.1:\d+$/)
  const url = given.line.split(' ').at(-1) ?? ''
  for (const [key, status] of [
    ['first-key', 200],
    ['second-key', 200],
    ['third-key', 401],
  ] as const)
    expect((await ask(url, key)).status).toBe(status)
  expect(readFileSync(`/proc/${given.pid}/cmdline`, 'utf8')).not.toMatch(/first-key|second-key|hush/)
  expect(await given.end()).toBe(0)
  expect(given.errors()).toContain('/bots/bots_with_metadata')
  expect(given.errors() + given.lines.join()).not.toMatch(/first-key|second-key|third-key|hush/)
  const fromEnv = await program(SERVE, ['serve', '--port', '0', '--data', data, '--quiet'], { REMORA_API_KEYS: 'env-key, other-key' })
  expect((await ask(fromEnv.line.split(' ').at(-1) ?? '', 'other-key')).status).toBe(200)
  expect(await fromEnv.end()).toBe(0)
  expect(fromEnv.errors()).not.toContain('request')
})

describe('with a bot in a call', () => {
  let lab: Lab
  let hook: Awaited<ReturnType<typeof receiver>>
  beforeAll(async () => {
    lab = await quickLab()
    hook = await receiver()
  })
  afterAll(async () => {
    await hook.close()
    await lab.close()
  })

  async function recording(mark: string) {
    const args = [...lab.chromiumArgs, mark].map((arg) => `--browser-arg=${arg}`)
    const service = await program(SERVE, [
      ...['serve', '--port', '0', '--data', folder(), '--json', '--api-key', 'k', '--webhook-url', hook.url, '--allow-private-urls'],
      ...[...args, ...(SANDBOX ? [] : ['--no-sandbox'])],
    ])
    const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
    const joined = await fetch(`${JSON.parse(service.line).url}/bots`, {
      method: 'POST',
      headers: { 'x-meeting-baas-api-key': 'k' },
      body: JSON.stringify({ meeting_url: room.url, bot_name: 'Notes' }),
    })
    const { bot_id: botId } = (await joined.json()) as { bot_id: string }
    await hook.until(becomes(botId, 'in_call_recording'))
    return { service, botId }
  }

  it('lets it leave on SIGTERM, sends its last event and leaves no browser behind', async () => {
    const mark = `--remora-mark=${crypto.randomUUID()}`
    const { service, botId } = await recording(mark)
    expect(processesWith(mark).length).toBeGreaterThan(0)
    expect(await service.end('SIGTERM')).toBe(0)
    expect(hook.of(botId).at(-1)).toMatchObject({ event: 'complete', data: { reason: 'process_ended' } })
    expect(processesWith(mark)).toEqual([])
  })

  it('ends at once on a second signal', async () => {
    const mark = `--remora-mark=${crypto.randomUUID()}`
    const { service } = await recording(mark)
    process.kill(service.pid, 'SIGTERM')
    await expect.poll(() => service.errors() + service.lines.join(), { timeout: 5_000 }).toMatch(/stopping/)
    expect(await service.end('SIGTERM')).toBe(null)
    await expect.poll(() => processesWith(mark).length, { timeout: 10_000 }).toBe(0)
  })
})
