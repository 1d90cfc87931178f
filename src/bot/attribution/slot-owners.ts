/** A slot that was silent for this long may have been given to somebody else. */
const SILENT_MS = 1_000

interface Owner {
  participantId: string
  atMs: number
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
    for (const track of tracks) {
      const owner = this.#owners.get(track)
      if (owner === undefined) continue
      if (atMs - owner.atMs <= SILENT_MS && people.has(owner.participantId)) found.set(track, owner.participantId)
      else this.#owners.delete(track)
    }
    const left = [...people].filter((person) => ![...found.values()].includes(person))
    const free = tracks.filter((track) => !found.has(track))
    const [track, ...more] = free
    const [person, ...others] = left
    if (track !== undefined && person !== undefined && more.length === 0 && others.length === 0) found.set(track, person)
    for (const [slot, participantId] of found) this.#owners.set(slot, { participantId, atMs })
    return found
  }

  clear(): void {
    this.#owners.clear()
  }
}
