import { nameOfVoice } from './encoded.ts'
import type { MediaLibrary, Picture } from './library.ts'
import { colourOf, faceOf, isSeen, type Person, type PersonPatch } from './people.ts'
import type { Speaker } from './speech.ts'
import type { Truth } from './truth.ts'

/** A person the lab plays. */
export interface Actor extends Person {
  id: string
  csrc: number
  present: boolean
  muted: boolean
  /** The device of the shared screen: another one at every share. */
  screenId: string | undefined
  /** What their coming and going is counted from, on the room's clock. */
  countsFromMs: number
  /** When they left, on the room's clock. */
  leftAtMs: number | undefined
  speaker?: Speaker
  face?: Picture
  screen?: Picture
}

interface CrowdOptions {
  truth: Truth
  library: MediaLibrary
  space: string
  random(): number
  onChange(actor: Actor): void
}

const DEVICES_FROM = 100
const ENDED = 50

/** What others see of somebody with that camera. */
const shownBy = (camera: Person['camera']) => (isSeen(camera) ? (camera === 'blue' ? 'blue' : 'face') : 'nothing')

/** The people of a room: who comes and goes, and what they have switched on. */
export class Crowd {
  readonly #options: CrowdOptions
  readonly actors: Actor[] = []
  /** Devices that are gone for good: ended shares, and what somebody was before they came back. */
  readonly ended: { id: string; name: string; parent?: string }[] = []
  /** Patches under way. */
  readonly #patching = new WeakMap<Actor, Promise<void>>()
  #devices = DEVICES_FROM

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  byId(id: string): Actor | undefined {
    return this.actors.find((actor) => actor.id === id)
  }

  /** By id, or by name: the first one there. */
  find(nameOrId: string): Actor | undefined {
    const named = this.actors.filter(({ id, name }) => id === nameOrId || name === nameOrId)
    return named.find(({ present }) => present) ?? named.at(0)
  }

  /** `joinAfterMs` and `leaveAfterMs` count from `fromMs` on the room's clock; absent = from when they are ready, which is now. */
  async add(person: Person, fromMs?: number): Promise<Actor> {
    const { library, random, truth } = this.#options
    const place = this.actors.length
    const actor: Actor = {
      ...person,
      id: this.#device(),
      csrc: 100_000 + place * 1_009 + Math.floor(random() * 1_000),
      present: false,
      muted: false,
      screenId: undefined,
      countsFromMs: fromMs ?? Number.POSITIVE_INFINITY,
      leftAtMs: undefined,
    }
    this.actors.push(actor)
    if (person.voice !== undefined) {
      const { voice } = person
      actor.speaker = {
        personId: actor.id,
        voice: nameOfVoice(voice),
        source: await library.voice(voice),
      }
    }
    await this.#prepare(actor, place)
    actor.countsFromMs = fromMs ?? truth.now()
    if ((person.joinAfterMs ?? 0) === 0) this.setPresent(actor, true)
    return actor
  }

  /** Who comes back comes as another device. */
  setPresent(actor: Actor, present: boolean): void {
    if (!present) delete actor.joinAfterMs // who was still to come does not
    if (actor.present === present) return
    if (present && actor.leftAtMs !== undefined) {
      this.#end({ id: actor.id, name: actor.name })
      actor.id = this.#device()
      if (actor.speaker !== undefined) actor.speaker = { ...actor.speaker, personId: actor.id }
      actor.leftAtMs = undefined
    }
    actor.present = present
    if (!present) {
      actor.leftAtMs = this.#options.truth.now()
      this.#share(actor, false)
    }
    this.#said(actor, present ? 'joined' : 'left')
    if (present && actor.sharing === true) this.#share(actor, true)
  }

  /** What a person changes about themselves; one change after the other, or one whose picture takes long to encode would undo a later one. */
  patch(actor: Actor, change: PersonPatch): Promise<void> {
    const earlier = this.#patching.get(actor)
    const done = earlier === undefined ? this.#apply(actor, change) : earlier.then(() => this.#apply(actor, change))
    const settled: Promise<void> = done
      .catch(() => {}) // told to who asked for it
      .then(() => void (this.#patching.get(actor) === settled && this.#patching.delete(actor)))
    this.#patching.set(actor, settled)
    return done
  }

  async #apply(actor: Actor, { name, muted, camera, sharing }: PersonPatch): Promise<void> {
    const { library } = this.#options
    if (camera !== undefined) {
      if (isSeen(camera)) actor.face = await library.face(faceOf(camera, this.actors.indexOf(actor)))
      const changed = shownBy(actor.camera) !== shownBy(camera)
      actor.camera = camera
      if (changed) this.#said(actor, 'camera', { on: isSeen(camera) })
    }
    if (name !== undefined && name !== actor.name) {
      const before = actor.name
      actor.name = name
      this.#said(actor, 'renamed', { before })
    }
    if (muted !== undefined && muted !== actor.muted) {
      actor.muted = muted
      this.#said(actor, muted ? 'muted' : 'unmuted', { on: muted })
    }
    if (sharing !== undefined && sharing !== (actor.screenId !== undefined)) {
      await this.#prepareScreen(actor)
      if (actor.present) this.#share(actor, sharing)
    }
  }

  comeAndGo(now: number): void {
    for (const actor of this.actors) {
      const { joinAfterMs = 0, leaveAfterMs, countsFromMs } = actor
      if (leaveAfterMs !== undefined && now >= countsFromMs + leaveAfterMs) {
        delete actor.leaveAfterMs
        delete actor.joinAfterMs
        this.setPresent(actor, false)
      } else if (joinAfterMs > 0 && now >= countsFromMs + joinAfterMs) {
        delete actor.joinAfterMs
        this.setPresent(actor, true)
      }
    }
  }

  /** Who could talk now. */
  speakers(): Speaker[] {
    return this.actors.flatMap(({ present, muted, speaker }) => (present && !muted && speaker !== undefined ? [speaker] : []))
  }

  async #prepare(actor: Actor, place: number): Promise<void> {
    if (isSeen(actor.camera)) actor.face = await this.#options.library.face(faceOf(actor.camera, place))
    if (actor.sharing === true) await this.#prepareScreen(actor)
  }

  async #prepareScreen(actor: Actor): Promise<void> {
    actor.screen ??= await this.#options.library.screen(colourOf(this.actors.indexOf(actor)))
  }

  #share(actor: Actor, on: boolean): void {
    if ((actor.screenId !== undefined) === on) return
    const screenId = actor.screenId ?? this.#device()
    actor.screenId = on ? screenId : undefined
    actor.sharing = on
    if (!on) this.#end({ id: screenId, parent: actor.id, name: actor.name })
    this.#said(actor, 'share', { on, screenId })
  }

  #end(device: Crowd['ended'][number]): void {
    this.ended.push(device)
    if (this.ended.length > ENDED) this.ended.shift()
  }

  #device(): string {
    return `spaces/${this.#options.space}/devices/${this.#devices++}`
  }

  #said(actor: Actor, change: string, more: Record<string, unknown> = {}): void {
    this.#options.truth.add('person', { change, name: actor.name, id: actor.id, ...more })
    this.#options.onChange(actor)
  }
}
