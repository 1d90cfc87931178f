import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BufferSource as BytesSource, EncodedPacketSink, Input, OGG, WEBM } from 'mediabunny'
import { ffmpeg, findFfmpeg } from '../media/ffmpeg.ts'
import { levelOf } from './levels.ts'

const VOICES = join(dirname(fileURLToPath(import.meta.url)), 'assets/voices')
const CACHE = join(tmpdir(), 'remora-lab-media-2')
export const FPS = 15
/** Length of a picture's loop; a key frame each second. */
const LOOP_S = 4
const RATE = 48_000
const FRAME = 960
/** Length of one packet of a voice. */
export const AUDIO_FRAME_MS = 20

export type Voice = string | { hz: number }

/** A voice in the truth log's words. */
export const nameOfVoice = (voice: Voice): string => (typeof voice === 'string' ? voice : `${voice.hz}hz`)

/** A voice as Opus packets of 20 ms, with how loud each is. */
export interface EncodedVoice {
  frames: readonly Uint8Array[]
  /** Decibels below full scale, 0 to 127, one a packet. */
  levels: Uint8Array
}

/** A picture that moves, as a loop of VP8 frames that begins with a key frame. */
export interface EncodedPicture {
  frames: readonly Uint8Array[]
  width: number
  height: number
}

/** The sizes a picture is sent in. */
// biome-ignore format: a table
export const LAYERS = {
  small:  { width: 320,  height: 180, bitrate: '150k' },
  medium: { width: 640,  height: 360, bitrate: '350k' },
  large:  { width: 1280, height: 720, bitrate: '900k' },
} as const
export type Layer = keyof typeof LAYERS

/** Names of the voices that ship with the lab. */
export function voiceNames(): string[] {
  return readdirSync(VOICES).flatMap((file) => (file.endsWith('.wav') ? [file.slice(0, -4)] : []))
}

function sourceOf(voice: Voice, ms: number): string[] {
  return typeof voice === 'string'
    ? ['-i', join(VOICES, `${voice}.wav`)]
    : ['-f', 'lavfi', '-i', `sine=frequency=${voice.hz}:sample_rate=${RATE}:duration=${ms / 1_000}`, '-af', 'volume=2']
}

/** A voice, full band. Encoded once a machine, then read from the cache. */
export async function encodeVoice(voice: Voice, ms = 2_000): Promise<EncodedVoice> {
  const args = ['-ar', String(RATE), '-ac', '1', '-c:a', 'libopus', '-b:a', '96k', '-vbr', 'off', '-frame_duration', '20', '-f', 'ogg']
  const frames = await read(await cached([...sourceOf(voice, ms), ...args], 'ogg'), 'audio')
  const path = join(CACHE, `${nameOf([...sourceOf(voice, ms), 'levels'])}.bin`)
  if (!existsSync(path)) {
    const pcm = await decodeVoice(voice, ms)
    const making = `${path}.${process.pid}`
    writeFileSync(
      making,
      Uint8Array.from(frames, (_, place) => levelOf(pcm.subarray(place * FRAME, (place + 1) * FRAME))),
    )
    renameSync(making, path)
  }
  return { frames, levels: readFileSync(path) }
}

/** A voice as samples, 48 kHz mono. */
export async function decodeVoice(voice: Voice, ms = 2_000): Promise<Int16Array> {
  const bytes = await cached([...sourceOf(voice, ms), '-ar', String(RATE), '-ac', '1', '-f', 's16le'], 'pcm')
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1)
}

/** A face: the person's own colour and something that moves. Blue is flat: nothing moves, only the colour is there. */
export function encodeFace(colour: string, layer: Layer): Promise<EncodedPicture> {
  const { width, height } = LAYERS[layer]
  const side = Math.round(height / 8) * 2
  const back = `color=c=${colour}:s=${width}x${height}:r=${FPS}:d=${LOOP_S}`
  const box = `color=c=white:s=${side}x${side}:r=${FPS}:d=${LOOP_S}`
  const graph = colour === 'blue' ? back : `${back}[a];${box}[b];[a][b]overlay=x='(W-w)/2+sin(t*PI/2)*W/4':y='(H-h)/2+cos(t*PI)*H/8'`
  return picture(graph, layer)
}

/** A shared screen: a page with lines, and a bar of the presenter's colour that creeps. */
export function encodeScreen(colour: string, layer: Layer): Promise<EncodedPicture> {
  const { width, height } = LAYERS[layer]
  const back = `color=c=white:s=${width}x${height}:r=${FPS}:d=${LOOP_S},drawgrid=w=${width / 8}:h=${height / 12}:t=1:c=gray`
  const bar = `color=c=${colour}:s=${width / 4}x${height / 6}:r=${FPS}:d=${LOOP_S}`
  return picture(`${back}[a];${bar}[b];[a][b]overlay=x='(W-w)*t/${LOOP_S}':y='H/3'`, layer)
}

async function picture(graph: string, layer: Layer): Promise<EncodedPicture> {
  const { width, height, bitrate } = LAYERS[layer]
  const coding = `-c:v libvpx -b:v ${bitrate} -g ${FPS} -keyint_min ${FPS} -deadline realtime -cpu-used 8 -auto-alt-ref 0 -lag-in-frames 0`
  const args = ['-filter_complex', graph, '-t', String(LOOP_S), ...coding.split(' '), '-pix_fmt', 'yuv420p', '-f', 'webm']
  return { frames: await read(await cached(args, 'webm'), 'video'), width, height }
}

const nameOf = (args: readonly string[]) => createHash('sha256').update(args.join(' ')).digest('hex').slice(0, 24)

async function cached(args: readonly string[], extension: string): Promise<Uint8Array> {
  const path = join(CACHE, `${nameOf(args)}.${extension}`)
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true })
    const making = `${path}.${process.pid}.${extension}`
    await ffmpeg(findFfmpeg(), [...args, making])
    renameSync(making, path)
  }
  return readFileSync(path)
}

async function read(bytes: Uint8Array, kind: 'audio' | 'video'): Promise<Uint8Array[]> {
  using input = new Input({ formats: [OGG, WEBM], source: new BytesSource(bytes) })
  const track = kind === 'audio' ? await input.getPrimaryAudioTrack() : await input.getPrimaryVideoTrack()
  if (track === null) throw new Error(`no ${kind} in the encoded file`)
  const frames: Uint8Array[] = []
  for await (const packet of new EncodedPacketSink(track).packets()) frames.push(packet.data)
  return frames
}
