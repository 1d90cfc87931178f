import { createWriteStream, type WriteStream } from 'node:fs'
import { AacEncoder } from './aac-encoder.ts'
import type { AacPiece } from './adts.ts'
import { stretch } from './stretch.ts'

const RATE = 48_000
/** Differences of the clocks below this are jitter or drift of the page, not a hole. */
const TOLERANCE_MS = 60
/** A steady difference beyond this is drift, and is taken back a few samples at a time. */
const DRIFT_MS = 8
const DRIFT_STEP = 24
/** Holes beyond this are told. */
const HOLE_MS = 200
/** Silence beyond this is not encoded: the AAC goes on in a new piece. */
const LONG_MS = 2_000
/** PCM the disk has not taken yet: thirty seconds. */
const MOST_WAITING_S = 30

export interface AudioTrackOptions {
  pcmPath: string
  aacPath: (piece: number) => string
  ffmpegPath: string
  sampleRate: number
  /** Silence instead of sound: `why` tells whether the page gave none, or only the encoder or the disk lost it. */
  onHole(startMs: number, endMs: number, why: 'page' | 'encoder'): void
  onPiece(): void
  onSlow(details: Record<string, unknown>): void
  onError(error: unknown): void
}

/**
 * The recording's audio on disk while the call goes on: the 48 kHz mix as AAC, and the PCM at its own rate. Both follow the
 * page's clock: a hole is filled with silence, an overlap is dropped, drift is taken back unheard, so that after hours a
 * sample is still where its time says.
 */
export class AudioTrack {
  readonly #options: AudioTrackOptions
  readonly #pcm: WriteStream
  readonly #aac: AacEncoder
  #startMs: number | undefined
  /** 48 kHz samples written. */
  #written = 0
  #pcmWritten = 0
  /** Samples of PCM the disk was too slow for: silence as soon as it takes some again. */
  #owed = 0
  #drift = 0
  #closing = false

  constructor(options: AudioTrackOptions) {
    const { pcmPath, aacPath, ffmpegPath, onHole, onPiece, onSlow, onError } = options
    this.#options = options
    this.#pcm = createWriteStream(pcmPath)
    this.#pcm.on('error', onError)
    const onLost = (startMs: number, endMs: number, why: 'died' | 'slow') => {
      onHole(startMs, endMs, 'encoder')
      if (why === 'slow') onSlow({ what: 'aac', startMs, endMs })
    }
    this.#aac = new AacEncoder({ ffmpegPath, path: aacPath, onPiece, onLost, onError })
  }

  get pieces(): readonly AacPiece[] {
    return this.#aac.pieces
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
    if (this.#written === 0 || Math.abs(offMs) > TOLERANCE_MS) this.#jump(offMs, mix, pcm)
    else this.#put(this.#steady(offMs, mix), pcm)
  }

  /** Silence up to a moment: the end of the picture, or the other side of a gap. */
  padTo(ms: number): void {
    if (ms > this.durationMs + 1) this.#silence(ms - this.durationMs)
  }

  /** Resolves when all files are closed. */
  async close(): Promise<void> {
    this.#closing = true
    this.#pay()
    const written = new Promise<void>((resolve) => {
      if (this.#pcm.destroyed) resolve()
      else {
        this.#pcm.once('error', () => resolve())
        this.#pcm.end(() => resolve())
      }
    })
    await Promise.all([this.#aac.close(), written])
  }

  /** To the sample: at the start, and where the clocks have parted. */
  #jump(offMs: number, mix: Int16Array, pcm: Int16Array): void {
    this.#drift = 0
    if (offMs > 0) this.#silence(offMs)
    const overlap = Math.min(mix.length, Math.max(0, Math.round((-offMs / 1_000) * RATE)))
    this.#put(mix.subarray(overlap), pcm.subarray(Math.round((overlap * this.#options.sampleRate) / RATE)))
  }

  /** The page's clocks drift by some ten parts in a million: the mean difference is taken back a half millisecond at a time. */
  #steady(offMs: number, mix: Int16Array): Int16Array {
    this.#drift += (offMs - this.#drift) * 0.05
    if (Math.abs(this.#drift) < DRIFT_MS) return mix
    const step = Math.sign(this.#drift) * DRIFT_STEP
    this.#drift -= (step / RATE) * 1_000
    return stretch(mix, mix.length + step)
  }

  #silence(ms: number): void {
    const from = this.durationMs
    if (ms > HOLE_MS) this.#options.onHole(from, from + ms, 'page')
    const long = ms > LONG_MS
    if (long) this.#aac.cut()
    for (let samples = Math.round((ms / 1_000) * RATE); samples > 0; samples -= RATE) {
      const some = new Int16Array(Math.min(samples, RATE))
      this.#put(some, new Int16Array(0), !long)
    }
  }

  #put(mix: Int16Array, pcm: Int16Array, encode = true): void {
    if (mix.length === 0) return
    if (encode) this.#aac.write(bytesOf(mix), this.durationMs)
    this.#written += mix.length
    // The PCM follows the mix exactly: rounding must not add up over hours.
    const due = Math.round((this.#written * this.#options.sampleRate) / RATE) - this.#pcmWritten
    this.#pcmWritten += due
    if (this.#pcm.writableLength > this.#options.sampleRate * 2 * MOST_WAITING_S) {
      if (this.#owed === 0) this.#options.onSlow({ what: 'pcm', atMs: this.durationMs })
      this.#owed += due
      return
    }
    this.#pay()
    this.#pcm.write(bytesOf(stretch(pcm, due)))
  }

  #pay(): void {
    if (this.#owed > 0) this.#pcm.write(Buffer.alloc(this.#owed * 2))
    this.#owed = 0
  }
}

function bytesOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)
}
