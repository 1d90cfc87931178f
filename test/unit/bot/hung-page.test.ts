import { expect, it } from 'vitest'
import { callBot, comes, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true, reports: true }]
const over = (at: number): Turn => ({ at, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } })
const SILENCE: Turn = { at: 10_000, sound: null, reports: false }

/** The interruptions of a call, with the second each began in. */
async function play(turns: readonly Turn[], automaticLeave: Parameters<typeof callBot>[1] = {}) {
  const { bot, pages, inCallMs } = callBot(turns, automaticLeave)
  const told: [what: string, second: number][] = []
  bot.on('interruption', ({ kind, endAt, details }) => {
    if (endAt === undefined) told.push([`${kind} ${details?.['why']}`, Math.round(inCallMs() / 1_000)])
  })
  await bot.join()
  return { result: await bot.done, told, pages: pages() }
}

it('a page that gives nothing for a minute is left for another, like one that crashed', async () => {
  const { result, told, pages } = await play([...HEARD, SILENCE, { at: 75_000, sound: true, reports: true }, over(120_000)])
  expect([result.reason, pages]).toEqual(['meeting_ended', 2])
  expect(told).toEqual([
    ['capture_degraded no_reports', 13],
    ['rejoining page_crashed', 73],
  ])
})

it('a page that hangs on every page ends the call as crashed', async () => {
  const { result, pages } = await play([...HEARD, SILENCE])
  expect(result).toMatchObject({ outcome: 'completed', reason: 'browser_crashed', truncated: true })
  expect(pages).toBe(4)
})

it.each<[string, Turn]>([
  ['gives frames', { at: 10_000, reports: false }],
  ['gives reports', { at: 10_000, sound: null }],
])('a page that still %s is stayed on', async (_, turn) => {
  const { result, pages } = await play([...HEARD, turn, over(300_000)])
  expect([result.reason, pages]).toEqual(['meeting_ended', 1])
})

it('a page that comes back within a minute is stayed on', async () => {
  const { pages } = await play([...HEARD, SILENCE, { at: 60_000, sound: true, reports: true }, { ...SILENCE, at: 65_000 }, over(120_000)])
  expect(pages).toBe(1)
})
