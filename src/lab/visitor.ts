import type { RtpPacket } from 'werift'
import { type ChatLine, captionMessage, dcrpcKeepAlive, dcrpcMessage } from './collections.ts'
import { CollectionsFeed } from './collections-feed.ts'
import { Downlink } from './downlink.ts'
import { Knock } from './knock.ts'
import type { CaptionView, ChatView, FromPage, FromServer, VisitorState } from './protocol.ts'
import type { Room } from './room.ts'
import { devicesFor, peopleFor } from './roster.ts'
import { type Network, Shaper } from './shaper.ts'
import type { Packet } from './talk.ts'
import { UplinkMeter } from './uplink.ts'

/** The wire to a visitor's page. */
export interface VisitorLink {
  send(message: FromServer): void
  close(): void
}

const IN_CALL: readonly VisitorState[] = ['in_call', 'reconnecting']
/** A page that closes in one of these was done already. */
const OVER: readonly VisitorState[] = ['removed', 'ended', 'denied', 'no_answer', 'blocked', 'not_found', 'sign_in', 'left', 'gone']

const RESTART_AFTER_MS = 5_000

/** Somebody who opened the meeting's page: what they did, and what they are shown and sent. */
export class Visitor {
  readonly id: string
  readonly csrc: number
  readonly meter: UplinkMeter
  readonly #room: Room
  readonly #link: VisitorLink
  readonly #shaper: Shaper
  readonly #timers = new Set<NodeJS.Timeout>()
  state: VisitorState = 'loading'
  name = ''
  micOn = true
  cameraOn = true
  connected = true
  readonly #down: Downlink
  readonly #knock: Knock
  readonly #feed: CollectionsFeed
  #stays = 0
  /** Counts what must be told everything: stays, and connections that took over. */
  connection = 0
  #captions = false
  #step = 0
  #consentPending = false

