import type { ShareChange } from '../../core/events.ts'
import { type Observation, ROSTER_SOURCES, type RosterSource } from '../../platform/observation.ts'
import type { Roster } from './roster.ts'

interface Share {
  presenterId?: string
  presenterName?: string
  via: RosterSource
}

/** Screens that are shared now and by whom. Each start has an id of its own; each is told once when it starts and ends. */
export class ShareBook {
  readonly #roster: Roster
  readonly #onChange: (change: ShareChange) => void
  readonly #open = new Map<string, Share>()
  /** What told of the end of each: a tile that lags must not start the screen again. */
  readonly #ended = new Map<string, RosterSource>()

  constructor(roster: Roster, onChange: (change: ShareChange) => void) {
    this.#roster = roster
    this.#onChange = onChange
  }

  has(shareId: string): boolean {
    return this.#open.has(shareId)
  }

  /** Who shares this screen, as far as is known. */
  presenterOf(shareId: string): string | undefined {
    return this.#open.get(shareId)?.presenterId
  }

  observe(seen: Observation): void {
    if (seen.type === 'share') this.#share(seen)
    if (seen.type === 'participant' && !seen.present)
      for (const [shareId, { presenterId }] of this.#open) if (presenterId === seen.id) this.#stop(shareId, seen.atMs)
  }

  /** The call is over, or the page is another: nothing is shown any more. */
  close(atMs: number): void {
    for (const shareId of [...this.#open.keys()]) this.#stop(shareId, atMs)
  }

  #share({ shareId, on, presenterId, presenterName, via = 'channel', atMs }: Extract<Observation, { type: 'share' }>): void {
    const open = this.#open.get(shareId)
    if (!on) {
      // A tile may be gone because the layout has no room for it: whoever told of the share by better means ends it.
      if (open !== undefined && ROSTER_SOURCES.indexOf(via) <= ROSTER_SOURCES.indexOf(open.via)) {
        this.#stop(shareId, atMs)
        this.#ended.set(shareId, via)
      }
      return
    }
    const endedBy = this.#ended.get(shareId)
    if (endedBy !== undefined && ROSTER_SOURCES.indexOf(via) > ROSTER_SOURCES.indexOf(endedBy)) return
    const presenter = presenterId ?? (presenterName === undefined ? undefined : this.#roster.named(presenterName)?.id)
    const name = (presenter === undefined ? undefined : this.#roster.get(presenter)?.name) ?? presenterName
    const who = { ...(presenter === undefined ? {} : { presenterId: presenter }), ...(name === undefined ? {} : { presenterName: name }) }
    if (open !== undefined) {
      if (ROSTER_SOURCES.indexOf(via) < ROSTER_SOURCES.indexOf(open.via)) Object.assign(open, who, { via })
      return
    }
    this.#ended.delete(shareId)
    this.#open.set(shareId, { ...who, via })
    this.#onChange({ change: 'started', shareId, at: atMs, ...who })
  }

  #stop(shareId: string, at: number): void {
    const open = this.#open.get(shareId)
    if (open === undefined) return
    this.#open.delete(shareId)
    const { via: _, ...who } = open
    this.#onChange({ change: 'stopped', shareId, at, ...who })
  }
}
