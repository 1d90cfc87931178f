/** A slot that was silent for this long may have been given to somebody else. */
const SILENT_MS = 1_000
/** A voice that goes on without even this pause is still the same one. */
const PAUSE_MS = 120
/** Meters rest in quiet words: a voice that goes on stays its owner's for this long without a sign, whoever else is shown, */
const RESTS_MS = 600
/** and for this long where nobody else is shown who could be it. */
const ALONE_RESTS_MS = 2_000

interface Owner {
  participantId: string
  /** Last heard. */
  atMs: number
  /** Last shown as speaking. */
  shownMs: number
}

/**
 * Which of the people shown as speaking is heard on which track, where tracks are slots and say nothing about people.
 * Whoever was alone on one keeps it while both go on; another one who starts is found by elimination. More people than
 * voices is a contradiction, and gives nobody a name.
 */
export class SlotOwners {
  readonly #owners = new Map<string, Owner>()

  /** The person of each loud track at this moment, as far as it follows. */
  assign(tracks: readonly string[], people: ReadonlySet<string>, atMs: number): Map<string, string> {
    const found = new Map<string, string>()
    const resting: [track: string, owner: Owner][] = []
    for (const track of tracks) {
      const owner = this.#owners.get(track)
      if (owner === undefined) continue
      const goesOn = atMs - owner.atMs <= PAUSE_MS
      const restsMs = atMs - owner.shownMs
      if (people.has(owner.participantId) && atMs - owner.atMs <= SILENT_MS) found.set(track, owner.participantId)
      else if (goesOn && restsMs <= RESTS_MS) found.set(track, owner.participantId)
      else if (goesOn && restsMs <= ALONE_RESTS_MS) resting.push([track, owner])
      else this.#owners.delete(track)
    }
    const taken = new Set(found.values())
    const left = [...people].filter((person) => !taken.has(person))
    const free = tracks.filter((track) => !found.has(track))
    const [track, ...more] = free
    const [person, ...others] = left
    if (track !== undefined && person !== undefined && more.length === 0 && others.length === 0) found.set(track, person)
    if (left.length === 0) for (const [slot, { participantId }] of resting) if (!taken.has(participantId)) found.set(slot, participantId)
    for (const [slot, participantId] of found) {
      const before = this.#owners.get(slot)
      const shown = people.has(participantId) || before === undefined
      this.#owners.set(slot, { participantId, atMs, shownMs: shown ? atMs : before.shownMs })
    }
    return found
  }

  /** Another page: its slots are others. */
  clear(): void {
    this.#owners.clear()
  }
}
