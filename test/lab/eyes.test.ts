import { statSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { covered, heardBetween, score } from '../../bench/speaker-score.ts'
import type { BrowserProvider } from '../../src/browser/port.ts'
import type { Lab } from '../../src/lab/server.ts'
import { allSaid, decode, decodeFrames, newBot, quickLab, sharedBrowser } from './meeting.ts'
import { score as soundScore } from './score.ts'

/** Within it a data channel opens on a busy machine. */
const CHANNEL_OPEN_MS = 3_000

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

it('the newer arm, one sound for all with nobody named in it: it is recorded, and each voice has its name', async () => {
  const people = [
    { name: 'Ada', voice: 'austen-2' },
    { name: 'Jack', voice: 'cards' },
    { name: 'Kim', camera: 'off' },
  ]
  const room = await lab.room({ platform: 'meet', lobby: false, people, traps: ['neteq', 'no-collections'] } as never)
  const bot = newBot(room.url, browser)
  await bot.join()
  await room.truth.wait(({ type, on }) => type === 'speaking' && on === false, 20_000) // who spoke already is not told
  await allSaid(room, ['Ada', 'Jack'])
  await bot.leave()
  const result = await bot.done

  const { events } = room.truth
  const wall = Number(events[0]?.['wallMs'])
  const { from, to } = heardBetween(events, result)
  // Only changes are said on that channel, and it opens after the sound is there: who speaks before is not known.
  const known = from + CHANNEL_OPEN_MS
  const begun = events.find(({ type, on, atMs }) => type === 'speaking' && on === true && wall + atMs > known)?.atMs ?? Number.NaN
  const { misses, ...found } = score(events, result.speakers, wall + begun, to)
  expect(found.bins).toBeGreaterThan(60)
  expect(found.agreement, misses.join('\n')).toBeGreaterThanOrEqual(0.95)
  expect(found.wrong).toEqual([])
  const named = result.speakers.filter(({ participantId }) => participantId !== undefined)
  expect(new Set(named.map(({ name, source }) => `${name} by ${source}`))).toEqual(new Set(['Ada by meter', 'Jack by meter']))
  expect(result.participants.map(({ name }) => name)).toEqual(['Ada', 'Jack', 'Kim'])

  const mp4 = result.mp4 ?? ''
  const heard = soundScore({
    mp4,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
    truth: events,
    among: ['austen-2', 'cards', 'jfk'],
  })
  expect(heard.found.length).toBeGreaterThanOrEqual(3)
  expect(heard.found.filter(({ best, voice }) => best !== voice)).toEqual([])
  // What the jitter buffer of a busy machine had to stretch correlates badly, and is still found in its place.
  expect(Math.min(...heard.found.map(({ correlation }) => correlation))).toBeGreaterThan(0.2)
  expect(heard.spreadMs).toBeLessThan(100)
  expect(Math.abs(statSync(result.pcm ?? '').size / 32 - decode(mp4, 16_000).length / 16)).toBeLessThan(200)
})

it('twelve people, two of one name, on channels of another writing: one comes late, one leaves, one is renamed, one answer lags', async () => {
  const silent = ['Bea', 'Cem', 'Dan', 'Eli', 'Fay', 'Gus', 'Hal', 'Ida'].map((name) => ({ name, camera: 'off' }))
  const people = [
    { name: 'Sam', voice: 'austen-2', host: true },
    { name: 'Sam', voice: 'cards' },
    { name: 'Kim', voice: 'command' },
    ...silent,
  ]
  const traps = ['stream-id-text', 'collections-deflate', 'slot-refresh']
  const room = await lab.room({ platform: 'meet', lobby: false, people, traps, rosterLagMs: 4_000 } as never)
  const bot = newBot(room.url, browser)
  await bot.join()
  const zoe = await room.addPerson({ name: 'Zoe', voice: 'austen-2' })
  const gus = room.actors.find(({ name }) => name === 'Gus')
  const kim = room.actors.find(({ name }) => name === 'Kim')
  if (gus === undefined || kim === undefined) throw new Error('nobody')
  room.setPresent(gus, false)
  await room.patchPerson(kim, { name: 'Kimberley' })
  await allSaid(room, ['Sam', 'Kimberley', 'Zoe'])
  await bot.leave()
  const result = await bot.done

  const expected = room.actors.map(({ id, name }) => [id, name, name === 'Gus'])
  const told = result.participants.map(({ id, name, leftAt }) => [id, name, leftAt !== undefined])
  expect(told.sort()).toEqual(expected.sort())
  expect(told).toHaveLength(12)
  expect(result.participants.filter(({ host }) => host === true)).toHaveLength(1)
  expect(result.participants.find(({ id }) => id === zoe.id)?.joinedAt).toBeGreaterThan(result.startedAt)

  const { events } = room.truth
  const wall = Number(events[0]?.['wallMs'])
  const gone = events.find(({ change, name }) => change === 'left' && name === 'Gus')?.atMs ?? Number.NaN
  expect(Math.abs((result.participants.find(({ id }) => id === gus.id)?.leftAt ?? 0) - wall - gone)).toBeLessThan(1_500)

  const time = heardBetween(events, result)
  const utterances = covered(events, result.speakers, time)
  expect(new Set(utterances.map(({ id }) => id)).size).toBeGreaterThanOrEqual(3)
  expect(utterances.filter(({ share }) => share < 0.8)).toEqual([])
  expect(score(events, result.speakers, time.from, time.to).wrong).toEqual([])
  expect(result.speakers.filter(({ participantId }) => participantId === kim.id).map(({ name }) => name)).toContain('Kimberley')
})

/** Whether a colour lies near another. */
const near = (pixel: readonly number[], ...wanted: readonly number[]) => pixel.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 45)

