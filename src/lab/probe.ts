import { spawn } from 'node:child_process'
import { BufferTarget, EncodedAudioPacketSource, EncodedPacket, OggOutputFormat, Output } from 'mediabunny'
import { findFfmpeg } from '../media/ffmpeg.ts'
import { ivf } from './vp8.ts'

const RATE = 48_000
const WINDOW = 16_384
const TIMEOUT_MS = 5_000
/** Identification header: version 1, two channels, 48 kHz, nothing skipped (RFC 7845, 5.1). */
const OPUS_HEAD = Buffer.concat([Buffer.from('OpusHead'), Buffer.from([1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])])

/** What a stretch of Opus packets of 20 ms sounds like: loudness from 0 to 1, and the strongest frequency. */
export async function listen(packets: readonly Uint8Array[]): Promise<{ rms: number; hz: number } | undefined> {
  const ogg = await oggOf(packets)
  const bytes = await decode(ogg, ['-f', 'ogg', '-i', 'pipe:0', '-f', 's16le', '-ar', String(RATE), '-ac', '1', 'pipe:1'])
  const pcm = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.byteLength & ~1)))
  // The first packets of a decoder that starts in the middle are not yet right.
  const whole = pcm.subarray(Math.min(pcm.length, 4 * 960))
  if (whole.length < 960) return undefined
  let energy = 0
  for (const sample of whole) energy += sample * sample
  const rms = Math.sqrt(energy / whole.length) / 32_768
  return { rms: Math.round(rms * 10_000) / 10_000, hz: rms < 0.0005 ? 0 : Math.round(strongest(whole, RATE)) }
}

/** The mean colour of one VP8 key frame. */
export async function look(frame: Uint8Array, width: number, height: number): Promise<[number, number, number] | undefined> {
  const args = [
    '-f',
    'ivf',
    '-i',
    'pipe:0',
    '-frames:v',
    '1',
    '-vf',
    'scale=1:1:flags=area',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    'pipe:1',
  ]
  const [r, g, b] = await decode(ivf(frame, width, height), args)
  return r === undefined || g === undefined || b === undefined ? undefined : [r, g, b]
}

/** The frequency with the most energy, in Hz. */
export function strongest(pcm: Int16Array, rate: number): number {
  const size = Math.min(WINDOW, 2 ** Math.floor(Math.log2(pcm.length)))
  const re = Float64Array.from({ length: size }, (_, i) => ((pcm[i] ?? 0) / 32_768) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size)))
  const im = new Float64Array(size)
  transform(re, im)
  const power = (bin: number) => (re[bin] ?? 0) ** 2 + (im[bin] ?? 0) ** 2
  let best = 1
  for (let bin = 2; bin < size / 2; bin++) if (power(bin) > power(best)) best = bin
  const [left, mid, right] = [best - 1, best, best + 1].map((bin) => Math.sqrt(power(bin))) as [number, number, number]
  const shift = left + right - 2 * mid === 0 ? 0 : (left - right) / (2 * (left + right - 2 * mid))
  return ((best + shift) * rate) / size
}

/** Fast Fourier transform in place; the length is a power of two. */
function transform(re: Float64Array, im: Float64Array): void {
  const size = re.length
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      const swap = re[i] ?? 0
      re[i] = re[j] ?? 0
      re[j] = swap
    }
  }
  for (let step = 2; step <= size; step *= 2) {
    for (let k = 0; k < step / 2; k++) {
      const [cos, sin] = [Math.cos((-2 * Math.PI * k) / step), Math.sin((-2 * Math.PI * k) / step)]
      for (let at = k; at < size; at += step) {
        const to = at + step / 2
        const x = (re[to] ?? 0) * cos - (im[to] ?? 0) * sin
        const y = (re[to] ?? 0) * sin + (im[to] ?? 0) * cos
        re[to] = (re[at] ?? 0) - x
        im[to] = (im[at] ?? 0) - y
        re[at] = (re[at] ?? 0) + x
        im[at] = (im[at] ?? 0) + y
      }
    }
  }
}

async function oggOf(packets: readonly Uint8Array[]): Promise<Uint8Array> {
  const target = new BufferTarget()
  const output = new Output({ format: new OggOutputFormat(), target })
  const source = new EncodedAudioPacketSource('opus')
  output.addAudioTrack(source)
  await output.start()
  const meta = { decoderConfig: { codec: 'opus', sampleRate: RATE, numberOfChannels: 2, description: OPUS_HEAD } }
  for (const [place, data] of packets.entries()) await source.add(new EncodedPacket(data, 'key', place * 0.02, 0.02), meta)
  await output.finalize()
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0))
}

/** Runs a few bytes through ffmpeg. What cannot be decoded gives nothing. */
function decode(input: Uint8Array, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const child = spawn(findFfmpeg(), ['-v', 'quiet', '-threads', '1', ...args], { stdio: ['pipe', 'pipe', 'ignore'], timeout: TIMEOUT_MS })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.once('error', () => resolve(Buffer.alloc(0)))
    child.once('close', () => resolve(Buffer.concat(parts)))
    child.stdin.on('error', () => {}) // it read enough and went
    child.stdin.end(input)
  })
}
