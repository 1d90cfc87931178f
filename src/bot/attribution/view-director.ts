import type { TrackInfo, ViewPlan, ViewTile } from '../../media/capture-port.ts'
import type { Observation } from '../../platform/observation.ts'

/** A picture stands at least this long: a cough does not cut. */
const HOLD_MS = 1_500

interface VideoOwner {
  participantId: string
  share: boolean
  area: number
}

interface Shown {
  tile: ViewTile
  participantId?: string
  since: number
}

export interface DirectorOptions {
  nameOf(participantId: string): string | undefined
  /** Is this id a shared screen, and whose? Undefined where it is a person's. */
  shareOf(participantId: string): { presenterId?: string } | undefined
}

/** What the speaker view shows: a shared screen, else who speaks, else who spoke last, else the largest picture. */
export class ViewDirector {
  readonly #options: DirectorOptions
  /** By id, the newest last: two connections carry one id while the client moves from the first to the second. */
  readonly #tracks = new Map<string, readonly number[]>()
  readonly #owners = new Map<string, VideoOwner>()
  #epoch = -1
  #shown: Shown | undefined
  #speaker: string | undefined

  constructor(options: DirectorOptions) {
    this.#options = options
  }

  track({ epoch, kind, id, track, live }: TrackInfo): void {
    if (epoch !== this.#epoch) this.#tracks.clear() // another page: its numbers are others
    this.#epoch = epoch
    if (kind !== 'video') return
    const others = (this.#tracks.get(id) ?? []).filter((other) => other !== track)
    const left = live ? [...others, track] : others
    if (left.length > 0) this.#tracks.set(id, left)
    else {
      this.#tracks.delete(id)
      this.#owners.delete(id)
    }
  }

  observe(seen: Observation): void {
    if (seen.type === 'participant' && !seen.present && seen.id === this.#speaker) this.#speaker = undefined
    if (seen.type !== 'track' || seen.kind !== 'video') return
    const { trackId, participantId, share = false, area = 0 } = seen
    if (participantId === undefined) this.#owners.delete(trackId)
    else this.#owners.set(trackId, { participantId, share, area })
  }

  /** Another page: its pictures are others. */
  reload(): void {
    this.#owners.clear()
  }

  /** The plan, if it is another than the last one told. */
  next(speaking: readonly string[], now: number): ViewPlan | undefined {
    this.#speaker = speaking[0] ?? this.#speaker
    const chosen = this.#choose()
    const shown = this.#shown
    if (shown !== undefined) {
      if (shown.tile.track === chosen.tile.track && shown.tile.name === chosen.tile.name) return undefined
      if (now - shown.since < HOLD_MS && this.#standing(shown)) return undefined
    }
    this.#shown = { ...chosen, since: now }
    return { layout: 'speaker', tiles: [chosen.tile] }
  }

  /** Is what is shown still theirs? A picture that has gone, or has become somebody else's, is no reason to wait. */
  #standing({ tile: { track }, participantId }: Shown): boolean {
    return track !== undefined && this.#pictures().some((one) => one.track === track && one.participantId === participantId)
  }

  #pictures(): (VideoOwner & { track: number })[] {
    return [...this.#owners].flatMap(([id, owner]) => {
      const track = this.#tracks.get(id)?.at(-1)
      return track === undefined ? [] : [{ track, ...owner }]
    })
  }

  #choose(): Omit<Shown, 'since'> {
    const pictures = this.#pictures().sort((a, b) => b.area - a.area)
    const shared = pictures.filter(({ share, participantId }) => share || this.#options.shareOf(participantId) !== undefined)
    const [share] = shared
    if (share !== undefined) return this.#tile(share.participantId, share.track, this.#options.shareOf(share.participantId)?.presenterId)
    const speaker = this.#speaker
    if (speaker !== undefined) return this.#tile(speaker, pictures.find(({ participantId }) => participantId === speaker)?.track)
    const [largest] = pictures
    return largest === undefined ? { tile: {} } : this.#tile(largest.participantId, largest.track)
  }

  #tile(participantId: string, track: number | undefined, named = participantId): Omit<Shown, 'since'> {
    const name = this.#options.nameOf(named)
    const tile: ViewTile = { ...(track === undefined ? {} : { track }), ...(name === undefined || name === '' ? {} : { name }) }
    return { tile, participantId }
  }
}
