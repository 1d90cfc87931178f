import type { PageFact } from '../platform/stage.ts'

/** A reader that lags this far loses the oldest facts: each is soon said again by a later one. */
const MOST_WAITING = 1_000

class Reader {
  readonly #facts: PageFact[] = []
  #wake: (() => void) | undefined
  ended = false

  give(fact: PageFact): void {
    this.#facts.push(fact)
    if (this.#facts.length > MOST_WAITING) this.#facts.shift()
    this.#wake?.()
  }

  end(): void {
    this.ended = true
    this.#wake?.()
  }

  async *read(): AsyncGenerator<PageFact> {
    for (;;) {
      const fact = this.#facts.shift()
      if (fact !== undefined) yield fact
      else if (this.ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

/** Facts to any number of readers, each from the moment it opened; the last word on each track and each `state:` is
 * kept for late comers. */
export class FactFan {
  readonly #readers = new Set<Reader>()
  #tracks = new Map<unknown, PageFact>()
  #states = new Map<string, PageFact>()
  #closed = false

  push(fact: PageFact): void {
    if (fact.name === 'track' && typeof fact.data === 'object' && fact.data !== null && 'track' in fact.data) {
      const over = 'live' in fact.data && fact.data.live === false
      if (over) this.#tracks.delete(fact.data.track)
      else this.#tracks.set(fact.data.track, fact)
    }
    if (fact.name.startsWith('state:')) this.#states.set(fact.name, fact)
    for (const reader of this.#readers) reader.give(fact)
  }

  kept(name: 'track'): readonly PageFact[] {
    return name === 'track' ? [...this.#tracks.values()] : []
  }

  /** A new page load: its tracks are new. */
  forget(): void {
    this.#tracks = new Map()
    this.#states = new Map()
  }

  async *open(signal: AbortSignal): AsyncGenerator<PageFact> {
    if (this.#closed || signal.aborted) return
    const reader = new Reader()
    for (const fact of [...this.#tracks.values(), ...this.#states.values()]) reader.give(fact)
    this.#readers.add(reader)
    const end = () => reader.end()
    signal.addEventListener('abort', end, { once: true })
    try {
      yield* reader.read()
    } finally {
      signal.removeEventListener('abort', end)
      this.#readers.delete(reader)
    }
  }

  close(): void {
    this.#closed = true
    for (const reader of this.#readers) reader.end()
  }
}
