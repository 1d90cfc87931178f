import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { ARTIFACTS_CONTRACT, type ArtifactsUnderTest } from '../../src/lab/contracts/artifacts.ts'
import { LocalArtifacts, type S3ArtifactsOptions, s3Artifacts } from '../../src/store.ts'

const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'remora-artifacts-'))
  closers.push(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The clock as it was a while ago. */
const ago = (ageMs: number): Clock => ({ now: () => Date.now() - ageMs, after: () => Promise.reject(new Error('nobody waits here')) })

describe('local folder', () => {
  let subject: ArtifactsUnderTest
  beforeAll(async () => {
    const options = { dir: await folder(), secret: 'a secret of the test', baseUrl: 'https://bots.test/prefix/' }
    const artifacts = new LocalArtifacts(options)
    subject = {
      artifacts,
      sources: await folder(),
      open: async (url, init) => (await artifacts.handle(new Request(url, init))) ?? new Response(null, { status: 599 }),
      agedLink: (key, ageMs) => new LocalArtifacts({ ...options, clock: ago(ageMs) }).link(key),
    }
  })
  it.each(ARTIFACTS_CONTRACT)('$name', ({ run }) => run(subject))
})

/** Keeps files through one address; the rest is as it is. */
async function s3Subject(options: S3ArtifactsOptions, remover = options): Promise<ArtifactsUnderTest> {
  const [artifacts, removing] = [s3Artifacts(options), s3Artifacts(remover)]
  closers.push(() => Promise.all([artifacts.close(), removing.close()]))
  return {
    artifacts: {
      name: artifacts.name,
      put: (file) => artifacts.put(file),
      link: (key, life) => artifacts.link(key, life),
      remove: (botUuid) => removing.remove(botUuid),
      close: () => artifacts.close(),
    },
    sources: await folder(),
    open: (url, init) => fetch(url, init),
    agedLink: async (key, ageMs) => {
      const aged = s3Artifacts({ ...options, clock: ago(ageMs) })
      const link = await aged.link(key)
      await aged.close()
      return link
    },
  }
}

interface S3rver {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}
const S3rver: new (options: object) => S3rver = createRequire(import.meta.url)('@20minutes/s3rver')

describe('S3', () => {
  let subject: ArtifactsUnderTest
  beforeAll(async () => {
    const directory = await folder()
    const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
    const options = async (allowMismatchedSignatures: boolean): Promise<S3ArtifactsOptions> => {
      const settings = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'meetings' }] }
      const server = new S3rver({ ...settings, allowMismatchedSignatures })
      const { port } = await server.run()
      closers.push(() => server.close())
      return { bucket: 'meetings', prefix: 'kept/', endpoint: `http://127.0.0.1:${port}`, credentials, partBytes: 5 * 1_048_576 }
    }
    // This server refuses correct signatures of a listing; a second one on the same files does not look at them.
    subject = await s3Subject(await options(false), await options(true))
  })
  it.each(ARTIFACTS_CONTRACT)('$name', ({ run }) => run(subject))
})

/** `https://KEY:SECRET@host:port/bucket/prefix/` of a store to be tested as well. */
const other = process.env['REMORA_TEST_S3']

describe.skipIf(other === undefined)('S3 at REMORA_TEST_S3', () => {
  let subject: ArtifactsUnderTest
  beforeAll(async () => {
    const { username, password, origin, pathname } = new URL(other ?? '')
    const [, bucket = '', ...prefix] = pathname.split('/')
    const credentials = { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) }
    subject = await s3Subject({ bucket, prefix: prefix.join('/'), endpoint: origin, credentials })
  })
  it.each(ARTIFACTS_CONTRACT)('$name', ({ run }) => run(subject))
})
