/** Runs in the AudioWorklet: per-track PCM at 16 or 24 kHz and the full-band mix, in batches of 100 ms. */
interface Port {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void
  onmessage: ((event: { data: unknown }) => void) | null
}
declare class AudioWorkletProcessor {
  readonly port: Port
}
declare function registerProcessor(name: string, processor: unknown): void
declare const currentFrame: number

const RATE = 48_000
const BATCH = 4_800
const TAPS = 48

/** Windowed-sinc low-pass, unity gain. `factor` = decimation. */
function lowPass(factor: number): Float32Array {
  const taps = new Float32Array(TAPS)
  const cut = 0.45 / factor
  let sum = 0
  for (let i = 0; i < TAPS; i++) {
    const x = i - (TAPS - 1) / 2
    const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (TAPS - 1))
    const value = (x === 0 ? 2 * cut : Math.sin(2 * Math.PI * cut * x) / (Math.PI * x)) * window
    taps[i] = value
    sum += value
  }
  return taps.map((value) => value / sum)
}

const toInt16 = (value: number) => (value >= 1 ? 32_767 : value <= -1 ? -32_768 : Math.round(value * 32_767))

/** One input's decimator: a doubled ring, so that the dot product runs over one straight stretch. */
class Decimator {
  readonly #ring = new Float32Array(TAPS * 2)
  #at = 0
  pcm: Int16Array
  count = 0

  constructor(size: number) {
    this.pcm = new Int16Array(size)
  }

  push(sample: number, taps: Float32Array, emit: boolean): void {
    this.#ring[this.#at] = sample
    this.#ring[this.#at + TAPS] = sample
    this.#at = (this.#at + 1) % TAPS
    if (!emit) return
    let sum = 0
    for (let i = 0; i < TAPS; i++) sum += (taps[i] ?? 0) * (this.#ring[this.#at + i] ?? 0)
    this.pcm[this.count++] = toInt16(sum)
  }

  /** A stretch that was missed since the batch began counts as silence. */
  skipTo(count: number): void {
    this.count = count
  }

  take(): Int16Array {
    const { pcm } = this
    this.pcm = new Int16Array(pcm.length)
    this.count = 0
    return pcm
  }
}

class Tracks extends AudioWorkletProcessor {
  readonly #factor: number
  readonly #taps: Float32Array
  readonly #inputs = new Map<number, Decimator>()
  #mix = new Float32Array(BATCH)
  #filled = 0
  #startFrame = -1

  constructor({ processorOptions }: { processorOptions: { sampleRate: number } }) {
    super()
    this.#factor = RATE / processorOptions.sampleRate
    this.#taps = lowPass(this.#factor)
    this.port.onmessage = ({ data }) => {
      const { input, on } = data as { input: number; on: boolean }
      if (!on) this.#inputs.delete(input)
      else {
        const decimator = new Decimator(BATCH / this.#factor)
        decimator.skipTo(Math.floor(this.#filled / this.#factor))
        this.#inputs.set(input, decimator)
      }
    }
  }

  process(inputs: Float32Array[][]): boolean {
    if (this.#startFrame < 0) this.#startFrame = currentFrame
    for (let i = 0; i < 128; i++) {
      const emit = (this.#filled + 1) % this.#factor === 0
      let sum = 0
      for (const [input, decimator] of this.#inputs) {
        const channels = inputs[input]
        const left = channels?.[0]?.[i] ?? 0
        const right = channels?.[1]?.[i]
        const sample = right === undefined ? left : (left + right) / 2
        sum += sample
        decimator.push(sample, this.#taps, emit)
      }
      this.#mix[this.#filled++] = sum
      if (this.#filled === BATCH) this.#flush(currentFrame + i + 1)
    }
    return true
  }

  #flush(endFrame: number): void {
    const mix = new Int16Array(BATCH)
    for (let i = 0; i < BATCH; i++) {
      const value = this.#mix[i] ?? 0
      // Straight up to 0.8, then bent: several loud people must not crackle.
      const size = Math.abs(value)
      mix[i] = toInt16(size <= 0.8 ? value : Math.sign(value) * (0.8 + 0.2 * Math.tanh((size - 0.8) / 0.2)))
    }
    const tracks = [...this.#inputs].map(([input, decimator]) => ({ input, pcm: decimator.take() }))
    this.port.postMessage({ endFrame, mix, tracks }, [mix.buffer, ...tracks.map(({ pcm }) => pcm.buffer as ArrayBuffer)])
    this.#filled = 0
  }
}

registerProcessor('remora-tracks', Tracks)
