import { randomInt } from 'node:crypto'
import { collectionsMessage } from './collections.ts'
import { type Encoded, encodeFace, encodeVoice, FPS, type Voice } from './encoded.ts'
import { AUDIO_SLOTS, VIDEO_SLOTS } from './forwarder.ts'
import { colourOf, type Person, type RoomPlan } from './people.ts'
import { Conversation, lengthOf, type Utterance } from './speech.ts'
import { Truth } from './truth.ts'
import { Visitor, type VisitorLink } from './visitor.ts'

const AUDIO_MS = 20
const LEVELS_MS = 100

/** A person the lab plays. */
export interface Actor extends Person {
  id: string
  csrc: number
  present: boolean
  source?: Encoded
  faces?: { large: Encoded; small: Encoded }
}

interface Speaking extends Utterance {
  slot: number
  frame: number
}

const letters = (count: number) => Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('')

/** One meeting: people who talk and show themselves, visitors who look in, and the truth about both. */
export class Room {
  readonly id: string
  readonly plan: RoomPlan
  readonly truth = new Truth()
  readonly seed: number
  readonly actors: Actor[] = []
  readonly visitors = new Map<string, Visitor>()
  readonly space = letters(10)
  #timer: NodeJS.Timeout | undefined
  #conversation: Conversation
  #queued: Utterance[] = []
  #speaking: Speaking[] = []
  #ticks = 0
  #pictures = 0
  #levelsAt = 0
  #dominant: string | null = null
  #ended = false

  constructor(plan: RoomPlan) {
    this.plan = plan
    this.seed = plan.seed ?? randomInt(1_000_000)
    this.id = `${letters(3)}-${letters(4)}-${letters(3)}`
    this.#conversation = new Conversation(plan.speech, this.truth.now())
  }

