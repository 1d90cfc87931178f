import { expect, it } from 'vitest'
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
