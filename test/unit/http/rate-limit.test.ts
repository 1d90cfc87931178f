import { expect, it } from 'vitest'
import { RateLimit } from '../../../src/http/rate-limit.ts'

function limited(limit: number) {
  const clock = { now: 1_000_000 }
  return { clock, rate: new RateLimit({ limit, windowMs: 60_000, now: () => clock.now }) }
}

it('lets as many through as it says in any window, with no double burst at its edge', () => {
  const { clock, rate } = limited(3)
  expect([rate.take('a'), rate.take('a')]).toEqual([0, 0])
  clock.now += 59_000
  expect(rate.take('a')).toBe(0)
  expect(rate.take('a')).toBe(1_000)
  clock.now += 1_000
  expect([rate.take('a'), rate.take('a')]).toEqual([0, 0])
  expect(rate.take('a')).toBe(59_000)
})

it('shuts nobody out when the clock is set back', () => {
  const { clock, rate } = limited(1)
  rate.take('a')
  clock.now -= 86_400_000
  expect([rate.take('a'), rate.take('a')]).toEqual([0, 60_000])
})

it('does not count what it refused', () => {
  const { clock, rate } = limited(1)
  rate.take('a')
  for (let at = 0; at < 50; at++) rate.take('a')
  clock.now += 60_000
  expect(rate.take('a')).toBe(0)
})

it('keeps callers apart', () => {
  const { rate } = limited(1)
  expect([rate.take('a'), rate.take('b'), rate.take('a') > 0]).toEqual([0, 0, true])
})

it('forgets callers that are quiet rather than grow without end, and never the ones at their limit', () => {
  const { clock, rate } = limited(1)
  for (let at = 0; at < 10_000; at++) rate.take(at)
  clock.now += 60_000
  rate.take('busy')
  for (let at = 0; at < 9_000; at++) rate.take(`new ${at}`)
  expect(rate.take('busy')).toBeGreaterThan(0)
})
