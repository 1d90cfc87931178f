import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { WebSocket } from 'ws'

/** A port of the loopback nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Has every page of a browser, reached by its DevTools port, collect its garbage; how many there were. */
export async function collectPages(port: number): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { type: string; webSocketDebuggerUrl: string }[]
  const pages = targets.filter(({ type }) => type === 'page')
  await Promise.all(pages.map(({ webSocketDebuggerUrl }) => collect(webSocketDebuggerUrl)))
  return pages.length
}

async function collect(url: string): Promise<void> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const answered = once(socket, 'message')
  socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await answered
  socket.close()
  await once(socket, 'close')
}
