import { expect, it } from 'vitest'
import { fitInto, gridOf } from '../../../src/page/layouts.ts'

it('tiles never overlap, never leave the picture and start at even pixels', () => {
  for (let count = 1; count <= 49; count++) {
    const rects = gridOf(count, 1280, 720)
    expect(rects).toHaveLength(count)
    const area = new Uint8Array((1280 / 2) * (720 / 2))
    for (const { x, y, width, height } of rects) {
      expect([x, y, width, height].map((n) => n % 2)).toEqual([0, 0, 0, 0])
      expect(x >= 0 && y >= 0 && x + width <= 1280 && y + height <= 720 && width > 0 && height > 0).toBe(true)
      for (let row = y / 2; row < (y + height) / 2; row++) {
        for (let col = x / 2; col < (x + width) / 2; col++) area[row * 640 + col] = (area[row * 640 + col] ?? 0) + 1
      }
    }
    expect(Math.max(...new Set(area))).toBe(1)
  }
})

it('one tile fills the picture; a short last row is centred', () => {
  expect(gridOf(1, 1280, 720)).toEqual([{ x: 0, y: 0, width: 1280, height: 720 }])
  expect(gridOf(3, 1280, 720)[2]).toEqual({ x: 320, y: 360, width: 640, height: 360 })
})

it('a source keeps its shape: bars at the sides for 4:3, above and below for a wide one', () => {
  const whole = { x: 0, y: 0, width: 1280, height: 720 }
  expect(fitInto(640, 480, whole)).toEqual({ x: 160, y: 0, width: 960, height: 720 })
  expect(fitInto(1280, 360, whole)).toEqual({ x: 0, y: 180, width: 1280, height: 360 })
  expect(fitInto(640, 360, whole)).toEqual(whole)
})
