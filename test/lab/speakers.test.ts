import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measureSpeakers, SPEAKER_CASES } from '../../bench/speaker-cases.ts'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { newBot, quickLab, sharedBrowser } from './meeting.ts'

/** Long enough for everybody's turn. */
const RECORD_MS = 19_000

let lab: Lab
let browser: BrowserProvider
beforeAll(async () => {
  lab = await quickLab()
  browser = sharedBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

// All the ways of knowing, for longer and by seed: `npm run torture:speakers`.
describe('speakers agree with the room, outside overlaps at least 95% of the time', () => {
  it.each(['six overlapping, by their sources', 'four by meters of other names'] as const)('%s', async (name) => {
    const one = SPEAKER_CASES[name]
    const { result, found } = await measureSpeakers(lab, (url) => newBot(url, browser), one, { recordMs: RECORD_MS })
    const { misses, ...figures } = found
    console.log(JSON.stringify(figures))
    expect(found.bins).toBeGreaterThan(80)
    expect(found.agreement, misses.join('\n')).toBeGreaterThanOrEqual(0.95)
    expect(found.wrong).toEqual([])
    expect(found.delayMs).toBeLessThan(400)
    // A voice below the meters' lowest step is heard before it is known: such an interval has no name, and no claim.
    const named = result.speakers.filter(({ participantId }) => participantId !== undefined)
    expect(new Set(named.map(({ source }) => source))).toEqual(new Set([one.source]))
    // Everybody had their turn, and two of one name are two.
    expect(new Set(named.map(({ participantId }) => participantId)).size).toBe(one.plan.people.length)
    expect(result.participants.map((person) => person.name).sort()).toEqual(one.plan.people.map((person) => person.name).sort())
  })
})
