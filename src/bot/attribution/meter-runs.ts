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
    if (on && !running) signal.runs.push({ from: atMs })
    else if (!on && running) last.to = Math.max(last.from, atMs)
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
    const shown = new Map<string, SpeakingSource>()
    for (const source of ['meter', 'list'] as const) {
      if (source === 'list' && shown.size > 0) break
      for (const signal of this.#signals.values()) {
        if (signal.source !== source) continue
        const on = signal.runs.some(({ from, to }) => atMs >= from - LATE_MS && (to === undefined || atMs <= to + EARLY_MS))
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
