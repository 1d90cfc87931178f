/** How a visitor's network behaves. Absent = nothing of the kind. */
export interface Network {
  offlineMs?: number | undefined
  lossPct?: number | undefined
  jitterMs?: number | undefined
  kbps?: number | undefined
}

/** A router's queue: what would wait longer is dropped. */
const QUEUE_MS = 500

interface ShaperOptions {
  random(): number
  now(): number
  after(ms: number, work: () => void): void
}

/** A visitor's bad network: loses, delays, throttles packets, or everything for a while. */
export class Shaper {
  readonly #options: ShaperOptions
  #network: Network = {}
  #offlineUntil = 0
  /** When the throttled line has sent what it holds. */
  #freeAt = 0

  constructor(options: ShaperOptions) {
    this.#options = options
  }

  set(network: Network): void {
    this.#network = network
    if (network.offlineMs !== undefined) this.#offlineUntil = this.#options.now() + network.offlineMs
  }

  get offline(): boolean {
    return this.#options.now() < this.#offlineUntil
  }

  /** Lets a packet through now, later, or never. */
  pass(bytes: number, deliver: () => void): void {
    const { lossPct = 0, jitterMs = 0, kbps } = this.#network
    const { random, now, after } = this.#options
    if (this.offline || (lossPct > 0 && random() * 100 < lossPct)) return
    let delay = jitterMs > 0 ? random() * jitterMs : 0
    if (kbps !== undefined) {
      const from = Math.max(this.#freeAt, now())
      if (from - now() > QUEUE_MS) return
      this.#freeAt = from + (bytes * 8) / kbps
      delay += this.#freeAt - now()
    }
    if (delay < 1) deliver()
    else after(delay, deliver)
  }
}
