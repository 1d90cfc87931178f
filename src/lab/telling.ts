import { Captions } from './captions.ts'
import type { Actor } from './crowd.ts'
import { seeded } from './random.ts'
import type { Trap } from './skins/meet/traps.ts'
import type { Talk } from './talk.ts'
import type { Visitor } from './visitor.ts'

/** Meters move several times a second, and at once when a voice begins. */
const LEVELS_MS = 60
const CAPTIONS_MS = 300
const AUDIO_MS = 20

/** Where everybody is silent and nobody has spoken yet there is nothing to tell. */
const SILENCE = JSON.stringify({ type: 'levels', levels: {}, dominant: null })

/** What a visitor was told last, on the connection they have. */
interface Last {
  connection: number
  levels: string
  speakers: string
}

interface Told {
  readonly talk: Talk
  readonly crowd: { readonly actors: readonly Pick<Actor, 'id' | 'csrc' | 'present'>[] }
  readonly visitors: ReadonlyMap<string, Visitor>
  readonly plan: { readonly traps: readonly Trap[] }
  readonly seed: number
  nameOf(id: string): string | undefined
}

/** Tells the pages, now and then, what follows from who speaks: meters, the newer arm's channel, captions. */
export class Telling {
  readonly #room: Told
  readonly #captions: Captions
  #levelsAt = 0
  readonly #told = new WeakMap<Visitor, Last>()
  #captionsAt = 0

  constructor(room: Told) {
    this.#room = room
    this.#captions = new Captions({ random: seeded(room.seed), restarts: room.plan.traps.includes('captions-restart') })
  }

  run(now: number): void {
    if (now - this.#levelsAt >= LEVELS_MS) this.#tellLevels(now)
    if (now - this.#captionsAt >= CAPTIONS_MS) this.#tellCaptions(now)
  }

  /** The newer arm says who speaks on a channel of its own. */
  #tellSpeakers(): void {
    const { talk, plan, crowd } = this.#room
    if (!plan.traps.includes('neteq')) return
    const speaking = new Set(talk.speaking.flatMap(({ personId, slot }) => (slot === undefined ? [] : [personId])))
    const rows = crowd.actors.filter(({ present }) => present).map(({ id, csrc }) => ({ id, number: csrc, speaking: speaking.has(id) }))
    this.#tell('speakers', JSON.stringify(rows), (visitor) => visitor.speakers(rows))
  }

  /** Tells everybody in the call whose last word was another one: who has just come has had none. */
  #tell(what: 'levels' | 'speakers', said: string, tell: (visitor: Visitor) => void): void {
    for (const visitor of this.#room.visitors.values()) {
      if (!visitor.inCall) continue
      const last = this.#lastOf(visitor)
      if (last[what] === said) continue
      last[what] = said
      tell(visitor)
    }
  }

  #lastOf(visitor: Visitor): Last {
    const { connection } = visitor
    const known = this.#told.get(visitor)
    if (known?.connection === connection) return known
    const last = { connection, levels: SILENCE, speakers: '' }
    this.#told.set(visitor, last)
    return last
  }

  #tellLevels(now: number): void {
    const { talk, visitors } = this.#room
    this.#levelsAt = now
    this.#tellSpeakers()
    for (const visitor of visitors.values()) visitor.ownLevel()
    const message = { type: 'levels', levels: talk.levels(), dominant: talk.dominant } as const
    this.#tell('levels', JSON.stringify(message), (visitor) => visitor.tell(message))
  }

  #tellCaptions(now: number): void {
    this.#captionsAt = now
    const heard = this.#room.talk.speaking.map(({ personId, voice, frame }) => ({
      personId,
      name: this.#room.nameOf(personId) ?? '',
      voice,
      atMs: frame * AUDIO_MS,
    }))
    for (const caption of this.#captions.update(heard)) for (const visitor of this.#room.visitors.values()) visitor.caption(caption)
  }
}
