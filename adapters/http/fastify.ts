import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { createHandler, type HandlerOptions } from '../../src/http/handler.ts'
import type { HttpEngine } from '../../src/http/operation.ts'
import { mountPath } from '../../src/http/routing.ts'
import { carry } from './node.ts'

export type { HandlerOptions, HttpEngine }

/** What the plugin is registered with. */
export interface FastifyPluginOptions extends HandlerOptions {
  engine: HttpEngine
}

/**
 * The service as a Fastify plugin, under any prefix.
 *
 * @example
 * await app.register(fastifyPlugin, { prefix: '/meetings', engine })
 */
export const fastifyPlugin: FastifyPluginAsync<FastifyPluginOptions> = async (app, { engine, ...options }) => {
  const handle = createHandler(engine, options)
  const basePath = mountPath(app.prefix)
  // The handler reads bodies, within its own limits. Fastify's parser refuses the documented DELETE (JSON type, no body).
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
    await carry(handle, { req: request.raw, res: reply.raw }, { basePath, address: request.ip })
  }
  app.all('/', answer)
  app.all('/*', answer)
}
