import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CaptureOptions } from '../../src/media/capture-port.ts'
import { findFfmpeg } from '../../src/media/ffmpeg.ts'
import type { PageFact } from '../../src/platform/stage.ts'
import { annexB, type Bed, Heard, openBed, toneAt } from './capture-bed.ts'

const OPTIONS: CaptureOptions = {
  sampleRate: 16_000,
  video: { width: 1280, height: 720, fps: 15, bitrate: 800_000, keyEveryMs: 1_000 },
}
let bed: Bed
const facts: PageFact[] = []
beforeEach(async () => {
  facts.length = 0
  bed = await openBed('remoraPlatform(({ push, onSay }) => { push("state:site", 7); onSay("ping", (data) => push("pong", data)) })')
  void (async () => {
    for await (const fact of bed.bridge.facts(new AbortController().signal)) facts.push(fact)
  })()
})
afterEach(() => bed.close())

const until = async (fact: () => boolean) => expect.poll(fact, { timeout: 30_000, interval: 50 }).toBe(true)
/** Track numbers by kind, in the order the page announced them. */
const numbers = (heard: Heard, kind: 'audio' | 'video') =>
  [...new Set(heard.tracks.filter((t) => t.kind === kind).map(({ track }) => track))].sort((a, b) => a - b)
const seconds = (heard: Heard, count: number, from = heard.frames.length) => until(() => heard.frames.length >= from + count * 10)
/** The picture's middle and its left edge, per decoded picture, in shown order. */
function pictures(heard: Heard): { y: number; u: number; v: number; left: number; size: number }[] {
  const args = [
    '-loglevel',
    'error',
    '-f',
    'h264',
    '-i',
    '-',
    '-f',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-vf',
    'scale=64:36',
    '-vsync',
    '0',
    '-',
  ]
  const raw = execFileSync(findFfmpeg(), args, { input: annexB(heard.pushes), maxBuffer: 1 << 28 })
  const size = 64 * 36 * 1.5
  return Array.from({ length: raw.length / size }, (_, i) => {
    const at = (n: number) => raw[i * size + n] ?? 0
    return {
      y: at(18 * 64 + 32),
      u: at(64 * 36 + 9 * 32 + 16),
      v: at(64 * 36 * 1.25 + 9 * 32 + 16),
      left: at(18 * 64 + 2),
      size: raw.length,
    }
  })
}

it('each voice arrives on its own track, all of them in the mix, 10 kHz included, without a gap', async () => {
  await bed.run('start()')
  const heard = new Heard()
  await bed.bridge.capture.arm({ sampleRate: 16_000 }, heard)
  await until(() => numbers(heard, 'audio').length === 4)
  await seconds(heard, 2)
  heard.frames.length = 0
  await seconds(heard, 5)

  const [low, mid] = numbers(heard, 'audio')
  const voices = [low, mid].map((track) => heard.pcm(track))
  for (const pcm of voices) expect(pcm.length).toBe(heard.frames.length * 1_600)
  expect(toneAt(voices[0] ?? new Int16Array(), 16_000, 1_000)).toBeLessThan(0.002)
  expect(toneAt(voices[1] ?? new Int16Array(), 16_000, 440)).toBeLessThan(0.002)
  // 10 kHz lies above what 16 kHz carries: it must be gone there, not folded down to 6 kHz.
  expect(toneAt(heard.pcm(numbers(heard, 'audio')[2]), 16_000, 6_000)).toBeLessThan(0.002)
  // Frame by frame: a jitter buffer that catches up moves a tone's phase, and over seconds it would seem weaker than it is.
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  const ofTrack = (number: number | undefined) => heard.frames.flatMap(({ tracks }) => tracks.filter(({ track }) => track === number))
  expect(middle(ofTrack(low).map(({ pcm }) => toneAt(pcm, 16_000, 440)))).toBeGreaterThan(0.1)
  expect(middle(ofTrack(mid).map(({ pcm }) => toneAt(pcm, 16_000, 1_000)))).toBeGreaterThan(0.1)
  for (const [hz, least] of [
    [440, 0.1],
    [1_000, 0.1],
    [10_000, 0.03],
  ] as const)
    expect(middle(heard.frames.map(({ mix }) => toneAt(mix, 48_000, hz)))).toBeGreaterThan(least)

  heard.frames.forEach((frame, i) => {
    const before = heard.frames[i - 1]
    expect(frame.mix.length).toBe(4_800)
    if (before === undefined) return
    expect(frame.seq).toBe(before.seq + 1)
  })
  // One step may be long where the page stood still for a moment: its clock is followed, no sound is lost.
  const steps = heard.frames.slice(1).map((frame, i) => frame.atMs - (heard.frames[i]?.atMs ?? 0))
  expect(Math.abs(middle(steps) - 100)).toBeLessThan(15)
  expect(Math.max(...steps)).toBeLessThan(300)
  expect(heard.reports.at(-1)).toMatchObject({ audioContext: 'running' })
  expect(heard.reports.at(-1)?.samples).toBeGreaterThan(40_000)
  expect(heard.reports.at(-1)?.tracks.every(({ packets }) => packets > 0)).toBe(true)
  expect(Math.abs((heard.frames.at(-1)?.atMs ?? 0) - Date.now())).toBeLessThan(1_500)
})

