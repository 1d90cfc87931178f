/** Runs in a worker: newest picture of each shown track → one I420 picture at a steady rate → H.264. */
import { encodeVideo, type VideoChunk } from '../core/frame.ts'
import { Cards } from './cards.ts'
import { Intake, isPlain, shownOf } from './intake.ts'
import { fitInto, gridOf, type Rect } from './layouts.ts'
import { toBase64 } from './outlet.ts'
import { BLACK, blit, fill, type I420, newI420, planesOf, scale } from './planes.ts'

export type ToComposer =
  | { type: 'start'; width: number; height: number; fps: number; bitrate: number; keyEveryMs: number }
  | { type: 'view'; layout: 'speaker' | 'gallery'; tiles: { track?: number; name?: string }[] }
  | { type: 'track'; track: number; readable: ReadableStream<VideoFrame> }
  | { type: 'drop'; track: number }
  | { type: 'stop' }
export type FromComposer =
  | { type: 'push'; body: string }
  | { type: 'count'; pictures: number; skipped: number }
  | { type: 'stopped' }
  | { type: 'error'; error: string }

const scope = self as unknown as { postMessage(message: FromComposer): void; onmessage: ((event: MessageEvent<ToComposer>) => void) | null }
const now = () => performance.timeOrigin + performance.now()
/** Encoded pictures are sent on after this long. */
const PUSH_MS = 300
/** A track whose first picture takes longer than this is shown as a card meanwhile. */
const PATIENCE_MS = 500
/** An encoder that fails at once is not tried at every picture. */
const RESTART_MS = 1_000

interface Source {
  reader: ReadableStreamDefaultReader<VideoFrame>
  frame: VideoFrame | undefined
  since: number
}

let settings = { width: 1280, height: 720, fps: 15, bitrate: 800_000, keyEveryMs: 1_000 }
let view: Extract<ToComposer, { type: 'view' }> = { type: 'view', layout: 'speaker', tiles: [] }
let canvas: I420 = newI420(2, 2)
let encoder: VideoEncoder | undefined
let running = false
let changed = true
let base = 0
let lastKey = Number.NEGATIVE_INFINITY
let lastStart = Number.NEGATIVE_INFINITY
let pictures = 0
let skipped = 0
let waiting: VideoChunk[] = []
let config: { codec: string; width: number; height: number; description: Uint8Array } | undefined
let lastPush = 0
const sources = new Map<number, Source>()
let cards = new Cards(0)
const intake = new Intake()

function flush(): void {
  if (waiting.length === 0) return
  const push = { epoch: 0, chunks: waiting, ...(config === undefined ? {} : { config }) }
  config = undefined
  waiting = []
  lastPush = now()
  scope.postMessage({ type: 'push', body: toBase64(encodeVideo(push)) })
}

function startEncoder(): void {
  lastStart = now()
  lastKey = Number.NEGATIVE_INFINITY
  encoder = new VideoEncoder({
    output: (chunk, metadata) => {
      const data = new Uint8Array(chunk.byteLength)
      chunk.copyTo(data)
      const description = metadata?.decoderConfig?.description
      if (description !== undefined) {
        const bytes = ArrayBuffer.isView(description)
          ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
          : new Uint8Array(description)
        config = {
          codec: metadata?.decoderConfig?.codec ?? 'avc1.42001f',
          width: settings.width,
          height: settings.height,
          description: bytes.slice(),
        }
      }
      waiting.push({ key: chunk.type === 'key', atMs: base + chunk.timestamp / 1_000, data })
      pictures++
      if (now() - lastPush >= PUSH_MS) flush()
    },
    error: (error) => {
      scope.postMessage({ type: 'error', error: String(error) })
      encoder = undefined // closed by its error; the next tick makes a new one
    },
  })
  encoder.configure({
    codec: 'avc1.42001f',
    width: settings.width,
    height: settings.height,
    bitrate: settings.bitrate,
    framerate: settings.fps,
    latencyMode: 'realtime',
    hardwareAcceleration: 'prefer-software',
    avc: { format: 'avc' },
  })
}

async function read(track: number, source: Source): Promise<void> {
  for (;;) {
    const { done, value } = await source.reader.read()
    if (sources.get(track) !== source) {
      value?.close()
      return
    }
    if (done) {
      // The site stopped the track, which tells nobody: its last picture would stand for ever.
      drop(track)
      changed = true
      return
    }
    source.frame?.close()
    source.frame = value
    changed = true
  }
}

function drop(track: number): void {
  const source = sources.get(track)
  if (source === undefined) return
  sources.delete(track)
  source.frame?.close()
  source.frame = undefined
  void source.reader.cancel().catch(() => {}) // its track has ended; nothing is left to cancel
}

