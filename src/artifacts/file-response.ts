import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { contentTypeOf, dispositionOf } from './content-type.ts'
import { rangeOf } from './range.ts'

/** An open file as the answer to a request: whole or in part, or only its headers. Closes the file in every case. */
export async function fileResponse(request: Request, file: FileHandle, name: string): Promise<Response> {
  let isStreaming = false
  try {
    const { size, mtimeMs } = await file.stat()
    const etag = `"${size.toString(16)}-${Math.round(mtimeMs * 1_000).toString(16)}"`
    const modified = new Date(mtimeMs).toUTCString()
    // Shown in the browser, or saved with `download` in the query.
    const kind = new URL(request.url).searchParams.has('download') ? 'attachment' : 'inline'
    const headers = new Headers({
      ...FIXED,
      etag,
      'last-modified': modified,
      'content-type': contentTypeOf(name),
      'content-disposition': dispositionOf(name, kind),
    })
    if (isKnown(request, etag)) return new Response(null, { status: 304, headers })
    // A part of another version would not fit to what the client has.
    const condition = request.headers.get('if-range')
    const asked = request.method === 'GET' && (condition === null || condition === etag || condition === modified)
    const range = asked ? rangeOf(request.headers.get('range'), size) : 'whole'
    if (range === 'unsatisfiable') {
      headers.set('content-range', `bytes */${size}`)
      return problem(416, 'RangeNotSatisfiable', `The file has ${size} bytes`, headers)
    }
    const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range
    headers.set('content-length', String(end - start + 1))
    if (range !== 'whole') headers.set('content-range', `bytes ${start}-${end}/${size}`)
    const status = range === 'whole' ? 200 : 206
    if (request.method === 'HEAD' || size === 0) return new Response(null, { status, headers })
    isStreaming = true
    const body = Readable.toWeb(file.createReadStream({ start, end })) as ReadableStream<Uint8Array>
    return new Response(body, { status, headers })
  } finally {
    if (!isStreaming) await file.close()
  }
}

/** A refusal in the contract's shape (v1, section 1.1). */
export function problem(status: number, error: string, message: string, more: Headers = new Headers()): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  for (const name of ['content-range', 'allow']) {
    const value = more.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(JSON.stringify({ error, message }), { status, headers })
}

/** A browser may show what is in the file, and run nothing. */
const FIXED = {
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}

function isKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match')
  if (known === null) return false
  return known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
