import { performance } from 'node:perf_hooks'

/** What the truth log speaks of. */
export const TRUTH_TYPES = [
  'room',
  'state',
  'click',
  'typed',
  'trap',
  'popup',
  'person',
  'speaking',
  'sent-video',
  'pli',
  'heard',
  'seen',
  'chat',
  'page-closed',
  'media-connected',
  'host-started',
  'ended',
] as const
export type TruthType = (typeof TRUTH_TYPES)[number]

/** One line of a room's truth: what really happened, on the room's own clock. */
export interface TruthEvent {
  /** Milliseconds since the room was made, monotonic. */
  atMs: number
  type: TruthType
  visitor?: string
  [key: string]: unknown
}

interface Waiter {
  matches(event: TruthEvent): boolean
  resolve(event: TruthEvent | undefined): void
}

/** A room's log: recordings and statuses are scored against it, never against the bot's own. */
export class Truth {
  readonly #zero = performance.now()
  readonly #events: TruthEvent[] = []
  readonly #waiters = new Set<Waiter>()
  #closed = false

  constructor() {
    this.add('room', { wallMs: Date.now() })
  }

  now(): number {
    return Math.round((performance.now() - this.#zero) * 10) / 10
  }

  get events(): readonly TruthEvent[] {
    return this.#events
  }

  add(type: TruthType, fields: Record<string, unknown> = {}, atMs = this.now()): TruthEvent {
    const event: TruthEvent = { atMs, type, ...fields }
    this.#events.push(event)
    for (const waiter of this.#waiters) {
      if (!waiter.matches(event)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(event)
    }
    return event
  }

  /** The first event from now on that matches; undefined when time is up, or the room is closed. */
  wait(matches: (event: TruthEvent) => boolean, timeoutMs: number): Promise<TruthEvent | undefined> {
    if (this.#closed) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const waiter: Waiter = {
        matches,
        resolve: (event) => {
          clearTimeout(timer)
          resolve(event)
        },
      }
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        resolve(undefined)
      }, timeoutMs)
      this.#waiters.add(waiter)
    })
  }

  /** Nothing more is waited for: a timer of a wait would keep the process. */
  close(): void {
    this.#closed = true
    for (const waiter of this.#waiters) waiter.resolve(undefined)
    this.#waiters.clear()
  }
}
