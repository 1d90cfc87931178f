import type { RtpPacket } from 'werift'
import { stepOf } from './levels.ts'
import { listen, look } from './probe.ts'
import type { Truth } from './truth.ts'
import { keyFrameSize, vp8Payload } from './vp8.ts'

/** Packets of the last second are what is listened to. */
const HEARD_PACKETS = 50
const AUDIBLE = 80
/** Of a packet that does not say how loud it is: silence is coded in three bytes at most. */
const SILENT = 127
const MIDDLING = 35
/** Without a packet for so long, nobody speaks: the microphone is off. */
const QUIET_MS = 200
const STALE_MS = 1_500
const SENT_EVERY_MS = 10_000
const PICTURE_EVERY_MS = 3_000
const COLOUR_STEP = 8
const FRAME_LIMIT = 2_000_000

interface MeterOptions {
  truth: Truth
  visitor: string
  name(): string
  askPicture(ssrc: number): void
}

/** What others hear and see of a visitor, measured from what arrives; decoded rarely, and only while there is something. */
export class UplinkMeter {
  readonly #options: MeterOptions
  heard = { rms: 0, hz: 0 }
  seen = { width: 0, height: 0 }
  #packets: Uint8Array[] = []
  #audible = false
  #level = SILENT
  #packetAt = Number.NEGATIVE_INFINITY
  #audioAt = Number.NEGATIVE_INFINITY
  #videoAt = Number.NEGATIVE_INFINITY
  #bytes = 0
  #bytesSince = 0
  #said = { width: 0, height: 0, atMs: Number.NEGATIVE_INFINITY }
  #frame: Uint8Array[] = []
  #frameBytes = 0
  #askedAt = Number.NEGATIVE_INFINITY
  #colour: readonly number[] | undefined
  #key: { data: Buffer; width: number; height: number } | undefined
  #listening = false
  #looking = false

  constructor(options: MeterOptions) {
    this.#options = options
  }

  audio({ payload }: RtpPacket, level: number | undefined): void {
    this.#packets.push(payload)
    if (this.#packets.length > HEARD_PACKETS) this.#packets.shift()
    this.#level = level ?? (payload.length > 3 ? MIDDLING : SILENT)
    this.#packetAt = this.#options.truth.now()
    if (this.#level < AUDIBLE) {
      this.#audible = true
      this.#audioAt = this.#packetAt
    }
  }

  /** The step that a meter of this microphone shows now. */
  get step(): number {
    return this.#options.truth.now() - this.#packetAt > QUIET_MS ? 0 : stepOf(this.#level)
  }

  video({ header, payload }: RtpPacket): void {
    const now = this.#options.truth.now()
    this.#videoAt = now
    this.#bytes += payload.length
    const { data, starts } = vp8Payload(payload)
    if (starts) {
      this.#frame = []
      this.#frameBytes = 0
      const size = keyFrameSize(data)
      if (size !== undefined) this.seen = size
    } else if (this.#frame.length === 0) return
    if (starts && keyFrameSize(data) === undefined) return
    this.#frame.push(data)
    this.#frameBytes += data.length
    if (this.#frameBytes > FRAME_LIMIT) this.#frame = []
    if (header.marker && this.#frame.length > 0) {
      this.#key = { data: Buffer.concat(this.#frame), ...this.seen }
      this.#frame = []
    }
    if (now - this.#askedAt > PICTURE_EVERY_MS) {
      this.#askedAt = now
      this.#options.askPicture(header.ssrc)
    }
  }

  /** Once a second: says what was heard and seen since. */
  measure(): void {
    const { truth, visitor, name } = this.#options
    const now = truth.now()
    if (this.#audible) {
      this.#audible = false
      void this.#listen()
    } else if (this.heard.rms > 0 && now - this.#audioAt > STALE_MS) {
      this.heard = { rms: 0, hz: 0 }
      truth.add('heard', { visitor, name: name(), rms: 0, hz: 0 })
    }
    if (this.seen.width > 0 && now - this.#videoAt > STALE_MS) {
      this.seen = { width: 0, height: 0 }
      this.#colour = undefined
    }
    const changed = this.seen.width !== this.#said.width || this.seen.height !== this.#said.height
    if (changed || (this.seen.width > 0 && now - this.#said.atMs >= SENT_EVERY_MS)) {
      const seconds = Math.max(0.02, (now - this.#bytesSince) / 1_000)
      const kbps = this.seen.width === 0 ? 0 : Math.round((this.#bytes * 8) / 1_000 / seconds)
      this.#said = { ...this.seen, atMs: now }
      this.#bytes = 0
      this.#bytesSince = now
      truth.add('sent-video', { visitor, name: name(), ...this.seen, kbps })
    } else if (this.seen.width === 0) {
      this.#bytes = 0
      this.#bytesSince = now
    }
    if (this.#key !== undefined) void this.#look()
  }

  async #listen(): Promise<void> {
    if (this.#listening || this.#packets.length < 5) return
    this.#listening = true
    const heard = await listen(this.#packets.splice(0))
    this.#listening = false
    if (heard === undefined) return
    this.heard = heard
    const { truth, visitor, name } = this.#options
    truth.add('heard', { visitor, name: name(), ...heard })
  }

  async #look(): Promise<void> {
    const key = this.#key
    if (this.#looking || key === undefined) return
    this.#key = undefined
    this.#looking = true
    const colour = await look(key.data, key.width, key.height)
    this.#looking = false
    if (colour === undefined || !this.#isNew(colour)) return
    this.#colour = colour
    const [r, g, b] = colour
    const { truth, visitor, name } = this.#options
    const hex = colour.map((part) => part.toString(16).padStart(2, '0')).join('')
    truth.add('seen', { visitor, name: name(), r, g, b, colour: `#${hex}`, width: key.width, height: key.height })
  }

  #isNew(colour: readonly number[]): boolean {
    return this.#colour === undefined || colour.some((part, place) => Math.abs(part - (this.#colour?.[place] ?? 0)) > COLOUR_STEP)
  }
}
