import { expect, it } from 'vitest'
import { tortureWebhooks } from '../../bench/webhooks/torture.ts'

it("a sender killed twice amid a failing receiver loses nothing, keeps each bot's order and repeats only the same bytes", {
  timeout: 60_000,
}, async () => {
  const report = await tortureWebhooks({ events: 200, bots: 20, kills: 2, seed: 7, deadlineMs: 50_000 })
  expect(report.violations).toEqual([])
  expect(report.killed).toBe(2)
  expect(report.requests).toBeGreaterThan(200)
})
