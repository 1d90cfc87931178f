import { randomUUID } from 'node:crypto'
import type { RtpPacket } from 'werift'
import { AUDIO_SLOTS, Forwarder } from './forwarder.ts'
import type { Picture } from './library.ts'
import type { FromServer, TileView } from './protocol.ts'
import type { Shaper } from './shaper.ts'
import type { Packet } from './talk.ts'
import { assignLines, layerFor } from './video-plan.ts'

interface DownlinkOptions {
  shaper: Shaper
  /** The newer arm: one mixed audio line. */
  mixed: boolean
  /** Packets name no source. */
  bare: boolean
  tell(message: FromServer): void
  pictureOf(id: string): Picture | undefined
  /** The page lost a picture of somebody. */
  onPli(line: number, id: string | undefined): void
  onAudio(packet: RtpPacket, level: number | undefined): void
  onVideo(packet: RtpPacket): void
}

/** A visitor's connection: what is offered when, whose picture is on which line, what the channels say. */
export class Downlink {
  readonly #options: DownlinkOptions
  #forwarder: Forwarder | undefined
  /** The one that takes over as soon as media flows on it. */
  #next: Forwarder | undefined
  /** The one that was taken over from, until the page has closed it. */
  #former: Forwarder | undefined
  /** Ids of the tracks, by line; a connection that takes over has the same. */
  readonly #trackIds = new Map<string, string>()
  #offering = false
  #offerAgain = false
  #tiles: readonly TileView[] = []
  #audioOnly = false
  #lines: readonly (string | undefined)[] = []
  #slots = ''
  #captions: { send(data: Buffer): void } | undefined
  /** How many pictures the page's layout asks for. */
  requested = 0

  constructor(options: DownlinkOptions) {
    this.#options = options
  }

  /** Offers a connection, if there is none; ends when media can flow. */
  async connect(): Promise<void> {
    if (this.#forwarder === undefined) {
      this.#forwarder = this.#make()
      await this.#offer()
    }
    await this.#forwarder?.connected
  }

  /** Makes another connection with the same track ids while the first still stands; true = it has taken over. */
  async reconnect(): Promise<boolean> {
    const former = this.#forwarder
    if (former === undefined || this.#offering || this.#next !== undefined) return false
    const next = this.#make()
    this.#next = next
    this.#options.tell({ type: 'offer', sdp: await next.offer(), again: true })
    await next.connected
    if (this.#next !== next) return false
    this.#next = undefined
    this.#former = former
    this.#forwarder = next
    this.#lines = []
    this.#slots = ''
    this.#offerAgain = false
    return true
  }

  /** The page has closed the connection that was taken over from. */
  async closeFormer(): Promise<void> {
    const former = this.#former
    this.#former = undefined
    await former?.close()
  }

  async disconnect(): Promise<void> {
    const all = [this.#forwarder, this.#next, this.#former]
    this.#forwarder = undefined
    this.#next = undefined
    this.#former = undefined
    this.#trackIds.clear()
    this.#captions = undefined
    this.#offering = false
    this.#offerAgain = false
    this.#tiles = []
    this.#lines = []
    this.#slots = ''
    this.requested = 0
    await Promise.all(all.map((forwarder) => forwarder?.close()))
  }

  async answer(sdp: string): Promise<void> {
    if (this.#next !== undefined) {
      await this.#next.answer(sdp)
      return
    }
    await this.#forwarder?.answer(sdp)
    this.#offering = false
    if (this.#offerAgain) await this.#offer()
  }

  /** What the page shows now. */
  layout(tiles: readonly TileView[], audioOnly: boolean): void {
    this.#tiles = tiles
    this.#audioOnly = audioOnly
  }

  /** Sends what the layout asks for and no more. */
  plan(): void {
    const forwarder = this.#forwarder
    if (forwarder === undefined) return
    const wanted = (this.#audioOnly ? [] : this.#tiles).flatMap((tile) => {
      const picture = this.#options.pictureOf(tile.id)
      return picture === undefined ? [] : [{ id: tile.id, layer: layerFor(tile), picture }]
    })
    this.requested = wanted.length
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
    this.#options.tell({ type: 'slots', slots })
  }

  audio(packets: readonly Packet[], tick: number): void {
    for (const { csrc, ...packet } of packets) this.#forwarder?.audio(this.#options.bare ? packet : { ...packet, csrc }, tick)
  }

  pictures(tick: number): void {
    this.#forwarder?.pictures(tick)
  }

  askPicture(ssrc: number): void {
    this.#forwarder?.askPicture(ssrc)
  }

  /** On a channel of this side's. */
  say(label: string, data: Buffer): void {
    this.#forwarder?.say(label, data)
  }

  /** On the channel the page opens for captions, if it has. */
  caption(data: Buffer): void {
    this.#captions?.send(data)
  }

  #make(): Forwarder {
    const { shaper, mixed, onAudio, onVideo, onPli } = this.#options
    return new Forwarder({
      shaper,
      audioLines: mixed ? 1 : AUDIO_SLOTS,
      trackId: (kind, place) => {
        const id = this.#trackIds.get(`${kind} ${place}`) ?? randomUUID()
        this.#trackIds.set(`${kind} ${place}`, id)
        return id
      },
      uplink: {
        audio: onAudio,
        video: onVideo,
        pli: (line) => onPli(line, this.#lines[line]),
        channel: (label, channel) => {
          if (label === 'captions') this.#captions = channel
        },
      },
    })
  }

  /** One offer at a time; what changes meanwhile is offered after the answer. */
  async #offer(): Promise<void> {
    if (this.#offering || this.#next !== undefined) {
      this.#offerAgain = true
      return
    }
    this.#offering = true
    this.#offerAgain = false
    const sdp = await this.#forwarder?.offer()
    if (sdp !== undefined) this.#options.tell({ type: 'offer', sdp })
  }
}
