import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { addressOf } from './address.ts'
import { type ControlContext, Refused, ROUTES } from './control-routes.ts'

export { command } from './hosting.ts'

const LARGEST = 1_000_000

/** One request of the control API. */
export async function control(context: ControlContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body, lines } = await answerTo(context, request).catch(refusal)
  const text = lines ? (body as unknown[]).map((line) => JSON.stringify(line)).join('\n') : JSON.stringify(body)
  response.writeHead(status, { 'content-type': lines ? 'application/x-ndjson' : 'application/json' })
  response.end(text)
}

interface Answer {
  status: number
  body: unknown
  lines?: true
}

async function answerTo(context: ControlContext, request: IncomingMessage): Promise<Answer> {
  const address = addressOf(request.url)
  if (address === undefined) throw new Refused(400, `"${request.url}" is no address`)
  const { pathname, searchParams } = address
  const method = request.method ?? 'GET'
  for (const route of ROUTES) {
    const found = route.path.exec(pathname)
    if (found === null || route.method !== method) continue
    const parts = Object.fromEntries(Object.entries(found.groups ?? {}).map(([key, value]) => [key, decoded(value)]))
    const body = method === 'GET' || method === 'DELETE' ? {} : await bodyOf(request)
    return await route.answer({ context, parts, query: searchParams, body })
  }
  throw new Refused(404, `No ${method} ${pathname}`)
}

function refusal(error: unknown): Answer {
  if (error instanceof z.ZodError) return { status: 400, body: { error: 'ValidationError', message: z.prettifyError(error) } }
  if (error instanceof SyntaxError) return { status: 400, body: { error: 'ValidationError', message: 'The body is not JSON' } }
  if (error instanceof Refused) return { status: error.status, body: { error: error.word, message: error.message } }
  return { status: 500, body: { error: 'InternalError', message: String(error) } }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Refused(400, `"${part}" is not a part of an address`)
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request) {
    parts.push(part as Buffer)
    bytes += (part as Buffer).length
    if (bytes > LARGEST) throw new Refused(413, `The body is larger than ${LARGEST} bytes`)
  }
  const text = Buffer.concat(parts).toString('utf8')
  return text.trim() === '' ? {} : JSON.parse(text)
}
