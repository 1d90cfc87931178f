interface Slot {
  holder: string | undefined
  speaking: boolean
  /** When the holder began, or stopped, speaking last. */
  turnedAt: number
}

/**
 * A few audio lines over many people. A person keeps the slot until somebody else needs it: slots are not people.
 * Taken first is a slot nobody holds, then the one whose holder has been silent longest, then the longest speech is cut.
 */
export class AudioSlots {
  readonly #slots: Slot[]
  readonly #first: number

  constructor(count: number, first = 0) {
    this.#slots = Array.from({ length: count }, () => ({ holder: undefined, speaking: false, turnedAt: 0 }))
    this.#first = first % count
  }

  /** Gives somebody who begins to speak a slot; `cut` is who loses the floor by it. */
  take(person: string, nowMs: number): { slot: number; cut?: string } {
    const held = this.#slots.findIndex(({ holder }) => holder === person)
    const slot = held >= 0 ? held : this.#leastRecent()
    const { holder, speaking } = this.#slots[slot] ?? {}
    this.#slots[slot] = { holder: person, speaking: true, turnedAt: nowMs }
    return held < 0 && speaking === true && holder !== undefined ? { slot, cut: holder } : { slot }
  }

  /** Whether a speech could begin without cutting another. */
  get hasRoom(): boolean {
    return this.#slots.some(({ speaking }) => !speaking)
  }

  /** Who has stopped speaking keeps the slot. */
  rest(person: string, nowMs: number): void {
    for (const slot of this.#slots) {
      if (slot.holder !== person || !slot.speaking) continue
      slot.speaking = false
      slot.turnedAt = nowMs
    }
  }

  /** Who has left holds nothing. */
  leave(person: string): void {
    for (const slot of this.#slots) if (slot.holder === person) Object.assign(slot, { holder: undefined, speaking: false, turnedAt: 0 })
  }

  /** Slots with a silent holder. */
  resting(): { slot: number; person: string }[] {
    return this.#slots.flatMap(({ holder, speaking }, slot) => (holder !== undefined && !speaking ? [{ slot, person: holder }] : []))
  }

  #leastRecent(): number {
    const order = this.#slots.map((_, place) => (place + this.#first) % this.#slots.length)
    return order.reduce((best, place) => (isBefore(this.#slots[place], this.#slots[best]) ? place : best))
  }
}

/** Unheld before silent before speaking; then the one that turned earlier. */
function isBefore(one: Slot | undefined, other: Slot | undefined): boolean {
  const rank = (slot: Slot | undefined) => (slot?.holder === undefined ? 0 : slot.speaking ? 2 : 1)
  return rank(one) === rank(other) ? (one?.turnedAt ?? 0) < (other?.turnedAt ?? 0) : rank(one) < rank(other)
}
