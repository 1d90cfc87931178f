import { expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'

it('a wait of a year does not ring at once', async () => {
  const stop = new AbortController()
  const year = systemClock.after(365 * 86_400_000, stop.signal).then(() => 'a year')
  const soon = systemClock.after(20).then(() => 'soon')
  expect(await Promise.race([year, soon])).toBe('soon')
  stop.abort(new Error('enough'))
  await expect(year).rejects.toThrow('enough')
})

it('a wait of nothing is over, and one that was stopped before it began is none', async () => {
  await systemClock.after(0)
  await expect(systemClock.after(0, AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
})
