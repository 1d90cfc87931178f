import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../../src/core/clock.ts'
import type { PageFrame } from '../../../src/core/frame.ts'
import { createUrlGuard } from '../../../src/net/url-guard.ts'
import { AudioOut } from '../../../src/stream/audio-out.ts'

const T0 = 1_800_000_000_000
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A clock whose waits are over at once, and are written down. */
function quickClock() {
  const waits: number[] = []
  const clock: Clock = {
    now: () => T0,
    after: async (ms, signal) => {
      waits.push(ms)
      await setImmediate()
      signal?.throwIfAborted()
    },
  }
  return { clock, waits }
}

async function receiver(port = 0) {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  await once(server, 'listening')
  const messages: (string | Buffer)[] = []
  const sockets: WebSocket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data: Buffer, binary: boolean) => messages.push(binary ? data : data.toString()))
  })
  const close = () => {
    for (const socket of server.clients) socket.terminate()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  closers.push(close)
  return { messages, sockets, close, port: (server.address() as AddressInfo).port }
}

function out(port: number, sampleRate: 16000 | 24000 = 16_000) {
  const warnings: { code: string; details: unknown }[] = []
  const { clock, waits } = quickClock()
  const stream = new AudioOut({
    url: `ws://127.0.0.1:${port}/audio?token=secret`,
    botId: 'bot-1',
    sampleRate,
    clock,
    onWarning: (code, _, details) => warnings.push({ code, details }),
  })
  closers.push(() => stream.close())
  return { stream, warnings, waits }
}

function frame(ms: number, sampleRate: 16000 | 24000 = 16_000, value = ms / 100, samples = sampleRate / 10): PageFrame {
  const tracks = [{ track: 1, pcm: new Int16Array(samples).fill(value), sources: [] }]
  return { epoch: 1, seq: 0, atMs: T0 + ms, sampleRate, tracks, mix: new Int16Array((samples * 48_000) / sampleRate) }
}

const isText = (message: string | Buffer): message is string => typeof message === 'string'

it('says who it is first, then only whole messages of 100 ms, and speakers as integer milliseconds', async () => {
  const server = await receiver()
  const { stream } = out(server.port)
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  expect(JSON.parse(String(server.messages[0]))).toEqual({ protocol_version: 1, bot_id: 'bot-1', offset: 0, sample_rate: 16_000 })
  stream.write(frame(100, 16_000, 7, 1_000))
  stream.write(frame(200, 16_000, 9, 2_200))
  stream.speaker({ name: 'Ada', isSpeaking: true, timestamp: T0 + 12.6 })
  await vi.waitFor(() => expect(server.messages).toHaveLength(4))
  const [, first, second, who] = server.messages
  expect([first?.length, second?.length]).toEqual([3_200, 3_200])
  expect([(first as Buffer).readInt16LE(0), (first as Buffer).readInt16LE(3_198)]).toEqual([7, 9])
  expect(JSON.parse(String(who))).toEqual([{ name: 'Ada', id: null, timestamp: T0 + 13, isSpeaking: true }])
})

it('sends 4,800 bytes a message at 24 kHz', async () => {
  const server = await receiver()
  const { stream } = out(server.port, 24_000)
  stream.write(frame(0, 24_000))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  stream.write(frame(100, 24_000))
  await vi.waitFor(() => expect(server.messages[1]).toHaveLength(4_800))
  expect(JSON.parse(String(server.messages[0]))).toMatchObject({ sample_rate: 24_000 })
})

it('a receiver that goes away is asked again, doubling, and told anew where the audio is; nothing was kept meanwhile', async () => {
  const server = await receiver()
  const { stream, warnings, waits } = out(server.port)
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  await server.close()
  await vi.waitFor(() => expect(waits.length).toBeGreaterThanOrEqual(8))
  expect(waits.slice(0, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  stream.write(frame(5_000))
  const again = await receiver(server.port)
  await vi.waitFor(() => expect(again.messages).toHaveLength(1))
  expect(JSON.parse(String(again.messages[0]))).toMatchObject({ protocol_version: 1, offset: 5 })
  stream.write(frame(5_100))
  await vi.waitFor(() => expect(again.messages).toHaveLength(2))
  expect((again.messages[1] as Buffer).readInt16LE(0)).toBe(51)
  expect(warnings[0]).toMatchObject({ code: 'stream_reconnecting', details: { url: `ws://127.0.0.1:${server.port}/audio` } })
  expect(JSON.stringify(warnings)).not.toContain('secret')
})

it('a receiver that does not read costs audio, told once, and never memory', async () => {
  const server = await receiver()
  const { stream, warnings } = out(server.port)
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.sockets).toHaveLength(1))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  server.sockets[0]?.pause()
  for (let ms = 100; ms < 600_000; ms += 100) {
    stream.write(frame(ms, 16_000, 1))
    if (ms % 10_000 === 0) await setImmediate()
  }
  expect(warnings.map(({ code }) => code)).toEqual(['stream_dropped'])
  server.sockets[0]?.resume()
  stream.speaker({ name: 'end', isSpeaking: false, timestamp: T0 })
  await vi.waitFor(() => expect(server.messages.some((message) => isText(message) && message.includes('end'))).toBe(true), 5_000)
  expect(server.messages.length).toBeLessThan(5_900)
})

