import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BufferSource as BytesSource, EncodedPacketSink, Input, OGG, WEBM } from 'mediabunny'
import { ffmpeg, findFfmpeg } from '../media/ffmpeg.ts'

const VOICES = join(dirname(fileURLToPath(import.meta.url)), 'assets/voices')
const CACHE = join(tmpdir(), 'remora-lab-media-1')
export const FPS = 15
/** Frames in a face's loop; a key frame each second. */
const LOOP_S = 4

export interface Encoded {
  frames: readonly Uint8Array[]
  /** For video: which frames are key frames. */
  keys: readonly boolean[]
}

export type Voice = string | { hz: number }

/** Names of the voices that ship with the lab. */
export function voiceNames(): string[] {
  return readdirSync(VOICES).flatMap((file) => (file.endsWith('.wav') ? [file.slice(0, -4)] : []))
}

/** A voice as Opus packets of 20 ms, full band. Encoded once a machine, then read from the cache. */
export async function encodeVoice(voice: Voice, ms = 2_000): Promise<Encoded> {
  const input =
    typeof voice === 'string'
      ? ['-i', join(VOICES, `${voice}.wav`)]
      : ['-f', 'lavfi', '-i', `sine=frequency=${voice.hz}:sample_rate=48000:duration=${ms / 1_000}`, '-af', 'volume=2']
  const args = [...input, '-ar', '48000', '-ac', '1', '-c:a', 'libopus', '-b:a', '96k', '-vbr', 'off', '-frame_duration', '20', '-f', 'ogg']
  return read(await cached(args, 'ogg'), 'audio')
}

/** A face as VP8 pictures: the person's own colour, something that moves. */
export async function encodeFace(colour: string, width: number, height: number): Promise<Encoded> {
  const size = `${Math.round(height / 8) * 2}`
  const source = `color=c=${colour}:s=${width}x${height}:r=${FPS}:d=${LOOP_S}[a];color=c=white:s=${size}x${size}:r=${FPS}:d=${LOOP_S}[b];[a][b]overlay=x='(W-w)/2+sin(t*PI/2)*W/4':y='(H-h)/2+cos(t*PI)*H/8'`
  const args = [
    '-filter_complex',
    source,
    '-t',
    String(LOOP_S),
    '-c:v',
    'libvpx',
    '-b:v',
    width > 640 ? '900k' : '200k',
    '-g',
    String(FPS),
    '-keyint_min',
    String(FPS),
  ]
  return read(
    await cached(
      [
        ...args,
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-auto-alt-ref',
        '0',
        '-lag-in-frames',
        '0',
        '-pix_fmt',
        'yuv420p',
        '-f',
        'webm',
      ],
      'webm',
    ),
    'video',
  )
}

async function cached(args: readonly string[], extension: string): Promise<Uint8Array> {
  const path = join(CACHE, `${createHash('sha256').update(args.join(' ')).digest('hex').slice(0, 24)}.${extension}`)
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true })
    const making = `${path}.${process.pid}.${extension}`
    await ffmpeg(findFfmpeg(), [...args, making])
    renameSync(making, path)
  }
  return readFileSync(path)
}

async function read(bytes: Uint8Array, kind: 'audio' | 'video'): Promise<Encoded> {
  using input = new Input({ formats: [OGG, WEBM], source: new BytesSource(bytes) })
  const track = kind === 'audio' ? await input.getPrimaryAudioTrack() : await input.getPrimaryVideoTrack()
  if (track === null) throw new Error(`no ${kind} in the encoded file`)
  const frames: Uint8Array[] = []
  const keys: boolean[] = []
  for await (const packet of new EncodedPacketSink(track).packets()) {
    frames.push(packet.data)
    keys.push(packet.type === 'key')
  }
  return { frames, keys }
}
