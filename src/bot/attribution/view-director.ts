import type { TrackInfo, ViewPlan, ViewTile } from '../../media/capture-port.ts'
import type { Observation } from '../../platform/observation.ts'

/** A picture stands at least this long: a cough does not cut. */
const HOLD_MS = 1_500

interface VideoOwner {
  participantId?: string
  share: boolean
  area: number
}

/** What the speaker view shows: a shared screen, else who speaks, else who spoke last, else the largest picture. */
export class ViewDirector {
  readonly #nameOf: (participantId: string) => string | undefined
  readonly #tracks = new Map<string, number>()
  readonly #owners = new Map<string, VideoOwner>()
  #shown: { key: string; since: number } | undefined
  #speaker: string | undefined

  constructor(nameOf: (participantId: string) => string | undefined) {
    this.#nameOf = nameOf
  }

  track({ kind, id, track, live }: TrackInfo): void {
    if (kind !== 'video') return
    if (live) this.#tracks.set(id, track)
    else {
      this.#tracks.delete(id)
      this.#owners.delete(id)
    }
  }

  observe(seen: Observation): void {
    if (seen.type !== 'track' || seen.kind !== 'video') return
    const { trackId, participantId, share = false, area = 0 } = seen
    this.#owners.set(trackId, { ...(participantId === undefined ? {} : { participantId }), share, area })
  }

  /** The plan, if it is another than the last one told. */
  next(speaking: readonly string[], now: number): ViewPlan | undefined {
    this.#speaker = speaking[0] ?? this.#speaker
    const tile = this.#choose()
    const key = JSON.stringify(tile)
    if (this.#shown?.key === key) return undefined
    if (this.#shown !== undefined && now - this.#shown.since < HOLD_MS && this.#standing()) return undefined
    this.#shown = { key, since: now }
    return { layout: 'speaker', tiles: [tile] }
  }

  /** Does what is shown still exist? A picture that has gone is no reason to wait. */
  #standing(): boolean {
    const shown = JSON.parse(this.#shown?.key ?? '{}') as ViewTile
    return shown.track !== undefined && [...this.#tracks.values()].includes(shown.track)
  }

  #choose(): ViewTile {
    const owned = [...this.#owners].flatMap(([id, owner]) => {
      const track = this.#tracks.get(id)
      return track === undefined ? [] : [{ track, ...owner }]
    })
    const share = owned.find((video) => video.share)
    if (share !== undefined) return this.#tile(share.track, share.participantId)
    if (this.#speaker !== undefined) {
      const own = owned.filter(({ participantId }) => participantId === this.#speaker).sort((a, b) => b.area - a.area)[0]
      return this.#tile(own?.track, this.#speaker)
    }
    const largest = owned.sort((a, b) => b.area - a.area)[0]
    return largest === undefined ? {} : this.#tile(largest.track, largest.participantId)
  }

  #tile(track: number | undefined, participantId: string | undefined): ViewTile {
    const name = participantId === undefined ? undefined : this.#nameOf(participantId)
    return { ...(track === undefined ? {} : { track }), ...(name === undefined ? {} : { name }) }
  }
}
