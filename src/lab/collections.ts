import { gzipSync } from 'node:zlib'

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return bytes
}

type Field = [number: number, value: number | string | Buffer]

/** A protobuf message from numbered fields: numbers as varints, texts and messages with their length. */
function message(...fields: readonly Field[]): Buffer {
  const parts = fields.flatMap(([number, value]) => {
    if (typeof value === 'number') return [Buffer.from([...varint(number << 3), ...varint(value)])]
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    return [Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]
  })
  return Buffer.concat(parts)
}

export interface Device {
  id: string
  name: string
  host: boolean
  present: boolean
  csrc: number
}

/** The roster as the `collections` channel carries it (fact sheet, media section, 2026-09): people, and whose source is whose. */
export function collectionsMessage(devices: readonly Device[]): Buffer {
  const users = devices.map(({ id, name, host, present }) => {
    const fields: Field[] = [
      [1, id],
      [2, name],
      [4, present ? 1 : 6],
      [29, name],
    ]
    if (host) fields.push([34, 1])
    return [2, message(...fields)] satisfies Field
  })
  const outputs = devices.map(({ id, csrc }): Field => [2, message([2, 1], [4, csrc], [6, id])])
  const body = message([3, message(...outputs)], [13, message([1, message(...users)])])
  return gzipSync(message([1, message([2, body])]))
}
