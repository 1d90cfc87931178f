/**
 * Which tracks have one of the mixer's inputs. A site that reconnects without closing leaves its old tracks to us, and one
 * that has a track for everybody may have more than there are inputs: the track on which nothing came in for longest makes
 * room for the one that is new, or wakes up.
 */
export class Inputs {
  readonly #count: number
  readonly #taken = new Map<number, number>()
  /** Reports in a row without a packet. */
  readonly #idle = new Map<number, number>()

  constructor(count: number) {
    this.#count = count
  }

  /** An input for this track, and who had to give it up; undefined where everybody else is heard. */
  take(track: number): { input: number; insteadOf?: number } | undefined {
    const taken = new Set(this.#taken.values())
    const free = Array.from({ length: this.#count }, (_, i) => i).find((i) => !taken.has(i))
    if (free !== undefined) {
      this.#taken.set(track, free)
      return { input: free }
    }
    const [stalest] = [...this.#taken].sort(([a], [b]) => this.#idleOf(b) - this.#idleOf(a))
    if (stalest === undefined || this.#idleOf(stalest[0]) === 0) return undefined
    const [insteadOf, input] = stalest
    this.#taken.delete(insteadOf)
    this.#taken.set(track, input)
    return { input, insteadOf }
  }

  /** What came in on a track since the last report. */
  heard(track: number, packets: number): void {
    this.#idle.set(track, packets > 0 ? 0 : this.#idleOf(track) + 1)
  }

  /** This track is over. */
  release(track: number): void {
    this.#taken.delete(track)
    this.#idle.delete(track)
  }

  #idleOf(track: number): number {
    return this.#idle.get(track) ?? 0
  }
}
