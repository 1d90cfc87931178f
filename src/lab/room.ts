import { randomInt } from 'node:crypto'
import type { Wire } from './collections.ts'
import { type Actor, Crowd } from './crowd.ts'
import { FPS, nameOfVoice, type Voice } from './encoded.ts'
import { AUDIO_SLOTS } from './forwarder.ts'
import { command, type HostVerb } from './hosting.ts'
import { MediaLibrary, type Picture } from './library.ts'
import { isSeen, type Person, type PersonPatch, type RoomPlan } from './people.ts'
import { seeded } from './random.ts'
import type { Network } from './shaper.ts'
import { Conversation, lengthOf, type Utterance } from './speech.ts'
import { Talk } from './talk.ts'
import { Telling } from './telling.ts'
import { Truth } from './truth.ts'
import { Visitor, type VisitorLink } from './visitor.ts'

const AUDIO_MS = 20
const MEASURE_MS = 1_000
const KEEP_ALIVE_MS = 5_000
const CHAT_KEPT = 500

const letters = (count: number) => Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('')

/** One line of the meeting's chat. */
export interface ChatEntry {
  atMs: number
  from: string
  text: string
}

/** One meeting: people who talk and show themselves, visitors who look in, and the truth about both. */
export class Room {
  readonly id: string
  readonly plan: RoomPlan
  readonly truth = new Truth()
  readonly seed: number
  readonly random: () => number
  readonly space: string
  readonly wire: Wire
  readonly crowd: Crowd
  readonly talk: Talk
  readonly visitors = new Map<string, Visitor>()
  readonly chat: ChatEntry[] = []
  /** Called when nobody can come here any more. */
  onClose: () => void = () => {}
  hostStarted: boolean
  ended = false
  /** Whether the host was there from the beginning. */
  readonly #hostThere: boolean
  readonly #library: MediaLibrary
  readonly #telling: Telling
  #timer: NodeJS.Timeout | undefined
  #conversation: Conversation
  #queued: Utterance[] = []
  #ticks = 0
  #pictures = 0
  #aliveAt = 0
  #measuredAt = 0
  #messages = 0
  #closed = false

  constructor(plan: RoomPlan, library = new MediaLibrary()) {
    this.plan = plan
    this.#library = library
    this.seed = plan.seed ?? randomInt(1_000_000)
    this.random = seeded(this.seed)
    this.#hostThere = plan.hostStarted && !plan.traps.includes('host-absent')
    this.hostStarted = this.#hostThere
    this.id = `${letters(3)}-${letters(4)}-${letters(3)}`
    this.space = letters(10)
    this.wire = {
      streamIdText: plan.traps.includes('stream-id-text'),
      packing: plan.traps.includes('collections-deflate') ? 'deflate' : 'gzip',
    }
    this.crowd = new Crowd({
      truth: this.truth,
      library,
      space: this.space,
      random: this.random,
      onChange: (actor) => this.#changed(actor),
    })
    this.talk = new Talk({
      truth: this.truth,
      // The newer arm has one audio path.
      slots: plan.traps.includes('neteq') ? 1 : AUDIO_SLOTS,
      seed: this.seed,
      refreshes: plan.traps.includes('slot-refresh'),
      voice: (id) => {
        const actor = this.crowd.byId(id)
        return actor === undefined || !actor.present || actor.muted ? undefined : actor
      },
    })
    this.#conversation = new Conversation(plan.speech, this.truth.now())
    this.#telling = new Telling(this)
  }

  get url(): string {
    return `https://meet.google.com/${this.id}`
  }

  /** The people of the room, gone ones too. */
  get actors(): readonly Actor[] {
    return this.crowd.actors
  }

