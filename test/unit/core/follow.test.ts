import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { within } from '../../../src/core/deadline.ts'
import { follow } from '../../../src/core/follow.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'

it('is aborted with the other one, for its reason, also when that came first', () => {
  const leader = new AbortController()
  const { signal } = follow(leader.signal)
  const reason = new Error('over')
  leader.abort(reason)
  expect(signal.reason).toBe(reason)
  expect(follow(leader.signal).signal.reason).toBe(reason)
})

it('leaves nothing in the other one once it is over', async () => {
  const leader = new AbortController()
  const kept = () => Object.getOwnPropertySymbols(leader.signal).filter((key) => String(key).includes('Dependant'))
  const clock = new FakeClock()
  for (let i = 0; i < 100; i++) await within({ ms: 1_000, code: 'INTERNAL', what: 'it', signal: leader.signal, clock }, async () => i)
  follow(leader.signal).stop()
  expect(getEventListeners(leader.signal, 'abort')).toEqual([])
  expect(kept()).toEqual([])
})
