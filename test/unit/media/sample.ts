import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny'
import type { PageFrame, VideoChunk, VideoPush } from '../../../src/core/frame.ts'
import { findFfmpeg } from '../../../src/media/ffmpeg.ts'
import { createRecorder, type RecorderOptions } from '../../../src/media/recorder.ts'

/** Unix milliseconds at which every test's media starts. */
export const T0 = 1_800_000_000_000
export const FPS = 15
export const ffmpegPath = findFfmpeg()

export function tempDir(): string {
  return mkdtempSync(join(tmpdir(), 'remora-media-'))
}

export interface Sample {
  config: NonNullable<VideoPush['config']>
  /** Twelve seconds at 15 fps, a key picture each second. `atMs` counts from 0. */
  chunks: readonly VideoChunk[]
}

/** Real H.264, made once per machine. */
export async function h264(): Promise<Sample> {
  const dir = join(tmpdir(), 'remora-media-sample')
  const path = join(dir, 'h264-12s.mp4')
  if (!existsSync(path)) {
    mkdirSync(dir, { recursive: true })
    const mine = join(dir, `${process.pid}.mp4`)
    const source = ['-f', 'lavfi', '-i', `testsrc=size=1280x720:rate=${FPS}`, '-t', '12', '-pix_fmt', 'yuv420p']
    const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-g', String(FPS), '-sc_threshold', '0']
    execFileSync(ffmpegPath, ['-loglevel', 'error', '-y', ...source, ...codec, mine])
    renameSync(mine, path)
  }
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS })
  const track = await input.getPrimaryVideoTrack()
  const config = await track?.getDecoderConfig()
  if (track === null || !config?.description) throw new Error('no H.264 in the sample')
  const { description } = config
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description)
  const chunks: VideoChunk[] = []
  for await (const { type, timestamp, data } of new EncodedPacketSink(track).packets()) {
    chunks.push({ key: type === 'key', atMs: timestamp * 1_000, data })
  }
  input.dispose()
  return { config: { codec: config.codec, width: 1280, height: 720, description: bytes }, chunks }
}

/** 100 ms from `ms` on: silence, and a 1 kHz tone wherever `loud` says so. */
export function frameAt(ms: number, loud: (ms: number) => boolean = () => false, epoch = 1): PageFrame {
  const tone = (rate: number) =>
    Int16Array.from({ length: rate / 10 }, (_, i) => {
      const now = ms + (i / rate) * 1_000
      return loud(now) ? Math.round(Math.sin((now / 1_000) * 2 * Math.PI * 1_000) * 12_000) : 0
    })
  return { epoch, seq: 0, atMs: T0 + ms, sampleRate: 16_000, tracks: [{ track: 1, pcm: tone(16_000), sources: [] }], mix: tone(48_000) }
}

/** The pictures of [from, to), as the page pushes them. */
export function pushOf({ config, chunks }: Sample, from: number, to: number, epoch = 1, shiftMs = 0): VideoPush {
  const some = chunks.filter(({ atMs }) => atMs >= from && atMs < to)
  return { epoch, config, chunks: some.map((chunk) => ({ ...chunk, atMs: T0 + shiftMs + chunk.atMs })) }
}

export function recorderIn(dir: string, more: Partial<RecorderOptions> = {}) {
  const warnings: string[] = []
  const errors: unknown[] = []
  const recorder = createRecorder({
    dir,
    sampleRate: 16_000,
    video: true,
    ffmpegPath,
    onWarning: (code) => warnings.push(code),
    onError: (error) => errors.push(error),
    ...more,
  })
  return { recorder, warnings, errors }
}

/** Samples of a file's sound, s16 mono. */
export function decode(path: string, rate: number): Int16Array {
  const args = ['-loglevel', 'error', '-i', path, '-f', 's16le', '-ac', '1', '-ar', String(rate), 'pipe:1']
  const bytes = execFileSync(ffmpegPath, args, { maxBuffer: 256 * 1024 * 1024 })
  return new Int16Array(new Uint8Array(bytes).buffer)
}

/** Milliseconds of the first loud sample at or after `fromMs`. */
export function onset(pcm: Int16Array, rate: number, fromMs = 0): number {
  const from = Math.round((fromMs * rate) / 1_000)
  const at = pcm.findIndex((value, i) => i >= from && Math.abs(value) > 3_000)
  return at < 0 ? Number.NaN : (at / rate) * 1_000
}

export interface Probed {
  codec_name: string
  codec_type: string
  width?: number
  height?: number
  start_time: string
  duration: string
  nb_read_frames: string
}

/** What ffprobe finds, every picture decoded. */
export function probe(path: string): Probed[] {
  const { path: ffprobe } = createRequire(import.meta.url)('@ffprobe-installer/ffprobe') as { path: string }
  chmodSync(ffprobe, 0o755)
  const said = execFileSync(ffprobe, ['-v', 'error', '-count_frames', '-show_streams', '-of', 'json', path], { encoding: 'utf8' })
  return (JSON.parse(said) as { streams: Probed[] }).streams
}
