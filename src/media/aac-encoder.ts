import type { ChildProcess } from 'node:child_process'
import { BotError } from '../core/errors.ts'
import type { AacPiece } from './adts.ts'
import { spawnEncoder } from './ffmpeg.ts'

const RATE = 48_000
const BYTES_PER_MS = (RATE * 2) / 1_000
/** PCM the encoder has not taken yet: ten seconds. Beyond it sound is left out until it has caught up. */
const MOST_BUFFERED = BYTES_PER_MS * 10_000
/** An encoder that dies younger than this did not die of the call. */
const YOUNG_MS = 2_000
const MOST_YOUNG_DEATHS = 3
const CLOSE_MS = 10_000

export interface AacEncoderOptions {
  ffmpegPath: string
  path: (piece: number) => string
  /** A new piece has begun: the list of pieces has changed. */
  onPiece(): void
  /** Sound that did not get into the AAC. */
  onLost(startMs: number, endMs: number, why: 'died' | 'slow'): void
  onError(error: unknown): void
}

/**
 * PCM → AAC on disk while the call goes on, in pieces: a new one after a long silence, after the encoder died, and after it
 * was too slow. Each piece knows the media time it starts at; ADTS packets stand alone, so a cut piece still plays.
 */
export class AacEncoder {
  readonly pieces: AacPiece[] = []
  readonly #options: AacEncoderOptions
  readonly #ending: Promise<void>[] = []
  #child: ChildProcess | undefined
  #bornMs = 0
  #untilMs = 0
  #youngDeaths = 0
  #behindSince: number | undefined
  #closing = false

  constructor(options: AacEncoderOptions) {
    this.#options = options
  }

  /** Samples whose first is at `ms` of media time. */
  write(pcm: Buffer, ms: number): void {
    if (this.#closing || this.#youngDeaths >= MOST_YOUNG_DEATHS) return
    const child = this.#child ?? this.#spawn(ms)
    const waiting = child.stdin?.writableLength ?? 0
    if (this.#behindSince !== undefined) {
      if (waiting > MOST_BUFFERED / 2) return
      this.#options.onLost(this.#behindSince, ms, 'slow')
      this.#behindSince = undefined
      this.cut()
      this.write(pcm, ms)
      return
    }
    if (waiting > MOST_BUFFERED) {
      this.#behindSince = ms
      return
    }
    child.stdin?.write(pcm)
    this.#untilMs = ms + pcm.length / BYTES_PER_MS
  }

  /** The piece ends here; the next sound starts another. */
  cut(): void {
    const child = this.#child
    this.#child = undefined
    if (child !== undefined) this.#ending.push(ended(child))
  }

  /** Resolves when every piece is closed. */
  async close(): Promise<void> {
    this.#closing = true
    this.cut()
    await Promise.all(this.#ending)
  }

  #spawn(ms: number): ChildProcess {
    const { ffmpegPath, path, onPiece } = this.#options
    const piece = { path: path(this.pieces.length), startMs: ms }
    const input = ['-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', 'pipe:0']
    const child = spawnEncoder(ffmpegPath, [...input, '-c:a', 'aac', '-b:a', '96k', '-flush_packets', '1', '-f', 'adts', piece.path])
    this.pieces.push(piece)
    this.#child = child
    this.#bornMs = ms
    this.#untilMs = ms
    child.once('exit', (code, signal) => this.#died(child, `ended with ${signal ?? code}`))
    child.once('error', (error) => this.#died(child, error.message))
    onPiece()
    return child
  }

  #died(child: ChildProcess, how: string): void {
    if (this.#child !== child) return // it was told to end
    this.#child = undefined
    this.#behindSince = undefined
    const unread = (child.stdin?.writableLength ?? 0) / BYTES_PER_MS
    this.#options.onLost(Math.max(this.#bornMs, this.#untilMs - unread), this.#untilMs, 'died')
    this.#youngDeaths = this.#untilMs - this.#bornMs < YOUNG_MS ? this.#youngDeaths + 1 : 0
    if (this.#youngDeaths < MOST_YOUNG_DEATHS) return
    this.#options.onError(new BotError('STORAGE_FAILED', `The audio encoder cannot run: ${how}`))
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stdin?.end()
  const kill = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS)
  await closed
  clearTimeout(kill)
}
