/** A decoded protobuf message without a schema: field number → values in order. */
export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>

/** Reads one message; undefined if the bytes are none. */
export function readMessage(bytes: Uint8Array): Fields | undefined {
  const fields = new Map<number, (bigint | Uint8Array)[]>()
  let at = 0
  const varint = (): bigint | undefined => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) return undefined
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return undefined
  }
  while (at < bytes.length) {
    const key = varint()
    if (key === undefined) return undefined
    const field = Number(key >> 3n)
    let value: bigint | Uint8Array | undefined
    switch (Number(key & 7n)) {
      case 0:
        value = varint()
        break
      case 1:
        value = slice(8)
        break
      case 2: {
        const length = varint()
        value = length === undefined ? undefined : slice(Number(length))
        break
      }
      case 5:
        value = slice(4)
        break
    }
    if (value === undefined || field === 0) return undefined
    const values = fields.get(field) ?? []
    values.push(value)
    fields.set(field, values)
  }
  return fields

  function slice(length: number): Uint8Array | undefined {
    if (at + length > bytes.length) return undefined
    at += length
    return bytes.subarray(at - length, at)
  }
}

/** The messages along a path of field numbers, every branch of it. */
export function messagesAt(message: Fields, ...path: readonly number[]): Fields[] {
  const [field, ...rest] = path
  if (field === undefined) return [message]
  return (message.get(field) ?? []).flatMap((value) => {
    const inner = value instanceof Uint8Array ? readMessage(value) : undefined
    return inner === undefined ? [] : messagesAt(inner, ...rest)
  })
}

export function textAt(message: Fields, field: number): string | undefined {
  const value = message.get(field)?.[0]
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined
}

/** A number, whether written as a varint or as digits in a string. */
export function numberAt(message: Fields, field: number): number | undefined {
  const value = message.get(field)?.[0]
  if (typeof value === 'bigint') return Number(value)
  const text = textAt(message, field)
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}
