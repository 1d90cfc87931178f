import type { SpeakingSource } from '../../core/events.ts'
import type { Observation } from '../../platform/observation.ts'

/** A sign may come this much after the voice it shows, and stop this much before its end. */
const LATE_MS = 200
const EARLY_MS = 150

type Shown = Extract<Observation, { type: 'speaking' }>

interface Run {
  from: number
  /** Absent while it goes on. */
  to?: number
  /** Said to have started once more, before its end was said. */
  again?: number
}

interface Signal {
  participantId: string
  source: SpeakingSource
  runs: Run[]
}

/** Who was shown as speaking when, by each sign the platform gives of it. */
export class MeterRuns {
  readonly #signals = new Map<string, Signal>()

  observe({ participantId, on, atMs, source, via = '' }: Shown): void {
    const key = `${source} ${via} ${participantId}`
    const signal = this.#signals.get(key) ?? { participantId, source, runs: [] }
    this.#signals.set(key, signal)
    const last = signal.runs.at(-1)
    const running = last !== undefined && last.to === undefined
    if (on && running) last.again = atMs
    else if (on) signal.runs.push({ from: atMs })
    else if (running) {
      last.to = Math.max(last.from, atMs)
      // An end is known late: what has started since then is another run.
      if (last.again !== undefined && last.again > last.to) signal.runs.push({ from: last.again })
    }
  }

  /** A person who left speaks no more. */
  left(participantId: string, atMs: number): void {
    for (const signal of this.#signals.values()) {
      const last = signal.runs.at(-1)
      if (signal.participantId === participantId && last !== undefined) last.to ??= Math.max(last.from, atMs)
    }
  }

  /** Everybody shown as speaking at this moment, by the best sign there is: a list counts where no meter moves. */
  at(atMs: number): Map<string, SpeakingSource> {
    return this.#shown(atMs, LATE_MS, EARLY_MS)
  }

  /**
   * The same where all voices are one sound: no sign is taken to end before its voice, and one that is yet to come only
   * counts where nobody else is shown.
   */
  exactlyAt(atMs: number): Map<string, SpeakingSource> {
    const shown = this.#shown(atMs, 0, 0)
    return shown.size > 0 ? shown : this.#shown(atMs, LATE_MS, 0)
  }

  #shown(atMs: number, late: number, early: number): Map<string, SpeakingSource> {
    const shown = new Map<string, SpeakingSource>()
    for (const source of ['meter', 'list'] as const) {
      if (source === 'list' && shown.size > 0) break
      for (const signal of this.#signals.values()) {
        if (signal.source !== source) continue
        const on = signal.runs.some(({ from, to }) => atMs >= from - late && (to === undefined || atMs <= to + early))
        if (on) shown.set(signal.participantId, source)
      }
    }
    return shown
  }

  /** What lies before this moment is not asked for again. */
  forget(before: number): void {
    for (const [key, signal] of this.#signals) {
      signal.runs = signal.runs.filter(({ to }) => to === undefined || to + EARLY_MS >= before)
      if (signal.runs.length === 0) this.#signals.delete(key)
    }
  }

  /** Another page: its signs start anew. */
  clear(): void {
    this.#signals.clear()
  }
}
