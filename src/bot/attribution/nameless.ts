import type { SpeakingChange } from '../../core/events.ts'

const MUCH_MS = 10_000

export interface NamelessVoices {
  /** Voice that nobody is known for, and all voice, in ms. */
  namelessMs: number
  spokenMs: number
}

/** Tells, once, that most of what is said has no name: the page shows voices, and no longer whose. */
export class Nameless {
  readonly #nameless = new Map<string, number>()
  #namelessMs = 0
  #spokenMs = 0
  #told = false

  see({ id, change, interval: { participantId, startAt, endAt } }: SpeakingChange): NamelessVoices | undefined {
    if (change === 'started' || endAt === undefined) return undefined
    const ms = endAt - startAt
    if (change === 'ended') {
      this.#spokenMs += ms
      if (participantId === undefined) {
        this.#nameless.set(id, ms)
        this.#namelessMs += ms
      }
    } else if (participantId !== undefined) {
      this.#namelessMs -= this.#nameless.get(id) ?? 0
      this.#nameless.delete(id)
    }
    if (this.#told || this.#namelessMs < MUCH_MS || this.#namelessMs * 2 < this.#spokenMs) return undefined
    this.#told = true
    return { namelessMs: this.#namelessMs, spokenMs: this.#spokenMs }
  }
}
