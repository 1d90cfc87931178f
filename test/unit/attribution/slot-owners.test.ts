import { expect, it } from 'vitest'
import { SlotOwners } from '../../../src/bot/attribution/slot-owners.ts'

/** Moments of 20 ms from one time to another; who was found on which slot at the last one. */
function play(slots: SlotOwners, tracks: string[], people: string[], from: number, to: number) {
  let found = new Map<string, string>()
  for (let at = from; at <= to; at += 20) found = slots.assign(tracks, new Set(people), at)
  return Object.fromEntries(found)
}

it('one person on one track, and a second one by elimination', () => {
  const slots = new SlotOwners()
  expect(play(slots, ['1'], ['a'], 0, 500)).toEqual({ 1: 'a' })
  expect(play(slots, ['1', '2'], ['a', 'b'], 520, 1_000)).toEqual({ 1: 'a', 2: 'b' })
  // a falls silent; a meter that lags makes no difference.
  expect(play(slots, ['2'], ['a', 'b'], 1_020, 1_200)).toEqual({ 2: 'b' })
})

it('two people on one track are a contradiction', () => {
  expect(play(new SlotOwners(), ['1'], ['a', 'b'], 0, 500)).toEqual({})
})

it('a voice that goes on stays its owner’s while the meter rests, also when somebody else is shown at once', () => {
  const slots = new SlotOwners()
  play(slots, ['1'], ['a'], 0, 500)
  expect(play(slots, ['1'], [], 520, 2_400)).toEqual({ 1: 'a' })
  expect(play(slots, ['1'], [], 2_420, 2_600)).toEqual({})
  play(slots, ['1'], ['a'], 3_000, 3_200)
  expect(play(slots, ['1'], ['b'], 3_220, 3_700)).toEqual({ 1: 'a' })
  expect(play(slots, ['1'], ['b'], 3_720, 4_400)).toEqual({ 1: 'b' })
})

it('after a pause a slot is whose meter moves', () => {
  const slots = new SlotOwners()
  play(slots, ['1'], ['a'], 0, 500)
  expect(play(slots, ['1'], ['b'], 800, 900)).toEqual({ 1: 'b' })
})