  /** Encodes what the people say and show, then lets the meeting run. */
  async open(): Promise<void> {
    for (const person of this.plan.people) await this.crowd.add(person, 0)
    if (typeof this.plan.speech !== 'string') {
      for (const { name, atMs, voice, hz, ms } of this.plan.speech)
        await this.say(name, { voice: voice ?? (hz === undefined ? undefined : { hz }), ms }, atMs)
    }
    this.#conversation = new Conversation(this.plan.speech, this.truth.now() + 500)
    this.#ticks = Math.floor(this.truth.now() / AUDIO_MS)
    this.#pictures = Math.floor((this.truth.now() * FPS) / 1_000)
    if (!this.#closed) this.#timer = setInterval(() => this.#run(), 10) // it may have been closed while it was encoding
  }

  addPerson(person: Person): Promise<Actor> {
    return this.crowd.add(person)
  }

  patchPerson(actor: Actor, patch: PersonPatch): Promise<void> {
    return this.crowd.patch(actor, patch)
  }

  setPresent(actor: Actor, present: boolean): void {
    this.crowd.setPresent(actor, present)
  }

  /** Says one thing (for `ms` at most; a tone without it sounds for 2 s), at once or at a time of the room's clock; nothing if there is no such person or voice, or the meeting is over. */
  async say(
    name: string,
    { voice, ms }: { voice?: Voice | undefined; ms?: number | undefined },
    atMs?: number,
  ): Promise<{ startsAtMs: number; endsAtMs: number } | undefined> {
    const actor = this.crowd.find(name)
    const sound = voice ?? actor?.voice
    if (actor === undefined || sound === undefined) return undefined
    const source = await this.#library.voice(sound, ms)
    if (this.ended) return undefined
    const startMs = atMs ?? this.truth.now() + AUDIO_MS
    this.#queued.push({ personId: actor.id, voice: nameOfVoice(sound), source, startMs })
    return { startsAtMs: startMs, endsAtMs: startMs + lengthOf(source) }
  }

  visit(link: VisitorLink): Visitor {
    const visitor = new Visitor(`v${this.visitors.size + 1}`, this, link)
    this.visitors.set(visitor.id, visitor)
    // The page may have been loaded before the host came.
    if (this.hostStarted && !this.#hostThere) visitor.hostStarted()
    return visitor
  }

  /** Somebody is sent to another host before they see a page of the meeting. */
  turnAway(state: 'sign_in' | 'blocked'): void {
    const visitor = this.visit({ send: () => {}, close: () => {} })
    void visitor.hear({ type: 'state', state }).then(() => visitor.gone())
  }

  /** A host's word to every visitor it applies to, or to one; who that was. */
  command(verb: HostVerb, visitor?: string): string[] {
    return command(this, verb, visitor)
  }

  /** The verbs of the control API, each to every visitor it applies to, or to one; who that was. */
  readonly admit = (visitor?: string): string[] => this.command('admit', visitor)
  readonly deny = (visitor?: string): string[] => this.command('deny', visitor)
  /** The knock is never answered: it times out now. */
  readonly ignore = (visitor?: string): string[] => this.command('ignore', visitor)
  readonly remove = (visitor?: string): string[] => this.command('remove', visitor)
  readonly moveToLobby = (visitor?: string): string[] => this.command('move-to-lobby', visitor)
  readonly mute = (visitor?: string): string[] => this.command('mute', visitor)

  /** Ends the meeting for everybody: nobody says anything any more, and the room rests once the last page has gone. */
  end(): void {
    if (this.ended) return
    this.ended = true
    this.truth.add('ended')
    this.#queued = []
    this.talk.silence()
    for (const visitor of this.visitors.values()) visitor.tell({ type: 'end' })
  }

  /** The host comes; who knocks can be let in from now on. */
  startHost(): void {
    if (this.hostStarted) return
    this.hostStarted = true
    this.truth.add('host-started')
    for (const visitor of this.visitors.values()) visitor.hostStarted()
  }

  /** A dialog on the pages in the call, which say when it is shown; who that was. */
  popup(kind: string): string[] {
    return this.#each(
      ({ inCall }) => inCall,
      (visitor) => visitor.tell({ type: 'popup', kind }),
    )
  }

  /** How the network of everybody in the call behaves from now on. */
  network(network: Network): string[] {
    return this.#each(
      ({ inCall }) => inCall,
      (visitor) => visitor.network(network),
    )
  }

