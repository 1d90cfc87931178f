import type { Interruption } from '../core/events.ts'
import type { InterruptionKind } from '../core/outcomes.ts'
import type { Observation } from '../platform/observation.ts'
import type { CaptureTrouble } from './capture-watch.ts'
import type { BotLife } from './life.ts'

/** Told by a page, which tells no end of it once it is gone. */
const PAGES_OWN: readonly InterruptionKind[] = ['capture_degraded', 'reconnecting', 'moved_to_lobby', 'muted_by_host']

/** What comes and goes while a status holds: each said when it starts, and again when it is over. */
export class Interruptions {
  readonly #life: BotLife
  readonly #open = new Map<InterruptionKind, Interruption>()

  constructor(life: BotLife) {
    this.#life = life
  }

  /** Starts one; the answer ends it. */
  start(kind: InterruptionKind, details?: Readonly<Record<string, unknown>>): () => void {
    this.#set(kind, true, this.#life.parts.clock.now(), details)
    return () => this.#set(kind, false, this.#life.parts.clock.now())
  }

  observe(seen: Observation): void {
    if (seen.type === 'interruption')
      this.#set(seen.kind, seen.on, seen.atMs, seen.evidence === undefined ? undefined : { ...seen.evidence })
  }

  /** What is wrong with capture; 'well', or undefined while it is not known. */
  health(state: CaptureTrouble | 'well' | undefined, now: number): void {
    if (state === 'well') this.#set('capture_degraded', false, now)
    else if (state !== undefined) this.#set('capture_degraded', true, now, { ...state })
  }

  /** The page is lost: whatever it showed is over, as the next page begins without it. */
  lost(): void {
    for (const kind of PAGES_OWN) this.#set(kind, false, this.#life.parts.clock.now())
  }

  /** Whatever is still open ends with the call. */
  close(): void {
    for (const kind of [...this.#open.keys()]) this.#set(kind, false, this.#life.parts.clock.now())
  }

  #set(kind: InterruptionKind, on: boolean, at: number, details?: Readonly<Record<string, unknown>>): void {
    const open = this.#open.get(kind)
    if (on === (open !== undefined)) return
    if (on) {
      const interruption: Interruption = { kind, startAt: at, ...(details === undefined ? {} : { details }) }
      this.#open.set(kind, interruption)
      this.#life.emit('interruption', interruption)
    } else if (open !== undefined) {
      this.#open.delete(kind)
      this.#life.emit('interruption', { ...open, endAt: at })
    }
  }
}
