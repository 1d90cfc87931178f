import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VoiceGate } from '../../../src/bot/attribution/voice-gate.ts'

const folder = join(import.meta.dirname, '../../../src/lab/assets/voices')
const voices: { file: string; speech: { start: number; end: number }[] }[] = JSON.parse(
  readFileSync(join(folder, 'transcripts.json'), 'utf8'),
)

function listen(pcm: Int16Array): number[] {
  const gate = new VoiceGate()
  const voiced: number[] = []
  for (let at = 0; at < pcm.length; at += 1_600) voiced.push(...gate.push(pcm.subarray(at, at + 1_600), 16_000, at / 16))
  return voiced
}

describe('a recorded voice', () => {
  it.each(voices)('$file begins where it speaks, not where its room is heard, and ends there', ({ file, speech }) => {
    const wav = readFileSync(join(folder, file))
    const from = wav.byteOffset + wav.indexOf('data') + 8
    const voiced = listen(new Int16Array(wav.buffer.slice(from, from + ((wav.byteOffset + wav.length - from) & ~1))))
    expect(Math.abs((voiced[0] ?? 0) - (speech[0]?.start ?? 0) * 1_000)).toBeLessThanOrEqual(120)
    expect(Math.abs((voiced.at(-1) ?? 0) - (speech.at(-1)?.end ?? 0) * 1_000)).toBeLessThanOrEqual(250)
    const pauses = voiced.map((at, i) => at - (voiced[i - 1] ?? at))
    expect(Math.max(...pauses)).toBeLessThan(1_200)
  })
})

const noise = (level: number, ms: number) => Int16Array.from({ length: ms * 16 }, (_, i) => level * 32_768 * Math.sin(i * i))

it('a room that hums is no voice once it has been heard, and a voice in it still is', () => {
  expect(listen(noise(0.016, 20_000)).filter((at) => at > 4_000)).toEqual([])
  const pcm = new Int16Array(12_000 * 16)
  pcm.set(noise(0.016, 12_000))
  pcm.set(noise(0.1, 1_000), 8_000 * 16)
  const voiced = listen(pcm).filter((at) => at > 4_000)
  expect(voiced[0]).toBeGreaterThanOrEqual(7_980)
  expect(voiced.at(-1)).toBeLessThanOrEqual(9_060)
})

it('silence and a click are no voice', () => {
  const click = new Int16Array(16_000)
  click[8_000] = 20_000
  expect(listen(click).length).toBeLessThanOrEqual(3)
  expect(listen(new Int16Array(16_000))).toEqual([])
})
