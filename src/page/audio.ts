import { encodeFrame } from '../core/frame.ts'
import { AudioClock } from './audio-clock.ts'
import { type Outlet, pageNow, toBase64 } from './outlet.ts'
import type { RemoteTrack } from './tap.ts'
import workletSource from './worklet.ts?source'

const RATE = 48_000
const BATCH = 4_800
const INPUTS = 32
/** A contributing source not heard for this long is not who speaks now. */
const SOURCE_MS = 250

interface Batch {
  endFrame: number
  mix: Int16Array
  tracks: { input: number; pcm: Int16Array }[]
}

interface Attached {
  input: number
  remote: RemoteTrack
  node: MediaStreamAudioSourceNode
  element: HTMLAudioElement
  /** Totals at the last report. */
  packets: number
  energy: number
}

/** All received audio through one 48 kHz context without an output device: per-track PCM and the full-band mix. */
export class AudioCapture {
  readonly #outlet: Outlet
  readonly #sampleRate: 16000 | 24000
  readonly #attached = new Map<number, Attached>()
  readonly #clock = new AudioClock()
  #context: AudioContext | undefined
  #worklet: AudioWorkletNode | undefined
  #seq = 0
  samples = 0

  constructor(outlet: Outlet, sampleRate: 16000 | 24000) {
    this.#outlet = outlet
    this.#sampleRate = sampleRate
  }

  get state(): string {
    return this.#context?.state ?? 'none'
  }

  async start(tracks: Iterable<RemoteTrack>): Promise<void> {
    const context = new AudioContext({ sampleRate: RATE, sinkId: { type: 'none' } } as AudioContextOptions)
    this.#context = context
    const url = URL.createObjectURL(new Blob([workletSource], { type: 'text/javascript' }))
    await context.audioWorklet.addModule(url)
    URL.revokeObjectURL(url)
    const worklet = new AudioWorkletNode(context, 'remora-tracks', {
      numberOfInputs: INPUTS,
      numberOfOutputs: 1,
      processorOptions: { sampleRate: this.#sampleRate },
    })
    worklet.port.onmessage = ({ data }: MessageEvent<Batch>) => this.#push(data)
    worklet.connect(context.destination) // an unconnected node may never be asked to process
    this.#worklet = worklet
    for (const remote of tracks) this.attach(remote)
    await context.resume()
  }

  attach(remote: RemoteTrack): void {
    const context = this.#context
    const worklet = this.#worklet
    if (context === undefined || worklet === undefined || remote.track.kind !== 'audio' || this.#attached.has(remote.number)) return
    const taken = new Set([...this.#attached.values()].map(({ input }) => input))
    const input = Array.from({ length: INPUTS }, (_, i) => i).find((i) => !taken.has(i))
    if (input === undefined) return
    const stream = new MediaStream([remote.track])
    // Chromium decodes a received track for Web Audio only while some media element plays it (capture measurements, 2026-11).
    const element = new Audio()
    element.srcObject = stream
    element.muted = true
    void element.play().catch(() => {}) // autoplay is allowed by flag; a track that ended meanwhile has nothing to play
    const node = context.createMediaStreamSource(stream)
    node.connect(worklet, 0, input)
    worklet.port.postMessage({ input, on: true })
    this.#attached.set(remote.number, { input, remote, node, element, packets: 0, energy: 0 })
  }

  detach(number: number): void {
    const attached = this.#attached.get(number)
    if (attached === undefined) return
    this.#attached.delete(number)
    attached.node.disconnect()
    attached.element.srcObject = null
    this.#worklet?.port.postMessage({ input: attached.input, on: false })
  }

  async stop(): Promise<void> {
    for (const number of [...this.#attached.keys()]) this.detach(number)
    this.#worklet?.disconnect()
    await this.#context?.close()
  }

  /** Packets and energy per track since the last report. */
  async stats(): Promise<{ track: number; packets: number; energy: number }[]> {
    const rows = [...this.#attached.values()].map(async (attached) => {
      const { remote } = attached
      const report = [...(await remote.receiver.getStats()).values()].find(({ type }) => type === 'inbound-rtp')
      const packets: number = report?.packetsReceived ?? 0
      const energy: number = report?.totalAudioEnergy ?? 0
      const since = { track: remote.number, packets: packets - attached.packets, energy: energy - attached.energy }
      attached.packets = packets
      attached.energy = energy
      return since
    })
    return Promise.all(rows)
  }

  #push({ endFrame, mix, tracks }: Batch): void {
    this.samples += mix.length
    const batchMs = (BATCH / RATE) * 1_000
    const atMs = this.#clock.at((endFrame / RATE) * 1_000, pageNow()) - batchMs
    const byInput = new Map([...this.#attached.values()].map(({ input, remote }) => [input, remote]))
    const framed = tracks.flatMap(({ input, pcm }) => {
      const remote = byInput.get(input)
      return remote === undefined ? [] : [{ track: remote.number, pcm, sources: sourcesOf(remote.receiver) }]
    })
    const bytes = encodeFrame({ epoch: 0, seq: this.#seq++, atMs, sampleRate: this.#sampleRate, tracks: framed, mix })
    this.#outlet('f', toBase64(bytes))
  }
}

/** CSRCs heard just now, newest first. Their timestamps count from the epoch or from page load, depending on the version. */
function sourcesOf(receiver: RTCRtpReceiver): number[] {
  return receiver
    .getContributingSources()
    .map(({ source, timestamp }) => ({ source, age: (timestamp > 1e11 ? pageNow() : performance.now()) - timestamp }))
    .filter(({ age }) => age < SOURCE_MS)
    .sort((a, b) => a.age - b.age)
    .map(({ source }) => source)
}
