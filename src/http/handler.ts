import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { type Logger, silentLogger } from '../core/logger.ts'
import { Access } from './access.ts'
import { ACCOUNT_OPERATIONS } from './account-operations.ts'
import { type BodyLimits, readJson } from './body.ts'
import { BOT_OPERATIONS } from './bot-operations.ts'
import { type Face, faces } from './faces.ts'
import { Metrics } from './metrics.ts'
import { openApi } from './openapi.ts'
import type { HttpEngine, Operation, Parts } from './operation.ts'
import { Problem, problemOf, problemResponse } from './problems.ts'
import { RateLimit } from './rate-limit.ts'
import { mountPath, pathBelow, RouteTable } from './routing.ts'

/** How the service is set up. Everything has a default. */
export interface HandlerOptions {
  /** Path the handler is mounted under, if the request's URL holds it. Express and Fastify mounts know it themselves. Default ''. */
  basePath?: string
  /** Default 1 MiB; a larger body is a 400. */
  maxBodyBytes?: number
  /** How long a body may take to arrive. Default 10 000. */
  bodyTimeoutMs?: number
  /** Requests of one key in a minute. Default 1 200. */
  requestsPerMinute?: number
  /** Requests without a valid key of one address in a minute, before 429 in place of 401. Default 600. */
  failuresPerMinute?: number
  /** Holds `automatic_leave` to the newer ranges (120 to 1800 s, silence 300 to 1800 s). Default false. */
  strictTimeouts?: boolean
  /** Asked before each bot: false refuses it with 402. Default: everybody may. */
  quota?: (accountId: number) => boolean | Promise<boolean>
  /** Who may read `/metrics`: whoever has a key, everybody, nobody. Default 'key'. */
  metrics?: 'key' | 'open' | 'off'
  /** Serves the small page at the mount's root. Default true. */
  page?: boolean
  clock?: Clock
  /** Gets one line for each request, without keys, bodies and queries. Default: none. */
  logger?: Logger
}

/** What the carrier knows about a request beside the request. */
export interface Connection {
  /** Address of the caller, for the limit on wrong keys and the log. */
  address?: string
  /** Path of the mount, if the carrier knows it. */
  basePath?: string
}

/** Answers every request; never throws. */
export type Handler = (request: Request, connection?: Connection) => Promise<Response>

/** Every operation of the contract that this version has, and what it adds. */
export const OPERATIONS: readonly Operation[] = [...BOT_OPERATIONS, ...ACCOUNT_OPERATIONS]

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
}
const REQUEST_ID = /^[\w.:-]{1,128}$/

function limit(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new BotError('CONFIG_INVALID', `${name}: ${value} is not allowed; allowed: a whole number from 1`, {
    details: { field: name, value, allowed: 'a whole number from 1' },
  })
}

/** `Request` in, `Response` out: the HTTP service over an engine, for any server that speaks the web's own types. */
export function createHandler(engine: HttpEngine, options: HandlerOptions = {}): Handler {
  const {
    clock = systemClock,
    logger = silentLogger,
    metrics: metricsFor = 'key',
    page = true,
    strictTimeouts = false,
    quota = () => true,
  } = options
  const ownPath = mountPath(options.basePath ?? '')
  const body: BodyLimits = {
    maxBytes: limit('maxBodyBytes', options.maxBodyBytes ?? 1_048_576),
    timeoutMs: limit('bodyTimeoutMs', options.bodyTimeoutMs ?? 10_000),
    clock,
  }
  const access = new Access(engine, {
    requestsPerMinute: limit('requestsPerMinute', options.requestsPerMinute ?? 1_200),
    failuresPerMinute: limit('failuresPerMinute', options.failuresPerMinute ?? 600),
    clock,
  })
  const parts: Parts = {
    engine,
    clock,
    deletions: new RateLimit({ limit: 5, windowMs: 60_000, now: () => clock.now() }),
    strictTimeouts,
    quota,
  }
  const metrics = new Metrics(engine)
  const table = new RouteTable<Operation | Face>([
    ...OPERATIONS,
    ...faces({
      engine,
      page,
      metrics: metricsFor === 'off' ? undefined : { open: metricsFor === 'open', read: () => metrics.response() },
      openApi: openApi(OPERATIONS),
    }),
  ])

  async function answer(request: Request, { address = '', basePath = ownPath }: Connection, seen: { route: string; accountId?: number }) {
    const url = new URL(request.url)
    const below = pathBelow(url.pathname, basePath)
    if (below === undefined) throw new Problem('NotFound', 'no such route')
    const linked = await engine.artifacts?.handle?.(request)
    if (linked !== undefined) {
      seen.route = '(file)'
      return linked
    }
    const { row, values } = table.find(request.method, below)
    seen.route = row.path
    if ('open' in row && row.open) return row.show({ pathname: url.pathname })
    seen.accountId = await access.accountOf(request, address)
    if ('show' in row) return row.show({ pathname: url.pathname })
    // Only now: who has no key learns nothing of what is wrong with the rest.
    const path = values()
    const json = row.body === undefined ? undefined : await readJson(request, body)
    return row.answerTo({ parts, accountId: seen.accountId, path, url, json })
  }

  return async (request, connection = {}) => {
    const startedAt = clock.now()
    const given = request.headers.get('x-request-id')
    const requestId = given !== null && REQUEST_ID.test(given) ? given : randomUUID()
    const seen: { route: string; accountId?: number } = { route: '(none)' }
    const { method } = request
    const response = await answer(request, connection, seen).catch((error: unknown) => {
      const problem = problemOf(error)
      if (problem !== undefined) return problemResponse(problem)
      logger.error('request failed', { requestId, method, route: seen.route, error })
      return problemResponse(new Problem('InternalError', `something went wrong here; it is in the log as ${requestId}`))
    })
    const headers = new Headers(response.headers)
    for (const [name, value] of Object.entries(SAFE_HEADERS)) headers.set(name, value)
    headers.set('x-request-id', requestId)
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    const { status } = response
    const ms = clock.now() - startedAt
    metrics.observe({ method: KNOWN_METHODS.has(method) ? method : 'other', route: seen.route, status, seconds: ms / 1000 })
    const { accountId } = seen
    logger.info('request', {
      requestId,
      method,
      route: seen.route,
      status,
      ms,
      ...(accountId === undefined ? {} : { accountId }),
      ...(connection.address === undefined ? {} : { address: connection.address }),
    })
    return new Response(method === 'HEAD' ? null : response.body, { status, headers })
  }
}

/** Any other word would let a caller make metric series at will. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
