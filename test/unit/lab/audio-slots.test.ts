import { expect, it } from 'vitest'
import { AudioSlots } from '../../../src/lab/audio-slots.ts'

it('gives a fourth speaker the slot that has been silent longest, and a person keeps theirs until then', () => {
  const slots = new AudioSlots(3)
  expect(['a', 'b', 'c'].map((person, at) => slots.take(person, at).slot)).toEqual([0, 1, 2])
  for (const [person, at] of [
    ['b', 10],
    ['a', 20],
    ['c', 30],
  ] as const)
    slots.rest(person, at)
  expect(slots.take('a', 40)).toEqual({ slot: 0 })
  expect(slots.take('d', 50)).toEqual({ slot: 1 })
})

it('cuts the longest speech when everybody speaks', () => {
  const slots = new AudioSlots(3)
  for (const [at, person] of ['a', 'b', 'c'].entries()) slots.take(person, at)
  expect(slots.hasRoom).toBe(false)
  expect(slots.take('d', 9)).toEqual({ slot: 0, cut: 'a' })
})

it('frees the slot of who leaves', () => {
  const slots = new AudioSlots(2)
  slots.take('a', 1)
  slots.take('b', 2)
  slots.leave('b')
  expect(slots.take('c', 3)).toEqual({ slot: 1 })
})
