import type { PageFrame, VideoPush } from '../core/frame.ts'

/** What was captured before it was certain that it may be kept. In memory only, bounded: the oldest goes first. */
export class Hold {
  readonly #mostMs: number
  #frames: PageFrame[] = []
  #pushes: VideoPush[] = []
  #config: VideoPush['config']
  #epoch = 0

  constructor(mostMs: number) {
    this.#mostMs = mostMs
  }

  frame(frame: PageFrame): void {
    this.#load(frame.epoch)
    this.#frames.push(frame)
    const from = frame.atMs - this.#mostMs
    while ((this.#frames[0]?.atMs ?? from) < from) this.#frames.shift()
  }

  video(push: VideoPush): void {
    this.#load(push.epoch)
    this.#config = push.config ?? this.#config
    this.#pushes.push(push)
    const newest = push.chunks.at(-1)?.atMs ?? 0
    while ((this.#pushes[0]?.chunks.at(-1)?.atMs ?? newest) < newest - this.#mostMs) this.#pushes.shift()
  }

  /** Everything held and the moment it starts: the first key picture where there is one, else the first sound. */
  take(): { startedAt: number | undefined; frames: PageFrame[]; pushes: VideoPush[] } {
    const chunks = this.#pushes.flatMap((push) => push.chunks)
    const startedAt = chunks.find(({ key }) => key)?.atMs ?? this.#frames[0]?.atMs
    const pushes: VideoPush[] =
      chunks.length === 0 ? [] : [{ epoch: this.#epoch, chunks, ...(this.#config === undefined ? {} : { config: this.#config }) }]
    return { startedAt, frames: this.#frames, pushes }
  }

  /** What a page load before this one gave was of another attempt. */
  #load(epoch: number): void {
    if (epoch <= this.#epoch) return
    this.#epoch = epoch
    this.#frames = []
    this.#pushes = []
    this.#config = undefined
  }
}