it('the picture: a camera that goes off and on, a shared screen before both, a speaker without a camera', async () => {
  const people = [
    { name: 'Ada', voice: 'austen-2' },
    { name: 'Kim', voice: 'cards', camera: 'off' },
  ]
  const room = await lab.room({ platform: 'meet', lobby: false, people, speech: 'none' } as never)
  const bot = newBot(room.url, browser)
  await bot.join()
  const [ada, kim] = room.actors
  if (ada === undefined || kim === undefined) throw new Error('nobody')
  const looks: { what: string; at: number }[] = []
  const phase = async (what: string, change: Promise<unknown> | undefined) => {
    await change
    await new Promise((resolve) => setTimeout(resolve, 2_500)) // the length of what is recorded
    looks.push({ what, at: Date.now() - 300 })
  }
  await phase('Ada', room.say('Ada', {}))
  await phase('card', room.patchPerson(ada, { camera: 'off' }))
  await phase('Ada', room.patchPerson(ada, { camera: true }))
  await phase('screen', room.patchPerson(kim, { sharing: true }))
  await phase('Ada', room.patchPerson(kim, { sharing: false }))
  await phase('card', room.say('Kim', {}))
  await bot.leave()
  const { mp4 = '', startedAt } = await bot.done

  const frames = decodeFrames(mp4, 5)
  const pixel = (at: number, x: number, y: number) => frames[Math.floor((at - startedAt) / 200)]?.(x, y) ?? []
  const seen = looks.map(({ at }) => {
    const corners = [0, 63].map((x) => pixel(at, x, 1))
    if (corners.every((corner) => near(corner, 0x2e, 0x7d, 0x32)))
      return near(pixel(at, 2, 33), 0x20, 0x21, 0x24) ? 'Ada' : 'Ada without her name'
    if (corners.every((corner) => near(corner, 0x20, 0x21, 0x24))) return near(pixel(at, 32, 15), 0x20, 0x21, 0x24) ? 'nothing' : 'card'
    if (corners.every((corner) => near(corner, 255, 255, 255))) {
      // The bar of the presenter's colour creeps along one line of the screen, and is nowhere else.
      const blue = (y: number) => Array.from({ length: 64 }, (_, x) => pixel(at, x, y)).some((one) => near(one, 0x15, 0x65, 0xc0))
      return blue(15) && !blue(24) ? 'screen' : 'white'
    }
    return JSON.stringify(corners)
  })
  expect(seen).toEqual(looks.map(({ what }) => what))
})
