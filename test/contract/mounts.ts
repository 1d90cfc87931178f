import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { expressRouter } from '../../adapters/http/express.ts'
import { fastifyPlugin } from '../../adapters/http/fastify.ts'
import { nodeListener } from '../../adapters/http/node.ts'
import { createHandler, type HandlerOptions } from '../../src/http/handler.ts'
import type { HttpEngine } from '../../src/http/operation.ts'

/** A running service, by its base URL without a final slash. */
export interface Mounted {
  base: string
  fetch(url: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export interface Mount {
  name: string
  /** The host reads JSON bodies before us, and answers malformed ones itself. */
  hostParsesJson?: boolean
  start(engine: HttpEngine, options: HandlerOptions & { prefix: string }): Promise<Mounted>
}

async function listening(server: Server, prefix: string): Promise<Mounted> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    base: `http://127.0.0.1:${port}${prefix}`,
    fetch,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const overExpress = (name: string, parser?: () => express.RequestHandler): Mount => ({
  name,
  hostParsesJson: parser !== undefined,
  async start(engine, { prefix, ...options }) {
    const app = express()
    if (parser !== undefined) app.use(parser())
    app.use(prefix || '/', expressRouter(engine, options))
    return listening(createServer(app), prefix)
  },
})

/** Every way the service is carried. */
export const MOUNTS: readonly Mount[] = [
  {
    name: 'bare handler',
    async start(engine, { prefix, ...options }) {
      const handle = createHandler(engine, { ...options, basePath: prefix })
      return { base: `http://service.test${prefix}`, fetch: (url, init) => handle(new Request(url, init)), close: async () => {} }
    },
  },
  {
    name: 'node',
    async start(engine, { prefix, ...options }) {
      return listening(createServer(nodeListener(engine, { ...options, basePath: prefix })), prefix)
    },
  },
  overExpress('express'),
  overExpress('express after json', () => express.json()),
  {
    name: 'fastify',
    async start(engine, { prefix, ...options }) {
      const app = fastify()
      await app.register(fastifyPlugin, { ...options, prefix, engine })
      await app.ready()
      const mounted = await listening(app.server, prefix)
      return { ...mounted, close: () => app.close() }
    },
  },
]
