import { encodeFrame } from '../core/frame.ts'
import { AudioClock } from './audio-clock.ts'
import { Inputs } from './inputs.ts'
import { type Outlet, pageNow, toBase64 } from './outlet.ts'
import type { RemoteTrack } from './tap.ts'
import workletSource from './worklet.ts?source'

const RATE = 48_000
const BATCH = 4_800
const INPUTS = 32
/** A connection that does not say how much it received by then has nothing to say. */
const STATS_MS = 500
/** A contributing source not heard for this long is not who speaks now. */
const SOURCE_MS = 250

interface Batch {
  endFrame: number
  mix: Int16Array
  tracks: { input: number; pcm: Int16Array }[]
}

/** How much of a track came in by the last report. */
interface Counted {
  remote: RemoteTrack
  packets: number
  energy: number
}

interface Attached extends Counted {
  input: number
  node: MediaStreamAudioSourceNode
  element: HTMLAudioElement
}

/** All received audio through one 48 kHz context without an output device: per-track PCM and the full-band mix. */
export class AudioCapture {
  readonly #outlet: Outlet
  readonly #sampleRate: 16000 | 24000
  readonly #attached = new Map<number, Attached>()
  /** Tracks without an input: there are more than inputs. */
  readonly #waiting = new Map<number, Counted>()
  readonly #inputs = new Inputs(INPUTS)
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
    for (const remote of tracks) {
      try {
        this.attach(remote)
      } catch {
        // one that cannot be heard must not keep the others from being heard
      }
    }
    await context.resume()
  }

  attach(remote: RemoteTrack): void {
    const context = this.#context
    const worklet = this.#worklet
    if (context === undefined || worklet === undefined || remote.track.kind !== 'audio' || this.#attached.has(remote.number)) return
    const counted = this.#waiting.get(remote.number) ?? { remote, packets: 0, energy: 0 }
    const place = this.#inputs.take(remote.number)
    if (place === undefined) {
      this.#waiting.set(remote.number, counted)
      return
    }
    const { input, insteadOf } = place
    const before = insteadOf === undefined ? undefined : this.#attached.get(insteadOf)
    if (before !== undefined) {
      this.#silence(before)
      this.#waiting.set(before.remote.number, before)
    }
    this.#waiting.delete(remote.number)
    const stream = new MediaStream([remote.track])
    // Chromium decodes a received track for Web Audio only while some media element plays it (capture measurements, 2026-11).
    const element = new Audio()
    element.srcObject = stream
    element.muted = true
    play(element)
    const node = context.createMediaStreamSource(stream)
    node.connect(worklet, 0, input)
    worklet.port.postMessage({ input, on: true })
    this.#attached.set(remote.number, { ...counted, input, node, element })
  }

  detach(number: number): void {
    const attached = this.#attached.get(number)
    if (attached !== undefined) this.#silence(attached)
    this.#waiting.delete(number)
    this.#inputs.release(number)
  }

  #silence({ remote, node, element, input }: Attached): void {
    this.#attached.delete(remote.number)
    node.disconnect()
    element.srcObject = null
    this.#worklet?.port.postMessage({ input, on: false })
  }

  async stop(): Promise<void> {
    for (const number of [...this.#attached.keys()]) this.detach(number)
    this.#worklet?.disconnect()
    await this.#context?.close()
  }

  /** Packets and energy per track since the last report. Whatever stands still that ought to run is set going again. */
  async stats(): Promise<{ track: number; packets: number; energy: number }[]> {
    if (this.#context?.state === 'suspended') void this.#context.resume().catch(() => {}) // closed meanwhile: `stop` was asked for
    for (const { element } of this.#attached.values()) if (element.paused) play(element)
    const rows = await Promise.all([...this.#attached.values(), ...this.#waiting.values()].map((one) => count(one)))
    for (const { track, packets } of rows) {
      this.#inputs.heard(track, packets)
      const waiting = packets > 0 ? this.#waiting.get(track) : undefined
      if (waiting !== undefined) this.attach(waiting.remote)
    }
    return rows
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

/** Autoplay is allowed by flag; a track that ended meanwhile has nothing to play. */
function play(element: HTMLAudioElement): void {
  void element.play().catch(() => {})
}

/** What came in since the last time. A receiver whose connection or frame is gone may refuse, or never answer. */
async function count(counted: Counted): Promise<{ track: number; packets: number; energy: number }> {
  const { remote } = counted
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, STATS_MS))
  const report = await Promise.race([remote.receiver.getStats().catch(() => undefined), late])
  const streams = [...(report?.values() ?? [])].filter(({ type }) => type === 'inbound-rtp')
  const total = (name: string) => streams.reduce((sum, stream) => sum + (stream[name] ?? 0), 0)
  const { packets, energy } = report === undefined ? counted : { packets: total('packetsReceived'), energy: total('totalAudioEnergy') }
  // Another stream in the same slot starts to count at nought.
  const since = { track: remote.number, packets: Math.max(0, packets - counted.packets), energy: Math.max(0, energy - counted.energy) }
  counted.packets = packets
  counted.energy = energy
  return since
}

/** CSRCs heard just now, newest first. Their timestamps count from the epoch or from page load, depending on the version. */
function sourcesOf(receiver: RTCRtpReceiver): number[] {
  let sources: RTCRtpContributingSource[]
  try {
    sources = receiver.getContributingSources()
  } catch {
    return [] // its frame is gone: a voice without a source is still a voice
  }
  return sources
    .map(({ source, timestamp }) => ({ source, age: (timestamp > 1e11 ? pageNow() : performance.now()) - timestamp }))
    .filter(({ age }) => age < SOURCE_MS)
    .sort((a, b) => a.age - b.age)
    .map(({ source }) => source)
}
