type Closer = () => unknown

/** Owns what was opened and closes it backwards, once, whatever happens; every closer runs even if one throws. */
export class Scope implements AsyncDisposable {
  readonly #closers: { name: string; close: Closer }[] = []
  #closing: Promise<readonly { name: string; error: unknown }[]> | undefined

  /** Hands over something to close. Closed at once if the scope is already closing, so nothing leaks. */
  own(name: string, close: Closer): void {
    if (this.#closing !== undefined) {
      void Promise.resolve()
        .then(close)
        .catch(() => {}) // the scope has reported; a late closer has nobody to tell
      return
    }
    this.#closers.push({ name, close })
  }

  /** Closes in reverse order; answers with what failed. Calls after the first share its promise. */
  close(): Promise<readonly { name: string; error: unknown }[]> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<readonly { name: string; error: unknown }[]> {
    const failed: { name: string; error: unknown }[] = []
    for (let next = this.#closers.pop(); next !== undefined; next = this.#closers.pop()) {
      try {
        await next.close()
      } catch (error) {
        failed.push({ name: next.name, error })
      }
    }
    return failed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
