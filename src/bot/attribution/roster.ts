import type { Participant, ParticipantChange } from '../../core/events.ts'
import { type Observation, ROSTER_SOURCES, type RosterSource } from '../../platform/observation.ts'

/** A weaker source may bring somebody back after this long only: what lags, or stands in the page a little longer, must not. */
const STALE_MS = 90_000
/** Missing from a list for this long has left, though the channel that told of them said no such thing. */
const MISSING_MS = 10_000
/**
 * A tile may be the bot's own before it says so, or a screen's; the channel's first list holds the bot like anybody.
 * Somebody told of by tiles alone, or before it is known who of them is the bot, is told of after this long.
 */
const UNSURE_MS = 1_500
/** The only one there, while the page counts nobody but the bot, is the bot: a count may be late, but not by this much. */
const ALONE_MS = 10_000

type Person = Extract<Observation, { type: 'participant' }>

interface Known {
  participant: Participant
  /** The best source that ever told of them. */
  via: RosterSource
  /** The source of the present name, and what each source said last. */
  namedBy?: RosterSource
  names: Map<RosterSource, string>
  leftBy?: RosterSource
  missingSince?: number
  /** They may yet turn out to be the bot or a screen: nobody has been told. */
  unsureSince?: number
}

const rank = (via: RosterSource) => ROSTER_SOURCES.indexOf(via)

/** Who is in the call, from what the platform says. Changes are told; what is not known stays unknown. */
export class Roster {
  readonly #onChange: (change: ParticipantChange) => void
  readonly #known = new Map<string, Known>()
  /** Ids that turned out to be shared screens. */
  readonly #shares = new Set<string>()
  #count: { others: number; atMs: number } | undefined
  #listed = false
  #selfKnown = false
  /** Nobody new is told of: it is not known yet whether this is the call at all. */
  #held = false
  #changedAt = 0
  /** Since when nobody but this one has been there, by every count. */
  #alone: { known: Known; sinceMs: number } | undefined
  /** Taken for the bot because it was alone: until somebody says that they are. */
  #guessed: Known | undefined

  constructor(onChange: (change: ParticipantChange) => void) {
    this.#onChange = onChange
  }

