import { expect, it } from 'vitest'
import { assignLines, layerFor } from '../../../src/lab/video-plan.ts'

const wanted = (...ids: string[]) => ids.map((id) => ({ id, layer: 'small' as const }))

it('leaves pictures that stay on their lines, and gives a free line to the next one', () => {
  expect(assignLines(['a', 'b', 'c'], wanted('c', 'd', 'a'))).toEqual(['a', 'd', 'c'])
})

it('adds lines only when there are too few, and empties those nobody needs', () => {
  expect(assignLines([], wanted('a', 'b'))).toEqual(['a', 'b'])
  expect(assignLines(['a', 'b'], [])).toEqual([undefined, undefined])
})

it('sends no larger picture than the tile', () => {
  expect([90, 200, 300, 401].map((height) => layerFor({ height }))).toEqual(['small', 'small', 'medium', 'large'])
})
