import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { BotResult } from '../../src/core/events.ts'
import type { Lab } from '../../src/lab/server.ts'
import { newBot, quickLab, sharedBrowser } from './meeting.ts'
import { type Score, score } from './speaker-score.ts'

/** Long enough for everybody's turn. */
const RECORD_MS = 34_000
const FOUR = [
  { name: 'Ada', voice: 'austen-1', host: true },
  { name: 'Jack', voice: 'jfk' },
  { name: 'Dora', voice: 'austen-3' },
  { name: 'Carl', voice: 'cards' },
]
/** Two of one name: only their ids tell them apart. */
const SIX = [
  { name: 'Sam', voice: 'austen-2', host: true },
  { name: 'Sam', voice: 'austen-3' },
  { name: 'Jack', voice: 'austen-4' },
  { name: 'Carl', voice: 'cards' },
  { name: 'Ada', voice: 'austen-1' },
  { name: 'Kim', voice: 'command' },
]

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

async function record(plan: object): Promise<{ result: BotResult; found: Score }> {
  const room = await lab.room({ platform: 'meet', lobby: false, ...plan } as never)
  const bot = newBot(room.url, browser)
  await bot.join()
  await new Promise((resolve) => setTimeout(resolve, RECORD_MS)) // the length of the recording
  await bot.leave()
  const result = await bot.done
  const { events } = room.truth
  const reached = Number(events[0]?.['wallMs']) + (events.find(({ type }) => type === 'media-connected')?.atMs ?? Number.NaN)
  const from = Math.max(result.startedAt, reached) + 500
  const found = score(events, result.speakers, from, result.startedAt + result.durationMs - 500)
  const { misses, ...figures } = found
  console.log(JSON.stringify({ ...figures, misses: misses.slice(0, 12) }))
  return { result, found }
}

describe('speakers agree with the room, outside overlaps at least 95% of the time', () => {
  it.each([
    ['four, in turns, by their sources', { people: FOUR, speech: 'turns' }, 'csrc'],
    ['six, overlapping, by their sources', { people: SIX, speech: 'overlap' }, 'csrc'],
    ['four, overlapping, by meters alone', { people: FOUR, speech: 'overlap', traps: ['no-csrc'] }, 'meter'],
    ['six, overlapping, by meters alone', { people: SIX, speech: 'overlap', traps: ['no-csrc'] }, 'meter'],
    [
      'four, by the meters of a build with other names',
      { people: FOUR, speech: 'overlap', classes: 'random', traps: ['no-csrc', 'no-jsnames', 'meters-renamed'] },
      'meter',
    ],
  ] as const)('%s', async (_, plan, source) => {
    const { result, found } = await record(plan)
    expect(found.bins).toBeGreaterThan(200)
    expect(found.agreement, found.misses.join('\n')).toBeGreaterThanOrEqual(0.95)
    expect(found.wrong).toEqual([])
    expect(found.delayMs).toBeLessThan(400)
    // A voice below the meters' lowest step is heard before it is known: such an interval has no name, and no claim.
    const named = result.speakers.filter(({ participantId }) => participantId !== undefined)
    expect(new Set(named.map((one) => one.source))).toEqual(new Set([source]))
    expect(result.participants.map(({ name }) => name).sort()).toEqual(plan.people.map(({ name }) => name).sort())
    const sams = new Set(result.speakers.filter(({ name }) => name === 'Sam').map(({ participantId }) => participantId))
    expect(sams.size).toBe(plan.people.filter(({ name }) => name === 'Sam').length)
  })
})