  constructor(id: string, room: Room, link: VisitorLink) {
    this.id = id
    this.csrc = 900_000 + Number(id.slice(1))
    this.#room = room
    this.#link = link
    this.#shaper = new Shaper({ random: room.random, now: () => room.truth.now(), after: (ms, work) => this.#after(ms, work) })
    this.#knock = new Knock({
      room,
      state: () => this.state,
      tell: (message) => this.tell(message),
      after: (ms, work) => this.#after(ms, work),
    })
    this.meter = new UplinkMeter({
      truth: room.truth,
      visitor: id,
      name: () => this.name,
      askPicture: (ssrc) => this.#down.askPicture(ssrc),
    })
    const { traps } = room.plan
    this.#feed = new CollectionsFeed({ wire: room.wire, changesOnly: traps.includes('collections-changes') })
    this.#down = new Downlink({
      shaper: this.#shaper,
      mixed: traps.includes('neteq'),
      bare: traps.includes('no-csrc') || traps.includes('neteq'),
      tell: (message) => this.tell(message),
      pictureOf: (id) => room.pictureOf(id),
      onPli: (line, of) => room.truth.add('pli', { visitor: id, line, ...(of === undefined ? {} : { name: room.nameOf(of) }) }),
      onAudio: (packet, level) => this.sendsAudio(packet, level),
      onVideo: (packet) => this.sendsVideo(packet),
    })
    room.truth.add('state', { visitor: id, state: 'loading' })
  }

  get inCall(): boolean {
    return this.connected && IN_CALL.includes(this.state)
  }

  /** Whether media goes to and fro: nobody hears who waits, or has not agreed to be recorded, and they hear nobody. */
  get #flows(): boolean {
    return this.inCall && !this.#consentPending
  }

  get wasInCall(): boolean {
    return this.#stays > 0
  }

  /** Another one at every stay. */
  get deviceId(): string {
    return `spaces/${this.#room.space}/devices/${900 + Number(this.id.slice(1))}${this.#stays > 1 ? this.#stays : ''}`
  }

  /** How many pictures the page's layout asks for. */
  get requestedVideo(): number {
    return this.#down.requested
  }

  tell(message: FromServer): void {
    if (this.connected) this.#link.send(message)
  }

  /** The host has come. */
  hostStarted(): void {
    this.#knock.hostStarted()
  }

  async hear(message: FromPage): Promise<void> {
    const { truth } = this.#room
    switch (message.type) {
      case 'state':
        this.#enter(message.state)
        break
      case 'click':
      case 'typed':
      case 'trap':
      case 'popup': {
        const { type, ...fields } = message
        truth.add(type, { visitor: this.id, ...fields })
        break
      }
      case 'devices':
        this.micOn = message.micOn
        this.cameraOn = message.cameraOn
        if (this.inCall) this.#room.refresh()
        break
      case 'knock':
        this.name = message.name
        this.#knock.ask()
        break
      case 'answer':
        await this.#down.answer(message.sdp)
        this.refresh()
        break
      case 'taken-over':
        await this.#down.closeFormer()
        break
      case 'layout':
        this.#down.layout(message.tiles, message.audioOnly)
        if (this.inCall) this.#down.plan()
        break
      case 'captions':
        this.#captions = message.on
        break
      case 'consent':
        this.#consentPending = message.pending
        break
      case 'chat':
        if (this.inCall) this.#room.chatFrom({ id: this.deviceId, name: this.name, visitor: this.id }, message.text)
        break
      case 'leave':
        this.#enter('left')
        break
    }
  }

  /** Tells the page who is there, and its channels. */
  refresh(): void {
    if (!this.inCall) return
    this.tell({ type: 'people', people: peopleFor(this.#room.crowd, [...this.#room.visitors.values()], this) })
    this.#down.plan()
    this.#collections([])
  }

  #collections(lines: readonly ChatLine[]): void {
    const { crowd, visitors, plan } = this.#room
    if (plan.traps.includes('no-collections')) return
    const said = this.#feed.message(devicesFor(crowd, [...visitors.values()], this), lines, this.connection)
    if (said !== undefined) this.#down.say('collections', said)
  }

  /** A message of the chat, on the page's wire and on the client's own channel. */
  chat(view: ChatView, sentAt: number): void {
    if (!this.inCall) return
    this.tell({ type: 'chat', message: { ...view, self: view.fromId === this.deviceId } })
    this.#collections([{ id: `spaces/${this.#room.space}/messages/${view.id}`, deviceId: view.fromId, sentAt, text: view.text }])
  }

  caption(caption: CaptionView): void {
    if (!this.inCall || !this.#captions) return
    this.tell({ type: 'caption', caption })
    this.#down.caption(captionMessage(caption))
  }

  /** How loud the visitor is, for the meter of their own microphone; said when it changes. */
  ownLevel(): void {
    const step = this.inCall ? this.meter.step : 0
    if (step === this.#step) return
    this.#step = step
    if (this.inCall) this.tell({ type: 'own-level', step })
  }

  /** Who speaks, on the newer arm's own channel. */
  speakers(rows: Parameters<typeof dcrpcMessage>[0]): void {
    if (this.inCall) this.#down.say('dcrpc', dcrpcMessage(rows))
  }

  keepAlive(count: number): void {
    if (this.inCall) this.#down.say('dcrpc', dcrpcKeepAlive(count))
  }

  /** A packet from the visitor's microphone. */
  sendsAudio(packet: RtpPacket, level: number | undefined): void {
    if (this.#flows) this.meter.audio(packet, level)
  }

  /** A packet from the visitor's camera. */
  sendsVideo(packet: RtpPacket): void {
    if (this.#flows) this.meter.video(packet)
  }

  audio(packets: readonly Packet[], tick: number): void {
    if (this.#flows) this.#down.audio(packets, tick)
  }

  pictures(tick: number): void {
    if (this.#flows) this.#down.pictures(tick)
  }

  network(network: Network): void {
    this.#shaper.set(network)
    if (network.offlineMs !== undefined && network.offlineMs > 0) this.tell({ type: 'network', offlineMs: network.offlineMs })
  }

  /** The page has gone. */
  async gone(): Promise<void> {
    if (!OVER.includes(this.state)) this.#enter('gone')
    this.connected = false
    this.#room.truth.add('page-closed', { visitor: this.id })
    await this.#drop()
  }

  async close(): Promise<void> {
    this.#link.close()
    await this.#drop()
  }

  async #drop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await this.#down.disconnect()
  }

  #enter(state: VisitorState): void {
    if (state === this.state) return
    const before = this.inCall
    this.state = state
    this.#room.truth.add('state', { visitor: this.id, state })
    this.#knock.entered(state)
    const isLobbyWithCall = state === 'knocking' && this.#room.plan.skin === 'host-managed'
    if (this.inCall && !before) {
      this.#stays++
      this.connection++
      void this.#down.connect().then(() => this.inCall && this.#connected())
    } else if (OVER.includes(state) || before !== this.inCall) void this.#down.disconnect()
    // The host-managed lobby is a call without people: its three empty audio lines stand already.
    if (isLobbyWithCall) void this.#down.connect()
    if (before !== this.inCall) this.#room.refresh()
  }

  #connected(): void {
    this.#room.truth.add('media-connected', { visitor: this.id })
    if (this.#room.plan.traps.includes('media-restart')) this.#after(RESTART_AFTER_MS, () => void this.#reconnect())
  }

  /** The client makes another connection before it closes the one it has. */
  async #reconnect(): Promise<void> {
    if (!this.inCall || !(await this.#down.reconnect())) return
    this.connection++
    this.#room.truth.add('media-connected', { visitor: this.id, again: true })
    this.refresh()
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
  }
}
