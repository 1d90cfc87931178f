import { expect, it } from 'vitest'
import { Inputs } from '../../../src/page/inputs.ts'

it('each track has an input of its own, and one that is over leaves its place', () => {
  const inputs = new Inputs(2)
  expect(inputs.take(7)).toEqual({ input: 0 })
  expect(inputs.take(8)).toEqual({ input: 1 })
  inputs.release(7)
  expect(inputs.take(9)).toEqual({ input: 0 })
})

it('where all are taken, the one silent for longest makes room, and nobody who is heard', () => {
  const inputs = new Inputs(3)
  for (const track of [1, 2, 3]) inputs.take(track)
  expect(inputs.take(4)).toBeUndefined()
  inputs.heard(1, 50)
  inputs.heard(2, 0)
  inputs.heard(3, 0)
  inputs.heard(3, 0)
  expect(inputs.take(4)).toEqual({ input: 2, insteadOf: 3 })
  expect(inputs.take(5)).toEqual({ input: 1, insteadOf: 2 })
  expect(inputs.take(6)).toBeUndefined()
})
