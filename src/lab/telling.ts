import { Captions } from './captions.ts'
import { seeded } from './random.ts'
import type { Trap } from './skins/meet/traps.ts'
import type { Talk } from './talk.ts'
import type { Visitor } from './visitor.ts'

/** Meters move several times a second, and at once when a voice begins. */
const LEVELS_MS = 60
const CAPTIONS_MS = 300
const AUDIO_MS = 20

interface Told {
  readonly talk: Talk
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
  #levels = ''
  #speakers = ''
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
    const { talk, plan, visitors } = this.#room
    if (!plan.traps.includes('neteq')) return
    const ids = talk.speaking.filter(({ slot }) => slot !== undefined).map(({ personId }) => personId)
    if (ids.join() === this.#speakers) return
    this.#speakers = ids.join()
    for (const visitor of visitors.values()) visitor.speakers(new Set(ids))
  }

  #tellLevels(now: number): void {
    const { talk, visitors } = this.#room
    this.#levelsAt = now
    this.#tellSpeakers()
    for (const visitor of visitors.values()) visitor.ownLevel()
    const message = { type: 'levels', levels: talk.levels(), dominant: talk.dominant } as const
    const said = JSON.stringify(message)
    if (said === this.#levels) return
    this.#levels = said
    for (const visitor of visitors.values()) if (visitor.inCall) visitor.tell(message)
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
