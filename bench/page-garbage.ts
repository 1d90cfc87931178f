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

/** Has every page of a browser, reached by its DevTools port, and every worker of it collect its garbage; how many there were. */
export async function collectPages(port: number): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { type: string; webSocketDebuggerUrl: string }[]
  const pages = targets.filter(({ type }) => type === 'page')
  const collected = await Promise.all(pages.map(({ webSocketDebuggerUrl }) => collect(webSocketDebuggerUrl)))
  return collected.reduce((sum, one) => sum + one, 0)
}

interface Message {
  id?: number
  method?: string
  params?: { sessionId?: string }
}

/** The page first, then what it started: their heaps are their own, and each grows until it is full. */
async function collect(url: string): Promise<number> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const sessions: (string | undefined)[] = [undefined]
  const waiting = new Map<number, () => void>()
  socket.on('message', (data) => {
    const { id, method, params } = JSON.parse(String(data)) as Message
    if (id !== undefined) waiting.get(id)?.()
    else if (method === 'Target.attachedToTarget') sessions.push(params?.sessionId)
  })
  let asked = 0
  const ask = (method: string, params: object, sessionId?: string) =>
    new Promise<void>((resolve) => {
      waiting.set(++asked, resolve)
      socket.send(JSON.stringify({ id: asked, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    })
  // Workers that are there already are told of before the answer.
  await ask('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true })
  for (const session of sessions) await ask('HeapProfiler.collectGarbage', {}, session)
  socket.close()
  await once(socket, 'close')
  return sessions.length
}
