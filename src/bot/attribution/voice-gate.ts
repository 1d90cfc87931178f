/** Speech louder than this (RMS of full scale) counts as a voice; received silence is digital or near it. */
const OPEN_RMS = 0.01
const CLOSE_RMS = 0.004
/** A voice stands out of its own room by this factor, or is that room. */
const ABOVE_ROOM = 2.5
/** Louder than this is no room's noise, however steady. */
const LOUDEST_ROOM = 0.02
/** Below this nothing was sent at all: says nothing about the room. */
const NOTHING = 0.0005
/** Levels are taken over 60 ms, every 20 ms: a click is no voice. */
const STEP_MS = 20
const SMOOTH = 3
/** The room is the quietest level in this time: nobody speaks for 3 s without a pause between two words. */
const ROOM_STEPS = 150

/** Root mean square of s16 samples, 0 to 1. */
export function rms(pcm: Int16Array, from = 0, to = pcm.length): number {
  let sum = 0
  for (let i = from; i < to; i++) sum += (pcm[i] ?? 0) ** 2
  return to > from ? Math.sqrt(sum / (to - from)) / 32_768 : 0
}

/**
 * Is there a voice on this track? Looks at 20 ms steps, and tells each step in which there was one. What a microphone
 * hears when nobody speaks into it is no voice, be it as loud as a whisper: the threshold rises with it.
 */
export class VoiceGate {
  #open = false
  readonly #last: number[] = []
  /** Quietest level of each tenth of the window, oldest first. */
  #rooms: number[] = []
  #steps = 0

  /** Unix milliseconds of the start of every step that holds a voice. */
  push(pcm: Int16Array, sampleRate: number, atMs: number): number[] {
    const size = (sampleRate * STEP_MS) / 1_000
    const voiced: number[] = []
    for (let from = 0; from < pcm.length; from += size) {
      const level = this.#smooth(rms(pcm, from, Math.min(pcm.length, from + size)))
      const room = this.#room(level)
      const opens = Math.max(OPEN_RMS, room * ABOVE_ROOM)
      this.#open = level >= (this.#open ? Math.max(CLOSE_RMS, opens / 2) : opens)
      if (this.#open) voiced.push(atMs + (from / sampleRate) * 1_000)
    }
    return voiced
  }

  #smooth(level: number): number {
    this.#last.push(level)
    if (this.#last.length > SMOOTH) this.#last.shift()
    // Silence is believed at once: an end is known to 20 ms, a start to 60.
    return Math.min(level * 2, this.#last.reduce((sum, one) => sum + one, 0) / this.#last.length)
  }

  #room(level: number): number {
    const slot = ROOM_STEPS / 10
    if (this.#steps++ % slot === 0) this.#rooms = [...this.#rooms.slice(-9), Number.POSITIVE_INFINITY]
    const last = this.#rooms.length - 1
    if (level > NOTHING) this.#rooms[last] = Math.min(this.#rooms[last] ?? level, level)
    const quietest = Math.min(...this.#rooms)
    // Only a whole window tells: in the first seconds of a voice its own quietest moment is no room.
    return this.#rooms.length < 10 || quietest > LOUDEST_ROOM ? 0 : quietest
  }
}
