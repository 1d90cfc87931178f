import type { ChildProcess } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { spawnEncoder } from './ffmpeg.ts'

const RATE = 48_000
/** Differences of the clocks below this are jitter of the page, not a hole. */
const TOLERANCE_MS = 60
/** AAC that the encoder has not taken yet: ten seconds, then the oldest hope is gone and it is restarted with silence. */
const MOST_BUFFERED = RATE * 2 * 10

export interface AudioTrackOptions {
  pcmPath: string
  aacPath: (piece: number) => string
  ffmpegPath: string
  sampleRate: number
  onHole(startMs: number, endMs: number): void
  onError(error: unknown): void
}

/**
 * The recording's audio on disk while the call goes on: the 48 kHz mix as AAC (ADTS: every packet stands alone, so a cut
 * file plays) through one ffmpeg, and the PCM at its own rate. Both follow the page's clock: a hole is filled with silence,
 * an overlap is dropped, so that after an hour a sample is still where its time says.
 */
export class AudioTrack {
  readonly #options: AudioTrackOptions
  readonly #pcm: WriteStream
  #encoder: ChildProcess
  #piece = 0
  #startMs: number | undefined
  /** 48 kHz samples written. */
  #written = 0
  #pcmWritten = 0
  #closing = false
  readonly pieces: { path: string; startMs: number }[] = []

  constructor(options: AudioTrackOptions) {
    this.#options = options
    this.#pcm = createWriteStream(options.pcmPath)
    this.#pcm.on('error', options.onError)
    this.#encoder = this.#spawn()
  }

  get durationMs(): number {
    return (this.#written / RATE) * 1_000
  }

  /** Media time 0, Unix milliseconds; what lies before it is cut. */
  start(atMs: number): void {
    this.#startMs = atMs
  }

  write(atMs: number, mix: Int16Array, pcm: Int16Array): void {
    const start = this.#startMs
    if (start === undefined || this.#closing) return
    const offMs = atMs - start - this.durationMs
    if (offMs > TOLERANCE_MS) this.#silence(offMs)
    const overlap = -offMs > TOLERANCE_MS ? Math.min(mix.length, Math.round((-offMs / 1_000) * RATE)) : 0
    this.#put(mix.subarray(overlap), pcm.subarray(Math.round((overlap * this.#options.sampleRate) / RATE)))
  }

  /** Silence up to a moment: the end of the picture, or the other side of a gap. */
  padTo(ms: number): void {
    if (ms > this.durationMs + 1) this.#silence(ms - this.durationMs)
  }

  /** Resolves when both files are closed. */
  async close(): Promise<void> {
    this.#closing = true
    const encoder = this.#encoder
    const ended = encoder.exitCode !== null ? Promise.resolve() : new Promise<void>((resolve) => encoder.once('close', () => resolve()))
    encoder.stdin?.end()
    const cut = setTimeout(() => encoder.kill('SIGKILL'), 10_000)
    await Promise.all([ended, new Promise<void>((resolve) => this.#pcm.end(() => resolve()))])
    clearTimeout(cut)
  }

  #silence(ms: number): void {
    const from = this.durationMs
    let samples = Math.round((ms / 1_000) * RATE)
    if (ms > 200) this.#options.onHole(from, from + ms)
    while (samples > 0) {
      const some = Math.min(samples, RATE)
      this.#put(new Int16Array(some), new Int16Array(Math.round((some * this.#options.sampleRate) / RATE)))
      samples -= some
    }
  }

  #put(mix: Int16Array, pcm: Int16Array): void {
    this.#written += mix.length
    // The PCM follows the mix exactly: rounding must not add up over hours.
    const due = Math.round((this.#written * this.#options.sampleRate) / RATE) - this.#pcmWritten
    const exact = pcm.length === due ? pcm : Int16Array.from({ length: due }, (_, i) => pcm[Math.min(i, pcm.length - 1)] ?? 0)
    this.#pcmWritten += exact.length
    this.#pcm.write(bytesOf(exact))
    const stdin = this.#encoder.stdin
    if (stdin !== null && stdin.writableLength < MOST_BUFFERED) stdin.write(bytesOf(mix))
  }

  #spawn(): ChildProcess {
    const path = this.#options.aacPath(this.#piece++)
    this.pieces.push({ path, startMs: this.durationMs })
    const input = ['-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', 'pipe:0']
    const encoder = spawnEncoder(this.#options.ffmpegPath, [
      ...input,
      '-c:a',
      'aac',
      '-b:a',
      '96k',
      '-flush_packets',
      '1',
      '-f',
      'adts',
      path,
    ])
    encoder.once('exit', () => {
      if (this.#closing || this.#encoder !== encoder) return
      this.#encoder = this.#spawn()
      this.#options.onHole(this.durationMs, this.durationMs)
    })
    return encoder
  }
}

function bytesOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)
}
