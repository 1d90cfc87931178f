import type { Participant, ParticipantChange } from '../../core/events.ts'
import type { Observation } from '../../platform/observation.ts'

/** Who is in the call, from what the platform says. Changes are told; what is not known stays unknown. */
export class Roster {
  readonly #onChange: (change: ParticipantChange) => void
  readonly #known = new Map<string, Participant>()
  #count: number | undefined
  #listed = false

  constructor(onChange: (change: ParticipantChange) => void) {
    this.#onChange = onChange
  }

  /** Everybody ever seen, the bot itself left out. */
  get participants(): readonly Participant[] {
    return [...this.#known.values()].filter(({ self }) => self !== true).map((participant) => ({ ...participant }))
  }

  get(id: string): Participant | undefined {
    return this.#known.get(id)
  }

  /** Is somebody else there? Yes from any evidence; no only where the platform said how many or whom. */
  get others(): boolean | undefined {
    const present = [...this.#known.values()].some(({ self, leftAt }) => self !== true && leftAt === undefined)
    if (present || (this.#count ?? 0) > 0) return true
    return this.#count === 0 || this.#listed ? false : undefined
  }

  observe(seen: Observation): void {
    if (seen.type === 'participant') this.#person(seen)
    if (seen.type === 'count') this.#count = seen.others
    if (seen.type === 'roster') {
      this.#listed = true
      const ids = new Set(seen.ids)
      for (const [id, { leftAt }] of this.#known) if (leftAt === undefined && !ids.has(id)) this.#left(id, seen.atMs)
    }
  }

  #person({ id, present, name, host, self, atMs }: Extract<Observation, { type: 'participant' }>): void {
    const before = this.#known.get(id)
    if (!present) {
      this.#left(id, atMs)
      return
    }
    if (before === undefined || before.leftAt !== undefined) {
      const joined: Participant = {
        id,
        name: name ?? before?.name ?? '',
        joinedAt: before?.joinedAt ?? atMs,
        ...((host ?? before?.host) === undefined ? {} : { host: host ?? before?.host === true }),
        ...((self ?? before?.self) === undefined ? {} : { self: self ?? before?.self === true }),
      }
      this.#known.set(id, joined)
      if (joined.self !== true) this.#onChange({ change: 'joined', participant: { ...joined }, at: atMs })
      return
    }
    if (host !== undefined) before.host = host
    if (self !== undefined) before.self = self
    if (name !== undefined && name !== '' && name !== before.name) {
      const previousName = before.name
      before.name = name
      if (before.self !== true) this.#onChange({ change: 'renamed', participant: { ...before }, at: atMs, previousName })
    }
  }

  #left(id: string, at: number): void {
    const person = this.#known.get(id)
    if (person === undefined || person.leftAt !== undefined) return
    person.leftAt = at
    if (person.self !== true) this.#onChange({ change: 'left', participant: { ...person }, at })
  }
}
