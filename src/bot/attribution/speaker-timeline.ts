import type { SpeakingChange, SpeakingInterval } from '../../core/events.ts'
import type { PageFrame, TrackAudio } from '../../core/frame.ts'
import type { TrackInfo } from '../../media/capture-port.ts'
import type { Observation } from '../../platform/observation.ts'
import { MeterRuns } from './meter-runs.ts'
import { SlotOwners } from './slot-owners.ts'
import { Turns, type Voice } from './turns.ts'
import { VoiceGate } from './voice-gate.ts'

/** Meters tell that somebody has stopped only after a while: what they say of a moment is asked this much later. */
const SETTLE_MS = 800
/** The last source of a track holds through the frames that name none. */
const SOURCE_HOLDS_MS = 400
const STEP_MS = 20

export interface TimelineOptions {
  nameOf(participantId: string): string | undefined
  /** False for what is no speaker: the bot itself, a shared screen. */
  isPerson(participantId: string): boolean
  onChange(change: SpeakingChange): void
}

interface Track {
  gate: VoiceGate
  csrc?: number
  csrcAt: number
}

/** A moment of voice whose person the audio does not tell. */
interface Loose {
  atMs: number
  track: string
  csrc?: number
  /** All of the call's audio is on this track. */
  sole: boolean
}

/**
 * Who spoke when, by the best evidence there is: the contributing source of received audio, else whose track it is, else
 * whose meter moves. An interval without evidence of a name has none; it is revised when better evidence comes.
 */
export class SpeakerTimeline {
  readonly #isPerson: (participantId: string) => boolean
  readonly #turns: Turns
  readonly #meters = new MeterRuns()
  readonly #slots = new SlotOwners()
  readonly #tracks = new Map<string, Track>()
  readonly #trackIds = new Map<string, string>()
  readonly #owners = new Map<string, string>()
  readonly #sources = new Map<number, string>()
  #loose: Loose[] = []
  #epoch = -1
  /** End of the last frame. */
  #heardAt = 0

  constructor({ nameOf, isPerson, onChange }: TimelineOptions) {
    this.#isPerson = isPerson
    this.#turns = new Turns({ nameOf, onChange })
  }

  /** All intervals in order of their start, those that still go on up to the last moment heard; what meters tell later of it is not waited for. */
  intervals(): readonly SpeakingInterval[] {
    this.#resolve(Number.POSITIVE_INFINITY)
    return this.#turns.intervals()
  }

