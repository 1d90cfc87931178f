import type { IncomingMessage, ServerResponse } from 'node:http'
import { rosterBody } from './collections.ts'
import { message } from './protobuf.ts'
import type { Room } from './room.ts'
import { lateDevices } from './roster.ts'
import { CREATE_DEVICE, ROSTER } from './skins/meet/rpc.ts'

/** What a room answers to each call; base64 of a protobuf message. */
const ANSWERS: Readonly<Record<string, (room: Room) => Buffer>> = {
  /** The same message as on the channel, which tells late that somebody left (fact sheet 8.8). */
  [ROSTER]: (room) => rosterBody(lateDevices(room), [], room.wire),
  /** Field 36 is not 0 for a device that was judged automated (fact sheet 4.12). */
  [CREATE_DEVICE]: ({ space, plan }) => message([1, `spaces/${space}`], [36, plan.traps.includes('device-judged') ? 1 : 0]),
}

/** Answers one of the client's calls over HTTP, whose body names the room; false = it is none of them. */
export function answerRpc(rooms: ReadonlyMap<string, Room>, request: IncomingMessage, response: ServerResponse): boolean {
  const answer = request.method === 'POST' ? ANSWERS[request.url ?? ''] : undefined
  if (answer === undefined) return false
  void (async () => {
    let path = ''
    for await (const part of request) path = `${path}${part}`.slice(0, 200)
    const room = rooms.get(path.replace(/^\/|\/$/g, ''))
    response.writeHead(room === undefined ? 404 : 200, { 'content-type': 'application/x-protobuf' })
    response.end(room === undefined ? '' : answer(room).toString('base64'))
  })().catch(() => response.destroy())
  return true
}
