/** The VP8 inside one RTP packet (RFC 7741, 4.2). */
export function vp8Payload(packet: Uint8Array): { data: Uint8Array; starts: boolean } {
  const first = packet[0] ?? 0
  let at = 1
  if (first & 0x80) {
    const flags = packet[at++] ?? 0
    if (flags & 0x80) at += (packet[at] ?? 0) & 0x80 ? 2 : 1
    if (flags & 0x40) at++
    if (flags & 0x30) at++
  }
  return { data: packet.subarray(at), starts: (first & 0x10) !== 0 && (first & 0x0f) === 0 }
}

/** Size of the picture a frame begins, if it is a key frame (RFC 6386, 9.1). */
export function keyFrameSize(frame: Uint8Array): { width: number; height: number } | undefined {
  const [tag = 1, , , a, b, c, w0 = 0, w1 = 0, h0 = 0, h1 = 0] = frame
  if (frame.length < 10 || (tag & 1) !== 0 || a !== 0x9d || b !== 0x01 || c !== 0x2a) return undefined
  return { width: (w0 | (w1 << 8)) & 0x3fff, height: (h0 | (h1 << 8)) & 0x3fff }
}

/** One frame as a file ffmpeg reads. */
export function ivf(frame: Uint8Array, width: number, height: number): Buffer {
  const head = Buffer.alloc(44)
  head.write('DKIF', 0)
  head.writeUInt16LE(32, 6)
  head.write('VP80', 8)
  head.writeUInt16LE(width, 12)
  head.writeUInt16LE(height, 14)
  head.writeUInt32LE(30, 16)
  head.writeUInt32LE(1, 20)
  head.writeUInt32LE(1, 24)
  head.writeUInt32LE(frame.length, 32)
  return Buffer.concat([head, frame])
}
