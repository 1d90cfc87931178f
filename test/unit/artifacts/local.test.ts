import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalArtifacts, type LocalArtifactsOptions } from '../../../src/artifacts/local.ts'
import { isBotError } from '../../../src/core/errors.ts'
import { sampleUuid } from '../../../src/lab/contracts/store-samples.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'

const UUID = sampleUuid(1)
const KEY = `${UUID}/output.mp4`
const SECRET = 'the secret of this test'

let root: string
let dir: string
let clock: FakeClock

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'remora-local-'))
  dir = join(root, 'recordings')
  clock = new FakeClock()
  await mkdir(join(dir, UUID), { recursive: true })
  await writeFile(join(dir, KEY), '0123456789')
  await writeFile(join(root, 'secret.txt'), 'outside')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const store = (over: Partial<LocalArtifactsOptions> = {}) =>
  new LocalArtifacts({ dir, secret: SECRET, baseUrl: 'https://bots.test', clock, ...over })

async function ask(url: string, init?: RequestInit, artifacts = store()) {
  const response = await artifacts.handle(new Request(url, init))
  if (response === undefined) throw new Error(`${url} is not for this store`)
  return response
}

/** A link to any key, signed as the store would: what a leaked secret could do at most. */
async function signed(key: string): Promise<string> {
  const { SignedLinks } = await import('../../../src/artifacts/signed-link.ts')
  return new SignedLinks([SECRET]).make('https://bots.test', { key, expiresAt: clock.now() + 1_000 })
}

describe('links', () => {
  it('are below the base URL, wherever that is, and found again under any mount', async () => {
    for (const [baseUrl, inside] of [
      ['https://bots.test', 'http://127.0.0.1:8080'],
      ['https://bots.test/', 'http://127.0.0.1:8080/api'],
      ['https://bots.test/outer/path/', 'http://127.0.0.1:8080/inner'],
    ] as const) {
      const artifacts = store({ baseUrl })
      const link = await artifacts.link(KEY)
      expect(link.startsWith(`${baseUrl.replace(/\/$/, '')}/files/${KEY}?`)).toBe(true)
      expect((await ask(link, {}, artifacts)).status).toBe(200)
      const { pathname, search } = new URL(link)
      expect((await ask(`${inside}${pathname.replace('/outer/path', '')}${search}`, {}, artifacts)).status).toBe(200)
    }
  })

  it('may have a base URL that is known only later', async () => {
    let port = 0
    const artifacts = store({ baseUrl: () => `http://127.0.0.1:${port}` })
    port = 8080
    expect(await artifacts.link(KEY)).toContain('http://127.0.0.1:8080/files/')
  })

  it.each([
    'https://bots.test/',
    'https://bots.test/bots/',
    `https://bots.test/bots/${UUID}`,
    `https://bots.test/files/${UUID}`,
    'https://bots.test/files/',
  ])("%s is somebody else's request", async (url) => expect(await store().handle(new Request(url))).toBeUndefined())

  it("end to the second, and say so in the contract's shape", async () => {
    const link = await store().link(KEY, { expiresInMs: 60_000 })
    await clock.run(59_999)
    expect((await ask(link)).status).toBe(200)
    await clock.run(1)
    const response = await ask(link)
    expect([response.status, response.headers.get('content-type')]).toEqual([403, 'application/json'])
    expect(await response.json()).toEqual({ error: 'Forbidden', message: expect.any(String) })
  })

  it('signed with an older secret stay good while it is listed, not after', async () => {
    const link = await store({ secret: 'the older secret, still' }).link(KEY)
    expect((await ask(link, {}, store({ secret: [SECRET, 'the older secret, still'] }))).status).toBe(200)
    expect((await ask(link)).status).toBe(403)
  })

  it('no other spelling of a signature is believed, nor none, nor two', async () => {
    const link = new URL(await store().link(KEY))
    const signature = link.searchParams.get('signature') ?? ''
    for (const other of ['', signature.slice(0, -1), `${signature}=`, `${signature}A`, signature.toLowerCase(), ` ${signature}`]) {
      link.searchParams.set('signature', other)
      expect((await ask(link.href)).status, other).toBe(403)
    }
    link.searchParams.delete('signature')
    expect((await ask(link.href)).status).toBe(403)
  })

  it('a bad link says the same whether there is such a file or not', async () => {
    const bodies = await Promise.all(
      [KEY, `${UUID}/nothing.mp4`].map(async (key) => {
        const response = await ask(`https://bots.test/files/${key}?expires=99999999999&signature=x`)
        return [response.status, await response.text()]
      }),
    )
    expect(bodies[0]).toEqual(bodies[1])
    expect(bodies[0]?.[0]).toBe(403)
  })

  it('a file that is gone since is missing, not forbidden', async () => {
    const link = await store().link(KEY)
    await rm(join(dir, KEY))
    const response = await ask(link)
    expect([response.status, await response.json()]).toEqual([404, { error: 'NotFound', message: expect.any(String) }])
  })

  it.each(['', 'too short', ['long enough a secret', 'short']])('the secret %j is refused without being repeated', (secret) => {
    let thrown: unknown
    try {
      store({ secret })
    } catch (error) {
      thrown = error
    }
    expect(isBotError(thrown, 'CONFIG_INVALID') && thrown.details).toMatchObject({ field: 'secret', value: '(hidden)' })
  })
})

