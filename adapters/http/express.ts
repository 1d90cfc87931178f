import type { IncomingMessage, ServerResponse } from 'node:http'
import { createHandler, type HandlerOptions } from '../../src/http/handler.ts'
import type { HttpEngine } from '../../src/http/operation.ts'
import { mountPath } from '../../src/http/routing.ts'
import { carry } from './node.ts'

export type { HandlerOptions, HttpEngine }

/** What Express adds to Node's request: the same in 4 and 5. */
export interface ExpressRequest extends IncomingMessage {
  baseUrl?: string
  originalUrl?: string
  /** The address Express trusts (`trust proxy`). */
  ip?: string | undefined
  body?: unknown
}

/**
 * The service as an Express middleware, under any path and also after `express.json()`.
 *
 * @example
 * app.use('/meetings', expressRouter(engine))
 */
export function expressRouter(
  engine: HttpEngine,
  options: HandlerOptions = {},
): (req: ExpressRequest, res: ServerResponse, next: (error?: unknown) => void) => void {
  const handle = createHandler(engine, options)
  return (req, res, next) => {
    const basePath = mountPath(req.baseUrl ?? '')
    const carried = { req, res, url: req.originalUrl ?? req.url ?? '/', ...(req.readableEnded ? { body: req.body } : {}) }
    carry(handle, carried, { basePath, ...(req.ip === undefined ? {} : { address: req.ip }) }).catch(next)
  }
}
