import { deflateSync, gzipSync } from 'node:zlib'
import { message } from './protobuf.ts'

/** A participant, or a shared screen, as the client's own channels name it. */
export interface Device {
  id: string
  name: string
  host: boolean
  status: 'in' | 'out' | 'removed'
  self: boolean
  csrc: number
  muted: boolean
  camera: boolean
  /** Of a shared screen: who shares it. */
  parent?: string | undefined
}

export interface ChatLine {
  id: string
  deviceId: string
  /** Milliseconds since 1970. */
  sentAt: number
  text: string
}

export interface Wire {
  /** The sheet names the stream id without its wire type: some rooms write it as text. */
  streamIdText: boolean
  /** Both were seen. */
  packing: 'gzip' | 'deflate'
}

const STATUS = { in: 1, out: 6, removed: 7 } as const
const AUDIO = 1
const VIDEO = 2

/** The roster of the `collections` channel and of the HTTP answer, unpacked (fact sheet 8.5, 2026-09). `sending`: whose streams it tells of. */
export function rosterBody(
  devices: readonly Device[],
  chat: readonly ChatLine[],
  { streamIdText }: Pick<Wire, 'streamIdText'>,
  sending = devices,
): Buffer {
  const users = devices.map(({ id, name, host, status, self, parent }) =>
    message(
      [1, id],
      [2, name],
      [3, `https://lh3.googleusercontent.com/a/${id.split('/').at(-1)}`],
      [4, STATUS[status]],
      self && [7, 1],
      parent !== undefined && [21, parent],
      [29, name],
      host && [34, 1],
    ),
  )
  const stream = (id: number) => [4, streamIdText ? String(id) : id] as const
  const outputs = sending
    .filter(({ status }) => status === 'in')
    .flatMap(({ id, csrc, muted, camera, parent }) => [
      ...(parent === undefined ? [message([2, AUDIO], stream(csrc), [6, id], [10, message([1, muted ? 1 : 0])])] : []),
      message([2, VIDEO], stream(csrc + 500_000), [6, id], [10, message([1, camera ? 0 : 1])]),
    ])
  const lines = chat.map(({ id, deviceId, sentAt, text }) =>
    message([2, message([1, id], [2, deviceId], [3, sentAt], [5, message([1, text])])]),
  )
  const told = users.length > 0 && ([1, message(...users.map((user) => [2, user] as const))] as const)
  const body = message(outputs.length > 0 && [3, message(...outputs.map((output) => [2, output] as const))], [
    13,
    message(told, ...lines.map((line) => [4, line] as const)),
  ])
  return message([1, message([2, body])])
}

/** One message of the `collections` channel. */
export function collectionsMessage(devices: readonly Device[], chat: readonly ChatLine[], wire: Wire, sending = devices): Buffer {
  const body = rosterBody(devices, chat, wire, sending)
  return wire.packing === 'gzip' ? gzipSync(body) : deflateSync(body)
}

/** `dcrpc` (fact sheet 8.7): a sign of life, or who is there with a numeric id, and who speaks. */
export function dcrpcMessage(speakers: readonly { id: string; number: number; speaking: boolean }[]): Buffer {
  const rows = speakers.map(({ id, number, speaking }) =>
    message([4, id], [8, number], [9, speaking ? message([1, 1], [2, 1]) : message([1, 1])]),
  )
  return message([2, gzipSync(message(...rows.map((row) => [4, row] as const)))])
}

export const dcrpcKeepAlive = (count: number): Buffer => message([1, message([1, count])])

/** One state of a caption on the `captions` channel (fact sheet 8.6). */
export function captionMessage(caption: { personId: string; id: number; version: number; final: boolean; text: string }): Buffer {
  const { personId, id, version, final, text } = caption
  return message([1, message([1, personId], [2, id], [3, version], [4, final ? 1 : 0], [6, text], [8, 'en-US'])])
}
