import { fitInto } from './layouts.ts'
import { fromNv12, fromRgba, type I420, turn } from './planes.ts'

/** Newer than the types: how a picture has to be turned, and then mirrored, to be upright. */
interface Turned {
  rotation?: number
  flip?: boolean
}

/** Formats whose planes can be taken as they are. */
const PLANAR: ReadonlySet<VideoPixelFormat | null> = new Set<VideoPixelFormat | null>(['I420', 'I420A', 'NV12'])

/** The part of a frame that is to be seen, in even numbers. */
export function shownOf({ visibleRect, codedWidth, codedHeight }: VideoFrame) {
  const width = Math.floor((visibleRect?.width ?? codedWidth) / 2) * 2
  const height = Math.floor((visibleRect?.height ?? codedHeight) / 2) * 2
  return { width, height, part: { rect: { x: visibleRect?.x ?? 0, y: visibleRect?.y ?? 0, width, height } } }
}

/** Can this frame's planes go where they are wanted without being touched? */
export function isPlain({ format, rotation = 0, flip = false }: VideoFrame & Turned): boolean {
  return format === 'I420' && rotation === 0 && !flip
}

/** Received frames of any kind as upright I420 pictures. A picture counts until the next one is taken. */
export class Intake {
  #scratch = new Uint8Array(0)
  #board: OffscreenCanvasRenderingContext2D | null = null

  async take(frame: VideoFrame & Turned, most: { width: number; height: number }): Promise<I420> {
    // Ten bits, full colour, or a picture that only the graphics card has: drawn, which is dear and turns it upright as well.
    if (!PLANAR.has(frame.format)) return this.#drawn(frame, most)
    const { width, height, part } = shownOf(frame)
    const size = frame.allocationSize(part)
    if (this.#scratch.byteLength < size) this.#scratch = new Uint8Array(size)
    await frame.copyTo(this.#scratch, part)
    const picture = frame.format === 'NV12' ? fromNv12(this.#scratch, width, height) : { data: this.#scratch, width, height }
    return turn(picture, frame.rotation ?? 0, frame.flip ?? false)
  }

  #drawn(frame: VideoFrame, most: { width: number; height: number }): I420 {
    const { width, height } = fitInto(frame.displayWidth, frame.displayHeight, { x: 0, y: 0, ...most })
    this.#board ??= new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    const board = this.#board
    if (board === null) throw new Error('no 2d canvas')
    if (board.canvas.width !== width || board.canvas.height !== height) Object.assign(board.canvas, { width, height })
    board.drawImage(frame, 0, 0, width, height)
    return fromRgba(board.getImageData(0, 0, width, height).data, width, height)
  }
}