  /** Whoever speaks now, the one who started last first. */
  get speaking(): readonly string[] {
    const known = this.heard
    if (this.#loose.length === 0) return known
    // What meters say is not settled yet, but a picture cannot wait for it.
    const shown = [...this.#meters.at(this.#heardAt).keys()].filter((id) => this.#isPerson(id) && !known.includes(id))
    return [...shown, ...known]
  }

  /** Everybody who has been heard just now by name, the one who started last first. */
  get heard(): readonly string[] {
    return this.#turns.speaking(this.#heardAt)
  }

  /** Everybody the platform shows as speaking, whether or not they are heard. */
  get shown(): readonly string[] {
    return [...this.#meters.at(this.#heardAt).keys()].filter((id) => this.#isPerson(id))
  }

  /** Another page: what the last one showed is over, and its sources are no longer those of the same people. */
  reload(): void {
    this.#resolve(Number.POSITIVE_INFINITY)
    this.#turns.reload()
    this.#meters.clear()
    this.#sources.clear()
  }

  track({ epoch, track, id, kind, live }: TrackInfo): void {
    if (kind !== 'audio') return
    const key = `${epoch} ${track}`
    if (live) this.#trackIds.set(key, id)
    else {
      this.#owners.delete(this.#trackIds.get(key) ?? '')
      this.#trackIds.delete(key)
      this.#tracks.delete(key)
    }
  }

  observe(seen: Observation): void {
    // An answer lags: what the channel said of a source since is newer.
    const stale = seen.type === 'source' && seen.via === 'answer' && this.#sources.has(seen.csrc)
    if (seen.type === 'source' && !stale && this.#sources.get(seen.csrc) !== seen.participantId) {
      this.#sources.set(seen.csrc, seen.participantId)
      if (this.#isPerson(seen.participantId)) this.#turns.revise(seen.csrc, seen.participantId)
    }
    if (seen.type === 'track' && seen.kind === 'audio') {
      if (seen.participantId === undefined) this.#owners.delete(seen.trackId)
      else this.#owners.set(seen.trackId, seen.participantId)
    }
    if (seen.type === 'speaking') this.#meters.observe(seen)
    if (seen.type === 'participant' && !seen.present) this.#meters.left(seen.id, seen.atMs)
  }

  frame(frame: PageFrame): void {
    if (frame.epoch !== this.#epoch) this.#load(frame.epoch)
    this.#heardAt = frame.atMs + frame.mix.length / 48
    for (const track of frame.tracks) this.#hear(track, frame)
    this.#resolve(this.#heardAt - SETTLE_MS)
    this.#turns.settle(this.#loose[0]?.atMs ?? this.#heardAt)
  }

  /** The call is over: whoever still speaks has spoken until now. */
  close(): void {
    this.#resolve(Number.POSITIVE_INFINITY)
    this.#turns.close()
  }

  #hear({ track, pcm, sources }: TrackAudio, { epoch, sampleRate, atMs, tracks }: PageFrame): void {
    const key = `${epoch} ${track}`
    const known = this.#tracks.get(key) ?? { gate: new VoiceGate(), csrcAt: 0 }
    this.#tracks.set(key, known)
    const [source] = sources
    if (source !== undefined) {
      // Another person's room is another room.
      if (known.csrc !== undefined && known.csrc !== source) known.gate = new VoiceGate()
      known.csrc = source
      known.csrcAt = atMs
    }
    const csrc = atMs - known.csrcAt <= SOURCE_HOLDS_MS ? known.csrc : undefined
    const voice = this.#certain(key, csrc)
    for (const at of known.gate.push(pcm, sampleRate, atMs)) {
      if (voice !== undefined) this.#turns.voice(voice, at, STEP_MS)
      else this.#loose.push({ atMs: at, track: key, sole: tracks.length === 1, ...(csrc === undefined ? {} : { csrc }) })
    }
  }

  /** Whose voice a track carries, where the audio itself or the platform tells. */
  #certain(track: string, csrc: number | undefined): Voice | undefined {
    if (csrc !== undefined) {
      const participantId = this.#sources.get(csrc)
      if (participantId === undefined) return undefined
      return this.#isPerson(participantId) ? { participantId, source: 'csrc', csrc } : { source: 'csrc', csrc }
    }
    const owner = this.#owners.get(this.#trackIds.get(track) ?? '')
    return owner === undefined ? undefined : { participantId: owner, source: 'track' }
  }

  /** Gives the moments up to `until` to those who were shown as speaking then. */
  #resolve(until: number): void {
    let from = 0
    this.#loose.sort((a, b) => a.atMs - b.atMs)
    while (from < this.#loose.length && (this.#loose[from]?.atMs ?? 0) <= until) {
      const atMs = this.#loose[from]?.atMs ?? 0
      let to = from
      while (to < this.#loose.length && (this.#loose[to]?.atMs ?? 0) < atMs + STEP_MS / 2) to++
      this.#moment(this.#loose.slice(from, to), atMs)
      from = to
    }
    this.#loose.splice(0, from)
    this.#meters.forget((this.#loose[0]?.atMs ?? this.#heardAt) - SETTLE_MS)
  }

  #moment(all: readonly Loose[], atMs: number): void {
    const loose = all.filter(({ track, csrc }) => {
      // It may be known by now.
      const voice = csrc === undefined ? undefined : this.#certain(track, csrc)
      if (voice !== undefined) this.#turns.voice(voice, atMs, STEP_MS)
      return voice === undefined
    })
    const [only] = loose
    const sole = only?.sole === true
    const shown = sole ? this.#meters.exactlyAt(atMs) : this.#meters.at(atMs)
    for (const id of shown.keys()) if (!this.#isPerson(id) || this.#turns.certain(id, atMs)) shown.delete(id)
    if (sole && shown.size > 0) {
      for (const [participantId, source] of shown) this.#turns.voice({ participantId, source }, atMs, STEP_MS)
      return
    }
    const found = this.#slots.assign(
      loose.map(({ track }) => track),
      new Set(shown.keys()),
      atMs,
    )
    for (const { track, csrc } of loose) {
      const participantId = found.get(track)
      // A voice that goes on while its meter rests is known by that meter all the same.
      const unknown = csrc === undefined ? 'track' : 'csrc'
      const source = participantId === undefined ? unknown : (shown.get(participantId) ?? 'meter')
      const voice = { source, ...(participantId === undefined ? {} : { participantId }), ...(csrc === undefined ? {} : { csrc }) }
      this.#turns.voice(voice, atMs, STEP_MS)
    }
  }

  /** Another page load: its tracks are others, and its meters start anew. */
  #load(epoch: number): void {
    this.#epoch = epoch
    this.#resolve(Number.POSITIVE_INFINITY)
    for (const key of [...this.#tracks.keys(), ...this.#trackIds.keys()]) {
      if (key.startsWith(`${epoch} `)) continue
      this.#tracks.delete(key)
      this.#trackIds.delete(key)
    }
    this.#slots.clear()
  }
}