describe('nothing outside the folder', () => {
  it.each([
    '../secret.txt',
    '../../secret.txt',
    '..%2f..%2fsecret.txt',
    '%2e%2e/%2e%2e/secret.txt',
    '..%5csecret.txt',
    'output.mp4%00.jpg',
    '%ff',
    '%',
  ])('%s is refused unsigned', async (name) => {
    const response = await store().handle(new Request(`https://bots.test/files/${UUID}/${name}?expires=99999999999&signature=x`))
    expect([undefined, 403]).toContain(response?.status)
  })

  it.each(['../../secret.txt', '../secret.txt', './output.mp4', '/etc/passwd', 'output.mp4\0', '..\\secret.txt', '.hidden'])(
    'not even %j with a signature',
    async (name) => {
      const { search } = new URL(await signed(`${UUID}/${name}`))
      // Escaped as one part, it reaches the store as it is written here.
      expect((await ask(`https://bots.test/files/${UUID}/${encodeURIComponent(name)}${search}`)).status).toBe(404)
    },
  )

  it.each(['file', 'folder', 'bot'])('a symbolic link to a %s outside leads nowhere', async (kind) => {
    const other = sampleUuid(2)
    if (kind === 'file') await symlink(join(root, 'secret.txt'), join(dir, UUID, 'linked.txt'))
    if (kind === 'folder') await symlink(root, join(dir, UUID, 'linked'))
    if (kind === 'bot') await symlink(root, join(dir, other))
    const key = { file: `${UUID}/linked.txt`, folder: `${UUID}/linked/secret.txt`, bot: `${other}/secret.txt` }[kind] ?? ''
    expect(await store().link(key)).toBe('')
    expect((await ask(await signed(key))).status).toBe(404)
  })

  it('a folder is not listed', async () => {
    await mkdir(join(dir, UUID, 'screenshots'))
    expect((await ask(await signed(`${UUID}/screenshots`))).status).toBe(404)
  })

  it('removing a bot removes symbolic links, and nothing they lead to', async () => {
    await symlink(join(root, 'secret.txt'), join(dir, UUID, 'linked.txt'))
    const elsewhere = join(root, 'elsewhere')
    await mkdir(elsewhere)
    await writeFile(join(elsewhere, 'kept'), '')
    await symlink(elsewhere, join(dir, UUID, 'linked'))
    await symlink(elsewhere, join(dir, sampleUuid(2)))
    expect(await store().remove(UUID)).toEqual({ removed: 3, failed: 0 })
    expect(await store().remove(sampleUuid(2))).toMatchObject({ failed: 0 })
    expect(await readdir(elsewhere)).toEqual(['kept'])
    expect(await readdir(root)).toContain('secret.txt')
  })
})