  /** A chat message to everybody in the call. */
  chatFrom(from: { id: string; name: string; visitor?: string }, text: string): void {
    const { atMs } = this.truth.add('chat', {
      from: from.name,
      id: from.id,
      text,
      ...(from.visitor === undefined ? {} : { visitor: from.visitor }),
    })
    this.chat.push({ atMs, from: from.name, text })
    if (this.chat.length > CHAT_KEPT) this.chat.shift()
    const sentAt = Date.now()
    const id = String(sentAt * 1_000 + (this.#messages++ % 1_000)).padStart(16, '0')
    for (const visitor of this.visitors.values()) visitor.chat({ id, from: from.name, fromId: from.id, text, self: false }, sentAt)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.onClose()
    this.truth.close()
    await Promise.all([...this.visitors.values()].map((visitor) => visitor.close()))
  }

  /** Everything everybody in the call must be told of the people. */
  refresh(): void {
    for (const visitor of this.visitors.values()) visitor.refresh()
  }

  /** What a tile's device shows, if it shows anything. */
  pictureOf(id: string): Picture | undefined {
    const actor = this.crowd.actors.find((one) => one.present && (one.id === id || one.screenId === id))
    if (actor === undefined) return undefined
    if (actor.screenId === id) return actor.screen
    return isSeen(actor.camera) ? actor.face : undefined
  }

  nameOf(id: string): string | undefined {
    return this.crowd.actors.find((one) => one.id === id || one.screenId === id)?.name
  }

  #changed(actor: Actor): void {
    if (!actor.present || actor.muted) this.talk.stop(actor.id)
    if (!actor.present) this.talk.leave(actor.id)
    this.refresh()
  }

  #each(applies: (visitor: Visitor) => boolean, work: (visitor: Visitor) => void): string[] {
    const chosen = [...this.visitors.values()].filter(applies)
    for (const visitor of chosen) work(visitor)
    return chosen.map(({ id }) => id)
  }

  /** Catches up with the clock: timers are late, packets must not drift. */
  #run(): void {
    const now = this.truth.now()
    if (this.ended) {
      if (![...this.visitors.values()].some(({ connected }) => connected)) clearInterval(this.#timer)
    } else this.#meet(now)
    this.#telling.run(now)
    if (now - this.#measuredAt < MEASURE_MS) return
    this.#measuredAt = now
    for (const visitor of this.visitors.values()) visitor.meter.measure()
    if (now - this.#aliveAt < KEEP_ALIVE_MS || !this.plan.traps.includes('neteq')) return
    this.#aliveAt = now
    for (const visitor of this.visitors.values()) visitor.keepAlive(Math.floor(now / KEEP_ALIVE_MS))
  }

  /** What the people do up to now, and what of it everybody is sent. */
  #meet(now: number): void {
    this.crowd.comeAndGo(now)
    // First what is already being said, up to now: a new voice must not be sent with times from before it began.
    for (; this.#ticks * AUDIO_MS <= now; this.#ticks++) {
      const packets = this.talk.tick(this.#ticks)
      for (const visitor of this.visitors.values()) visitor.audio(packets, this.#ticks)
    }
    const due = this.#queued.filter(({ startMs }) => startMs <= now)
    if (due.length > 0) this.#queued = this.#queued.filter((utterance) => !due.includes(utterance))
    for (const utterance of [...due, ...this.#conversation.due(now, this.crowd.speakers())]) this.talk.start(utterance)
    for (; (this.#pictures * 1_000) / FPS <= now; this.#pictures++) {
      for (const visitor of this.visitors.values()) visitor.pictures(this.#pictures)
    }
  }
}
