import {
  MediaStreamTrack,
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  RTCRtpHeaderExtensionParameters,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
} from 'werift'
import type { EncodedPicture } from './encoded.ts'
import { FPS } from './encoded.ts'
import { lostPictures } from './lost-pictures.ts'
import type { Shaper } from './shaper.ts'

export const AUDIO_SLOTS = 3
const FIRST_SSRC = 6_666
const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'
const MTU = 1_100
const AUDIO_STEP = 960
const VIDEO_STEP = 90_000 / FPS

interface Line {
  transceiver: RTCRtpTransceiver
  sequence: number
}

interface VideoLine extends Line {
  source: EncodedPicture | undefined
  /** Next frame of the source; restarts at a key frame. */
  frame: number
}

/** What a visitor sends, packet by packet. */
export interface Uplink {
  /** `level` in decibels below full scale, if the visitor says it. */
  audio(packet: RtpPacket, level: number | undefined): void
  video(packet: RtpPacket): void
  /** The page lost a picture: which of its lines. */
  pli(line: number): void
  channel(label: string, channel: RTCDataChannel): void
}

interface ForwarderOptions {
  shaper: Shaper
  uplink: Uplink
  audioLines: number
  /** The id of a line's track: the page's receiver has a track of that id. */
  trackId(kind: 'audio' | 'video', place: number): string
}

/** What one visitor is sent and sends: audio lines that rotate over everybody, video lines that come late, channels. Nothing is encoded here. */
export class Forwarder {
  readonly #pc: RTCPeerConnection
  readonly #shaper: Shaper
  readonly #uplink: Uplink
  readonly #trackId: ForwarderOptions['trackId']
  readonly #audio: Line[]
  readonly #camera: RTCRtpTransceiver
  readonly #video: VideoLine[] = []
  readonly #channels = new Map<string, RTCDataChannel>()
  /** Resolves when media can reach the visitor; what is sent before is lost. */
  readonly connected: Promise<void>
  #closed = false

