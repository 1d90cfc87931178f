import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Wire } from '../../../src/platform/adapter.ts'
import type { Observation } from '../../../src/platform/observation.ts'
import { messagesAt, numberAt, readMessage, textAt } from './protobuf.ts'

const MOST_BYTES = 4 * 1024 * 1024
const AUDIO = 1
const STATUS = { in: 1, out: 6, removed: 7 } as const

/** The bytes unpacked, whichever way they were packed; as they are if none fits. */
function unpack(bytes: Uint8Array): Uint8Array {
  for (const way of [gunzipSync, inflateSync, inflateRawSync]) {
    try {
      return way(bytes, { maxOutputLength: MOST_BYTES })
    } catch {
      // not packed this way
    }
  }
  return bytes
}

/** The `collections` channel: people by device, and which contributing source is whose (fact sheet, section 8, 2026-09). */
export function decodeCollections(bytes: Uint8Array, atMs: number): Observation[] {
  const root = readMessage(unpack(bytes))
  if (root === undefined) return []
  const seen: Observation[] = []
  for (const body of messagesAt(root, 1, 2)) {
    for (const user of messagesAt(body, 13, 1, 2)) {
      const id = textAt(user, 1)
      if (id === undefined || textAt(user, 21) !== undefined) continue // with a parent it is a shared screen, not a person
      const status = numberAt(user, 4)
      const name = textAt(user, 2) ?? textAt(user, 29)
      const present = status !== STATUS.out && status !== STATUS.removed
      seen.push({
        type: 'participant',
        atMs,
        id,
        present,
        ...(name === undefined ? {} : { name }),
        ...(user.has(34) ? { host: numberAt(user, 34) !== 0 } : {}),
        ...(user.has(7) && numberAt(user, 7) !== 0 ? { self: true } : {}),
      })
    }
    for (const user of messagesAt(body, 13, 1, 2)) {
      const shareId = textAt(user, 1)
      const presenterId = textAt(user, 21)
      const status = numberAt(user, 4)
      if (shareId !== undefined && presenterId !== undefined)
        seen.push({ type: 'share', atMs, shareId, presenterId, on: status !== STATUS.out && status !== STATUS.removed })
    }
    for (const output of messagesAt(body, 3, 2)) {
      const csrc = numberAt(output, 4)
      const participantId = textAt(output, 6)
      if (numberAt(output, 2) === AUDIO && csrc !== undefined && participantId !== undefined)
        seen.push({ type: 'source', atMs, csrc, participantId })
    }
  }
  return seen
}

/** The `dcrpc` channel of the one-mix arm: who speaks, where no track is anybody's (fact sheet, section 8, 2026-09). */
export function decodeDcrpc(bytes: Uint8Array, atMs: number): Observation[] {
  const packed = readMessage(bytes)?.get(2)?.[0]
  if (!(packed instanceof Uint8Array)) return [] // a keepalive
  const root = readMessage(unpack(packed))
  if (root === undefined) return []
  return messagesAt(root, 4).flatMap((person): Observation[] => {
    const participantId = textAt(person, 4)
    if (participantId === undefined || participantId === '') return []
    const on = messagesAt(person, 9).some((state) => state.has(2))
    return [{ type: 'speaking', atMs, participantId, on, source: 'meter' }]
  })
}

/** What Meet's own client is told, in the words of the bot. */
export const wires: readonly Wire[] = [
  { kind: 'datachannel', match: 'collections', decode: decodeCollections },
  { kind: 'datachannel', match: 'dcrpc', decode: decodeDcrpc },
]
