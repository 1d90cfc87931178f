/** Speech louder than this (RMS of full scale) counts as a voice; received silence is digital or near it. */
const OPEN_RMS = 0.008
const CLOSE_RMS = 0.004
/** Pauses between words shorter than this are speech. */
const HANGOVER_MS = 400

export interface GateChange {
  on: boolean
  atMs: number
}

/** Root mean square of s16 samples, 0 to 1. */
export function rms(pcm: Int16Array, from = 0, to = pcm.length): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += (pcm[i] ?? 0) ** 2
  return to > from ? Math.sqrt(sum / (to - from)) / 32_768 : 0
}

/** Is there a voice on this track? Looks at 20 ms steps, so that a start is known to 20 ms. */
export class VoiceGate {
  #open = false
  #lastLoudMs = 0

  get open(): boolean {
    return this.#open
  }

  push(pcm: Int16Array, sampleRate: number, atMs: number): GateChange[] {
    const step = sampleRate / 50
    const changes: GateChange[] = []
    for (let from = 0; from < pcm.length; from += step) {
      const now = atMs + (from / sampleRate) * 1_000
      const level = rms(pcm, from, Math.min(pcm.length, from + step))
      if (level >= (this.#open ? CLOSE_RMS : OPEN_RMS)) {
        if (!this.#open) changes.push({ on: true, atMs: now })
        this.#open = true
        this.#lastLoudMs = now + 20
      } else if (this.#open && now - this.#lastLoudMs >= HANGOVER_MS) {
        this.#open = false
        changes.push({ on: false, atMs: this.#lastLoudMs })
      }
    }
    return changes
  }
}
