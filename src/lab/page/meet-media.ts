import type { FromPage } from '../protocol.ts'
import type { Devices } from './devices.ts'

interface MediaOptions {
  send(message: FromPage): void
  devices: Devices
  /** The newer arm: one mixed audio path, no audio elements before the call. */
  mixed: boolean
}

const AUDIO_ELEMENTS = 3
const GATHERING_MS = 1_000
/** How long a connection and the one that follows it stand side by side. */
const BOTH_MS = 1_000

/**
 * The page's end of the media. Three audio elements that belong to nobody stand outside the tiles from the beginning and are never
 * played themselves (they report `paused`); the sound comes from elements that are not in the document.
 */
export class Media {
  readonly #options: MediaOptions
  readonly #elements: HTMLAudioElement[] = []
  readonly #outputs: HTMLAudioElement[] = []
  readonly #streams = new Map<string, MediaStream>()
  readonly #lines: Partial<Record<'audio' | 'video', RTCRtpTransceiver>> = {}
  #pc: RTCPeerConnection | undefined
  /** The connection that another one is taking over from, with what plays its sound. */
  #former: { pc: RTCPeerConnection; outputs: readonly HTMLAudioElement[] } | undefined
  #captions: RTCDataChannel | undefined
  #onCaption: ((data: ArrayBuffer) => void) | undefined
  /** Called when a video line begins to carry a track. */
  onVideo: () => void = () => {}

  constructor(options: MediaOptions) {
    this.#options = options
    if (!options.mixed) this.#elements.push(...Array.from({ length: AUDIO_ELEMENTS }, () => document.createElement('audio')))
    document.body.append(...this.#elements)
    options.devices.onChange(() => void this.#feed())
  }

  /** The stream of a video line. */
  video(mid: string): MediaStream | undefined {
    return this.#streams.get(mid)
  }

  /** The first offer makes the connection, later ones add lines to it; one of another connection makes that, and the former ends when it flows. */
  async offer(sdp: string, another = false): Promise<void> {
    if (another) this.#retire()
    const pc = this.#pc ?? this.#connect()
    await pc.setRemoteDescription({ type: 'offer', sdp })
    for (const transceiver of pc.getTransceivers()) {
      // What the visitor sends goes out on the first line of each kind that takes it.
      const kind = transceiver.receiver.track.kind as 'audio' | 'video'
      if (this.#lines[kind] !== undefined || !takes(sdp, transceiver.mid)) continue
      this.#lines[kind] = transceiver
      transceiver.direction = kind === 'audio' ? 'sendrecv' : 'sendonly'
    }
    await pc.setLocalDescription(await pc.createAnswer())
    await gathered(pc)
    if (this.#pc !== pc) return
    this.#options.send({ type: 'answer', sdp: pc.localDescription?.sdp ?? '' })
    await this.#feed()
    if (this.#onCaption !== undefined) this.captions(this.#onCaption)
  }

  /** The channel captions come on is the page's to open. */
  captions(onMessage: (data: ArrayBuffer) => void): void {
    this.#onCaption = onMessage
    if (this.#pc?.remoteDescription == null || this.#captions !== undefined) return
    this.#captions = this.#pc.createDataChannel('captions')
    this.#captions.binaryType = 'arraybuffer'
    this.#captions.onmessage = ({ data }) => onMessage(data as ArrayBuffer)
  }

  close(): void {
    this.#dropFormer()
    this.#pc?.close()
    this.#pc = undefined
    this.#captions = undefined
    this.#streams.clear()
    for (const element of [...this.#elements, ...this.#outputs.splice(0)]) element.srcObject = null
  }

  /** What flows goes on flowing until the next connection does. */
  #retire(): void {
    this.#dropFormer()
    if (this.#pc !== undefined) this.#former = { pc: this.#pc, outputs: this.#outputs.splice(0) }
    this.#pc = undefined
    this.#captions = undefined
    this.#streams.clear()
    for (const element of this.#elements) element.srcObject = null
  }

  #dropFormer(): void {
    const former = this.#former
    this.#former = undefined
    former?.pc.close()
    for (const output of former?.outputs ?? []) output.srcObject = null
  }

  /** Both connections stand for a moment, then the former is closed. */
  #takenOver(pc: RTCPeerConnection): void {
    if (pc.connectionState !== 'connected' || this.#pc !== pc || this.#former === undefined) return
    setTimeout(() => {
      if (this.#pc !== pc || this.#former === undefined) return
      this.#dropFormer()
      this.#options.send({ type: 'taken-over' })
    }, BOTH_MS)
  }

  #connect(): RTCPeerConnection {
    const pc = new RTCPeerConnection()
    this.#pc = pc
    delete this.#lines.audio
    delete this.#lines.video
    pc.onconnectionstatechange = () => this.#takenOver(pc)
    pc.ontrack = ({ track, transceiver }) => {
      const stream = new MediaStream([track])
      if (track.kind === 'audio') this.#sound(stream)
      else if (transceiver.mid !== null) {
        this.#streams.set(transceiver.mid, stream)
        this.onVideo()
      }
    }
    return pc
  }

  #sound(stream: MediaStream): void {
    const element = this.#elements.find(({ srcObject }) => srcObject === null)
    if (element !== undefined) element.srcObject = stream
    const output = new Audio()
    output.srcObject = stream
    this.#outputs.push(output)
    output.play().catch(() => {}) // a browser that wants a gesture first stays silent, as the real client does
  }

  async #feed(): Promise<void> {
    const { devices } = this.#options
    await Promise.all([
      this.#lines.audio?.sender.replaceTrack(devices.track('microphone') ?? null),
      this.#lines.video?.sender.replaceTrack(devices.track('camera') ?? null),
    ]).catch(() => {}) // the connection has just been closed
  }
}

/** Whether the offered line with that mid takes media from the page. */
function takes(sdp: string, mid: string | null): boolean {
  const section = sdp.split(/\r?\n(?=m=)/).find((part) => new RegExp(`^a=mid:${mid}\\s*$`, 'm').test(part))
  return section !== undefined && /^a=(sendrecv|recvonly)\s*$/m.test(section)
}

async function gathered(pc: RTCPeerConnection): Promise<void> {
  await new Promise<void>((resolve) => {
    if (pc.iceGatheringState === 'complete') resolve()
    else pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve()
    setTimeout(resolve, GATHERING_MS)
  })
}
