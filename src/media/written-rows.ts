import type { Output } from 'mediabunny'

/** What is read of mediabunny's inside; it may look otherwise in another version. */
interface Inside {
  _muxer?: { finalizedChunks?: { samples?: unknown[] }[] }
}

/**
 * mediabunny (1.61) keeps a row for every picture it has written until the file is closed, some 10 MB an hour, and reads
 * only the first of each fragment again (for `tfra`). This lets go of the others; where it looks otherwise inside, of none.
 */
export class WrittenRows {
  readonly #output: Output
  #seen = 0

  constructor(output: Output) {
    this.#output = output
  }

  #fragments(): readonly { samples?: unknown[] }[] {
    const chunks = (this.#output as unknown as Inside)._muxer?.finalizedChunks
    return Array.isArray(chunks) ? chunks : []
  }

  /** Rows held for fragments on disk. */
  get held(): number {
    return this.#fragments().reduce((sum, { samples }) => sum + (samples?.length ?? 0), 0)
  }

  /** Call once fragments were written. */
  release(): void {
    const fragments = this.#fragments()
    for (; this.#seen < fragments.length; this.#seen++) fragments[this.#seen]?.samples?.splice(1)
  }
}
