import { EventEmitter } from 'eventemitter3'

/** Event name → argument tuple. */
export type EventMap = Record<string, unknown[]>

export interface Listenable<M extends EventMap> {
  on<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this
  once<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this
  off<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this
}

type AnyListener = (...args: unknown[]) => void

/** An emitter user code cannot break: a listener that throws (or rejects) is reported, the others still run. `emit` never throws. */
export class SafeEmitter<M extends EventMap> implements Listenable<M> {
  readonly #emitter = new EventEmitter()
  readonly #onThrow: (event: string, error: unknown) => void
  readonly #wrapped = new Map<string, Map<AnyListener, AnyListener>>()

  constructor(onThrow: (event: string, error: unknown) => void) {
    this.#onThrow = onThrow
  }

  on<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this {
    this.#emitter.on(event, this.#guard(event, listener as AnyListener))
    return this
  }

  once<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this {
    const guarded = this.#guard(event, listener as AnyListener)
    this.#emitter.once(event, guarded)
    return this
  }

  off<K extends keyof M & string>(event: K, listener: (...args: M[K]) => void): this {
    const guarded = this.#wrapped.get(event)?.get(listener as AnyListener)
    if (guarded !== undefined) this.#emitter.off(event, guarded)
    this.#wrapped.get(event)?.delete(listener as AnyListener)
    return this
  }

  emit<K extends keyof M & string>(event: K, ...args: M[K]): void {
    this.#emitter.emit(event, ...args)
  }

  #guard(event: string, listener: AnyListener): AnyListener {
    const known = this.#wrapped.get(event) ?? new Map<AnyListener, AnyListener>()
    this.#wrapped.set(event, known)
    const existing = known.get(listener)
    if (existing !== undefined) return existing
    const report = (error: unknown) => {
      try {
        this.#onThrow(event, error)
      } catch {
        // a failure to report one has nobody left to hear of it
      }
    }
    const guarded: AnyListener = (...args) => {
      try {
        const answer: unknown = listener(...args)
        if (answer instanceof Promise) answer.catch(report)
      } catch (error) {
        report(error)
      }
    }
    known.set(listener, guarded)
    return guarded
  }
}
