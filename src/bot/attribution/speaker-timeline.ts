import type { SpeakingChange, SpeakingInterval, SpeakingSource } from '../../core/events.ts'
import type { PageFrame } from '../../core/frame.ts'
import type { TrackInfo } from '../../media/capture-port.ts'
import type { Observation } from '../../platform/observation.ts'
import { VoiceGate } from './voice-gate.ts'

// biome-ignore format: a table
const CONFIDENCE: Record<SpeakingSource, number> = { csrc: 0.95, track: 0.8, meter: 0.7, list: 0.6 }

interface Open {
  id: string
  startAt: number
  csrc?: number
  participantId?: string
  source: SpeakingSource
}

export interface TimelineOptions {
  nameOf(participantId: string): string | undefined
  onChange(change: SpeakingChange): void
}

/**
 * Who spoke when, by the best evidence there is: the contributing source of received audio, else whose track it is, else
 * whose meter moves. An interval without evidence of a name has none; it is revised when the roster tells later.
 */
export class SpeakerTimeline {
  readonly #options: TimelineOptions
  readonly #gates = new Map<number, VoiceGate>()
  readonly #open = new Map<number, Open>()
  readonly #trackIds = new Map<number, string>()
  readonly #owners = new Map<string, string>()
  readonly #sources = new Map<number, string>()
  readonly #meters = new Map<string, { on: boolean; atMs: number; source: SpeakingSource }>()
  readonly #closed: (SpeakingInterval & { id: string; csrc?: number })[] = []
  #ids = 0
  /** End of the last frame. */
  #heardAt = 0

  constructor(options: TimelineOptions) {
    this.#options = options
  }

  /** Finished intervals in order of their start; those still open end at `now`. */
  intervals(now?: number): readonly SpeakingInterval[] {
    const open = now === undefined ? [] : [...this.#open.values()].map((interval) => this.#said(interval, Math.max(now, interval.startAt)))
    return [...this.#closed.map(({ id: _, csrc: __, ...interval }) => interval), ...open].sort((a, b) => a.startAt - b.startAt)
  }

  /** Whoever speaks now, the one who started last first. */
  get speaking(): readonly string[] {
    return [...this.#open.values()]
      .sort((a, b) => b.startAt - a.startAt)
      .flatMap(({ participantId }) => (participantId === undefined ? [] : [participantId]))
  }

  track({ track, id, kind, live }: TrackInfo): void {
    if (kind !== 'audio') return
    if (live) this.#trackIds.set(track, id)
    else this.#end(track, this.#heardAt)
  }

  observe(seen: Observation): void {
    if (seen.type === 'source') {
      this.#sources.set(seen.csrc, seen.participantId)
      this.#revise(seen.csrc, seen.participantId)
    }
    if (seen.type === 'track' && seen.kind === 'audio') {
      if (seen.participantId === undefined) this.#owners.delete(seen.trackId)
      else this.#owners.set(seen.trackId, seen.participantId)
    }
    if (seen.type === 'speaking') this.#meters.set(seen.participantId, { on: seen.on, atMs: seen.atMs, source: seen.source })
  }

  frame({ tracks, sampleRate, atMs, mix }: PageFrame): void {
    this.#heardAt = atMs + mix.length / 48
    for (const { track, pcm, sources } of tracks) {
      const gate = this.#gates.get(track) ?? new VoiceGate()
      this.#gates.set(track, gate)
      for (const change of gate.push(pcm, sampleRate, atMs)) {
        if (change.on) this.#start(track, change.atMs, sources)
        else this.#end(track, change.atMs)
      }
      const open = this.#open.get(track)
      if (open !== undefined && gate.open) this.#follow(track, open, sources, atMs)
    }
  }

  /** The call is over: whoever still speaks has spoken until now. */
  close(now: number): void {
    for (const track of [...this.#open.keys()]) this.#end(track, now)
  }

  #start(track: number, startAt: number, sources: readonly number[]): void {
    const open: Open = { id: `s${++this.#ids}`, startAt, ...this.#who(track, sources, startAt) }
    this.#open.set(track, open)
    const { endAt: _, ...interval } = this.#said(open, startAt)
    this.#options.onChange({ id: open.id, change: 'started', interval })
  }

  #end(track: number, at: number): void {
    const open = this.#open.get(track)
    if (open === undefined) return
    this.#open.delete(track)
    const interval = this.#said(open, Math.max(open.startAt, at))
    this.#closed.push({ ...interval, id: open.id, ...(open.csrc === undefined ? {} : { csrc: open.csrc }) })
    this.#options.onChange({ id: open.id, change: 'ended', interval })
  }

  /** The slot was given to another person mid-voice, or better evidence came while it goes on. */
  #follow(track: number, open: Open, sources: readonly number[], atMs: number): void {
    const csrc = sources[0]
    if (csrc !== undefined && open.csrc !== undefined && csrc !== open.csrc) {
      this.#end(track, atMs)
      this.#start(track, atMs, sources)
      return
    }
    if (open.source === 'csrc' && open.participantId !== undefined) return
    const who = this.#who(track, sources, atMs)
    if (who.participantId !== undefined && (who.participantId !== open.participantId || who.source !== open.source)) {
      Object.assign(open, who)
      const { endAt: _, ...interval } = this.#said(open, open.startAt)
      this.#options.onChange({ id: open.id, change: 'revised', interval })
    } else if (csrc !== undefined && open.csrc === undefined) open.csrc = csrc
  }

  #who(track: number, sources: readonly number[], atMs: number): Omit<Open, 'id' | 'startAt'> {
    const csrc = sources[0]
    if (csrc !== undefined) {
      const participantId = this.#sources.get(csrc)
      if (participantId !== undefined) return { csrc, participantId, source: 'csrc' }
    }
    const owner = this.#owners.get(this.#trackIds.get(track) ?? '')
    if (owner !== undefined && csrc === undefined) return { participantId: owner, source: 'track' }
    // Meters speak for a voice only where one of them moves: two are a contradiction, not a name.
    const moving = [...this.#meters].filter(([, { on, atMs: since }]) => on && atMs - since < 5_000)
    const [only] = moving
    if (moving.length === 1 && only !== undefined && this.#open.size <= 1) {
      return { participantId: only[0], source: only[1].source, ...(csrc === undefined ? {} : { csrc }) }
    }
    return { source: csrc === undefined ? 'track' : 'csrc', ...(csrc === undefined ? {} : { csrc }) }
  }

  #revise(csrc: number, participantId: string): void {
    const name = this.#options.nameOf(participantId)
    for (const interval of this.#closed) {
      if (interval.csrc !== csrc || interval.participantId === participantId) continue
      Object.assign(interval, { participantId, source: 'csrc', confidence: CONFIDENCE.csrc }, name === undefined ? {} : { name })
      const { id, csrc: _, ...said } = interval
      this.#options.onChange({ id, change: 'revised', interval: said })
    }
  }

  #said({ startAt, participantId, source }: Open, endAt: number): SpeakingInterval {
    if (participantId === undefined) return { startAt, endAt, source, confidence: 0 }
    const name = this.#options.nameOf(participantId)
    return { participantId, ...(name === undefined ? {} : { name }), startAt, endAt, source, confidence: CONFIDENCE[source] }
  }
}
