import { statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { covered, heardBetween, score } from '../../bench/speaker-score.ts'
import type { BrowserProvider } from '../../src/browser/port.ts'
import { command } from '../../src/lab/control.ts'
import type { Lab } from '../../src/lab/server.ts'
import { allSaid, decode, newBot, PEOPLE, pathOf, quickLab, shareAround, sharedBrowser } from './meeting.ts'

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

it('records each voice where the truth has it, by the right name, with a 10 kHz tone whole', async () => {
  const people = [
    { name: 'Ada', voice: 'austen-2' },
    { name: 'Dora', voice: 'cards' },
    { name: 'Tom', voice: { hz: 10_000 } },
  ]
  const room = await lab.room({ platform: 'meet', people } as never)
  const bot = newBot(room.url, browser)
  bot.on('status', ({ to }) => to === 'in_waiting_room' && command(room, 'admit'))
  await bot.join()
  await allSaid(room, ['Ada', 'Dora', 'Tom'])
  room.end()
  const result = await bot.done
  expect(result).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  const wallOf = (atMs: number) => Number(room.truth.events[0]?.['wallMs']) + atMs

  const { events } = room.truth
  const time = heardBetween(events, result)
  // 10 kHz is above what 16 kHz PCM holds: Tom is recorded, and no voice.
  const voices = events.filter(({ type, name }) => type !== 'speaking' || name !== 'Tom')
  const said = JSON.stringify({ speakers: result.speakers, events: events.filter(({ type }) => type === 'speaking') })
  const utterances = covered(voices, result.speakers, time)
  expect(utterances.length, said).toBeGreaterThanOrEqual(2)
  expect(
    utterances.filter(({ share }) => share < 0.8),
    said,
  ).toEqual([])
  const { delayMs, wrong } = score(voices, result.speakers, time.from, time.to)
  expect(wrong).toEqual([])
  expect(Math.abs(delayMs)).toBeLessThan(500)

  const mp4 = decode(result.mp4 ?? '', 48_000)
  expect(Math.abs(mp4.length / 48 - result.durationMs)).toBeLessThan(200)
  expect(Math.abs(statSync(result.pcm ?? '').size / 32 - mp4.length / 48)).toBeLessThan(200)
  const tone = room.truth.events.find(
    ({ type, on, name, atMs }) =>
      type === 'speaking' && on === true && name === 'Tom' && wallOf(atMs) > time.from && wallOf(atMs) + 2_000 < time.to,
  )
  const from = Math.round((wallOf(tone?.atMs ?? Number.NaN) + 600 - result.startedAt) * 48)
  expect(shareAround(mp4.subarray(from, from + 48_000), 10_000, 48_000)).toBeGreaterThan(0.8)
})

it('two bots in one process each record their own meeting', async () => {
  const rooms = await Promise.all([
    lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never),
    lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never),
  ])
  const bots = rooms.map((room) => newBot(room.url, browser))
  await Promise.all(bots.map((bot) => bot.join()))
  rooms[0]?.end()
  const first = await bots[0]?.done
  expect(first?.reason).toBe('meeting_ended')
  expect(bots[1]?.status).toBe('in_call_recording')
  await bots[1]?.leave()
  expect((await bots[1]?.done)?.reason).toBe('caller')
  expect(first?.mp4).not.toBe((await bots[1]?.done)?.mp4)
})

it('streams PCM as the contract says, survives the loss of the receiver, and says hello again', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const hellos: { protocol_version: number; bot_id: string; offset: number }[] = []
  const sizes = new Set<number>()
  let again: () => void = () => {}
  const second = new Promise<void>((resolve) => {
    again = resolve
  })
  server.on('connection', (socket) => {
    let chunks = 0
    socket.on('message', (data: Buffer, binary) => {
      if (!binary) {
        const message = JSON.parse(data.toString())
        if (!Array.isArray(message)) hellos.push(message)
        return
      }
      sizes.add(data.length)
      if (++chunks === 10 && hellos.length === 1) socket.terminate()
      if (chunks === 10 && hellos.length === 2) again()
    })
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const bot = newBot(room.url, browser, { streaming: { output: url, audioFrequency: '24khz' } })
  const heard = bot.audio()[Symbol.asyncIterator]()
  const first = heard.next()
  await bot.join()
  expect((await first).value).toMatchObject({ sampleRate: 24_000 })
  await second
  await bot.leave()
  const result = await bot.done
  server.close()
  expect(hellos[0]).toMatchObject({ protocol_version: 1, bot_id: bot.id, offset: 0 })
  expect(hellos[1]?.offset).toBeGreaterThan(1)
  expect([...sizes]).toEqual([4_800])
  expect(result.warnings.map(({ code }) => code)).toContain('stream_reconnecting')
  expect(pathOf(bot).at(-1)).toBe('completed')
})
