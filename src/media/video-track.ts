import { closeSync, openSync, writeSync } from 'node:fs'
import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny'
import type { VideoChunk, VideoPush } from '../core/frame.ts'

/** H.264 as it comes → a fragmented MP4 on disk, each fragment written when the next key picture closes it. */
export class VideoTrack {
  readonly #file: number
  readonly #output: Output
  readonly #source = new EncodedVideoPacketSource('avc')
  readonly #onError: (error: unknown) => void
  #queue: Promise<unknown>
  #config: VideoPush['config']
  #startMs = 0
  #lastMs = -1
  #started = false
  pictures = 0

  constructor(path: string, { onError, fps }: { onError(error: unknown): void; fps: number }) {
    this.#file = openSync(path, 'w')
    this.#onError = onError
    const writable = new WritableStream<{ data: Uint8Array; position: number }>({
      write: ({ data, position }) => {
        writeSync(this.#file, data, 0, data.byteLength, position)
      },
    })
    this.#output = new Output({
      format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.9 }),
      target: new StreamTarget(writable),
    })
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

  write({ config, chunks }: Pick<VideoPush, 'config' | 'chunks'>): void {
    if (config !== undefined) this.#config = config
    for (const chunk of chunks) this.#put(chunk)
  }

  /** Resolves when the file is closed; nothing is written after it. */
  async close(): Promise<void> {
    try {
      await this.#queue
      if (this.#started) await this.#output.finalize()
    } catch (error) {
      this.#onError(error)
    } finally {
      closeSync(this.#file)
    }
  }

  #put({ key, atMs, data }: VideoChunk): void {
    const ms = atMs - this.#startMs
    if (this.#config === undefined || ms < 0 || ms <= this.#lastMs || (!this.#started && !key)) return
    const { codec, width, height, description } = this.#config
    const first = !this.#started
    this.#started = true
    this.#lastMs = ms
    this.pictures++
    const packet = new EncodedPacket(data, key ? 'key' : 'delta', first ? 0 : ms / 1_000, 1 / 15)
    const metadata = { decoderConfig: { codec, codedWidth: width, codedHeight: height, description } }
    this.#queue = this.#queue.then(() => this.#source.add(packet, metadata))
    this.#queue.catch(this.#onError)
  }
}
