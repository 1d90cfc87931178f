import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Wire } from '../../../src/platform/adapter.ts'
import type { Observation, RosterSource } from '../../../src/platform/observation.ts'
import { type Fields, messagesAt, numberAt, readMessage, textAt } from './protobuf.ts'
import { nameOf } from './tile-facts.ts'

const MOST_BYTES = 4 * 1024 * 1024
const AUDIO = 1
const STATUS = { in: 1, out: 6, removed: 7 } as const
const DEVICE = /^spaces\/[^/]+\/devices\/[^/]+$/
/** An answer's people lie this deep at most; where exactly is not on record. */
const DEPTH = 6
const STATES_DEPTH = 3

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

/**
 * In the call, or out of it? A record that tells of something else leaves the status out. What the other numbers mean is not
 * on record (ringing, waiting): they say nothing of presence.
 */
function presenceOf(user: Fields): boolean | undefined {
  const status = numberAt(user, 4) ?? 0
  if (status === 0 || status === STATUS.in) return true
  return status === STATUS.out || status === STATUS.removed ? false : undefined
}

/** One user record (8.5): a person, or a shared screen, which has a parent. */
function userSeen(user: Fields, atMs: number, from: { via?: RosterSource } = {}): Observation[] {
  const id = textAt(user, 1)
  if (id === undefined || id === '') return []
  const present = presenceOf(user)
  if (present === undefined) return []
  const parent = textAt(user, 21)
  if (parent !== undefined && parent !== '') return [{ type: 'share', atMs, shareId: id, presenterId: parent, on: present, ...from }]
  const name = [textAt(user, 2), textAt(user, 29)].map((text) => (text === undefined ? undefined : nameOf(text))).find(Boolean)
  return [
    {
      type: 'participant',
      atMs,
      id,
      present,
      ...from,
      ...(name === undefined ? {} : { name }),
      ...(user.has(34) ? { host: numberAt(user, 34) !== 0 } : {}),
      ...(user.has(7) && numberAt(user, 7) !== 0 ? { self: true } : {}),
    },
  ]
}

/** One device output (8.5): whose a contributing source is, and whether it is muted. */
function outputSeen(output: Fields, atMs: number, from: { via?: RosterSource } = {}): Observation[] {
  const csrc = numberAt(output, 4)
  const participantId = textAt(output, 6)
  if (numberAt(output, 2) !== AUDIO || participantId === undefined) return []
  const [state] = messagesAt(output, 10)
  return [
    ...(csrc === undefined ? [] : [{ type: 'source', atMs, csrc, participantId, ...from } as const]),
    ...(state?.has(1) === true ? [{ type: 'muted', atMs, participantId, muted: numberAt(state, 1) !== 0 } as const] : []),
  ]
}

/** The `collections` channel: people by device, and which contributing source is whose (fact sheet, section 8, 2026-09). */
export function decodeCollections(bytes: Uint8Array, atMs: number): Observation[] {
  const root = readMessage(unpack(bytes))
  if (root === undefined) return []
  return messagesAt(root, 1, 2).flatMap((body) => [
    ...messagesAt(body, 13, 1, 2).flatMap((user) => userSeen(user, atMs)),
    ...messagesAt(body, 3, 2).flatMap((output) => outputSeen(output, atMs)),
  ])
}

/** The people of a snapshot: where the list lies has changed between builds, what a record looks like has not. */
function statesIn(message: Fields, depth: number): Fields[] {
  const here = messagesAt(message, 4).filter((one) => {
    const id = textAt(one, 4) ?? ''
    return depth === STATES_DEPTH ? id !== '' : DEVICE.test(id) // further in it might be anything
  })
  if (here.length > 0 || depth === 0) return here
  return [...message.keys()].flatMap((field) => messagesAt(message, field).flatMap((inner) => statesIn(inner, depth - 1)))
}

/** One message of `dcrpc`: who speaks and who does not; undefined where it is a keepalive. */
function snapshotOf(bytes: Uint8Array): Map<string, boolean> | undefined {
  const packed = readMessage(bytes)?.get(2)?.[0]
  const root = packed instanceof Uint8Array ? readMessage(unpack(packed)) : undefined
  if (root === undefined) return undefined
  return new Map(statesIn(root, STATES_DEPTH).map((one) => [textAt(one, 4) ?? '', messagesAt(one, 9).some((state) => state.has(2))]))
}

/**
 * The `dcrpc` channel of the one-mix arm: who speaks, where no track is anybody's (fact sheet, section 8, 2026-09). Each
 * message is a snapshot: whoever spoke in the last one and is missing in this one speaks no more.
 */
export function dcrpcReader(): (bytes: Uint8Array, atMs: number) => Observation[] {
  let speaking: readonly string[] = []
  return (bytes, atMs) => {
    const states = snapshotOf(bytes)
    if (states === undefined) return []
    for (const id of speaking) if (!states.has(id)) states.set(id, false)
    speaking = [...states].filter(([, on]) => on).map(([id]) => id)
    return [...states].map(
      ([participantId, on]): Observation => ({ type: 'speaking', atMs, participantId, on, source: 'meter', via: 'dcrpc' }),
    )
  }
}

/** Base64 as bytes; undefined if it is none. */
function fromBase64(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1').trim()
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

/** Everything in a message that is a user or a device output, however deep. */
function walk(message: Fields, atMs: number, depth: number): Observation[] {
  const id = textAt(message, 1)
  if (id !== undefined && DEVICE.test(id)) return userSeen(message, atMs, { via: 'answer' })
  const device = message.has(2) && message.has(6) ? textAt(message, 6) : undefined
  if (device !== undefined && DEVICE.test(device)) return outputSeen(message, atMs, { via: 'answer' })
  if (depth === 0) return []
  return [...message.values()].flat().flatMap((value) => {
    const inner = value instanceof Uint8Array && value.length > 1 ? readMessage(value) : undefined
    return inner === undefined ? [] : walk(inner, atMs, depth - 1)
  })
}

/**
 * The client's own question for everything in the meeting (8.8, 2026-08): who is there, about a minute late when somebody
 * leaves. Where in the answer the people are is not on record: they are known by the form of their ids.
 */
export function decodeSync(bytes: Uint8Array, atMs: number): Observation[] {
  if (bytes.length > MOST_BYTES) return []
  for (const packed of [fromBase64(bytes), bytes]) {
    const root = packed === undefined ? undefined : readMessage(unpack(packed))
    const seen = root === undefined ? [] : walk(root, atMs, DEPTH)
    if (seen.length > 0) return seen
  }
  return []
}

/** What Meet's own client is told, in the words of the bot. */
export const wires: readonly Wire[] = [
  { kind: 'datachannel', match: 'collections', decode: decodeCollections },
  { kind: 'datachannel', match: 'dcrpc', decode: (bytes, atMs) => dcrpcReader()(bytes, atMs), reader: dcrpcReader },
  { kind: 'response', match: 'SyncMeetingSpaceCollections', decode: decodeSync },
]
