import {
  MediaStreamTrack,
  type RTCDataChannel,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpSender,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
} from 'werift'
import type { Encoded } from './encoded.ts'
import { FPS } from './encoded.ts'

export const AUDIO_SLOTS = 3
export const VIDEO_SLOTS = 6
const MTU = 1_100
const AUDIO_STEP = 960
const VIDEO_STEP = 90_000 / FPS

interface Line {
  transceiver: RTCRtpTransceiver
  sender: RTCRtpSender
  sequence: number
}

interface VideoLine extends Line {
  source: Encoded | undefined
  /** Next frame of the source; restarts at a key frame. */
  frame: number
}

/** What one visitor is sent: three audio lines that rotate over everybody, and a video line a person. Pre-encoded, never re-encoded. */
export class Forwarder {
  readonly #pc: RTCPeerConnection
  readonly #audio: Line[]
  readonly #video: VideoLine[]
  readonly #channel: RTCDataChannel
  /** Resolves when media can reach the visitor; what is sent before is lost. */
  readonly connected: Promise<void>
  #roster: Buffer | undefined
  #closed = false

  constructor() {
    this.#pc = new RTCPeerConnection({
      codecs: {
        audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111 })],
        video: [
          new RTCRtpCodecParameters({
            mimeType: 'video/VP8',
            clockRate: 90_000,
            payloadType: 96,
            rtcpFeedback: [
              { type: 'nack', parameter: 'pli' },
              { type: 'ccm', parameter: 'fir' },
            ],
          }),
        ],
      },
      iceServers: [],
      bundlePolicy: 'max-bundle', // otherwise every line gets sockets of its own, which nobody closes
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    })
    const line = (kind: 'audio' | 'video'): Line => {
      const transceiver = this.#pc.addTransceiver(new MediaStreamTrack({ kind }), { direction: 'sendonly' })
      return { transceiver, sender: transceiver.sender, sequence: Math.floor(Math.random() * 30_000) }
    }
    this.#audio = Array.from({ length: AUDIO_SLOTS }, () => line('audio'))
    this.#video = Array.from({ length: VIDEO_SLOTS }, () => ({ ...line('video'), source: undefined, frame: 0 }))
    for (const video of this.#video) {
      video.sender.onPictureLossIndication.subscribe(() => {
        video.frame = 0
      })
    }
    this.connected = new Promise((resolve) => {
      this.#pc.connectionStateChange.subscribe((state) => state === 'connected' && resolve())
    })
    this.#channel = this.#pc.createDataChannel('collections')
    this.#channel.stateChanged.subscribe((state) => {
      if (state === 'open' && this.#roster !== undefined) this.#channel.send(this.#roster)
    })
  }

  async offer(): Promise<string> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer())
    return this.#pc.localDescription?.sdp ?? ''
  }

  async answer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp })
  }

  /** How the page knows a video line. */
  line(slot: number): { mid: string; ssrc: number } | undefined {
    const { transceiver, sender } = this.#video[slot] ?? {}
    return transceiver?.mid === undefined || sender === undefined ? undefined : { mid: transceiver.mid, ssrc: sender.ssrc }
  }

  /** One 20 ms packet on an audio slot; `tick` counts 20 ms steps of the room. */
  audio(slot: number, tick: number, payload: Uint8Array, csrc: number, marker: boolean): void {
    const line = this.#audio[slot]
    if (line !== undefined) this.#send(line, tick * AUDIO_STEP, payload, marker, [csrc])
  }

  /** What a video slot carries from now on; a change starts at a key frame. */
  show(slot: number, source: Encoded | undefined): void {
    const line = this.#video[slot]
    if (line === undefined || line.source === source) return
    line.source = source
    line.frame = 0
  }

  /** One picture on every video slot that carries something; `tick` counts pictures of the room. */
  pictures(tick: number): void {
    for (const line of this.#video) {
      const data = line.source?.frames[line.frame % (line.source.frames.length || 1)]
      if (data === undefined) continue
      line.frame++
      for (let at = 0; at < data.length; at += MTU) {
        // VP8 payload descriptor of one byte: S marks the start of the picture (RFC 7741, section 4.2).
        const payload = Buffer.concat([Buffer.from([at === 0 ? 0x10 : 0x00]), data.subarray(at, at + MTU)])
        this.#send(line, tick * VIDEO_STEP, payload, at + MTU >= data.length, [])
      }
    }
  }

  roster(message: Buffer): void {
    this.#roster = message
    if (this.#channel.readyState === 'open') this.#channel.send(message)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pc.close()
  }

  #send(line: Line, timestamp: number, payload: Uint8Array, marker: boolean, csrc: number[]): void {
    if (this.#closed) return
    line.sequence = (line.sequence + 1) & 0xffff
    const header = new RtpHeader({
      sequenceNumber: line.sequence,
      timestamp: timestamp >>> 0,
      marker,
      csrc,
      csrcLength: csrc.length,
      payloadOffset: 12,
    })
    void line.sender.sendRtp(new RtpPacket(header, Buffer.from(payload))).catch(() => {}) // the visitor has gone: its socket says so
  }
}
