import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type S3ArtifactsOptions, s3Artifacts } from '../../../src/artifacts/s3.ts'
import { S3Artifacts } from '../../../src/artifacts/s3-store.ts'
import { BotError, isBotError } from '../../../src/core/errors.ts'
import { sampleUuid } from '../../../src/lab/contracts/store-samples.ts'

const KEY = `${sampleUuid(1)}/output.mp4`
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A store that keeps what `keep` makes of an upload, and names it by `etag`. */
async function oddStore({ keep = (body: Buffer) => body, etag = 'odd' }: { keep?: (body: Buffer) => Buffer; etag?: string }) {
  const objects = new Map<string, Buffer>()
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    calls.push(request.method ?? '')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method === 'PUT') objects.set(path, keep(Buffer.concat(chunks)))
    const object = objects.get(path)
    response.writeHead(object === undefined ? 404 : 200, {
      etag: `"${etag}"`,
      'content-length': request.method === 'PUT' ? 0 : (object?.length ?? 0),
    })
    response.end(request.method === 'GET' ? object : undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const artifacts = s3Artifacts({
    bucket: 'meetings',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  closers.push(() => artifacts.close())
  return { artifacts, calls }
}

async function recording(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'remora-s3-'))
  closers.push(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'output.mp4'), 'a recording')
  return join(dir, 'output.mp4')
}

const failed = (error: unknown) => isBotError(error, 'STORAGE_FAILED') && error.details['key'] === KEY

describe('what was uploaded is compared with the file', () => {
  it.each([
    ['shorter', (body: Buffer) => body.subarray(1)],
    ['changed', (body: Buffer) => Buffer.from(body).fill('x', 0, 1)],
  ])('a store that keeps it %s has not kept it', async (_, keep) => {
    const { artifacts } = await oddStore({ keep })
    await expect(artifacts.put({ key: KEY, path: await recording(), contentType: 'video/mp4' })).rejects.toSatisfy(failed)
  })

  it('a store whose sums are of another kind is read back', async () => {
    const { artifacts, calls } = await oddStore({ etag: 'not a sum of md5' })
    await artifacts.put({ key: KEY, path: await recording(), contentType: 'video/mp4' })
    expect(calls).toEqual(['HEAD', 'PUT', 'HEAD', 'GET'])
  })

  it('a store that tells the sum itself is believed, and a second time nothing goes up', async () => {
    const { createHash } = await import('node:crypto')
    const { artifacts, calls } = await oddStore({ etag: createHash('md5').update('a recording').digest('hex') })
    const path = await recording()
    for (const _ of ['first', 'again']) await artifacts.put({ key: KEY, path, contentType: 'video/mp4' })
    expect(calls).toEqual(['HEAD', 'PUT', 'HEAD', 'HEAD'])
  })
})

it('without the packages it says which, when it is first used', async () => {
  const missing = new BotError('NOT_SUPPORTED', 'npm install @aws-sdk/client-s3')
  const artifacts = new S3Artifacts({ bucket: 'meetings' }, () => Promise.reject(missing))
  await expect(artifacts.link(KEY)).rejects.toBe(missing)
  await artifacts.close()
})

it('a client of its own waits neither for a connection nor for a silent store without end', async () => {
  const made: Record<string, unknown>[] = []
  class S3Client {
    constructor(options: Record<string, unknown>) {
      made.push(options)
    }
    async send() {
      throw new Error('not today')
    }
    destroy() {}
  }
  class Other {}
  const s3 = { S3Client, HeadObjectCommand: Other, S3ServiceException: Other }
  const artifacts = new S3Artifacts({ bucket: 'meetings' }, async () => ({ s3, storage: {}, presigner: {} }) as never)
  await expect(artifacts.link(KEY)).rejects.toThrow('not today')
  expect(made).toMatchObject([{ requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 } }])
  await artifacts.close()
})

it.each([
  ['bucket', { bucket: '' }],
  ['partBytes', { bucket: 'b', partBytes: 1_000 }],
  ['expiresInMs', { bucket: 'b', expiresInMs: 8 * 86_400_000 }],
] as [string, S3ArtifactsOptions][])('a wrong %s is refused at once', (field, options) => {
  let thrown: unknown
  try {
    s3Artifacts(options)
  } catch (error) {
    thrown = error
  }
  expect(isBotError(thrown, 'CONFIG_INVALID') && thrown.details['field']).toBe(field)
})