  /** Everybody ever seen in the call, the bot itself left out. */
  get participants(): readonly Participant[] {
    return [...this.#known.values()]
      .filter(
        (known) => known.participant.self !== true && !(known.unsureSince !== undefined && (this.#held || known === this.#alone?.known)),
      )
      .map(({ participant }) => ({ ...participant }))
  }

  /** From now on whoever is new is told of at `release` only. */
  hold(): void {
    this.#held = true
  }

  /** It is the call: who came since the hold, and who went again, is told of. */
  release(nowMs: number): void {
    this.#held = false
    if (this.#selfKnown) this.#isSelf()
    this.settle(nowMs)
  }

  /** It was not: whoever only the page showed since the hold is nobody. */
  forget(): void {
    for (const [id, { via, unsureSince }] of this.#known) if (unsureSince !== undefined && rank(via) >= rank('list')) this.#known.delete(id)
    this.#count = undefined
  }

  get(id: string): Participant | undefined {
    return this.#known.get(id)?.participant
  }

  /** The one person of that name who is there now; undefined where there are two. */
  named(name: string): Participant | undefined {
    const [only, ...more] = [...this.#known.values()].filter(
      ({ participant }) => participant.name === name && participant.leftAt === undefined && participant.self !== true,
    )
    return more.length === 0 ? only?.participant : undefined
  }

  /** Neither the bot itself nor a shared screen, as far as is known. */
  isPerson(id: string): boolean {
    return !this.#shares.has(id) && this.#known.get(id)?.participant.self !== true
  }

  /** Is somebody else there? Of a list and a count that contradict each other the newer one is believed. */
  get others(): boolean | undefined {
    const present = [...this.#known.values()].some(
      (known) => known !== this.#alone?.known && known.participant.self !== true && known.participant.leftAt === undefined,
    )
    const counted = this.#count
    if (counted === undefined) return present || (this.#listed ? false : undefined)
    if (present !== counted.others > 0 && this.#changedAt > counted.atMs) return present || undefined
    return counted.others > 0
  }

  observe(seen: Observation): void {
    if (seen.type === 'participant') this.#person(seen)
    if (seen.type === 'count') this.#count = seen.others === undefined ? undefined : { others: seen.others, atMs: seen.atMs }
    if (seen.type === 'share') this.#share(seen)
    if (seen.type === 'roster') this.#list(seen)
    this.settle(seen.atMs)
  }

  /** Time goes on: who was told of by a tile alone, and was not taken back, is there. */
  settle(nowMs: number): void {
    if (Number.isFinite(nowMs)) this.#missing(nowMs)
    this.#lookAlone(nowMs)
    for (const known of this.#known.values()) {
      if (known === this.#alone?.known || known.unsureSince === undefined) continue
      if (nowMs - known.unsureSince >= UNSURE_MS) this.#sure(known)
    }
  }

  #lookAlone(nowMs: number): void {
    const [only, ...more] = [...this.#known.values()].filter(({ participant }) => participant.leftAt === undefined)
    const alone = !this.#selfKnown && more.length === 0 && this.#count?.others === 0 && !this.#held
    // The client's own records are of people whom the page may have no room for yet.
    const unsure = only?.unsureSince !== undefined && rank(only.via) >= rank('list')
    if (only === undefined || !alone || !unsure) this.#alone = undefined
    else if (this.#alone?.known !== only) this.#alone = { known: only, sinceMs: nowMs }
    else if (Number.isFinite(nowMs) && nowMs - this.#alone.sinceMs >= ALONE_MS) {
      this.#alone = undefined
      this.#guessed = only
      only.participant.self = true
      delete only.unsureSince
      this.#isSelf()
    }
  }

  /** Somebody says that they are the bot: whoever was taken for it is somebody else. */
  #unguess(nowMs: number): void {
    const known = this.#guessed
    this.#guessed = undefined
    if (known === undefined) return
    delete known.participant.self
    known.unsureSince = nowMs
  }

  #sure(known: Known): void {
    if (known.unsureSince === undefined || this.#held) return
    delete known.unsureSince
    const { leftAt, ...there } = known.participant
    this.#onChange({ change: 'joined', participant: there, at: there.joinedAt })
    if (leftAt !== undefined) this.#onChange({ change: 'left', participant: { ...there, leftAt }, at: leftAt })
  }

  #list({ ids, atMs, via = 'channel' }: Extract<Observation, { type: 'roster' }>): void {
    this.#listed = true
    const there = new Set(ids)
    for (const [id, known] of this.#known) {
      if (there.has(id)) delete known.missingSince
      else if (known.participant.leftAt === undefined && rank(via) <= rank(known.via)) this.#left(id, atMs, via)
      else if (known.participant.leftAt === undefined) known.missingSince ??= atMs
    }
  }

  #missing(atMs: number): void {
    for (const [id, { missingSince }] of this.#known) {
      if (missingSince !== undefined && atMs - missingSince >= MISSING_MS) this.#left(id, missingSince, 'list')
    }
  }

  /** What was taken for a person is a shared screen: it never was in the call as one. */
  #share({ shareId: id, atMs, via = 'channel' }: Extract<Observation, { type: 'share' }>): void {
    const known = this.#known.get(id)
    // A tile may look like a presentation; the client's own records know a person from one.
    if (known !== undefined && rank(known.via) <= rank('answer') && rank(via) > rank(known.via)) return
    this.#shares.add(id)
    if (known === undefined) return
    this.#known.delete(id)
    const { participant } = known
    if (participant.leftAt === undefined && known.unsureSince === undefined)
      this.#onChange({ change: 'left', participant: { ...participant, leftAt: atMs }, at: atMs })
  }

  #person(seen: Person): void {
    const { id, present, atMs, via = 'channel' } = seen
    if (this.#shares.has(id)) return
    const known = this.#known.get(id)
    if (seen.self === true && known !== this.#guessed) this.#unguess(atMs)
    if (!present) {
      this.#left(id, atMs, via)
      return
    }
    if (known === undefined) this.#joined(seen, via)
    else if (known.participant.leftAt === undefined) this.#said(known, seen, via)
    else if (this.#mayReturn(known, atMs, via)) this.#returned(known, seen, via)
  }

  #joined({ id, name = '', host, self, atMs }: Person, via: RosterSource): void {
    const participant: Participant = {
      id,
      name,
      joinedAt: atMs,
      ...(host === undefined ? {} : { host }),
      ...(self === undefined ? {} : { self }),
    }
    const named = name === '' ? {} : { namedBy: via }
    const unsure = self !== true && (this.#held || via === 'tile' || !this.#selfKnown)
    const names = new Map(name === '' ? [] : [[via, name] as const])
    this.#known.set(id, { participant, via, ...named, names, ...(unsure ? { unsureSince: atMs } : {}) })
    this.#changedAt = atMs
    if (self === true) this.#isSelf()
    else if (!unsure) this.#onChange({ change: 'joined', participant: { ...participant }, at: atMs })
  }

  /** One of them is the bot, so the others are not: only what tiles alone tell of may still be a screen. */
  #isSelf(): void {
    this.#selfKnown = true
    for (const known of this.#known.values()) if (known.via !== 'tile') this.#sure(known)
  }

  #mayReturn({ participant, leftBy = 'channel' }: Known, atMs: number, via: RosterSource): boolean {
    const leftAt = participant.leftAt ?? atMs
    if (atMs <= leftAt) return false
    return via === 'channel' || (via !== 'answer' && rank(via) < rank(leftBy)) || atMs - leftAt > STALE_MS
  }

  #returned(known: Known, seen: Person, via: RosterSource): void {
    const { participant } = known
    delete participant.leftAt
    delete known.leftBy
    delete known.missingSince
    this.#changedAt = seen.atMs
    if (seen.name !== undefined && seen.name !== '') participant.name = seen.name
    if (participant.self !== true && known.unsureSince === undefined)
      this.#onChange({ change: 'joined', participant: { ...participant }, at: seen.atMs })
    this.#said(known, seen, via)
  }

  #said(known: Known, { name, host, self, atMs }: Person, via: RosterSource): void {
    const { participant } = known
    if (rank(via) < rank(known.via)) known.via = via
    if (via !== 'tile') delete known.missingSince
    if (host !== undefined) participant.host = host
    if (self === true && participant.self !== true) {
      // Taken for somebody else until now: for everybody who listens they are gone.
      const told = participant.leftAt === undefined && known.unsureSince === undefined
      if (told) this.#onChange({ change: 'left', participant: { ...participant, leftAt: atMs }, at: atMs })
      participant.self = true
      delete known.unsureSince
      this.#isSelf()
    }
    if (via !== 'tile' && this.#selfKnown) this.#sure(known)
    if (name === undefined || name === '') return
    const before = known.names.get(via)
    known.names.set(via, name)
    // Sources may differ on a name for ever. A weaker one is believed only when it changes its own word.
    const stronger = known.namedBy === undefined || rank(via) <= rank(known.namedBy)
    if (name === participant.name || !(stronger || (before !== undefined && before !== name))) return
    const previousName = participant.name
    participant.name = name
    known.namedBy = via
    const told = participant.self !== true && known.unsureSince === undefined
    if (told) this.#onChange({ change: 'renamed', participant: { ...participant }, at: atMs, previousName })
  }

  #left(id: string, at: number, via: RosterSource): void {
    const known = this.#known.get(id)
    if (known === undefined || known.participant.leftAt !== undefined) return
    if (known === this.#alone?.known) {
      this.#known.delete(id) // as good as the bot: it stands there by another id now, or is the last one out
      return
    }
    this.#sure(known)
    known.participant.leftAt = at
    known.leftBy = via
    delete known.missingSince
    this.#changedAt = Math.max(this.#changedAt, at)
    if (known.participant.self !== true && known.unsureSince === undefined)
      this.#onChange({ change: 'left', participant: { ...known.participant }, at })
  }
}