it('the first hello says 0, however much was said before the receiver was there', async () => {
  const server = await receiver()
  const { stream } = out(server.port)
  for (let ms = 0; ms <= 2_000; ms += 100) stream.write(frame(ms))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  expect(JSON.parse(String(server.messages[0]))).toMatchObject({ offset: 0 })
  server.sockets[0]?.terminate()
  stream.write(frame(7_000))
  await vi.waitFor(() => expect(server.sockets).toHaveLength(2))
  await vi.waitFor(() => expect(server.messages.filter(isText)).toHaveLength(2))
  expect(JSON.parse(server.messages.filter(isText)[1] ?? '')).toMatchObject({ offset: 5 })
})

it('a receiver that takes nothing for 15 seconds is cut and connected to again', async () => {
  const server = await receiver()
  let now = T0
  const warnings: string[] = []
  const clock: Clock = { now: () => now, after: quickClock().clock.after }
  const url = `ws://127.0.0.1:${server.port}/`
  const stream = new AudioOut({ url, botId: 'bot-1', sampleRate: 16_000, clock, onWarning: (code) => warnings.push(code) })
  closers.push(() => stream.close())
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  server.sockets[0]?.pause()
  // First what the system itself holds for a receiver, then what we owe it.
  for (let ms = 100; !warnings.includes('stream_dropped'); ms += 100) {
    stream.write(frame(ms, 16_000, 1))
    if (ms % 10_000 === 0) await setImmediate()
  }
  now += 14_000
  stream.write(frame(900_000))
  await setImmediate()
  expect(server.sockets).toHaveLength(1)
  now += 2_000
  stream.write(frame(902_000))
  await vi.waitFor(() => expect(server.sockets).toHaveLength(2))
  expect(warnings).toContain('stream_reconnecting')
})

it('closing says so to the receiver, and nothing is tried again', async () => {
  const server = await receiver()
  const { stream, waits } = out(server.port)
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.sockets).toHaveLength(1))
  const gone = once(server.sockets[0] as WebSocket, 'close')
  await stream.close()
  expect((await gone)[0]).toBe(1000)
  expect(waits).toEqual([])
})

it('where the operator guards its network, a private address is refused before anything is sent', async () => {
  const server = await receiver()
  const options = { botId: 'bot-1', sampleRate: 16_000 as const, clock: quickClock().clock, guard: createUrlGuard(), onWarning() {} }
  for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', 'localhost'])
    expect(() => new AudioOut({ ...options, url: `ws://${host}:${server.port}/` })).toThrow(/streaming.output/)
  expect(server.sockets).toHaveLength(0)
})

it('a name that leads inside is never connected to, however often it is tried', async () => {
  const server = await receiver()
  const { clock, waits } = quickClock()
  const guard = createUrlGuard({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  const url = `ws://inside.test:${server.port}/`
  const stream = new AudioOut({ url, botId: 'bot-1', sampleRate: 16_000, clock, guard, onWarning() {} })
  closers.push(() => stream.close())
  stream.write(frame(0))
  await vi.waitFor(() => expect(waits.length).toBeGreaterThanOrEqual(3))
  expect(server.sockets).toHaveLength(0)
})

it('a guarded stream goes to the address its name was resolved to', async () => {
  const server = await receiver()
  const guard = createUrlGuard({ allowPrivateUrls: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] })
  const url = `ws://audio.test:${server.port}/`
  const stream = new AudioOut({ url, botId: 'bot-1', sampleRate: 16_000, clock: quickClock().clock, guard, onWarning() {} })
  closers.push(() => stream.close())
  stream.write(frame(0))
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
})
