type Field = readonly [number: number, value: number | string | Uint8Array]

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

/** A protobuf message from numbered fields: numbers as varints, texts and messages with their length. */
export function message(...fields: readonly (Field | undefined | false)[]): Buffer {
  const parts = fields.flatMap((field) => {
    if (field === undefined || field === false) return []
    const [number, value] = field
    if (typeof value === 'number') return [Buffer.from([...varint(number * 8), ...varint(value)])]
    const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value)
    return [Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]
  })
  return Buffer.concat(parts)
}
