import type { FromComposer, ToComposer } from './composer.ts'
import composerSource from './composer.ts?source'
import type { Outlet } from './outlet.ts'
import type { RemoteTrack } from './tap.ts'

export interface VideoOptions {
  width: number
  height: number
  fps: number
  bitrate: number
  keyEveryMs: number
}
export interface View {
  layout: 'speaker' | 'gallery'
  tiles: { track?: number; name?: string }[]
}

interface Processor {
  readable: ReadableStream<VideoFrame>
}
declare const MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => Processor

/** A worker that died cannot say that it stopped. */
const STOP_MS = 2_000

/** The page's side of the composer worker: a processor for each shown track and for no other. */
export class VideoCapture {
  readonly #outlet: Outlet
  readonly #track: (number: number) => RemoteTrack | undefined
  readonly #shown = new Set<number>()
  #worker: Worker | undefined
  #stopped: (() => void) | undefined
  #view: View = { layout: 'speaker', tiles: [] }
  pictures = 0
  skipped = 0
  error: string | undefined

  constructor(outlet: Outlet, track: (number: number) => RemoteTrack | undefined) {
    this.#outlet = outlet
    this.#track = track
  }

  start(options: VideoOptions): void {
    const url = URL.createObjectURL(new Blob([composerSource], { type: 'text/javascript' }))
    const worker = new Worker(url)
    URL.revokeObjectURL(url)
    worker.onmessage = ({ data }: MessageEvent<FromComposer>) => this.#hear(data)
    worker.onerror = ({ message }) => {
      this.error = message
    }
    this.#worker = worker
    this.#tell({ type: 'start', ...options })
    this.show(this.#view)
  }

  show(view: View): void {
    this.#view = view
    if (this.#worker === undefined) return
    const tiles = view.layout === 'speaker' ? view.tiles.slice(0, 1) : view.tiles
    const wanted = new Set(tiles.flatMap(({ track }) => (track === undefined ? [] : [track])))
    for (const number of this.#shown) {
      if (wanted.has(number)) continue
      this.#shown.delete(number)
      this.#tell({ type: 'drop', track: number })
    }
    for (const number of wanted) {
      const remote = this.#track(number)
      if (this.#shown.has(number) || remote === undefined || remote.track.readyState === 'ended') continue
      const { readable } = new MediaStreamTrackProcessor({ track: remote.track, maxBufferSize: 1 })
      this.#shown.add(number)
      this.#tell({ type: 'track', track: number, readable }, [readable])
    }
    this.#tell({ type: 'view', ...view })
  }

  /** A track came or went: the same view may mean another picture. */
  refresh(ended?: number): void {
    if (ended !== undefined && this.#shown.delete(ended)) this.#tell({ type: 'drop', track: ended })
    this.show(this.#view)
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve
    })
    this.#tell({ type: 'stop' })
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STOP_MS))])
    worker.terminate()
    this.#worker = undefined
    this.#shown.clear()
  }

  #tell(message: ToComposer, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer)
  }

  #hear(message: FromComposer): void {
    if (message.type === 'push') this.#outlet('v', message.body)
    else if (message.type === 'error') this.error = message.error
    else if (message.type === 'stopped') this.#stopped?.()
    else {
      this.pictures += message.pictures
      this.skipped += message.skipped
    }
  }
}
