import type { Clock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import { isBotError } from '../core/errors.ts'
import { Problem } from './problems.ts'

export interface BodyLimits {
  maxBytes: number
  timeoutMs: number
  clock: Clock
}

/** Deeper JSON than this is refused: recursion over it elsewhere would end in a stack overflow. */
const DEEPEST = 64

/** Said with a body that was not read to its end: the connection cannot carry another request. */
const CLOSE = { connection: 'close' }

async function bytesOf(stream: ReadableStream<Uint8Array>, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const reader = stream.getReader()
  const stop = () => void reader.cancel().catch(() => {}) // the sender is gone or refused: nothing is left to tell it
  signal.addEventListener('abort', stop, { once: true })
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return Buffer.concat(parts)
      size += value.byteLength
      if (size > maxBytes) {
        stop()
        throw tooBig(maxBytes)
      }
      parts.push(value)
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

const tooBig = (maxBytes: number) => new Problem('ValidationError', `the body is larger than ${maxBytes} bytes`, { headers: CLOSE })

/** Refuses what no part behind us can carry: text with U+0000 (databases) and bottomless nesting. */
function checkJson(root: unknown): void {
  const waiting: { value: unknown; depth: number; path: string }[] = [{ value: root, depth: 0, path: '' }]
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const { value, depth, path } = item
    if (typeof value === 'string' && value.includes('\0')) {
      throw new Problem('ValidationError', `${path || 'the body'}: text may not hold U+0000`, { details: { field: path } })
    }
    if (typeof value !== 'object' || value === null) continue
    if (depth >= DEEPEST) throw new Problem('ValidationError', `the body is nested deeper than ${DEEPEST} levels`)
    for (const [key, inner] of Object.entries(value)) {
      if (key.includes('\0')) throw new Problem('ValidationError', 'a field name may not hold U+0000')
      waiting.push({ value: inner, depth: depth + 1, path: depth < 3 ? (path === '' ? key : `${path}.${key}`) : path })
    }
  }
}

/** The request's JSON; undefined where there is no body. Bounded in size and time while it arrives. */
export async function readJson(request: Request, { maxBytes, timeoutMs, clock }: BodyLimits): Promise<unknown> {
  const { body } = request
  if (body === null) return undefined
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooBig(maxBytes)
  const bytes = await within({ ms: timeoutMs, code: 'CONFIG_INVALID', what: 'the end of the body', clock }, (signal) =>
    bytesOf(body, maxBytes, signal),
  ).catch((error: unknown) => {
    if (error instanceof Problem) throw error
    const late = isBotError(error, 'CONFIG_INVALID')
    throw new Problem('ValidationError', late ? `the body did not arrive within ${timeoutMs} ms` : 'the body could not be read', {
      headers: CLOSE,
    })
  })
  if (bytes.byteLength === 0) return undefined
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // what the parser says quotes the body, which may hold a secret
    throw new Problem('ValidationError', 'the body is not valid JSON in UTF-8')
  }
  checkJson(value)
  return value
}
