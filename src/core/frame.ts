/**
 * Media as it crosses from the page to Node. Shared by both worlds: no Node and no DOM types here.
 *
 * `atMs` is the page's clock everywhere: `performance.timeOrigin + performance.now()`, so it never runs backwards within
 * a page load and can be compared over reloads (`epoch` counts them). It is the only clock of media.
 */

/** One live audio track's share of a push. */
export interface TrackAudio {
  /** Number the page gave the track; the `track` fact says which MediaStreamTrack it is. */
  track: number
  /** s16 mono at the frame's `sampleRate`. */
  pcm: Int16Array
  /** CSRCs the receiver reported within this push (getContributingSources), newest first. */
  sources: readonly number[]
}

/** One push from the page: every live audio track's last 100 ms, so the bridge costs 10 calls a second. */
export interface PageFrame {
  epoch: number
  seq: number
  /** Time of the first sample. */
  atMs: number
  sampleRate: 16000 | 24000
  tracks: readonly TrackAudio[]
  /** The mix of all tracks at full bandwidth, 48 kHz s16 mono, same span: what the recording keeps. */
  mix: Int16Array
}

/** One encoded picture of the composed view. */
export interface VideoChunk {
  key: boolean
  atMs: number
  /** H.264 in AVC (length-prefixed) form. */
  data: Uint8Array
}

/** A batch of encoded pictures; `config` comes with the first one after each (re)start of the encoder. */
export interface VideoPush {
  epoch: number
  config?: { codec: string; width: number; height: number; description: Uint8Array }
  chunks: readonly VideoChunk[]
}

const BYTES_PER_SAMPLE = 2

/** A JSON header, then raw bytes: u32 little-endian header length, header, parts one after the other. */
export function packParts(header: unknown, parts: readonly Uint8Array[]): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(header))
  const size = parts.reduce((sum, part) => sum + part.byteLength, 4 + head.byteLength)
  const bytes = new Uint8Array(size)
  new DataView(bytes.buffer).setUint32(0, head.byteLength, true)
  bytes.set(head, 4)
  let at = 4 + head.byteLength
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

/** The inverse of `packParts`; `sizes` reads the parts' lengths from the header. Throws RangeError on a short message. */
export function unpackParts<H>(bytes: Uint8Array, sizes: (header: H) => readonly number[]): { header: H; parts: Uint8Array[] } {
  if (bytes.byteLength < 4) throw new RangeError('message shorter than its header')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as H
  let at = 4 + length
  const parts: Uint8Array[] = []
  for (const size of sizes(header)) {
    if (at + size > bytes.byteLength) throw new RangeError('message shorter than its header says')
    // A copy (a Buffer's own `slice` makes none): Int16Array needs alignment, and the message must not be kept alive.
    parts.push(new Uint8Array(bytes.subarray(at, at + size)))
    at += size
  }
  return { header, parts }
}

interface FrameHeader {
  epoch: number
  seq: number
  atMs: number
  sampleRate: 16000 | 24000
  tracks: { track: number; samples: number; sources: number[] }[]
  mix: number
}

const asBytes = (pcm: Int16Array) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)
const asPcm = (bytes: Uint8Array) => new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / BYTES_PER_SAMPLE)

export function encodeFrame(frame: PageFrame): Uint8Array {
  const header: FrameHeader = {
    epoch: frame.epoch,
    seq: frame.seq,
    atMs: frame.atMs,
    sampleRate: frame.sampleRate,
    tracks: frame.tracks.map(({ track, pcm, sources }) => ({ track, samples: pcm.length, sources: [...sources] })),
    mix: frame.mix.length,
  }
  return packParts(header, [...frame.tracks.map(({ pcm }) => asBytes(pcm)), asBytes(frame.mix)])
}

export function decodeFrame(bytes: Uint8Array): PageFrame {
  const { header, parts } = unpackParts<FrameHeader>(bytes, (h) =>
    [...h.tracks.map((t) => t.samples), h.mix].map((n) => n * BYTES_PER_SAMPLE),
  )
  const pcm = parts.map(asPcm)
  const { epoch, seq, atMs, sampleRate } = header
  const tracks = header.tracks.map(({ track, sources }, i) => ({ track, sources, pcm: pcm[i] ?? new Int16Array(0) }))
  return { epoch, seq, atMs, sampleRate, tracks, mix: pcm[pcm.length - 1] ?? new Int16Array(0) }
}

interface VideoHeader {
  epoch: number
  config?: { codec: string; width: number; height: number; description: number }
  chunks: { key: boolean; atMs: number; size: number }[]
}

export function encodeVideo(push: VideoPush): Uint8Array {
  const { epoch, config, chunks } = push
  const header: VideoHeader = {
    epoch,
    ...(config === undefined ? {} : { config: { ...config, description: config.description.byteLength } }),
    chunks: chunks.map(({ key, atMs, data }) => ({ key, atMs, size: data.byteLength })),
  }
  return packParts(header, [...(config === undefined ? [] : [config.description]), ...chunks.map(({ data }) => data)])
}

export function decodeVideo(bytes: Uint8Array): VideoPush {
  const { header, parts } = unpackParts<VideoHeader>(bytes, (h) => [
    ...(h.config === undefined ? [] : [h.config.description]),
    ...h.chunks.map(({ size }) => size),
  ])
  const description = header.config === undefined ? undefined : parts.shift()
  const chunks = header.chunks.map(({ key, atMs }, i) => ({ key, atMs, data: parts[i] ?? new Uint8Array(0) }))
  if (header.config === undefined || description === undefined) return { epoch: header.epoch, chunks }
  return { epoch: header.epoch, config: { ...header.config, description }, chunks }
}
