import { expect, it } from 'vitest'
import { blit, fill, fromNv12, fromRgba, newI420, planesOf, scale, turn } from '../../../src/page/planes.ts'

const at = (picture: ReturnType<typeof newI420>, x: number, y: number) =>
  planesOf(picture).map(({ offset, stride, step }) => picture.data[offset + Math.floor(y / step) * stride + Math.floor(x / step)])

it('fills and copies exactly the rectangle asked for, in all three planes', () => {
  const into = newI420(16, 8)
  const small = newI420(4, 4)
  fill(small, { x: 0, y: 0, width: 4, height: 4 }, [200, 90, 60])
  blit(small, into, 6, 2)
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 16; x++) {
      const inside = x >= 6 && x < 10 && y >= 2 && y < 6
      expect(at(into, x, y)).toEqual(inside ? [200, 90, 60] : [0, 0, 0])
    }
  }
})

it('scaling keeps a flat colour flat and a ramp rising, up and down', () => {
  const ramp = newI420(32, 16)
  for (let y = 0; y < 16; y++) for (let x = 0; x < 32; x++) ramp.data[y * 32 + x] = x * 8
  ramp.data.fill(99, 32 * 16)
  for (const [width, height] of [
    [64, 32],
    [50, 26],
    [16, 8],
  ] as const) {
    const into = newI420(width, height)
    scale(ramp, into, { x: 0, y: 0, width, height })
    const row = [...into.data.subarray(0, width)]
    expect(row).toEqual([...row].sort((a, b) => a - b))
    expect((row.at(-1) ?? 0) - (row[0] ?? 0)).toBeGreaterThan(200)
    expect(new Set(into.data.subarray(width * height))).toEqual(new Set([99]))
  }
})

it('colours come out as BT.601 says', () => {
  const rgba = new Uint8ClampedArray(4 * 4 * 4)
  for (let i = 0; i < 16; i++) rgba.set([255, 0, 0, 255], i * 4)
  expect(at(fromRgba(rgba, 4, 4), 2, 2)).toEqual([82, 90, 240])
  expect(at(fromRgba(rgba.fill(255), 4, 4), 0, 0)).toEqual([235, 128, 128])
})

it('interleaved chroma is taken apart', () => {
  const picture = fromNv12(new Uint8Array([1, 2, 3, 4, 10, 20]), 2, 2)
  expect([...picture.data]).toEqual([1, 2, 3, 4, 10, 20])
  expect(at(fromNv12(new Uint8Array([...Array(8).fill(5), 10, 20, 30, 40]), 4, 2), 2, 0)).toEqual([5, 30, 40])
})

it.each([
  [90, false, 8, 12],
  [180, false, 12, 8],
  [270, false, 8, 12],
  [0, true, 12, 8],
] as const)('turned by %i, mirrored: %s, a picture is %i wide and %i high and loses nothing', (degrees, mirrored, width, height) => {
  const from = newI420(12, 8)
  for (let i = 0; i < from.data.length; i++) from.data[i] = i
  const into = turn(from, degrees, mirrored)
  expect([into.width, into.height]).toEqual([width, height])
  // Where a clockwise turn puts the source's point, and a mirror after it.
  const place = (x: number, y: number, w: number, h: number) => {
    const [tx, ty] = { 0: [x, y], 90: [h - 1 - y, x], 180: [w - 1 - x, h - 1 - y], 270: [y, w - 1 - x] }[degrees] as [number, number]
    return [mirrored ? (degrees % 180 === 0 ? w : h) - 1 - tx : tx, ty] as const
  }
  const [source, target] = [planesOf(from), planesOf(into)]
  source.forEach((plane, i) => {
    const to = target[i]
    if (to === undefined) return
    const [w, h] = [12 / plane.step, 8 / plane.step]
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const [tx, ty] = place(x, y, w, h)
        expect(into.data[to.offset + ty * to.stride + tx]).toBe(from.data[plane.offset + y * plane.stride + x])
      }
    }
  })
})
