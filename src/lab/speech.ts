import type { EncodedVoice } from './encoded.ts'
import type { RoomPlan } from './people.ts'

/** Somebody saying one thing. */
export interface Utterance {
  personId: string
  voice: string
  source: EncodedVoice
  startMs: number
}

/** Somebody who could talk. */
export interface Speaker {
  personId: string
  voice: string
  source: EncodedVoice
}

const TICK_MS = 20
const PAUSE_MS = 600
const OVERLAP_MS = 1_000

export const lengthOf = ({ frames }: EncodedVoice): number => frames.length * TICK_MS

/** Who talks next, for ever: in turn with small pauses, or each starting before the one before has ended. */
export class Conversation {
  readonly #kind: RoomPlan['speech']
  #next = 0
  #atMs: number

  constructor(kind: RoomPlan['speech'], startMs: number) {
    this.#kind = kind
    this.#atMs = startMs
  }

  /** What starts up to `nowMs`. */
  due(nowMs: number, speakers: readonly Speaker[]): Utterance[] {
    if (typeof this.#kind !== 'string' || this.#kind === 'none' || speakers.length === 0) return []
    const started: Utterance[] = []
    while (this.#atMs <= nowMs) {
      const speaker = speakers[this.#next++ % speakers.length]
      if (speaker === undefined) break
      const startMs = Math.max(this.#atMs, nowMs - 100)
      started.push({ ...speaker, startMs })
      this.#atMs = startMs + lengthOf(speaker.source) + (this.#kind === 'overlap' ? -OVERLAP_MS : PAUSE_MS)
    }
    return started
  }
}