it('pictures come at 15 a second in 1280x720, a key each second, and sound and picture belong together', async () => {
  await bed.run('start()')
  const heard = new Heard()
  await bed.bridge.capture.arm(OPTIONS, heard)
  await until(() => numbers(heard, 'video').length === 2 && numbers(heard, 'audio').length === 4)
  const [flashing] = numbers(heard, 'video')
  const beeping = numbers(heard, 'audio')[3]
  await bed.bridge.capture.show({ layout: 'speaker', tiles: [{ track: flashing ?? 0 }] })
  await seconds(heard, 9)
  await bed.bridge.capture.disarm()

  const { chunks } = heard
  const span = ((chunks.at(-1)?.atMs ?? 0) - (chunks[0]?.atMs ?? 0)) / 1_000
  expect((chunks.length - 1) / span).toBeGreaterThan(14)
  expect((chunks.length - 1) / span).toBeLessThan(15.5)
  const keys = chunks.filter(({ key }) => key).map(({ atMs }) => atMs)
  for (const [i, at] of keys.entries()) if (i > 0) expect(at - (keys[i - 1] ?? 0)).toBeLessThan(1_300)
  expect(chunks[0]?.key).toBe(true)
  expect(heard.pushes.filter(({ config }) => config !== undefined)).toHaveLength(1)
  expect(heard.pushes[0]?.config).toMatchObject({ width: 1280, height: 720 })

  const shown = pictures(heard)
  expect(shown).toHaveLength(chunks.length)
  const flashes = chunks.filter((_, i) => i > 0 && (shown[i]?.y ?? 0) > 128 && (shown[i - 1]?.y ?? 0) <= 128).map(({ atMs }) => atMs)
  const beeps: number[] = []
  let loud = true
  for (const { atMs, tracks } of heard.frames) {
    const pcm = tracks.find(({ track }) => track === beeping)?.pcm ?? new Int16Array()
    for (let at = 0; at < pcm.length; at += 80) {
      const now = pcm.subarray(at, at + 80).some((sample) => Math.abs(sample) > 1_500)
      if (now && !loud) beeps.push(atMs + at / 16)
      loud = now
    }
  }
  const offsets = flashes.slice(2).flatMap((flash) => {
    const offset = beeps.map((beep) => flash - beep).sort((a, b) => Math.abs(a) - Math.abs(b))[0]
    return offset === undefined || Math.abs(offset) > 400 ? [] : [offset]
  })
  offsets.sort((a, b) => a - b)
  const median = offsets[Math.floor(offsets.length / 2)] ?? Number.NaN
  console.log(`picture after sound by ${offsets.map(Math.round).join(' ')} ms; median ${Math.round(median)} ms`)
  expect(offsets.length).toBeGreaterThanOrEqual(4)
  expect(Math.abs(median)).toBeLessThan(120)
})

it('the view changes from a camera to another, with bars, and to the card of someone whose camera sends nothing', async () => {
  await bed.run('start()')
  const heard = new Heard()
  await bed.bridge.capture.arm(OPTIONS, heard)
  await until(() => numbers(heard, 'video').length === 2)
  const red = numbers(heard, 'video')[1] ?? 0
  await bed.bridge.capture.show({ layout: 'speaker', tiles: [{ name: 'Ada Lovelace' }] })
  await seconds(heard, 2)
  await bed.bridge.capture.show({ layout: 'speaker', tiles: [{ track: red, name: 'Grace Hopper' }] })
  await seconds(heard, 3)
  await bed.bridge.capture.show({ layout: 'speaker', tiles: [{ track: 999, name: 'Nobody' }] })
  await seconds(heard, 2)
  await bed.bridge.capture.disarm()

  const shown = pictures(heard)
  const isRed = shown.map(({ v }) => v > 180)
  const first = isRed.indexOf(true)
  const last = isRed.lastIndexOf(true)
  expect(first).toBeGreaterThan(10)
  expect(isRed.slice(first, last + 1).every(Boolean)).toBe(true)
  expect(shown[last]?.left).toBeLessThan(25) // a 4:3 camera leaves black at the sides
  expect(last - first).toBeGreaterThan(30)
  expect(shown.length - last).toBeGreaterThan(10)
})

