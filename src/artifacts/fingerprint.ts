import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** What a file is, by its content. */
export interface Fingerprint {
  size: number
  sha256: string
  /** The ETags S3 gives it: one for a plain upload, one for parts of `partBytes`. Some servers give others. */
  etags: readonly string[]
}

/** Reads a file once and takes every sum of it. */
export async function fingerprintOf(path: string, partBytes: number): Promise<Fingerprint> {
  const whole = { sha256: createHash('sha256'), md5: createHash('md5') }
  const parts: Buffer[] = []
  let part = createHash('md5')
  let size = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
    whole.sha256.update(chunk)
    whole.md5.update(chunk)
    for (let at = 0; at < chunk.length; ) {
      const room = partBytes - (size % partBytes)
      const piece = chunk.subarray(at, at + room)
      part.update(piece)
      at += piece.length
      size += piece.length
      if (size % partBytes === 0) {
        parts.push(part.digest())
        part = createHash('md5')
      }
    }
  }
  if (size % partBytes !== 0) parts.push(part.digest())
  const joined = createHash('md5').update(Buffer.concat(parts)).digest('hex')
  return { size, sha256: whole.sha256.digest('hex'), etags: [whole.md5.digest('hex'), `${joined}-${parts.length}`] }
}

/** SHA-256 in hex of whatever comes. */
export async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
