import { captionMessage, collectionsMessage, dcrpcKeepAlive, dcrpcMessage } from './collections.ts'
import { AUDIO_SLOTS, Forwarder } from './forwarder.ts'
import type { CaptionView, ChatView, FromPage, FromServer, TileView, VisitorState } from './protocol.ts'
import type { Room } from './room.ts'
import { devicesFor, peopleFor } from './roster.ts'
import { type Network, Shaper } from './shaper.ts'
import type { Packet } from './talk.ts'
import { UplinkMeter } from './uplink.ts'
import { assignLines, layerFor } from './video-plan.ts'

/** The wire to a visitor's page. */
export interface VisitorLink {
  send(message: FromServer): void
  close(): void
}

const IN_CALL: readonly VisitorState[] = ['in_call', 'reconnecting']
/** A page that closes in one of these was done already. */
const OVER: readonly VisitorState[] = ['removed', 'ended', 'denied', 'no_answer', 'blocked', 'not_found', 'sign_in', 'left', 'gone']

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
  wasInCall = false
  /** How many pictures the page's layout asks for. */
  requestedVideo = 0
  #rejoins = 0
  #forwarder: Forwarder | undefined
  #offering = false
  #offerAgain = false
  #tiles: readonly TileView[] = []
  #audioOnly = false
  #lines: readonly (string | undefined)[] = []
  #slots = ''
  #captions = false
  #captionChannel: { send(data: Buffer): void } | undefined

  constructor(id: string, room: Room, link: VisitorLink) {
    this.id = id
    this.csrc = 900_000 + Number(id.slice(1))
    this.#room = room
    this.#link = link
    this.#shaper = new Shaper({ random: room.random, now: () => room.truth.now(), after: (ms, work) => this.#after(ms, work) })
    this.meter = new UplinkMeter({
      truth: room.truth,
      visitor: id,
      name: () => this.name,
      askPicture: (ssrc) => this.#forwarder?.askPicture(ssrc),
    })
    room.truth.add('state', { visitor: id, state: 'loading' })
  }

  get inCall(): boolean {
    return this.connected && IN_CALL.includes(this.state)
  }

  /** Another one at every stay. */
  get deviceId(): string {
    return `spaces/${this.#room.space}/devices/${900 + Number(this.id.slice(1))}${this.#rejoins === 0 ? '' : this.#rejoins}`
  }

  tell(message: FromServer): void {
    if (this.connected) this.#link.send(message)
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
        this.#knock(message.name)
        break
      case 'answer':
        await this.#forwarder?.answer(message.sdp)
        this.#offering = false
        if (this.#offerAgain) await this.#offer()
        this.refresh()
        break
      case 'layout':
        this.#tiles = message.tiles
        this.#audioOnly = message.audioOnly
        this.#plan()
        break
      case 'captions':
        this.#captions = message.on
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
    const { crowd, visitors, wire, plan } = this.#room
    const all = [...visitors.values()]
    this.tell({ type: 'people', people: peopleFor(crowd, all, this) })
    this.#plan()
    if (plan.traps.includes('no-collections')) return
    this.#forwarder?.say('collections', collectionsMessage(devicesFor(crowd, all, this), [], wire))
  }

  /** A message of the chat, on the page's wire and on the client's own channel. */
  chat(view: ChatView, sentAt: number): void {
    if (!this.inCall) return
    this.tell({ type: 'chat', message: { ...view, self: view.fromId === this.deviceId } })
    if (this.#room.plan.traps.includes('no-collections')) return
    const line = { id: view.id, deviceId: view.fromId, sentAt, text: view.text }
    const devices = devicesFor(this.#room.crowd, [...this.#room.visitors.values()], this)
    this.#forwarder?.say('collections', collectionsMessage(devices, [line], this.#room.wire))
  }

  caption(caption: CaptionView): void {
    if (!this.inCall || !this.#captions) return
    this.tell({ type: 'caption', caption })
    this.#captionChannel?.send(captionMessage(caption))
  }

  /** Who speaks, on the newer arm's own channel. */
  speakers(speaking: ReadonlySet<string>): void {
    if (!this.inCall) return
    const rows = this.#room.crowd.actors
      .filter(({ present }) => present)
      .map(({ id, csrc }) => ({ id, number: csrc, speaking: speaking.has(id) }))
    this.#forwarder?.say('dcrpc', dcrpcMessage(rows))
  }

  keepAlive(count: number): void {
    if (this.inCall) this.#forwarder?.say('dcrpc', dcrpcKeepAlive(count))
  }

  audio(packets: readonly Packet[], tick: number): void {
    if (!this.inCall) return
    const bare = this.#room.plan.traps.includes('no-csrc')
    for (const { csrc, ...packet } of packets) this.#forwarder?.audio(bare || csrc === 0 ? packet : { ...packet, csrc }, tick)
  }

  pictures(tick: number): void {
    if (this.inCall) this.#forwarder?.pictures(tick)
  }

  network(network: Network): void {
    this.#shaper.set(network)
    if (network.offlineMs !== undefined && network.offlineMs > 0) this.tell({ type: 'network', offlineMs: network.offlineMs })
  }

  /** The page has gone. */
  async gone(): Promise<void> {
    this.connected = false
    if (!OVER.includes(this.state)) this.#enter('gone')
    this.#room.truth.add('page-closed', { visitor: this.id })
    await this.#disconnect()
  }

  async close(): Promise<void> {
    this.#link.close()
    await this.#disconnect()
  }

  #knock(name: string): void {
    const { plan, ended, truth } = this.#room
    this.name = name
    if (ended) this.tell({ type: 'end' })
    else if (plan.lobby === false) this.tell({ type: 'admit' })
    else {
      const knocked = truth.now()
      const still = (work: () => void) => () => this.state === 'knocking' && this.#knockedAt === knocked && work()
      this.#knockedAt = knocked
      if (typeof plan.lobby === 'object')
        this.#after(
          plan.lobby.admitAfterMs,
          still(() => this.tell({ type: 'admit' })),
        )
      this.#after(
        plan.noAnswerAfterMs,
        still(() => this.tell({ type: 'no_answer' })),
      )
    }
  }
  #knockedAt = 0

  #enter(state: VisitorState): void {
    if (state === this.state) return
    const before = this.inCall
    this.state = state
    this.#room.truth.add('state', { visitor: this.id, state })
    if (this.inCall === before) {
      // The host-managed lobby is a call without people: its three empty audio lines stand already.
      if (state === 'knocking' && this.#room.plan.skin === 'host-managed') void this.#connect()
      else if (OVER.includes(state)) void this.#disconnect()
      return
    }
    if (this.inCall) {
      if (this.wasInCall) this.#rejoins++
      this.wasInCall = true
      void this.#connect()
        .then((forwarder) => forwarder.connected)
        .then(() => {
          if (this.inCall) this.#room.truth.add('media-connected', { visitor: this.id })
        })
      if (this.#room.plan.traps.includes('neteq')) this.#forwarder?.open('dcrpc')
    } else {
      this.#lines = []
      this.#slots = ''
      this.#tiles = []
      this.requestedVideo = 0
      // The page has dropped its end; who is back in a host-managed lobby gets a new one.
      void this.#disconnect()
      if (state === 'knocking' && this.#room.plan.skin === 'host-managed') void this.#connect()
    }
    this.#room.refresh()
  }

  async #connect(): Promise<Forwarder> {
    if (this.#forwarder !== undefined) return this.#forwarder
    const mixed = this.#room.plan.traps.includes('neteq')
    const forwarder = new Forwarder({
      shaper: this.#shaper,
      audioLines: mixed ? 1 : AUDIO_SLOTS,
      uplink: {
        audio: (packet, level) => this.meter.audio(packet, level),
        video: (packet) => this.meter.video(packet),
        pli: (line) => {
          const id = this.#lines[line]
          this.#room.truth.add('pli', { visitor: this.id, line, ...(id === undefined ? {} : { name: this.#room.nameOf(id) }) })
        },
        channel: (label, channel) => {
          if (label === 'captions') this.#captionChannel = channel
        },
      },
    })
    this.#forwarder = forwarder
    await this.#offer()
    return forwarder
  }

  async #disconnect(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    const forwarder = this.#forwarder
    this.#forwarder = undefined
    this.#captionChannel = undefined
    this.#offering = false
    this.#offerAgain = false
    await forwarder?.close()
  }

  async #offer(): Promise<void> {
    if (this.#offering) {
      this.#offerAgain = true
      return
    }
    this.#offering = true
    this.#offerAgain = false
    const sdp = await this.#forwarder?.offer()
    if (sdp !== undefined) this.tell({ type: 'offer', sdp })
  }

  /** Sends what the layout asks for and no more. */
  #plan(): void {
    const forwarder = this.#forwarder
    if (!this.inCall || forwarder === undefined) return
    const wanted = (this.#audioOnly ? [] : this.#tiles).flatMap((tile) => {
      const picture = this.#room.pictureOf(tile.id)
      return picture === undefined ? [] : [{ id: tile.id, layer: layerFor(tile), picture }]
    })
    this.requestedVideo = wanted.length
    this.#lines = assignLines(this.#lines, wanted)
    if (forwarder.grow(this.#lines.length)) void this.#offer()
    const slots = this.#lines.flatMap((id, place) => {
      const { picture, layer } = wanted.find((one) => one.id === id) ?? {}
      forwarder.show(place, picture !== undefined && layer !== undefined ? picture[layer] : undefined)
      const line = forwarder.line(place)
      return id === undefined || line === undefined ? [] : [{ id, ...line }]
    })
    const said = JSON.stringify(slots)
    if (said === this.#slots) return
    this.#slots = said
    this.tell({ type: 'slots', slots })
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, ms)
    this.#timers.add(timer)
  }
}