it('facts, wires, words and the end of a track cross the bridge, and the site sees the constructor it expects', async () => {
  await bed.run('start()')
  const heard = new Heard()
  await bed.bridge.capture.arm({ sampleRate: 24_000 }, heard)
  await until(() => facts.some(({ name }) => name === 'wire:collections'))
  expect(facts.find(({ name }) => name === 'wire:collections')?.data).toBe(Buffer.from([1, 2, 3]).toString('base64'))
  expect(facts.some(({ name }) => name === 'wire:other')).toBe(false)
  expect(facts.find(({ name }) => name === 'state:site')?.data).toBe(7)
  await bed.bridge.say('ping', { a: 1 })
  await until(() => facts.some(({ name }) => name === 'pong'))
  expect(facts.find(({ name }) => name === 'pong')?.data).toEqual({ a: 1 })
  expect(await bed.run('checks()')).toEqual({
    name: 'RTCPeerConnection',
    statics: 'function',
    own: true,
    tag: '[object RTCPeerConnection]',
    webkit: true,
    names: [],
  })
  await until(() => numbers(heard, 'audio').length === 4)
  await bed.run('end(); again()')
  await until(() => heard.tracks.some(({ live }) => !live))
  await seconds(heard, 1)
  expect(heard.frames.at(-1)?.tracks).toHaveLength(3)
  expect(heard.frames.at(-1)?.tracks[0]?.pcm.length).toBe(2_400)
})

it('capture is armed again after a disarm and after a reload, which counts as the next epoch', async () => {
  await bed.run('start()')
  const once = new Heard()
  await bed.bridge.capture.arm(OPTIONS, once)
  await seconds(once, 1)
  await bed.bridge.capture.disarm()
  const frozen = once.frames.length
  const twice = new Heard()
  await bed.bridge.capture.arm(OPTIONS, twice)
  await seconds(twice, 2)
  expect(once.frames.length).toBe(frozen)
  expect(twice.frames[0]?.seq).toBe(0)

  await bed.reload()
  await bed.run('start()')
  const later = new Heard()
  await bed.bridge.capture.arm(OPTIONS, later)
  await until(() => numbers(later, 'audio').length === 4)
  await seconds(later, 2)
  await until(() => later.chunks.length > 15)
  const epoch = twice.frames[0]?.epoch ?? 0
  expect(later.frames.every((frame) => frame.epoch === epoch + 1)).toBe(true)
  expect(later.pushes[0]?.epoch).toBe(epoch + 1)
  expect(later.chunks[0]?.key).toBe(true)
  await until(() => toneAt(later.pcm(numbers(later, 'audio')[0]).subarray(-16_000), 16_000, 440) > 0.1)
})

it('capture is armed anew without a disarm: sound goes on, and the picture begins with one that needs no other', async () => {
  await bed.run('start()')
  const once = new Heard()
  await bed.bridge.capture.arm(OPTIONS, once)
  await until(() => once.chunks.length > 5)
  const twice = new Heard()
  await bed.bridge.capture.arm(OPTIONS, twice)
  await seconds(twice, 2)
  await until(() => twice.chunks.length > 15)
  const first = twice.pushes.find(({ epoch, config }) => config !== undefined && epoch === once.frames[0]?.epoch)
  expect([first?.chunks[0]?.key, twice.frames[0]?.epoch]).toEqual([true, once.frames[0]?.epoch])
  expect(twice.frames.filter(({ seq }) => seq === 0).length).toBe(1)
})

it('answers to the site’s client cross as they came where their address is wanted, refusals and others do not', async () => {
  const paths = ['/others', '/roster/none', '/roster/bytes', '/roster/words']
  await bed.run(`(async () => { for (const path of ${JSON.stringify(paths)}) await (await fetch(path)).arrayBuffer() })()`)
  const answers = () => facts.filter(({ name }) => name === 'wire:roster').map(({ data }) => data)
  await until(() => answers().length >= 2)
  expect(answers()).toEqual([Buffer.from([9, 200, 7]), Buffer.from('AbC=')].map((body) => body.toString('base64')))
})

it('a connection made in a frame of the page is heard too, without a listener or a stream of the site’s, until the frame goes', async () => {
  await bed.run('framed()')
  const heard = new Heard()
  await bed.bridge.capture.arm({ sampleRate: 16_000 }, heard)
  await until(() => numbers(heard, 'audio').length === 1)
  await until(() => facts.some(({ name }) => name === 'wire:collections'))
  expect(facts.find(({ name }) => name === 'wire:collections')?.data).toBe(Buffer.from([7, 7, 7]).toString('base64'))
  await until(() => toneAt(heard.pcm(numbers(heard, 'audio')[0]).subarray(-8_000), 16_000, 1_700) > 0.1)
  await bed.run('drop()')
  await until(() => heard.tracks.some(({ live }) => !live))
  await seconds(heard, 1)
  expect(heard.frames.at(-1)?.tracks).toEqual([])
  expect(heard.reports.at(-1)).toMatchObject({ audioContext: 'running', tracks: [] })
})

it('a picture that a phone sends lying on its side is shown upright', async () => {
  await bed.run('start().then(phone)')
  const heard = new Heard()
  await bed.bridge.capture.arm(OPTIONS, heard)
  await until(() => numbers(heard, 'video').length === 3)
  await bed.bridge.capture.show({ layout: 'speaker', tiles: [{ track: numbers(heard, 'video')[2] ?? 0 }] })
  await seconds(heard, 3)
  await bed.bridge.capture.disarm()
  const red = pictures(heard).filter(({ v }) => v > 180)
  expect(red.length).toBeGreaterThan(15)
  expect(red.at(-1)?.left).toBeLessThan(25) // it stands, with black at its sides
})
