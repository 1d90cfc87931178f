import { expect, it } from 'vitest'
import { AutoLeave } from '../../../src/bot/auto-leave.ts'

const limits = { nooneJoinedTimeoutMs: 100, everyoneLeftTimeoutMs: 20, silenceTimeoutMs: 50, maxDurationMs: 1_000 }

it('gives up when nobody ever came', () => {
  const policy = new AutoLeave(limits, 0)
  policy.others(false, 0)
  expect([policy.due(99), policy.due(100)]).toEqual([undefined, 'NOONE_JOINED'])
})

it('leaves when alone after somebody was there, and not a moment of "unknown" counts', () => {
  const policy = new AutoLeave(limits, 0)
  policy.others(true, 0)
  policy.others(false, 10)
  policy.others(undefined, 25)
  expect(policy.due(40)).toBeUndefined()
  policy.others(false, 50)
  expect([policy.due(69), policy.due(70)]).toEqual([undefined, 'everyone_left'])
})

it('counts silence only once somebody was there, and any sound starts it anew', () => {
  const policy = new AutoLeave(limits, 0)
  policy.sound(false, 0)
  expect(policy.due(60)).toBeUndefined()
  policy.others(true, 60)
  policy.sound(false, 60)
  policy.sound(true, 100)
  policy.sound(false, 101)
  expect([policy.due(150), policy.due(151)]).toEqual([undefined, 'silence'])
})

it('takes null as off', () => {
  const policy = new AutoLeave({ nooneJoinedTimeoutMs: null, everyoneLeftTimeoutMs: null, silenceTimeoutMs: null, maxDurationMs: null }, 0)
  policy.others(false, 0)
  expect(policy.due(1e12)).toBeUndefined()
})

it('counts alone from the last one met, though no look saw them', () => {
  const policy = new AutoLeave(limits, 0)
  policy.others(false, 0)
  policy.metSomeone(15)
  policy.others(false, 20)
  expect([policy.due(34), policy.due(35)]).toEqual([undefined, 'everyone_left'])
})
