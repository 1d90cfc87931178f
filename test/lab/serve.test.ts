import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { program } from './program.ts'

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
  expect(fromEnv.errors()).toBe('')
})
