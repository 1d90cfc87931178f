import type { BotRecord, BotStore } from '../store/port.ts'
import { vitalOf } from './run-id.ts'

/** A dead run without bots is remembered this long: its last beat tells how long nobody was there. */
const REMEMBERED_MS = 24 * 3_600_000

/** A beat as it was last read, and how many looks it has not changed for. */
interface Heard {
  at: number
  looks: number
}

/** Who runs bots on this store, and who of them is gone. */
export class Runs {
  readonly #store: Pick<BotStore, 'beat' | 'runs' | 'forgetRun'>
  readonly #by: string
  readonly #leaseMs: number
  readonly #vital: (run: string) => ReturnType<typeof vitalOf>
  #beats: ReadonlyMap<string, Heard> = new Map()

  constructor(store: Pick<BotStore, 'beat' | 'runs' | 'forgetRun'>, by: string, leaseMs: number, vital = vitalOf) {
    this.#store = store
    this.#by = by
    this.#leaseMs = leaseMs
    this.#vital = vital
  }

  /** Says that this run lives, and reads what the others said. */
  async beat(now: number): Promise<void> {
    await this.#store.beat(this.#by, now)
    await this.look()
  }

  /** Reads what the others said. */
  async look(): Promise<void> {
    const before = this.#beats
    const heard = (by: string, at: number): Heard => ({ at, looks: before.get(by)?.at === at ? (before.get(by)?.looks ?? 0) + 1 : 0 })
    this.#beats = new Map((await this.#store.runs()).map(({ by, lastBeatAt }) => [by, heard(by, lastBeatAt)]))
  }

  /**
   * Proven at once on one machine; elsewhere, silent for longer than the lease. Clocks of two machines differ and are set, so
   * it must also have been silent between two looks of ours; a beat from the far future is as old as one from the past.
   */
  dead(run: string, now: number): boolean {
    if (run === this.#by) return false
    const vital = this.#vital(run)
    if (vital !== 'unknown') return vital === 'dead'
    const last = this.#beats.get(run)
    return last === undefined || (last.looks > 0 && Math.abs(now - last.at) > this.#leaseMs)
  }

  /** Like `dead`, but of a name that was never heard of nothing is said: it may be no run at all. */
  gone(run: string, now: number): boolean {
    return (this.#beats.has(run) || this.#vital(run) === 'dead') && this.dead(run, now)
  }

  /** When any other run was last heard of. */
  get lastHeardAt(): number | undefined {
    const others = [...this.#beats].filter(([by]) => by !== this.#by).map(([, { at }]) => at)
    return others.length === 0 ? undefined : Math.max(...others)
  }

  /** Forgets dead runs that have no bots left. */
  async tidy(now: number, running: readonly BotRecord[]): Promise<void> {
    const needed = new Set(running.map(({ claimedBy }) => claimedBy))
    for (const [by, { at }] of this.#beats) {
      if (!needed.has(by) && this.dead(by, now) && now - at > REMEMBERED_MS) await this.#store.forgetRun(by)
    }
  }
}
