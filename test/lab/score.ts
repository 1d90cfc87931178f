import { join } from 'node:path'
import type { TruthEvent } from '../../src/lab/truth.ts'
import { decode } from './meeting.ts'

const VOICES = ['austen-1', 'austen-2', 'austen-3', 'austen-4', 'cards', 'command', 'jfk']
/** Enough for the voices' formants, cheap enough to slide over. */
const RATE = 8_000
const WINDOW = 1.2 * RATE
const SEARCH_MS = 450

/** One stretch of an utterance as the recording has it. */
export interface Found {
  name: string
  voice: string
  /** The voice of all that fits best. */
  best: string
  /** Normalised cross-correlation of that voice's waveform with the recording, 0 to 1. */
  correlation: number
  /** Where it was found, minus where the truth has it. */
  offsetMs: number
}

export interface Score {
  found: readonly Found[]
  /** Median offset: encoding, network and jitter buffer, the same for the whole file. */
  constantMs: number
  /** Largest deviation from it. */
  spreadMs: number
}

export interface Scored {
  mp4: string
  startedAt: number
  durationMs: number
  truth: readonly TruthEvent[]
  /** The voices a stretch might be taken for; all of the lab's where absent. */
  among?: readonly string[]
}

const loaded = new Map<string, Float32Array>()
function voiceOf(name: string): Float32Array {
  const known = loaded.get(name) ?? Float32Array.from(decode(join('src/lab/assets/voices', `${name}.wav`), RATE))
  loaded.set(name, known)
  return known
}

const energyOf = (pcm: Float32Array, from: number) => {
  let sum = 0
  for (let i = from; i < from + WINDOW; i++) sum += (pcm[i] ?? 0) ** 2
  return sum
}

/** Starts of the stretches that are told apart well: the loud ones, no two overlapping. */
function windowsOf(voice: Float32Array): number[] {
  const starts: number[] = []
  for (let at = 0; at + WINDOW <= voice.length; at += WINDOW) starts.push(at)
  const loudest = Math.max(...starts.map((at) => energyOf(voice, at)))
  return starts.filter((at) => energyOf(voice, at) > loudest / 8)
}

/** The best place of `needle`'s window in the recording around `centre`, by waveform. */
function slide(recording: Float32Array, needle: Float32Array, from: number, centre: number): { at: number; correlation: number } {
  const reach = Math.round((SEARCH_MS / 1_000) * RATE)
  const size = Math.sqrt(energyOf(needle, from))
  let best = { at: centre, correlation: 0 }
  for (let at = Math.max(0, centre - reach); at <= centre + reach; at++) {
    let dot = 0
    let energy = 0
    for (let i = 0; i < WINDOW; i++) {
      const sample = recording[at + i] ?? 0
      dot += sample * (needle[from + i] ?? 0)
      energy += sample * sample
    }
    const correlation = energy === 0 ? 0 : dot / (size * Math.sqrt(energy))
    if (correlation > best.correlation) best = { at, correlation }
  }
  return best
}

/**
 * Every stretch of speech that the truth has within the recording, looked for by its waveform: where it is, and whether
 * another voice would fit better. Utterances that overlap others are left out: two waveforms at once correlate with neither.
 */
export function score({ mp4, startedAt, durationMs, truth, among = VOICES }: Scored): Score {
  const wall = Number(truth[0]?.['wallMs'])
  const reached = truth.find(({ type }) => type === 'media-connected')?.atMs ?? 0
  // The room talks on after its end, to nobody; a recording ends when the bot has seen that.
  const ended = truth.find(({ type }) => type === 'ended')?.atMs ?? Number.POSITIVE_INFINITY
  const speaking = truth.filter(({ type }) => type === 'speaking')
  const said = speaking
    .filter(({ on, voice }) => on === true && VOICES.includes(String(voice)))
    .map((start) => {
      const end = speaking.find(({ on, id, atMs }) => on === false && id === start['id'] && atMs > start.atMs)
      return { name: String(start['name']), voice: String(start['voice']), from: start.atMs, to: end?.atMs ?? Number.POSITIVE_INFINITY }
    })
  const alone = said.filter((one) => !said.some((other) => other !== one && other.from < one.to && one.from < other.to))
  const recording = Float32Array.from(decode(mp4, RATE))
  const lengthMs = Math.min(durationMs, wall + ended - startedAt)
  const within = (at: number) => at > RATE / 2 && at + WINDOW < (lengthMs / 1_000 - 0.5) * RATE
  const found = alone.flatMap(({ name, voice, from }) => {
    const source = voiceOf(voice)
    const zero = ((wall + from - startedAt) * RATE) / 1_000
    const heard = windowsOf(source).filter((start) => from + (start * 1_000) / RATE > reached + 500 && within(zero + start))
    return heard.map((start): Found => {
      const expected = Math.round(zero + start)
      const own = slide(recording, source, start, expected)
      // The other voices' windows at the same place: none may fit better than the right one.
      const others = among
        .filter((other) => other !== voice)
        .map((other) => {
          const [first = 0] = windowsOf(voiceOf(other))
          return { other, ...slide(recording, voiceOf(other), first, expected) }
        })
      const better = others.filter(({ correlation }) => correlation > own.correlation)
      return {
        name,
        voice,
        best: better.sort((a, b) => b.correlation - a.correlation)[0]?.other ?? voice,
        correlation: own.correlation,
        offsetMs: ((own.at - expected) * 1_000) / RATE,
      }
    })
  })
  const offsets = found.map(({ offsetMs }) => offsetMs).sort((a, b) => a - b)
  const constantMs = offsets[Math.floor(offsets.length / 2)] ?? Number.NaN
  return { found, constantMs, spreadMs: Math.max(...offsets.map((offset) => Math.abs(offset - constantMs))) }
}
