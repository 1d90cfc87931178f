import { AudioSlots } from './audio-slots.ts'
import { stepOf } from './levels.ts'
import type { Utterance } from './speech.ts'
import type { Truth } from './truth.ts'

/** One 20 ms packet as every visitor is sent it. */
export interface Packet {
  slot: number
  payload: Uint8Array
  csrc: number
  /** Decibels below full scale. */
  level: number
  marker: boolean
}

interface Voice {
  id: string
  name: string
  csrc: number
}

interface Speaking extends Utterance {
  /** Who it was heard from: whoever is muted or leaves in the middle has no voice any more when the end is logged. */
  name: string
  csrc: number
  frame: number
  /** Absent = cut: more people speak than there are slots. */
  slot: number | undefined
  began: boolean
}

/** An Opus packet of 20 ms of silence (RFC 6716, 2.1.9: what a sender in DTX refreshes with). */
const SILENCE = Uint8Array.from([0xf8, 0xff, 0xfe])
const SILENT = 127
/** A silent holder's slot is refreshed every 400 ms, as Opus DTX does. */
const REFRESH_TICKS = 20

/** Who speaks now, on which slot. The truth says what could be heard: a cut voice is logged as ended. */
export class Talk {
  readonly #truth: Truth
  readonly #slots: AudioSlots
  readonly #voice: (id: string) => Voice | undefined
  readonly #refreshes: boolean
  #speaking: Speaking[] = []
  /** Who spoke last; stays when the room falls silent. */
  dominant: string | null = null

  constructor(options: { truth: Truth; slots: number; seed: number; refreshes: boolean; voice: (id: string) => Voice | undefined }) {
    this.#truth = options.truth
    this.#slots = new AudioSlots(options.slots, options.seed)
    this.#voice = options.voice
    this.#refreshes = options.refreshes
  }

  get speaking(): readonly Readonly<Speaking>[] {
    return this.#speaking
  }

  /** Begins an utterance; what the same person was saying ends. */
  start(utterance: Utterance): void {
    for (const own of this.#speaking.filter(({ personId }) => personId === utterance.personId)) this.stop(own.personId)
    const voice = this.#voice(utterance.personId)
    if (voice === undefined) return
    const speaking = { ...utterance, name: voice.name, csrc: voice.csrc, frame: 0, slot: undefined, began: false }
    this.#speaking.push(speaking)
    this.#take(speaking)
  }

  /** Ends what somebody says. */
  stop(personId: string): void {
    const ended = this.#speaking.filter((one) => one.personId === personId)
    this.#speaking = this.#speaking.filter((one) => one.personId !== personId)
    for (const one of ended) this.#end(one)
    this.#resume()
  }

  /** Ends what everybody says. */
  silence(): void {
    for (const one of this.#speaking.splice(0)) this.#end(one)
  }

  leave(personId: string): void {
    this.stop(personId)
    this.#slots.leave(personId)
  }

  /** The packets of one 20 ms step. */
  tick(tick: number): Packet[] {
    const packets: Packet[] = []
    for (const speaking of [...this.#speaking]) {
      const payload = speaking.source.frames[speaking.frame]
      const voice = this.#voice(speaking.personId)
      if (payload === undefined || voice === undefined) {
        this.stop(speaking.personId)
        continue
      }
      const level = speaking.source.levels[speaking.frame] ?? SILENT
      if (speaking.slot !== undefined) packets.push({ slot: speaking.slot, payload, csrc: voice.csrc, level, marker: !speaking.began })
      speaking.began = true
      speaking.frame++
    }
    if (this.#refreshes && tick % REFRESH_TICKS === 0) {
      for (const { slot, person } of this.#slots.resting()) {
        const csrc = this.#voice(person)?.csrc
        if (csrc !== undefined) packets.push({ slot, payload: SILENCE, csrc, level: SILENT, marker: false })
      }
    }
    return packets
  }

  /** Steps of the meters now, from the loudness of what is being sent. */
  levels(): Record<string, number> {
    return Object.fromEntries(
      this.#speaking.flatMap(({ personId, slot, frame, source }) =>
        slot === undefined ? [] : [[personId, stepOf(source.levels[Math.max(0, frame - 1)] ?? SILENT)]],
      ),
    )
  }

  #take(speaking: Speaking): void {
    const { slot, cut } = this.#slots.take(speaking.personId, this.#truth.now())
    for (const loser of this.#speaking.filter(({ personId }) => personId === cut)) this.#end(loser)
    const { name, csrc } = this.#voice(speaking.personId) ?? speaking
    Object.assign(speaking, { name, csrc })
    speaking.slot = slot
    speaking.began = false
    this.dominant = speaking.personId
    this.#log(speaking, true)
  }

  #end(speaking: Speaking): void {
    if (speaking.slot === undefined) return
    this.#slots.rest(speaking.personId, this.#truth.now())
    this.#log(speaking, false)
    speaking.slot = undefined
  }

  /** A slot is free again: who was cut is heard from here on. */
  #resume(): void {
    const waiting = this.#speaking.find(({ slot }) => slot === undefined)
    if (waiting !== undefined && this.#slots.hasRoom) this.#take(waiting)
  }

  #log({ personId, name, csrc, slot, voice }: Speaking, on: boolean): void {
    this.#truth.add('speaking', { name, id: personId, on, slot, csrc, voice })
  }
}