/** One received picture into its rectangle: straight where size and kind are right, else by way of a picture of our own. */
async function paint(frame: VideoFrame, rect: Rect): Promise<void> {
  const { width, height, part } = shownOf(frame)
  const place = fitInto(width, height, rect)
  if (isPlain(frame) && place.width === width && place.height === height) {
    around(place, rect)
    const layout = planesOf(canvas).map(({ offset, stride, step }) => ({
      offset: offset + (place.y / step) * stride + place.x / step,
      stride,
    }))
    await frame.copyTo(canvas.data, { ...part, layout })
    return
  }
  const picture = await intake.take(frame, canvas)
  const fitted = fitInto(picture.width, picture.height, rect)
  around(fitted, rect)
  if (fitted.width === picture.width && fitted.height === picture.height) blit(picture, canvas, fitted.x, fitted.y)
  else scale(picture, canvas, fitted)
}

/** Black where a picture of another shape leaves its rectangle free. */
function around(place: Rect, rect: Rect): void {
  if (place.width !== rect.width || place.height !== rect.height) fill(canvas, rect, BLACK)
}

async function compose(): Promise<void> {
  const shown = view.layout === 'speaker' ? view.tiles.slice(0, 1) : view.tiles
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height }
  if (shown.length !== 1) fill(canvas, whole, BLACK)
  const rects = gridOf(shown.length, canvas.width, canvas.height)
  for (const [i, { track, name }] of shown.entries()) {
    const rect = rects[i]
    if (rect === undefined) continue
    const source = track === undefined ? undefined : sources.get(track)
    const frame = source?.frame?.clone()
    if (frame !== undefined) {
      try {
        await paint(frame, rect)
      } finally {
        frame.close()
      }
      if (name !== undefined && name !== '') {
        const label = cards.label(name, rect.height)
        blit(label, canvas, rect.x + 12, rect.y + rect.height - label.height - 12)
      }
    } else if (source === undefined || now() - source.since > PATIENCE_MS) {
      blit(cards.card(name ?? '', rect.width, rect.height), canvas, rect.x, rect.y)
    } else changed = true // its card comes when patience ends, though no picture asks for it
  }
  if (shown.length === 0) blit(cards.card('', canvas.width, canvas.height), canvas, 0, 0)
}

async function tick(): Promise<void> {
  if (encoder === undefined || encoder.state === 'closed') {
    if (now() - lastStart < RESTART_MS) return
    startEncoder()
  }
  if (encoder === undefined || encoder.state !== 'configured') return
  if (encoder.encodeQueueSize > 2) {
    skipped++
    return
  }
  if (changed) {
    changed = false
    await compose()
  }
  const at = now()
  const keyFrame = at - lastKey >= settings.keyEveryMs - 20
  if (keyFrame) lastKey = at
  const frame = new VideoFrame(canvas.data, {
    format: 'I420',
    codedWidth: canvas.width,
    codedHeight: canvas.height,
    timestamp: Math.round((at - base) * 1_000),
  })
  encoder.encode(frame, { keyFrame })
  frame.close()
}

async function run(): Promise<void> {
  let next = now()
  while (running) {
    try {
      await tick()
    } catch (error) {
      scope.postMessage({ type: 'error', error: String(error) })
    }
    next = Math.max(next + 1_000 / settings.fps, now() - 1_000 / settings.fps)
    const wait = next - now()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)))
  }
  if (encoder?.state === 'configured') await encoder.flush().catch(() => {}) // what it still had is in `waiting`
  flush()
  if (encoder?.state !== 'closed') encoder?.close()
  for (const track of [...sources.keys()]) drop(track)
  scope.postMessage({ type: 'stopped' })
}

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case 'start':
      settings = data
      canvas = newI420(data.width, data.height, data.width * 2)
      cards = new Cards(2 * newI420(data.width, data.height).data.byteLength)
      base = now()
      running = true
      startEncoder()
      void run()
      setInterval(() => {
        scope.postMessage({ type: 'count', pictures, skipped })
        pictures = 0
        skipped = 0
      }, 1_000)
      break
    case 'view':
      view = data
      changed = true
      break
    case 'track': {
      drop(data.track)
      const source: Source = { reader: data.readable.getReader(), frame: undefined, since: now() }
      sources.set(data.track, source)
      changed = true
      void read(data.track, source).catch(() => drop(data.track))
      break
    }
    case 'drop':
      drop(data.track)
      changed = true
      break
    case 'stop':
      running = false
      break
  }
}
