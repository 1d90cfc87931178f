import type { PageFrame } from '../core/frame.ts'
import type { MediaSink } from './capture-port.ts'
import { mixTracks } from './mixer.ts'

/** 100 ms of the call's mixed audio. */
export interface AudioFrame {
  /** Unix milliseconds of the first sample. */
  atMs: number
  sampleRate: 16000 | 24000
  /** s16 mono. */
  pcm: Int16Array
}

/** Frames a reader may lag before it loses the oldest: five seconds. */
const MOST_WAITING = 50

/** The sink behind `bot.audio()`: any number of readers, each with its own bounded queue. Costs nothing without readers. */
export class AudioFeed implements MediaSink {
  readonly name = 'audio'
  readonly #readers = new Set<Reader>()
  #closed = false

  /** A reader from now on. Leaving its loop frees it. */
  open(): AsyncIterable<AudioFrame> {
    return { [Symbol.asyncIterator]: () => this.#reader() }
  }

  write(frame: PageFrame): void {
    if (this.#readers.size === 0) return
    const { atMs, sampleRate } = frame
    const audio: AudioFrame = { atMs, sampleRate, pcm: mixTracks(frame) }
    for (const reader of this.#readers) reader.give(audio)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const reader of this.#readers) reader.end()
    this.#readers.clear()
  }

  #reader(): AsyncIterator<AudioFrame> {
    const reader = new Reader()
    if (this.#closed) reader.end()
    else this.#readers.add(reader)
    return {
      next: () => reader.take(),
      return: async () => {
        this.#readers.delete(reader)
        reader.end()
        return { done: true, value: undefined }
      },
    }
  }
}

class Reader {
  readonly #frames: AudioFrame[] = []
  #waiting: ((result: IteratorResult<AudioFrame>) => void) | undefined
  #ended = false

  give(frame: AudioFrame): void {
    if (this.#waiting !== undefined) {
      this.#waiting({ done: false, value: frame })
      this.#waiting = undefined
      return
    }
    this.#frames.push(frame)
    if (this.#frames.length > MOST_WAITING) this.#frames.shift()
  }

  take(): Promise<IteratorResult<AudioFrame>> {
    const frame = this.#frames.shift()
    if (frame !== undefined) return Promise.resolve({ done: false, value: frame })
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  end(): void {
    this.#ended = true
    this.#waiting?.({ done: true, value: undefined })
    this.#waiting = undefined
  }
}
