import { afterAll, beforeAll, expect, it } from 'vitest'
import { walk } from '../../bench/walk.ts'
import type { BrowserProvider } from '../../src/browser/port.ts'
import { type Lab, startLab } from '../../src/lab/server.ts'
import { newBot, sharedBrowser } from './meeting.ts'

let lab: Lab
let browser: BrowserProvider
beforeAll(async () => {
  lab = await startLab()
  browser = sharedBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

it('says nothing that contradicts the truth, whatever the host does: three seeded walks', async () => {
  const seeds = [11, 12, 13]
  const reports = await Promise.all(seeds.map((seed) => walk({ seed, controlUrl: lab.controlUrl, newBot: (url) => newBot(url, browser) })))
  expect(reports.map(({ seed, contradictions, steps, reason }) => ({ seed, contradictions, steps, reason }))).toEqual(
    reports.map(({ seed, steps, reason }) => ({ seed, contradictions: [], steps, reason })),
  )
  expect(reports.some(({ statuses }) => statuses.includes('in_call_recording'))).toBe(true)
}, 300_000)
