import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Logger } from '../../src/core/logger.ts'
import { KEY, NOBODY } from './http-client.ts'
import { MOUNTS, type Mounted } from './mounts.ts'
import { StoredEngine } from './stored-engine.ts'

const OVER_SOCKETS = MOUNTS.filter(({ name, hostParsesJson }) => name !== 'bare handler' && !hostParsesJson)
const MAX = 100_000
const TIMEOUT_MS = 150

/** Reads until the other side closes, or until a whole answer with a length is there. */
async function answerOn(socket: Socket): Promise<{ head: string; body: string }> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const length = /content-length: (\d+)/i.exec(head)?.[1]
    if (length !== undefined && Buffer.byteLength(body) >= Number(length)) return { head, body }
  }
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return { head, body }
}

const head = (line: string, ...headers: readonly string[]) =>
  `${[`${line} HTTP/1.1`, 'host: service.test', `x-meeting-baas-api-key: ${KEY}`, ...headers].join('\r\n')}\r\n\r\n`
const JSON_TYPE = 'content-type: application/json'

describe.each(OVER_SOCKETS)('sockets of $name', (mount) => {
  let mounted: Mounted
  const failures: string[] = []
  const lines: string[] = []
  const logger: Logger = {
    debug() {},
    info: (message, fields) => lines.push(`${message} ${JSON.stringify(fields)}`),
    warn() {},
    error: (message, fields) => failures.push(`${message} ${String(fields?.['error'])}`),
  }
  beforeAll(async () => {
    mounted = await mount.start(new StoredEngine([KEY]), { prefix: '', maxBodyBytes: MAX, bodyTimeoutMs: TIMEOUT_MS, logger })
  })
  afterAll(() => mounted.close())

  async function socket(): Promise<Socket> {
    const made = connect(Number(new URL(mounted.base).port), '127.0.0.1').setEncoding('utf8')
    await once(made, 'connect')
    return made
  }
  async function said(text: string): Promise<{ head: string; body: string }> {
    const caller = await socket()
    caller.write(text)
    const answer = await answerOn(caller)
    caller.destroy()
    return answer
  }

  it('refuses a body that says it is too big, before it arrives', async () => {
    const answer = await said(head('POST /bots/', JSON_TYPE, 'content-length: 99999999'))
    expect(answer.head).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'ValidationError', message: expect.stringContaining(String(MAX)) })
    expect(answer.head).toMatch(/connection: close/i)
  })

  it('refuses a body that grows too big on the way, and its sender can read why', async () => {
    const caller = await socket()
    const answered = answerOn(caller)
    caller.on('error', () => {}) // the service may close while we still write
    caller.write(head('POST /bots/', JSON_TYPE, 'transfer-encoding: chunked'))
    const chunk = 'x'.repeat(16_384)
    for (let sent = 0; sent < 40 && caller.writable; sent++) caller.write(`4000\r\n${chunk}\r\n`)
    const { head: answerHead, body } = await answered
    expect(answerHead).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(body).error).toBe('ValidationError')
    caller.destroy()
  })

  it('refuses a body that does not arrive in time', async () => {
    const caller = await socket()
    caller.write(`${head('POST /bots/', JSON_TYPE, 'content-length: 50')}{"meeting`)
    const answer = await answerOn(caller)
    expect(answer.head).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(answer.body).message).toContain(`${TIMEOUT_MS} ms`)
    caller.destroy()
  })

  it('does not read the body of whoever has no key', async () => {
    const caller = await socket()
    caller.write(head('POST /bots/', JSON_TYPE, 'content-length: 90000').replace(KEY, 'wrong'))
    const answer = await answerOn(caller)
    expect(answer.head).toMatch(/^HTTP\/1.1 401 /)
    caller.destroy()
  })

  it('takes it calmly when a sender goes away in the middle of a body', async () => {
    const before = lines.length
    const caller = await socket()
    caller.write(`${head('POST /bots/', JSON_TYPE, 'content-length: 50')}{"mee`)
    caller.end()
    caller.destroy()
    await expect.poll(() => lines.length).toBeGreaterThan(before)
    expect(failures).toEqual([])
    expect((await said(head('GET /health'))).head).toMatch(/^HTTP\/1.1 200 /)
  })

  it('serves one request after another on a connection', async () => {
    const caller = await socket()
    for (const line of [`DELETE /bots/${NOBODY}`, 'GET /bots/bots_with_metadata', `POST /bots/${NOBODY}/delete_data`]) {
      caller.write(head(line, JSON_TYPE, ...(line.startsWith('POST') ? ['content-length: 0'] : [])))
      expect([line, (await answerOn(caller)).head.slice(9, 12)]).toEqual([line, line.startsWith('GET') ? '200' : '404'])
    }
    const body = '{"bot_uuid": 7}'
    for (let at = 0; at < 3; at++) {
      caller.write(head('POST /bots/retranscribe', JSON_TYPE, `content-length: ${body.length}`) + body)
      expect((await answerOn(caller)).head).toMatch(/^HTTP\/1.1 400 /)
    }
    caller.destroy()
  })

  it.each([
    ['a path that looks like a host', 'GET //bots/meeting_data'],
    ['a whole URL as its target', 'GET http://elsewhere.test/nothing'],
    ['a whole URL with credentials as its target', 'GET http://a:b@elsewhere.test/nothing'],
    ['a method without a web request', 'TRACE /bots/'],
    ['a cut percent sign in its query', 'GET /nothing?x=%E0%A4%A'],
  ])('answers %s with 404', async (_what, line) => {
    const answer = await said(head(line))
    expect(answer.head).toMatch(/^HTTP\/1.1 404 /)
    expect(JSON.parse(answer.body)).toMatchObject({ message: expect.any(String) })
  })

  it('bears headers that are hostile', async () => {
    const answer = await said(
      head(`GET /bots/${NOBODY}`, 'x-request-id: \xff\xfe', 'x-request-id: twice', 'cookie: a=\x80', 'x-forwarded-for: <script>'),
    )
    expect(answer.head).toMatch(/^HTTP\/1.1 404 /)
  })

  it('writes neither keys nor queries into its log', () => {
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.join('\n')).not.toMatch(new RegExp(`${KEY}|wrong|x=%E0`))
    expect(lines.every((line) => /"requestId":".+"/.test(line))).toBe(true)
  })
})
