import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { addressOf } from './address.ts'
import { makeCertificate } from './certificate.ts'
import { control } from './control.ts'
import { MediaLibrary } from './library.ts'
import { type RoomOptions, roomSchema } from './people.ts'
import type { FromPage } from './protocol.ts'
import { rehearse } from './rehearsal.ts'
import { Room } from './room.ts'
import { answerRpc } from './rpc-answers.ts'
import { foreignPage, MEET_HOSTS, meetPage } from './skins/meet.ts'

export interface LabOptions {
  /** Port of the look-alike hosts; 0 or absent = any free one. */
  port?: number
  controlPort?: number
  /** Rooms without a seed of their own take these in turn, so that all they invent comes again; absent: any. */
  seeds?: readonly number[]
}

/** A running lab. The control API speaks the same verbs over HTTP. */
export interface Lab {
  readonly controlUrl: string
  readonly httpsPort: number
  /** What a Chromium needs to find the lab under the real host names. */
  readonly chromiumArgs: readonly string[]
  room(options: RoomOptions): Promise<Room>
  close(): Promise<void>
}

const HOSTS = [...MEET_HOSTS]

/** Starts the lab on loopback. */
export async function startLab({ port = 0, controlPort = 0, seeds = [] }: LabOptions = {}): Promise<Lab> {
  const rooms = new Map<string, Room>()
  const library = new MediaLibrary()
  let opened = 0
  let closed = false
  const { key, cert, spki } = await makeCertificate([...HOSTS, 'www.meet.google.com'])
  const tls = createTlsServer({ key, cert }, (request, response) => {
    if (!answerRpc(rooms, request, response)) servePage(rooms, request, response)
  })
  const sockets = new WebSocketServer({ server: tls, path: '/__lab/ws', maxPayload: 1024 * 1024 })
  sockets.on('error', () => {}) // the server's own, passed on: said by `listen`
  sockets.on('connection', (socket, request) => {
    const room = rooms.get(addressOf(request.url)?.searchParams.get('room') ?? '')
    if (room === undefined) {
      socket.close(1008)
      return
    }
    const visitor = room.visit({
      send: (message) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(message)),
      close: () => socket.terminate(),
    })
    socket.on('message', (data) => {
      void (async () => visitor.hear(JSON.parse(String(data)) as FromPage))().catch(() => socket.terminate())
    })
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => void visitor.gone())
  })

  const open = async (plan: unknown): Promise<Room> => {
    const seed = seeds[opened++ % seeds.length]
    const parsed = roomSchema.parse(plan)
    await rehearse(parsed, library)
    if (closed) throw new Error('The lab was closed while a room was opened')
    const room = new Room({ ...(seed === undefined ? {} : { seed }), ...parsed }, library)
    rooms.set(room.id, room)
    room.onClose = () => rooms.delete(room.id)
    await room.open()
    return room
  }
  let chromiumArgs: readonly string[] = []
  const api = createServer(
    (request, response) => void control({ rooms, open, chromiumArgs: () => chromiumArgs, httpsPort: () => portOf(tls) }, request, response),
  )
  const listening = await Promise.allSettled([listen(tls, port), listen(api, controlPort)])
  const failed = listening.find((result) => result.status === 'rejected')
  if (failed !== undefined) {
    for (const server of [sockets, tls, api]) server.close() // one of them may listen, and would keep the process
    throw failed.reason
  }
  const rules = [...HOSTS, 'www.meet.google.com'].map((host) => `MAP ${host}:443 127.0.0.1:${portOf(tls)}`)
  chromiumArgs = [`--host-resolver-rules=${rules.join(', ')}`, `--ignore-certificate-errors-spki-list=${spki}`]
  return {
    controlUrl: `http://127.0.0.1:${portOf(api)}`,
    httpsPort: portOf(tls),
    chromiumArgs,
    room: open,
    async close() {
      closed = true
      await Promise.all([...rooms.values()].map((room) => room.close()))
      sockets.close()
      tls.closeAllConnections()
      api.closeAllConnections()
      await Promise.all([new Promise((resolve) => tls.close(resolve)), new Promise((resolve) => api.close(resolve))])
    },
  }
}

function servePage(rooms: ReadonlyMap<string, Room>, request: IncomingMessage, response: ServerResponse): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  const url = addressOf(request.url, `https://${host}`)
  if (url === undefined) {
    response.writeHead(400).end()
    return
  }
  const room = rooms.get(url.pathname.replace(/^\/|\/$/g, ''))
  const answer =
    host !== 'meet.google.com' && host !== 'www.meet.google.com'
      ? foreignPage(host, url.pathname)
      : url.pathname.startsWith('/recaptcha/')
        ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }
        : meetPage({
            room: room?.id ?? '',
            locale: url.searchParams.get('hl') ?? room?.plan.locale ?? 'en',
            lobby: room?.plan.lobby !== false,
            hostStarted: room?.hostStarted ?? true,
            skin: room?.plan.skin ?? 'simple',
            // An unknown code answers 200 as well: the failure is rendered by the page.
            traps: room?.plan.traps ?? ['not-found'],
            classes: room?.plan.classes ?? 'mixed',
            seed: room?.seed ?? 1,
            rosterLagMs: room?.plan.rosterLagMs ?? 0,
            loads: room?.visitors.size ?? 0,
          })
  const { location } = answer.headers
  if (room !== undefined && location !== undefined) room.turnAway(location.includes('accounts.google.com') ? 'sign_in' : 'blocked')
  response.writeHead(answer.status, answer.headers)
  response.end(answer.body)
}

function listen(
  server: { listen(port: number, host: string, done: () => void): unknown; once(event: 'error', fail: (error: Error) => void): unknown },
  port: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
