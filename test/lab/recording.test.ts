import { statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { BrowserProvider } from '../../src/browser/port.ts'
import { command } from '../../src/lab/control.ts'
import type { Lab } from '../../src/lab/server.ts'
import { decode, newBot, PEOPLE, pathOf, quickLab, shareAt, sharedBrowser } from './meeting.ts'

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
  await new Promise((resolve) => setTimeout(resolve, 16_000)) // the length of the recording
  room.end()
  const result = await bot.done
  expect(result).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })

  const wall = Number(room.truth.events[0]?.['wallMs'])
  const ends = result.startedAt + result.durationMs
  // What was said before the connection stood reached nobody.
  const reached = room.truth.events.find(({ type }) => type === 'media-connected')?.atMs ?? Number.NaN
  const truth = room.truth.events
    .filter(({ type, on }) => type === 'speaking' && on === true)
    .map(({ atMs, name }) => ({ name: String(name), atMs, at: wall + atMs }))
    .filter(({ at, atMs, name }) => at > result.startedAt + 500 && atMs > reached + 300 && at < ends - 500 && name !== 'Tom') // 10 kHz is above what 16 kHz PCM holds
  expect(truth.length).toBeGreaterThanOrEqual(2)
  const offsets = truth.map(({ name, at }) => {
    const said = result.speakers.find((one) => one.name === name && Math.abs(one.startAt - at) < 1_000)
    return said === undefined ? Number.NaN : said.startAt - at
  })
  const sorted = [...offsets].sort((a, b) => a - b)
  const constant = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  // Voices begin with up to 300 ms of room tone in their files: tones and voices differ by that, not by the recording.
  expect(offsets, JSON.stringify({ truth, said: result.speakers })).toEqual(offsets.map(() => expect.any(Number)))
  expect(offsets.filter(Number.isNaN)).toEqual([])
  expect(Math.abs(constant)).toBeLessThan(500)
  expect(offsets.filter((offset) => Math.abs(offset - constant) > 200)).toEqual([])

  const mp4 = decode(result.mp4 ?? '', 48_000)
  expect(Math.abs(mp4.length / 48 - result.durationMs)).toBeLessThan(200)
  expect(Math.abs(statSync(result.pcm ?? '').size / 32 - mp4.length / 48)).toBeLessThan(200)
  const tone = room.truth.events.find(
    ({ type, on, name, atMs }) => type === 'speaking' && on === true && name === 'Tom' && wall + atMs > result.startedAt,
  )
  const from = Math.round((wall + (tone?.atMs ?? 0) + 600 - result.startedAt) * 48)
  expect(shareAt(mp4.subarray(from, from + 24_000), 10_000, 48_000)).toBeGreaterThan(0.8)
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
