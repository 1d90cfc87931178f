import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { ParticipantChange, ShareChange } from '../../src/core/events.ts'
import type { Lab } from '../../src/lab/server.ts'
import type { MeetingBot } from '../../src/meeting-bot.ts'
import { newBot, quickLab, sharedBrowser } from './meeting.ts'

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

/** One call of the lab's control API. */
async function ask(method: string, path: string, body?: object): Promise<Record<string, string>> {
  const response = await fetch(`${lab.controlUrl}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json() as Promise<Record<string, string>>
}

async function enter(plan: object): Promise<{ bot: MeetingBot; id: string; changes: ParticipantChange[] }> {
  const room = await ask('POST', '/rooms', { platform: 'meet', lobby: false, ...plan })
  const bot = newBot(room['url'] ?? '', browser)
  const changes: ParticipantChange[] = []
  bot.on('participant', (change) => changes.push(change))
  await bot.join()
  return { bot, id: room['id'] ?? '', changes }
}
const soon = (fact: () => boolean) => expect.poll(fact, { timeout: 15_000, interval: 50 }).toBe(true)
const truthOf = async (id: string) =>
  (await (await fetch(`${lab.controlUrl}/rooms/${id}/truth?since=0`)).text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('who joins late, is renamed and leaves is told when it happens; two of one name are two', async () => {
  const people = [
    { name: 'Sam', voice: 'austen-1', host: true },
    { name: 'Kim', voice: 'cards' },
  ]
  const { bot, id, changes } = await enter({ people })
  await soon(() => bot.status === 'in_call_recording' && changes.length === 2)
  const sam = await ask('POST', `/rooms/${id}/people`, { name: 'Sam', voice: 'austen-3' })
  await soon(() => changes.length === 3)
  await ask('PATCH', `/rooms/${id}/people/Kim`, { name: 'Kimberley' })
  await soon(() => changes.length === 4)
  await ask('DELETE', `/rooms/${id}/people/Kimberley`)
  await soon(() => changes.length === 5)
  await bot.leave()
  const { participants } = await bot.done

  expect(changes.map(({ change, participant, previousName }) => [change, participant.name, previousName])).toEqual([
    ['joined', 'Sam', undefined],
    ['joined', 'Kim', undefined],
    ['joined', 'Sam', undefined],
    ['renamed', 'Kimberley', 'Kim'],
    ['left', 'Kimberley', undefined],
  ])
  expect(participants.map(({ name, host = false, leftAt }) => [name, host, leftAt !== undefined])).toEqual([
    ['Sam', true, false],
    ['Kimberley', false, true],
    ['Sam', false, false],
  ])
  expect(participants[2]?.id).toBe(sam['id'])
  const truth = await truthOf(id)
  const wall = Number(truth[0]?.['wallMs'])
  const told = (change: string, name: string) =>
    wall + Number(truth.findLast((line) => line['change'] === change && line['name'] === name)?.['atMs'])
  expect(Math.abs((participants[2]?.joinedAt ?? 0) - told('joined', 'Sam'))).toBeLessThan(1_500)
  expect(Math.abs((participants[1]?.leftAt ?? 0) - told('left', 'Kimberley'))).toBeLessThan(1_500)
})

it('waiting people, a row of merged audio and the newest people button make nobody up', async () => {
  const people = [
    { name: 'Ada', voice: 'austen-1', host: true },
    { name: 'Kim', voice: 'cards' },
  ]
  const { bot, id } = await enter({ people, traps: ['waiting-list', 'merged-audio', 'people-jsname'] })
  await soon(() => bot.status === 'in_call_recording')
  await ask('POST', `/rooms/${id}/people`, { name: 'Zoe', voice: 'austen-3' })
  await new Promise((resolve) => setTimeout(resolve, 2_000)) // the time in which somebody could be made up
  await bot.leave()
  expect((await bot.done).participants.map(({ name, leftAt }) => [name, leftAt])).toEqual([
    ['Ada', undefined],
    ['Kim', undefined],
    ['Zoe', undefined],
  ])
})

it('a shared screen is told with its presenter, under an id of its own each time, and is nobody', async () => {
  const { bot, id, changes } = await enter({
    people: [
      { name: 'Ada', voice: 'austen-1' },
      { name: 'Kim', voice: 'cards' },
    ],
  })
  const shares: ShareChange[] = []
  bot.on('screen_share', (change) => shares.push(change))
  await soon(() => changes.length === 2)
  for (const sharing of [true, false, true, false]) {
    const told = shares.length
    await ask('PATCH', `/rooms/${id}/people/Ada`, { sharing })
    await soon(() => shares.length === told + 1)
  }
  await bot.leave()
  const { participants } = await bot.done
  expect(shares.map(({ change, presenterName }) => [change, presenterName])).toEqual([
    ['started', 'Ada'],
    ['stopped', 'Ada'],
    ['started', 'Ada'],
    ['stopped', 'Ada'],
  ])
  const screens = (await truthOf(id)).flatMap(({ change, on, screenId }) => (change === 'share' && on === true ? [screenId] : []))
  expect(new Set(shares.map(({ shareId }) => shareId))).toEqual(new Set(screens))
  expect(screens).toHaveLength(2)
  expect(new Set(shares.map(({ presenterId }) => presenterId))).toEqual(new Set([participants.find(({ name }) => name === 'Ada')?.id]))
  expect(participants.map(({ name }) => name)).toEqual(['Ada', 'Kim'])
})

it('the site is asked for the speaker layout once the recording runs, and its menus are closed again', async () => {
  const { bot, id } = await enter({ people: [{ name: 'Ada', voice: 'austen-1' }] })
  const clicks = async () => (await truthOf(id)).filter(({ type }) => type === 'click').map(({ control }) => String(control))
  await expect
    .poll(clicks, { timeout: 15_000, interval: 200 })
    .toEqual(expect.arrayContaining(['more-options', 'layout-sidebar', 'layout-close']))
  const recordingAt = bot.history.find(({ to }) => to === 'in_call_recording')?.at ?? Number.NaN
  const truth = await truthOf(id)
  const asked = truth.find(({ control }) => control === 'more-options')
  expect(Number(truth[0]?.['wallMs']) + Number(asked?.['atMs'])).toBeGreaterThanOrEqual(recordingAt - 100)
  await bot.leave()
  expect((await bot.done).reason).toBe('caller')
})
