import { describe, expect, it } from 'vitest'
import { AudioClock } from '../../../src/page/audio-clock.ts'

const run = (clock: AudioClock, from: number, count: number, late: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => clock.at(from + i * 100, 5_000 + from + i * 100 + late(i)))

it('takes the quickest of the last batches as the true offset, so that queueing does not move time', () => {
  const times = run(new AudioClock(), 0, 30, (i) => (i === 0 ? 2 : i % 7 === 3 ? 150 : 20))
  expect(times.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => 5_002 + i * 100))
})

it('follows a context that runs slower than the page within the window', () => {
  const times = run(new AudioClock(), 0, 600, (i) => i * 0.02)
  expect(times[599]).toBeGreaterThan(5_000 + 599 * 100 + 599 * 0.02 - 1)
})

it('jumps by the stall within half a second after the context stood still', () => {
  const clock = new AudioClock()
  run(clock, 0, 20, () => 3)
  expect(run(clock, 2_000, 6, () => 803)).toEqual([7_003, 7_103, 7_203, 7_303, 8_203, 8_303])
})

describe('batches that waited for a blocked page', () => {
  /** Batches of which all but the last were late already: they come within `spreadMs`. */
  const burst = (clock: AudioClock, from: number, count: number, spreadMs = 0) =>
    run(clock, from, count, (i) => 3 + (count - 1 - i) * 100 + (i * spreadMs) / count)
  const grid = (from: number, count: number) => Array.from({ length: count }, (_, i) => 5_003 + from + i * 100)

  it.each([5, 6, 10, 20, 30, 100, 600])('keep their times, %i at once', (count) => {
    const clock = new AudioClock()
    run(clock, 0, 20, () => 3)
    expect(burst(clock, 2_000, count)).toEqual(grid(2_000, count))
  })

  it.each([30, 1_800])('keep their times when 30 of them come within %i ms, each in a task of its own', (spreadMs) => {
    const clock = new AudioClock()
    run(clock, 0, 20, () => 3)
    expect(burst(clock, 2_000, 30, spreadMs)).toEqual(grid(2_000, 30))
  })

  it('change nothing of what comes after them', () => {
    const clock = new AudioClock()
    run(clock, 0, 20, () => 3)
    burst(clock, 2_000, 30)
    expect(run(clock, 5_000, 60, (i) => 3 + (i % 3))).toEqual(grid(5_000, 60))
  })

  it('keep their times however often the page is blocked', () => {
    const clock = new AudioClock()
    run(clock, 0, 20, () => 3)
    const times = Array.from({ length: 40 }, (_, i) => [
      ...burst(clock, 2_000 + i * 1_100, 10),
      ...run(clock, 3_000 + i * 1_100, 1, () => 3),
    ])
    expect(times.flat()).toEqual(grid(2_000, 440))
  })

  it('do not hide that the context stood still while the page was blocked', () => {
    const clock = new AudioClock()
    run(clock, 0, 20, () => 3)
    run(clock, 2_000, 10, (i) => 803 + (9 - i) * 100)
    expect(run(clock, 3_000, 5, () => 803)).toEqual([8_003, 8_103, 8_203, 9_103, 9_203])
  })
})
