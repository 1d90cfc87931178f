/** Several producers, one async iterable. Ends when told, with an error if there was one. */
export class Merge<T> implements AsyncIterable<T> {
  readonly #items: T[] = []
  #wake: (() => void) | undefined
  #ended: { error?: unknown } | undefined

  push(item: T): void {
    if (this.#ended !== undefined) return
    this.#items.push(item)
    this.#wake?.()
  }

  end(error?: unknown): void {
    this.#ended ??= error === undefined ? {} : { error }
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) yield item
      else if (this.#ended !== undefined) {
        if ('error' in this.#ended) throw this.#ended.error
        return
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
