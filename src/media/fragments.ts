import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'

/**
 * Cuts a fragmented MP4 behind its last whole fragment, so that a file whose writer was killed holds no half one.
 * True when a picture is left in it.
 */
export function cutToWholeFragments(path: string): boolean {
  if (!existsSync(path)) return false
  const file = openSync(path, 'r+')
  try {
    const { size } = fstatSync(file)
    let whole = 0
    let at = 0
    let fragments = 0
    let initialised = false
    for (let box = boxAt(file, at, size); box !== undefined; box = boxAt(file, at, size)) {
      at += box.size
      if (box.type === 'moov') initialised = true
      if (box.type === 'mdat') fragments++
      if (box.type !== 'moof') whole = at // a header without its pictures is nothing yet
    }
    if (whole < size) ftruncateSync(file, whole)
    return initialised && fragments > 0
  } finally {
    closeSync(file)
  }
}

/** The box at `at`, undefined where none is whole. */
function boxAt(file: number, at: number, end: number): { type: string; size: number } | undefined {
  const head = Buffer.alloc(16)
  if (readSync(file, head, 0, 16, at) < 8) return undefined
  const short = head.readUInt32BE(0)
  const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short
  return size >= 8 && at + size <= end ? { type: head.toString('latin1', 4, 8), size } : undefined
}
