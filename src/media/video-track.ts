import { closeSync, openSync, writeSync } from 'node:fs'
import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny'
import type { VideoChunk, VideoPush } from '../core/frame.ts'
import { withParameterSets } from './parameter-sets.ts'
import { WrittenRows } from './written-rows.ts'

/** A picture missing for this long is a gap; the page gives one at least every second. */
const GAP_MS = 2_500

export interface VideoTrackOptions {
  fps: number
  onGap(startMs: number, endMs: number): void
  onError(error: unknown): void
}

/** H.264 as it comes → a fragmented MP4 on disk, each fragment written when the next key picture closes it. */
export class VideoTrack {
  readonly #file: number
  readonly #output: Output
  readonly #rows: WrittenRows
  readonly #source = new EncodedVideoPacketSource('avc')
  readonly #options: VideoTrackOptions
  #queue: Promise<unknown>
  #config: VideoPush['config']
  #header: Uint8Array | undefined
  #epoch: number | undefined
  #needsKey = true
  #startMs = 0
  #lastMs = -1
  #started = false

  constructor(path: string, options: VideoTrackOptions) {
    const { fps, onError } = options
    this.#file = openSync(path, 'w')
    this.#options = options
    const writable = new WritableStream<{ data: Uint8Array; position: number }>({
      write: ({ data, position }) => {
        writeSync(this.#file, data, 0, data.byteLength, position)
      },
    })
    this.#output = new Output({
      format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.9 }),
      target: new StreamTarget(writable),
    })
    this.#rows = new WrittenRows(this.#output)
    this.#output.addVideoTrack(this.#source, { frameRate: fps * 1_000 })
    this.#queue = this.#output.start()
    this.#queue.catch(onError)
  }

  /** Media time 0, Unix milliseconds. */
  start(atMs: number): void {
    this.#startMs = atMs
  }

  get durationMs(): number {
    return Math.max(0, this.#lastMs)
  }

  write({ epoch, config, chunks }: VideoPush): void {
    // Another page load, another encoder: its pictures build on its own key picture only.
    if (epoch !== this.#epoch) this.#needsKey = true
    this.#epoch = epoch
    if (config !== undefined) this.#config = config
    for (const chunk of chunks) this.#put(chunk)
  }

  /** Rows kept in memory for pictures on disk: one a fragment. */
  get rows(): number {
    return this.#rows.held
  }

  /** Resolves when the file is closed; nothing is written after it. */
  async close(): Promise<void> {
    try {
      await this.#queue
      if (this.#started) await this.#output.finalize()
    } catch (error) {
      this.#options.onError(error)
    } finally {
      closeSync(this.#file)
    }
  }

  #put({ key, atMs, data }: VideoChunk): void {
    const ms = atMs - this.#startMs
    if (this.#config === undefined || ms < 0 || ms <= this.#lastMs || (this.#needsKey && !key)) return
    this.#needsKey = false
    const { codec, width, height, description } = this.#config
    const first = !this.#started
    this.#started = true
    if (!first && ms - this.#lastMs > GAP_MS) this.#options.onGap(this.#lastMs, ms)
    this.#lastMs = ms
    this.#header ??= description
    const whole = key && !same(this.#header, description) ? withParameterSets(data, description) : data
    const packet = new EncodedPacket(whole, key ? 'key' : 'delta', first ? 0 : ms / 1_000, 1 / this.#options.fps)
    const metadata = { decoderConfig: { codec, codedWidth: width, codedHeight: height, description } }
    this.#queue = this.#queue.then(async () => {
      await this.#source.add(packet, metadata)
      if (key) this.#rows.release()
    })
    this.#queue.catch(this.#options.onError)
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