describe('answers', () => {
  const asked = async (headers: Record<string, string>, method = 'GET') => ask(await store().link(KEY), { method, headers })

  it('HEAD has the headers of the whole file and no body', async () => {
    const response = await asked({ range: 'bytes=0-1' }, 'HEAD')
    expect([response.status, response.headers.get('content-length'), response.headers.get('accept-ranges')]).toEqual([200, '10', 'bytes'])
    expect(await response.text()).toBe('')
  })

  it('a part that is not there is 416 with the size', async () => {
    const response = await asked({ range: 'bytes=10-' })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10'])
    expect(await response.json()).toMatchObject({ error: 'RangeNotSatisfiable' })
  })

  it('the last bytes can be asked for', async () => {
    const response = await asked({ range: 'bytes=-2' })
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([206, 'bytes 8-9/10', '89'])
  })

  it('several parts, or nonsense, get the whole file', async () => {
    for (const range of ['bytes=0-1,4-5', 'bytes=x']) expect((await asked({ range })).status).toBe(200)
  })

  it('If-Range gives the part of the version it names, else the whole file', async () => {
    const before = await asked({})
    const tags = [before.headers.get('etag') ?? '', before.headers.get('last-modified') ?? '']
    for (const tag of tags) expect((await asked({ range: 'bytes=0-1', 'if-range': tag })).status).toBe(206)
    await utimes(join(dir, KEY), 1, 1)
    for (const tag of tags) expect((await asked({ range: 'bytes=0-1', 'if-range': tag })).status).toBe(200)
  })

  it('a client that has this version already gets no body', async () => {
    const etag = (await asked({})).headers.get('etag') ?? ''
    for (const known of [etag, `"x", ${etag}`, `W/${etag}`, '*']) expect((await asked({ 'if-none-match': known })).status).toBe(304)
    expect((await asked({ 'if-none-match': '"x"' })).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE'])('%s is not allowed', async (method) => {
    const response = await asked({}, method)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('a file is shown under its name, or saved where that is asked for', async () => {
    expect((await asked({})).headers.get('content-disposition')).toBe('inline; filename="output.mp4"; filename*=UTF-8\'\'output.mp4')
    expect((await ask(`${await store().link(KEY)}&download`)).headers.get('content-disposition')).toMatch(/^attachment;/)
  })

  it.each([
    ['audio.wav', 'audio/wav'],
    ['events.jsonl', 'application/x-ndjson'],
    ['diarization.json', 'application/json'],
    ['report.html', 'application/octet-stream'],
    ['page.svg', 'application/octet-stream'],
    ['noending', 'application/octet-stream'],
  ])('%s is %s, and nothing a browser would run', async (name, type) => {
    await writeFile(join(dir, UUID, name), '<script>')
    const response = await ask(await store().link(`${UUID}/${name}`))
    expect([response.headers.get('content-type'), response.headers.get('x-content-type-options')]).toEqual([type, 'nosniff'])
  })

  it('a reader that goes away in the middle leaves nothing open', async () => {
    await writeFile(join(dir, KEY), Buffer.alloc(4_000_000))
    const before = (await readdir('/proc/self/fd').catch(() => [])).length
    for (let n = 0; n < 20; n++) {
      const reader = (await asked({})).body?.getReader()
      await reader?.read()
      await reader?.cancel()
    }
    await expect.poll(async () => (await readdir('/proc/self/fd').catch(() => [])).length).toBeLessThanOrEqual(before + 2)
  })
})

describe('keeping', () => {
  it('a file that is in its place already is left alone, one from elsewhere is copied whole', async () => {
    const artifacts = store()
    await artifacts.put({ key: KEY, path: join(dir, KEY), contentType: 'video/mp4' })
    await artifacts.put({ key: `${UUID}/audio.wav`, path: join(root, 'secret.txt'), contentType: 'audio/wav' })
    expect((await readdir(join(dir, UUID))).sort()).toEqual(['audio.wav', 'output.mp4'])
    expect(await (await ask(await artifacts.link(`${UUID}/audio.wav`))).text()).toBe('outside')
  })
})
