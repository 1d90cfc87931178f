import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Connection, createHandler, type Handler, type HandlerOptions } from '../../src/http/handler.ts'
import type { HttpEngine } from '../../src/http/operation.ts'
import { Problem, problemResponse } from '../../src/http/problems.ts'

/** How much of a body is read ahead of whoever asks for it. */
const READ_AHEAD = 65_536

/** How long the rest of a refused body is still swallowed, so that its sender reads the answer in place of a reset. */
const LINGER_MS = 1_000

/** Methods a web `Request` cannot have; no route has them either, so any other one without routes stands for them. */
const UNSPEAKABLE: readonly string[] = ['TRACE', 'TRACK', 'CONNECT']

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/** The body as a web stream. Not `Readable.toWeb`: its cancel destroys the socket, and with it the answer. */
function streamOf(req: IncomingMessage): ReadableStream<Uint8Array> {
  const stop = new AbortController()
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const listeners = {
          data(chunk: Uint8Array) {
            controller.enqueue(chunk)
            if ((controller.desiredSize ?? 0) <= 0) req.pause()
          },
          end() {
            stop.abort()
            controller.close()
          },
          error: broke,
          close: broke,
        }
        function broke() {
          stop.abort()
          controller.error(new Error('the sender went away'))
        }
        for (const [event, listener] of Object.entries(listeners)) {
          req.on(event, listener)
          stop.signal.addEventListener('abort', () => req.off(event, listener))
        }
        req.on('error', () => {}) // said to whoever reads; without a listener it would end the process
        req.pause()
      },
      pull() {
        req.resume()
      },
      cancel() {
        stop.abort()
        req.pause()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD }),
  )
}

/** A body that a parser of the host has read already, as bytes again; undefined if nobody has. */
function readAlready(body: unknown): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined
  if (body instanceof Uint8Array) return body
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Path and query only: a whole URL as the target may hold credentials, which a web `Request` refuses. */
function urlOf(target: string): string {
  const url = target.startsWith('/') ? `http://localhost${target}` : target
  if (!URL.canParse(url) || !/^https?:/.test(url)) return 'http://localhost/*'
  const { pathname, search } = new URL(url)
  return `http://localhost${pathname}${search}`
}

/** What a host knows beside the message. */
export interface Carried {
  /** Path and query as the client sent them, with the mount. Default `req.url`. */
  url?: string
  /** What the host's own parser made of the body. */
  body?: unknown
}

/** Node's request as a web `Request`. */
export function toRequest(req: IncomingMessage, signal: AbortSignal, { url = req.url ?? '/', body }: Carried = {}): Request {
  const { method = 'GET', rawHeaders } = req
  const headers = new Headers()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!name.startsWith(':')) headers.append(name, rawHeaders[at + 1] ?? '') // HTTP/2 tells its target among the headers
  }
  const bare = method === 'GET' || method === 'HEAD' || !hasBody(req)
  return new Request(urlOf(url), {
    method: UNSPEAKABLE.includes(method) ? 'OPTIONS' : method,
    headers,
    signal,
    ...(bare ? {} : { body: readAlready(body) ?? streamOf(req), duplex: 'half' }),
  })
}

const UNREADABLE = new Problem('ValidationError', 'the request is none that HTTP allows')

/** What Node's parser lets through and the web's own types refuse is the sender's fault, and has an answer. */
function readable(read: () => Request): Request | undefined {
  try {
    return read()
  } catch {
    return undefined // why is of no interest to anybody: nothing of it is ours
  }
}

/** Swallows what is left of a body, for a while. */
async function linger(req: IncomingMessage): Promise<void> {
  req.resume()
  await once(req, 'end', { signal: AbortSignal.timeout(LINGER_MS) }).catch(() => {}) // gone or too slow: it has had its answer
}

/** Writes a web `Response` as Node's. */
export async function send(response: Response, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const unread = hasBody(req) && !req.complete && !req.readableEnded
  res.statusCode = response.status
  for (const [name, value] of response.headers) res.setHeader(name, value)
  if (unread) res.setHeader('connection', 'close')
  if (response.body === null) {
    res.end()
  } else if (response.headers.has('content-length')) {
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), res)
  } else {
    const bytes = Buffer.from(await response.arrayBuffer())
    res.setHeader('content-length', bytes.byteLength)
    if (!unread) return void res.end(bytes)
    res.write(bytes)
    await linger(req)
    res.end()
  }
}

/** Carries one exchange of a Node server to the handler. */
export async function carry(
  handle: Handler,
  { req, res, ...carried }: Carried & { req: IncomingMessage; res: ServerResponse },
  connection: Connection,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  const request = readable(() => toRequest(req, gone.signal, carried))
  const response = request === undefined ? problemResponse(UNREADABLE) : await handle(request, connection)
  await send(response, req, res).catch((error: unknown) => {
    if (!res.destroyed) throw error // else the caller went away while the answer was written: nobody is left to tell
  })
}

/** `Connection` of a message whose host knows no mount. */
export const connectionOf = ({ socket }: IncomingMessage): Connection =>
  socket.remoteAddress === undefined ? {} : { address: socket.remoteAddress }

/**
 * The service as a listener of Node's own server.
 *
 * @example
 * createServer(nodeListener(engine)).listen(8080, '127.0.0.1')
 */
export function nodeListener(engine: HttpEngine, options: HandlerOptions = {}): (req: IncomingMessage, res: ServerResponse) => void {
  const handle = createHandler(engine, options)
  return (req, res) => void carry(handle, { req, res }, connectionOf(req)).catch(() => res.destroy()) // the handler has logged it
}
