import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { dispositionOf } from './content-type.ts'
import { type Fingerprint, fingerprintOf, sha256Of } from './fingerprint.ts'
import { checkKey, checkUuid, fileNameOf } from './key.ts'
import type { Artifact, ArtifactStore } from './port.ts'
import type { S3ArtifactsOptions } from './s3.ts'
import type { S3Sdk } from './s3-sdk.ts'

const MIB = 1_048_576
const SMALLEST_PART = 5 * MIB
const LONGEST_LINK_MS = 7 * 86_400_000
/** A store that does not answer is an error, not a wait for good; an upload that moves may take as long as it needs. */
const CONNECT_MS = 10_000
const SILENT_MS = 60_000
/** Removals under way at once. */
const AT_ONCE = 8

/** See `s3Artifacts`. */
export class S3Artifacts implements ArtifactStore {
  readonly name = 's3'
  readonly #options: S3ArtifactsOptions
  readonly #load: () => Promise<S3Sdk>
  readonly #partBytes: number
  #loaded: Promise<{ sdk: S3Sdk; client: S3Client }> | undefined

  /** Throws `CONFIG_INVALID`; nothing is loaded and nobody is asked yet. */
  constructor(options: S3ArtifactsOptions, load: () => Promise<S3Sdk>) {
    const { partBytes = 8 * MIB, expiresInMs = 0 } = options
    if (options.bucket === '') throw refused('bucket', '', 'the name of a bucket')
    if (!Number.isInteger(partBytes) || partBytes < SMALLEST_PART) throw refused('partBytes', partBytes, `${SMALLEST_PART} or more`)
    checkLife(expiresInMs)
    this.#options = options
    this.#load = load
    this.#partBytes = partBytes
  }

  async put({ key, path, contentType }: Artifact): Promise<void> {
    const { sdk, client } = await this.#open()
    const object = this.#object(key)
    try {
      const before = await stat(path)
      const wanted = await fingerprintOf(path, this.#partBytes)
      if (await this.#holds(object, wanted)) return
      const body = createReadStream(path, { highWaterMark: MIB })
      const upload = new sdk.storage.Upload({
        client,
        params: { ...object, Body: body, ContentType: contentType, ContentDisposition: dispositionOf(fileNameOf(key)) },
        partSize: this.#partBytes,
        queueSize: 2,
      })
      // An upload that fails leaves the rest of its file unread.
      await upload.done().finally(() => body.destroy())
      const after = await stat(path)
      const isChanged = after.size !== before.size || after.mtimeMs !== before.mtimeMs
      if (isChanged || !(await this.#holds(object, wanted))) throw new Error('what is kept differs from the file')
    } catch (error) {
      throw new BotError('STORAGE_FAILED', `${key} could not be kept: ${error instanceof Error ? error.message : String(error)}`, {
        details: { key, bucket: object.Bucket },
        cause: error,
      })
    }
  }

  async link(key: string, { expiresInMs = this.#options.expiresInMs ?? 3_600_000 }: { expiresInMs?: number } = {}): Promise<string> {
    checkLife(expiresInMs)
    const object = this.#object(key)
    if ((await this.#head(object)) === undefined) return ''
    const { sdk, client } = await this.#open()
    return sdk.presigner.getSignedUrl(client, new sdk.s3.GetObjectCommand(object), {
      expiresIn: Math.floor(expiresInMs / 1_000),
      signingDate: new Date((this.#options.clock ?? systemClock).now()),
    })
  }

  async remove(botUuid: string): Promise<{ removed: number; failed: number }> {
    const { sdk, client } = await this.#open()
    const { bucket, prefix = '' } = this.#options
    const keys: string[] = []
    const pages = sdk.s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${prefix}${checkUuid(botUuid)}/` })
    for await (const { Contents = [] } of pages) keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])))
    const count = { removed: 0, failed: 0 }
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      // One by one: removal in bulk is what S3-compatible stores differ in.
      const some = keys.slice(at, at + AT_ONCE).map((Key) => client.send(new sdk.s3.DeleteObjectCommand({ Bucket: bucket, Key })))
      for (const { status } of await Promise.allSettled(some)) count[status === 'fulfilled' ? 'removed' : 'failed']++
    }
    return count
  }

  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => undefined) // never opened: nothing to close
    if (this.#options.client === undefined) loaded?.client.destroy()
  }

  #object(key: string): { Bucket: string; Key: string } {
    const { bucket, prefix = '' } = this.#options
    return { Bucket: bucket, Key: `${prefix}${checkKey(key)}` }
  }

  #open(): Promise<{ sdk: S3Sdk; client: S3Client }> {
    this.#loaded ??= this.#load().then((sdk) => ({ sdk, client: this.#clientOf(sdk) }))
    return this.#loaded
  }

  #clientOf({ s3 }: S3Sdk): S3Client {
    const { client, endpoint, region = 'us-east-1', credentials, forcePathStyle = endpoint !== undefined } = this.#options
    if (client !== undefined) return client as S3Client
    return new s3.S3Client({
      region,
      forcePathStyle,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
      // Not every store knows the newer checksums, and what was kept is compared anyway.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    })
  }

  async #head(object: { Bucket: string; Key: string }): Promise<HeadObjectCommandOutput | undefined> {
    const { sdk, client } = await this.#open()
    try {
      return await client.send(new sdk.s3.HeadObjectCommand(object))
    } catch (error) {
      if (error instanceof sdk.s3.S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined
      throw error
    }
  }

  /** Whether the store has exactly this: by its own sum, or where that is of another kind, by reading it back. */
  async #holds(object: { Bucket: string; Key: string }, { size, sha256, etags }: Fingerprint): Promise<boolean> {
    const head = await this.#head(object)
    if (head === undefined || head.ContentLength !== size) return false
    if (etags.includes((head.ETag ?? '').replaceAll('"', ''))) return true
    const { sdk, client } = await this.#open()
    const { Body } = await client.send(new sdk.s3.GetObjectCommand(object))
    return Body !== undefined && (await sha256Of(Body as AsyncIterable<Uint8Array>)) === sha256
  }
}

function checkLife(expiresInMs: number): void {
  if (!(expiresInMs >= 0 && expiresInMs <= LONGEST_LINK_MS)) throw refused('expiresInMs', expiresInMs, `0 to ${LONGEST_LINK_MS}`)
}

function refused(field: string, value: unknown, allowed: string): BotError {
  return new BotError('CONFIG_INVALID', `${field}: ${JSON.stringify(value)} is not allowed; allowed: ${allowed}`, {
    details: { field, value, allowed },
  })
}