  get url(): string {
    return `https://meet.google.com/${this.id}`
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Encodes what the people say and show, then lets the meeting run. */
  async open(): Promise<void> {
    for (const person of this.plan.people) await this.addPerson(person)
    if (typeof this.plan.speech !== 'string') {
      for (const { name, atMs, voice, hz, ms } of this.plan.speech)
        await this.say(name, { voice: voice ?? (hz === undefined ? undefined : { hz }), ms }, atMs)
    }
    this.#conversation = new Conversation(this.plan.speech, this.truth.now() + 500)
    this.#ticks = Math.floor(this.truth.now() / AUDIO_MS)
    this.#pictures = Math.floor((this.truth.now() * FPS) / 1_000)
    this.#timer = setInterval(() => this.#run(), 10)
  }

  async addPerson(person: Person): Promise<Actor> {
    const place = this.actors.length
    const actor: Actor = {
      ...person,
      id: `spaces/${this.space}/devices/${100 + place}`,
      csrc: 700_000 + place * 17 + randomInt(10),
      present: (person.joinAfterMs ?? 0) === 0,
    }
    if (person.voice !== undefined) actor.source = await encodeVoice(person.voice)
    if (person.camera !== 'off' && person.camera !== false) {
      const colour = colourOf(place, person.camera)
      actor.faces = { large: await encodeFace(colour, 1280, 720), small: await encodeFace(colour, 320, 180) }
    }
    this.actors.push(actor)
    if (actor.present) this.#person(actor, 'joined')
    return actor
  }

  setPresent(actor: Actor, present: boolean): void {
    if (actor.present === present) return
    actor.present = present
    if (!present) for (const speaking of this.#speaking.filter(({ personId }) => personId === actor.id)) this.#stop(speaking)
    this.#person(actor, present ? 'joined' : 'left')
  }

  rename(actor: Actor, name: string): void {
    actor.name = name
    this.#person(actor, 'renamed')
  }

  /** Says one thing, at once or at a time of the room's clock. */
  async say(
    name: string,
    { voice, ms }: { voice?: Voice | undefined; ms?: number | undefined },
    atMs?: number,
  ): Promise<{ startsAtMs: number; endsAtMs: number } | undefined> {
    const actor = this.actors.find((one) => one.name === name)
    const source = voice === undefined ? actor?.source : await encodeVoice(voice, ms)
    if (actor === undefined || source === undefined) return undefined
    const startMs = atMs ?? this.truth.now() + 20
    const said = voice ?? actor.voice
    this.#queued.push({ personId: actor.id, voice: typeof said === 'string' ? said : `${said?.hz}hz`, source, startMs })
    return { startsAtMs: startMs, endsAtMs: startMs + lengthOf(source) }
  }

  visit(link: VisitorLink): Visitor {
    const visitor = new Visitor(`v${this.visitors.size + 1}`, this, link)
    this.visitors.set(visitor.id, visitor)
    return visitor
  }

  end(): void {
    this.#ended = true
    this.truth.add('ended')
    for (const visitor of this.visitors.values()) if (visitor.connected) visitor.tell({ type: 'end' })
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([...this.visitors.values()].map((visitor) => visitor.close()))
  }

  /** Everything a visitor in the call must be told of the people. */
  refresh(visitor: Visitor): void {
    const shown = this.actors.filter(({ present, faces }) => present && faces !== undefined).slice(0, VIDEO_SLOTS)
    shown.forEach((actor, slot) => {
      visitor.forwarder?.show(slot, actor.id === this.#dominant ? actor.faces?.large : actor.faces?.small)
    })
    for (let slot = shown.length; slot < VIDEO_SLOTS; slot++) visitor.forwarder?.show(slot, undefined)
    const people = this.actors
      .filter(({ present }) => present)
      .map(({ id, name, host = false, faces }) => ({
        id,
        name,
        host,
        self: false,
        camera: faces !== undefined,
        muted: false,
      }))
    const slots = shown.flatMap(({ id }, slot) => {
      const line = visitor.forwarder?.line(slot)
      return line === undefined ? [] : [{ id, ...line }]
    })
    visitor.tell({ type: 'slots', slots })
    visitor.tell({ type: 'people', people: [...people, visitor.self] })
    const devices = this.actors.map(({ id, name, host = false, present, csrc }) => ({ id, name, host, present, csrc }))
    visitor.forwarder?.roster(collectionsMessage(devices))
  }

  #person(actor: Actor, change: string): void {
    this.truth.add('person', { change, name: actor.name, id: actor.id })
    for (const visitor of this.visitors.values()) if (visitor.inCall) this.refresh(visitor)
  }

  /** Catches up with the clock: timers are late, packets must not drift. */
  #run(): void {
    const now = this.truth.now()
    this.#comeAndGo(now)
    // First what is already being said, up to now: a new voice must not be sent with times from before it began.
    for (; this.#ticks * AUDIO_MS <= now; this.#ticks++) this.#sound()
    const speakers = this.actors.flatMap(({ present, source, voice, id, name }) =>
      present && source !== undefined ? [{ personId: id, name, source, voice: typeof voice === 'string' ? voice : `${voice?.hz}hz` }] : [],
    )
    const due = this.#queued.filter(({ startMs }) => startMs <= now)
    this.#queued = this.#queued.filter((utterance) => !due.includes(utterance))
    for (const utterance of [...due, ...this.#conversation.due(now, speakers)]) this.#start(utterance)
    for (; (this.#pictures * 1_000) / FPS <= now; this.#pictures++) {
      for (const visitor of this.visitors.values()) if (visitor.inCall) visitor.forwarder?.pictures(this.#pictures)
    }
    if (now - this.#levelsAt >= LEVELS_MS) this.#levels(now)
  }

  #comeAndGo(now: number): void {
    for (const actor of this.actors) {
      const { joinAfterMs = 0, leaveAfterMs } = actor
      if (leaveAfterMs !== undefined && now >= leaveAfterMs) {
        this.setPresent(actor, false)
        delete actor.leaveAfterMs
      } else if (joinAfterMs > 0 && now >= joinAfterMs) {
        this.setPresent(actor, true)
        delete actor.joinAfterMs
      }
    }
  }

  #start(utterance: Utterance): void {
    const taken = new Set(this.#speaking.map(({ slot }) => slot))
    const free = Array.from({ length: AUDIO_SLOTS }, (_, i) => (this.#ticks + i) % AUDIO_SLOTS).find((slot) => !taken.has(slot))
    const actor = this.actors.find(({ id }) => id === utterance.personId)
    if (free === undefined || actor === undefined || !actor.present) return
    this.#speaking.push({ ...utterance, slot: free, frame: 0 })
    this.truth.add('speaking', { name: actor.name, id: actor.id, on: true, slot: free, csrc: actor.csrc, voice: utterance.voice })
    this.#dominant = actor.id
    for (const visitor of this.visitors.values()) if (visitor.inCall) this.refresh(visitor)
  }

  #stop(speaking: Speaking): void {
    this.#speaking = this.#speaking.filter((other) => other !== speaking)
    const actor = this.actors.find(({ id }) => id === speaking.personId)
    this.truth.add('speaking', {
      name: actor?.name,
      id: speaking.personId,
      on: false,
      slot: speaking.slot,
      csrc: actor?.csrc,
      voice: speaking.voice,
    })
  }

  #sound(): void {
    for (const speaking of [...this.#speaking]) {
      const payload = speaking.source.frames[speaking.frame]
      const actor = this.actors.find(({ id }) => id === speaking.personId)
      if (payload === undefined || actor === undefined) {
        this.#stop(speaking)
        continue
      }
      for (const visitor of this.visitors.values()) {
        if (visitor.inCall) visitor.forwarder?.audio(speaking.slot, this.#ticks, payload, actor.csrc, speaking.frame === 0)
      }
      speaking.frame++
    }
  }

  #levels(now: number): void {
    this.#levelsAt = now
    const levels = Object.fromEntries(this.#speaking.map(({ personId, frame }) => [personId, 1 + (frame % 3)]))
    for (const visitor of this.visitors.values()) if (visitor.inCall) visitor.tell({ type: 'levels', levels, dominant: this.#dominant })
  }
}
