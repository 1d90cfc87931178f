import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One event as it came in. */
export interface Receipt {
  id: string
  key: string
  text: string
}

/** Takes every event and remembers it. */
export async function webhookReceiver() {
  const receipts: Receipt[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('error', () => {}) // a sender that is killed in mid-sentence has said nothing
    request.on('end', () => {
      const { 'webhook-id': id, 'x-meeting-baas-api-key': key } = request.headers
      receipts.push({ id: String(id), key: String(key), text: Buffer.concat(parts).toString() })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { receipts, url: `http://127.0.0.1:${port}/`, close }
}
