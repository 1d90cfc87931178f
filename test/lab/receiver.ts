import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook as it arrived. */
export interface Received {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  data: any
  headers: IncomingHttpHeaders
  raw: string
}

/** A program of somebody who waits for our events, on loopback. */
export async function receiver() {
  const all: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    let raw = ''
    for await (const chunk of request) raw += chunk
    all.push({ ...JSON.parse(raw), headers: request.headers, raw })
    response.writeHead(200).end()
    for (const look of waiting) look()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    of: (botId: string) => all.filter(({ data }) => data.bot_id === botId),
    /** The first event that fits, now or when it comes. */
    until(wanted: (received: Received) => boolean): Promise<Received> {
      return new Promise((resolve) => {
        const look = () => {
          const found = all.find(wanted)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      })
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A status change of one bot to one code. */
export const becomes =
  (botId: string, code: string) =>
  ({ event, data }: Received): boolean =>
    event === 'bot.status_change' && data.bot_id === botId && data.status.code === code

/** The last event of one bot. */
export const isOver =
  (botId: string) =>
  ({ event, data }: Received): boolean =>
    data.bot_id === botId && (event === 'complete' || event === 'failed')
