import { once } from 'node:events'
import { closeSync, createReadStream, createWriteStream, existsSync, fsyncSync, openSync } from 'node:fs'
import { finished } from 'node:stream/promises'

/** Samples in one AAC packet. */
export const PACKET = 1_024
const RATE = 48_000
const HEADER = 7

/** A stretch of AAC on disk and the media time it starts at. */
export interface AacPiece {
  path: string
  startMs: number
}

/**
 * The whole ADTS packets of a file, one after the other. What is no packet is skipped, a cut tail left out: the file may be
 * the work of a process that was killed.
 */
export async function* adtsPackets(path: string): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const block of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.concat([rest, block])
    let at = 0
    while (bytes.length - at >= HEADER) {
      const size = packetSize(bytes, at)
      if (size === undefined) at++
      else if (at + size > bytes.length) break
      else {
        yield bytes.subarray(at, at + size)
        at += size
      }
    }
    rest = Buffer.from(bytes.subarray(at))
  }
}

function packetSize(bytes: Buffer, at: number): number | undefined {
  const [a = 0, b = 0, , d = 0, e = 0, f = 0] = bytes.subarray(at, at + HEADER)
  if (a !== 0xff || (b & 0xf6) !== 0xf0) return undefined
  const size = ((d & 0x03) << 11) | (e << 3) | (f >> 5)
  return size > HEADER ? size : undefined
}

/**
 * Pieces of one recording → one ADTS file in which every packet is where its time says: each piece loses the packet its
 * encoder primed itself with, and silence stands where there is none. Returns the number of packets; none = no file.
 */
export async function joinPieces(pieces: readonly AacPiece[], out: string, silent: () => Promise<Buffer>): Promise<number> {
  const writer = createWriteStream(out)
  writer.on('error', () => {}) // it may come while nobody waits for the disk; `errored` keeps it
  let written = 0
  const put = async (packet: Buffer) => {
    if (writer.errored) throw writer.errored
    written++
    if (!writer.write(packet)) await once(writer, 'drain')
  }
  try {
    for (const { path, startMs } of pieces) {
      if (!existsSync(path)) continue
      const due = Math.round(((startMs / 1_000) * RATE) / PACKET)
      // Behind its time: silence. Ahead of it (rounding, at most one): that much of the piece is dropped.
      let skip = 1 + Math.max(0, written - due)
      for await (const packet of adtsPackets(path)) {
        if (skip-- > 0) continue
        if (written < due) {
          const nothing = await silent()
          while (written < due) await put(nothing)
        }
        await put(packet)
      }
    }
    writer.end()
    await finished(writer)
    return written
  } finally {
    writer.destroy()
    await new Promise<void>((resolve) => (writer.closed ? resolve() : writer.once('close', resolve)))
  }
}

/** Makes sure a file is on the disk itself before anything relies on it. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