  constructor({ shaper, uplink, audioLines, trackId }: ForwarderOptions) {
    this.#shaper = shaper
    this.#trackId = trackId
    this.#uplink = uplink
    this.#pc = new RTCPeerConnection({
      codecs: {
        audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111 })],
        video: [
          new RTCRtpCodecParameters({
            mimeType: 'video/VP8',
            clockRate: 90_000,
            payloadType: 96,
            rtcpFeedback: [{ type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }, { type: 'goog-remb' }],
          }),
        ],
      },
      headerExtensions: { audio: [new RTCRtpHeaderExtensionParameters({ uri: LEVEL_URI })] },
      iceServers: [],
      bundlePolicy: 'max-bundle', // otherwise every line gets sockets of its own, which nobody closes
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    })
    this.#audio = Array.from({ length: audioLines }, (_, place) => {
      const transceiver = this.#pc.addTransceiver(new MediaStreamTrack({ kind: 'audio' }), {
        direction: place === 0 ? 'sendrecv' : 'sendonly',
      })
      Object.assign(transceiver.sender, { trackId: trackId('audio', place) })
      // The real service uses fixed numbers that mean slots, not people. Feedback about audio is never asked for, so nobody looks the old one up.
      Object.defineProperty(transceiver.sender, 'ssrc', { value: FIRST_SSRC + place })
      return { transceiver, sequence: Math.floor(Math.random() * 30_000) }
    })
    this.#camera = this.#pc.addTransceiver('video', { direction: 'recvonly' })
    this.#audio[0]?.transceiver.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet, extensions) => {
        const said = extensions?.[LEVEL_URI] as { level?: number } | undefined
        if (!this.#shaper.offline) this.#uplink.audio(packet, said?.level)
      })
    })
    this.#camera.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => {
        if (!this.#shaper.offline) this.#uplink.video(packet)
      })
    })
    this.connected = new Promise((resolve) => {
      this.#pc.connectionStateChange.subscribe((state) => state === 'connected' && resolve())
    })
    this.#audio[0]?.transceiver.dtlsTransport.onRtcp.subscribe((packet) => this.#lost(lostPictures(packet)))
    this.#pc.onDataChannel.subscribe((channel) => this.#uplink.channel(channel.label, channel))
    this.open('media-director')
  }

  async offer(): Promise<string> {
    // Given no server, werift asks one of Google's: nothing here may go out, and a machine without a way out would wait five seconds.
    for (const { connection } of this.#pc.iceTransports) Object.assign(connection, { stunServer: undefined })
    await this.#pc.setLocalDescription(await this.#pc.createOffer())
    return this.#pc.localDescription?.sdp ?? ''
  }

  async answer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp })
  }

  /** Adds video lines up to a number; true = they must be offered before they carry anything. */
  grow(lines: number): boolean {
    const before = this.#video.length
    while (this.#video.length < lines) {
      const transceiver = this.#pc.addTransceiver(new MediaStreamTrack({ kind: 'video' }), { direction: 'sendonly' })
      const line: VideoLine = { transceiver, sequence: Math.floor(Math.random() * 30_000), source: undefined, frame: 0 }
      const place = this.#video.push(line) - 1
      Object.assign(transceiver.sender, { trackId: this.#trackId('video', place) })
    }
    return this.#video.length > before
  }

  /** How the page knows a video line, once it has been offered. */
  line(place: number): { mid: string; ssrc: number } | undefined {
    const transceiver = this.#video[place]?.transceiver
    return transceiver?.mid === undefined ? undefined : { mid: transceiver.mid, ssrc: transceiver.sender.ssrc }
  }

  /** One 20 ms packet on an audio line; `tick` counts 20 ms steps of the room. No `csrc` = the list of sources stays empty. */
  audio(packet: { slot: number; payload: Uint8Array; csrc?: number; level: number; marker: boolean }, tick: number): void {
    const line = this.#audio[packet.slot]
    if (line === undefined) return
    const { id } = line.transceiver.headerExtensions.find(({ uri }) => uri === LEVEL_URI) ?? {}
    const extensions = id === undefined ? [] : [{ id, payload: Buffer.from([(packet.level < 100 ? 0x80 : 0) | packet.level]) }]
    this.#send(line, tick * AUDIO_STEP, packet.payload, packet.marker, packet.csrc === undefined ? [] : [packet.csrc], extensions)
  }

  /** What a video line carries from now on; a change starts at a key frame. */
  show(place: number, source: EncodedPicture | undefined): void {
    const line = this.#video[place]
    if (line === undefined || line.source === source) return
    line.source = source
    line.frame = 0
  }

  /** One picture on every video line that carries something; `tick` counts pictures of the room. */
  pictures(tick: number): void {
    for (const line of this.#video) {
      const data = line.source?.frames[line.frame % (line.source.frames.length || 1)]
      if (data === undefined) continue
      line.frame++
      for (let at = 0; at < data.length; at += MTU) {
        // VP8 payload descriptor of one byte: S marks the start of the picture (RFC 7741, section 4.2).
        const payload = Buffer.concat([Buffer.from([at === 0 ? 0x10 : 0x00]), data.subarray(at, at + MTU)])
        this.#send(line, tick * VIDEO_STEP, payload, at + MTU >= data.length, [], [])
      }
    }
  }

  /** Asks the visitor's camera for a key frame. */
  askPicture(ssrc: number): void {
    void this.#camera.receiver.sendRtcpPLI(ssrc).catch(() => {}) // the visitor has gone: its socket says so
  }

  /** Each line the page lost a picture of goes on with a key frame. */
  #lost(ssrcs: readonly number[]): void {
    for (const [place, line] of this.#video.entries()) {
      if (!ssrcs.includes(line.transceiver.sender.ssrc)) continue
      line.frame = 0
      this.#uplink.pli(place)
    }
  }

  /** A channel this side opens. */
  open(label: string): RTCDataChannel {
    const channel = this.#channels.get(label) ?? this.#pc.createDataChannel(label)
    this.#channels.set(label, channel)
    return channel
  }

  /** Sends on a channel when it is open; on one that is not open yet, as soon as it is. */
  say(label: string, data: Buffer): void {
    const channel = this.open(label)
    if (channel.readyState === 'open') channel.send(data)
    else if (channel.readyState === 'connecting') {
      const { unSubscribe } = channel.stateChanged.subscribe((state) => {
        if (state !== 'open') return
        unSubscribe()
        channel.send(data)
      })
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pc.close()
  }

  #send(
    line: Line,
    timestamp: number,
    payload: Uint8Array,
    marker: boolean,
    csrc: number[],
    extensions: { id: number; payload: Buffer }[],
  ): void {
    line.sequence = (line.sequence + 1) & 0xffff
    const header = new RtpHeader({
      sequenceNumber: line.sequence,
      timestamp: timestamp >>> 0,
      marker,
      csrc,
      csrcLength: csrc.length,
      extension: extensions.length > 0,
      extensions,
    })
    this.#shaper.pass(payload.length, () => {
      if (this.#closed) return
      void line.transceiver.sender.sendRtp(new RtpPacket(header, Buffer.from(payload))).catch(() => {}) // the visitor has gone
    })
  }
}
