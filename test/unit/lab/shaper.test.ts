import { expect, it } from 'vitest'
import { seeded } from '../../../src/lab/random.ts'
import { Shaper } from '../../../src/lab/shaper.ts'

function bed() {
  let now = 0
  const later: number[] = []
  let delivered = 0
  const shaper = new Shaper({ random: seeded(1), now: () => now, after: (ms) => later.push(ms) })
  const send = (count: number, bytes = 100) => {
    for (let i = 0; i < count; i++) shaper.pass(bytes, () => delivered++)
    return delivered
  }
  return {
    shaper,
    send,
    later,
    at: (ms: number) => {
      now = ms
    },
  }
}

it('loses the share of packets it is told to', () => {
  const { shaper, send } = bed()
  shaper.set({ lossPct: 30 })
  expect(send(1_000)).toBeGreaterThan(650)
  expect(send(0)).toBeLessThan(750)
})

it('lets nothing through while it is offline, and everything afterwards', () => {
  const { shaper, send, at } = bed()
  shaper.set({ offlineMs: 500 })
  expect(send(5)).toBe(0)
  at(500)
  expect(send(5)).toBe(5)
})

it('spaces packets by the line’s speed and drops what would wait too long', () => {
  const { shaper, send, later } = bed()
  shaper.set({ kbps: 80 })
  send(100, 1_000)
  expect(later.slice(0, 3)).toEqual([100, 200, 300])
  expect(later.length).toBeLessThan(8)
})
