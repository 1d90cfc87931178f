/** Arrivals whose smallest delay is taken as the true one. */
const WINDOW = 20
/** As many late arrivals in a row are no queueing any more: the audio clock itself stood still. */
const SETTLED = 5
const STALL_MS = 60
/** Batches of 100 ms that come closer together than this waited in a queue: all of them are one arrival, as quick as its quickest. */
const TOGETHER_MS = 75

/**
 * Puts the audio context's clock on the page's: of the last arrivals the one that came quickest tells the true offset.
 * A context that stood still is seen within half a second, and the times behind it jump, so that Node can fill the gap.
 */
export class AudioClock {
  #delays: number[] = []
  #lastMs = Number.NEGATIVE_INFINITY

  /** The page time of context time `audioMs`, heard about at page time `nowMs`. */
  at(audioMs: number, nowMs: number): number {
    const delay = nowMs - audioMs
    const waited = nowMs - this.#lastMs < TOGETHER_MS
    this.#lastMs = nowMs
    this.#delays.push(waited ? Math.min(this.#delays.pop() ?? delay, delay) : delay)
    if (this.#delays.length > WINDOW) this.#delays.shift()
    const latest = this.#delays.slice(-SETTLED)
    if (latest.length === SETTLED && Math.min(...latest) - Math.min(...this.#delays) > STALL_MS) this.#delays = latest
    return audioMs + Math.min(...this.#delays)
  }
}
