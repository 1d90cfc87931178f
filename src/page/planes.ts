import type { Rect } from './layouts.ts'

/** An I420 picture: Y, then U and V at half size. */
export interface I420 {
  data: Uint8Array
  width: number
  height: number
}

/** `slack` bytes at the end: VideoFrame.copyTo refuses a rectangle at the bottom right of an exact buffer. */
export function newI420(width: number, height: number, slack = 0): I420 {
  return { data: new Uint8Array((width * height * 3) / 2 + slack), width, height }
}

interface Plane {
  offset: number
  stride: number
  /** 1 for luma, 2 for chroma. */
  step: 1 | 2
}

export function planesOf({ width, height }: { width: number; height: number }): [Plane, Plane, Plane] {
  const luma = width * height
  return [
    { offset: 0, stride: width, step: 1 },
    { offset: luma, stride: width / 2, step: 2 },
    { offset: luma + luma / 4, stride: width / 2, step: 2 },
  ]
}

/** A colour in Y, U, V. */
export type Yuv = readonly [y: number, u: number, v: number]
export const BLACK: Yuv = [16, 128, 128]

export function fill(into: I420, rect: Rect, colour: Yuv): void {
  planesOf(into).forEach(({ offset, stride, step }, i) => {
    for (let y = 0; y < rect.height / step; y++) {
      const start = offset + (rect.y / step + y) * stride + rect.x / step
      into.data.fill(colour[i] ?? 128, start, start + rect.width / step)
    }
  })
}

/** Copies a whole picture into a rectangle of its own size. */
export function blit(from: I420, into: I420, x: number, y: number): void {
  const source = planesOf(from)
  planesOf(into).forEach(({ offset, stride, step }, i) => {
    const plane = source[i]
    if (plane === undefined) return
    for (let row = 0; row < from.height / step; row++) {
      const start = plane.offset + row * plane.stride
      into.data.set(from.data.subarray(start, start + from.width / step), offset + (y / step + row) * stride + x / step)
    }
  })
}

/** A picture turned clockwise and, after that, mirrored left to right: phones send theirs as the sensor lies. */
export function turn(from: I420, degrees: number, mirrored = false): I420 {
  const quarter = (((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3
  if (quarter === 0 && !mirrored) return from
  const into = quarter % 2 === 0 ? newI420(from.width, from.height) : newI420(from.height, from.width)
  const source = planesOf(from)
  planesOf(into).forEach((target, i) => {
    const plane = source[i]
    if (plane === undefined) return
    const w = from.width / plane.step
    const h = from.height / plane.step
    const tw = into.width / target.step
    const th = into.height / target.step
    // Where the first pixel of a row comes from, and the way to the next one in the row and to the next row.
    // biome-ignore format: a table
    const [first, right, down] = ([
      [0,               1,  w],
      [(h - 1) * w,    -w,  1],
      [h * w - 1,      -1, -w],
      [w - 1,           w, -1],
    ] as const)[quarter]
    for (let y = 0; y < th; y++) {
      let at = plane.offset + first + y * down
      const row = target.offset + y * target.stride
      for (let x = 0; x < tw; x++, at += right) into.data[row + (mirrored ? tw - 1 - x : x)] = from.data[at] as number
    }
  })
  return into
}

/** Bilinear scale of a whole picture into a rectangle. Column weights are made once a plane, rows go straight. */
export function scale(from: I420, into: I420, rect: Rect): void {
  const source = planesOf(from)
  planesOf(into).forEach((target, i) => {
    const plane = source[i]
    if (plane === undefined) return
    const { step } = target
    const sw = from.width / step
    const sh = from.height / step
    const tw = rect.width / step
    const th = rect.height / step
    const left = new Int32Array(tw)
    const weight = new Int32Array(tw)
    for (let x = 0; x < tw; x++) {
      const at = Math.min(sw - 1, Math.max(0, ((x + 0.5) * sw) / tw - 0.5))
      left[x] = Math.min(sw - 2, Math.floor(at))
      weight[x] = Math.round((at - (left[x] ?? 0)) * 256)
    }
    const { data: from8 } = from
    const { data: into8 } = into
    for (let y = 0; y < th; y++) {
      const at = Math.min(sh - 1, Math.max(0, ((y + 0.5) * sh) / th - 0.5))
      const top = Math.min(sh - 2, Math.floor(at))
      const down = Math.round((at - top) * 256)
      const a = plane.offset + top * plane.stride
      const b = a + plane.stride
      const out = target.offset + (rect.y / step + y) * target.stride + rect.x / step
      for (let x = 0; x < tw; x++) {
        const l = left[x] as number
        const w = weight[x] as number
        const upper = (from8[a + l] as number) * (256 - w) + (from8[a + l + 1] as number) * w
        const lower = (from8[b + l] as number) * (256 - w) + (from8[b + l + 1] as number) * w
        into8[out + x] = (upper * (256 - down) + lower * down) >> 16
      }
    }
  })
}

/** RGBA pixels (a canvas) as I420, BT.601 limited range. Done once per card, never per frame. */
export function fromRgba(rgba: Uint8ClampedArray, width: number, height: number): I420 {
  const picture = newI420(width, height)
  const [, u, v] = planesOf(picture)
  const at = (i: number) => rgba[i] ?? 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4
      const [r, g, b] = [at(i), at(i + 1), at(i + 2)]
      picture.data[y * width + x] = (66 * r + 129 * g + 25 * b + 4_224) >> 8
      if (x % 2 === 0 && y % 2 === 0) {
        const chroma = (y / 2) * u.stride + x / 2
        picture.data[u.offset + chroma] = (-38 * r - 74 * g + 112 * b + 32_896) >> 8
        picture.data[v.offset + chroma] = (112 * r - 94 * g - 18 * b + 32_896) >> 8
      }
    }
  }
  return picture
}

/** NV12 (interleaved chroma) as I420. */
export function fromNv12(data: Uint8Array, width: number, height: number): I420 {
  const picture = newI420(width, height)
  const luma = width * height
  picture.data.set(data.subarray(0, luma))
  for (let i = 0; i < luma / 4; i++) {
    picture.data[luma + i] = data[luma + i * 2] ?? 128
    picture.data[luma + luma / 4 + i] = data[luma + i * 2 + 1] ?? 128
  }
  return picture
}
