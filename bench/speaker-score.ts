import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SpeakingInterval } from '../src/core/events.ts'

const BIN_MS = 100
/** The longest way from a voice to our ears that still counts as one: network, jitter buffer, audio graph. */
const MOST_DELAY_MS = 500

interface Span {
  id: string
  from: number
  to: number
}

export interface TruthLine {
  readonly atMs: number
  readonly type: string
  readonly [key: string]: unknown
}

export interface Score {
  /** Share of 100 ms bins outside overlaps in which exactly the right people, or nobody, are said to speak. */
  agreement: number
  bins: number
  /** The same over bins in which two or more speak. */
  overlapAgreement: number
  overlapBins: number
  /** Our ears lag the room's by this constant. */
  delayMs: number
  /** Wrong names, confidence and milliseconds: intervals named above 0.8 that lie mostly outside their person's truth. */
  wrong: readonly string[]
  /** Bins that differ, for the eye: time, truth, said. */
  misses: readonly string[]
}

interface Part {
  start: number
  end: number
}

const voices: readonly { file: string; speech: readonly Part[]; words?: readonly Part[] | null }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../src/lab/assets/voices/transcripts.json'), 'utf8'),
)

/**
 * When whom could be heard, from the room's own log, on the wall clock. A recording begins and ends with its room's tone:
 * that is no speech. Where the words are on record they tell it better than the stretches of speech, which end up to
 * 300 ms after the last sound.
 */
function truthOf(events: readonly TruthLine[]): { spoken: Span[]; sounding: Span[] } {
  const wall = Number(events[0]?.['wallMs'])
  const open = new Map<string, { at: number; voice: string }>()
  const spoken: Span[] = []
  const sounding: Span[] = []
  const end = (id: string, to: number) => {
    const begun = open.get(id)
    if (begun === undefined) return
    open.delete(id)
    sounding.push({ id, from: begun.at, to })
    const voice = voices.find(({ file }) => file === `${begun.voice}.wav`)
    const speech = voice?.words ?? voice?.speech ?? []
    const first = speech[0]?.start ?? 0
    const last = speech.at(-1)?.end ?? Number.POSITIVE_INFINITY
    spoken.push({ id, from: begun.at + first * 1_000, to: Math.min(to, begun.at + last * 1_000) })
  }
  for (const { type, atMs, on, id, voice } of events) {
    if (type !== 'speaking') continue
    if (on === true) open.set(String(id), { at: wall + atMs, voice: String(voice) })
    else end(String(id), wall + atMs)
  }
  for (const id of [...open.keys()]) end(id, Number.POSITIVE_INFINITY)
  return { spoken, sounding }
}

/** The wall times between which the room could be heard and was recorded, half a second less at both ends. */
export function heardBetween(events: readonly TruthLine[], { startedAt, durationMs }: { startedAt: number; durationMs: number }) {
  const wall = Number(events[0]?.['wallMs'])
  const atOf = (wanted: string, otherwise: number) => events.find(({ type }) => type === wanted)?.atMs ?? otherwise
  const reached = wall + atOf('media-connected', Number.NaN)
  // The room talks on after its end, to nobody; a recording ends when the bot has seen that.
  const ended = wall + atOf('ended', Number.POSITIVE_INFINITY)
  return { from: Math.max(startedAt, reached) + 500, to: Math.min(startedAt + durationMs, ended) - 500 }
}

/** Each utterance that lies in that time whole: whose it is, and the share of it (0 to 1) in which they are said to speak. */
export function covered(
  events: readonly TruthLine[],
  said: readonly SpeakingInterval[],
  { from, to }: { from: number; to: number },
): { id: string; from: number; share: number }[] {
  const { delayMs } = score(events, said, from, to)
  const whole = truthOf(events).spoken.filter((span) => span.from >= from && span.to <= to)
  return whole.map((span) => ({
    id: span.id,
    from: span.from,
    share: inside(
      span,
      said.filter(({ participantId }) => participantId === span.id),
      delayMs,
    ),
  }))
}

const inside = (span: Span, said: readonly SpeakingInterval[], delayMs: number) =>
  said.reduce(
    (sum, { startAt, endAt }) => sum + Math.max(0, Math.min(span.to + delayMs, endAt) - Math.max(span.from + delayMs, startAt)),
    0,
  ) /
  (span.to - span.from)

const at = (spans: readonly Span[], ms: number) =>
  [...new Set(spans.filter(({ from, to }) => ms >= from && ms < to).map(({ id }) => id))].sort()

/** Compares what a bot said of the speakers with the room's truth between two wall times, by participant id. */
export function score(events: readonly TruthLine[], said: readonly SpeakingInterval[], from: number, to: number): Score {
  const { spoken, sounding } = truthOf(events)
  const heard = said.map(({ participantId = '?', startAt, endAt }) => ({ id: participantId, from: startAt, to: endAt }))
  const offsets = spoken
    .filter((span) => span.from > from && span.from < to)
    .flatMap((span) =>
      heard.filter(({ id, from: at }) => id === span.id && Math.abs(at - span.from) < MOST_DELAY_MS).map((h) => h.from - span.from),
    )
    .sort((a, b) => a - b)
  const delayMs = offsets[Math.floor(offsets.length / 2)] ?? Number.NaN
  const counts = { bins: 0, good: 0, overlapBins: 0, overlapGood: 0 }
  const misses: string[] = []
  for (let ms = from; ms < to; ms += BIN_MS) {
    const middle = ms + BIN_MS / 2
    const truth = at(spoken, middle)
    const ours = at(heard, middle + delayMs)
    const good = truth.join() === ours.join()
    if (at(sounding, middle).length > 1) {
      counts.overlapBins++
      counts.overlapGood += Number(good)
    } else {
      counts.bins++
      counts.good += Number(good)
      if (!good) misses.push(`${Math.round(ms - from)} truth [${truth.map(short)}] said [${ours.map(short)}]`)
    }
  }
  const wrong = said.flatMap(({ participantId = '?', name = '', startAt, endAt, confidence }) => {
    if (confidence <= 0.8) return []
    const right = sounding
      .filter(({ id }) => id === participantId)
      .reduce((sum, span) => sum + Math.max(0, Math.min(span.to + delayMs, endAt) - Math.max(span.from + delayMs, startAt)), 0)
    return right < (endAt - startAt) / 2 ? [`${name} ${confidence} for ${Math.round(endAt - startAt)} ms`] : []
  })
  return {
    agreement: counts.good / counts.bins,
    bins: counts.bins,
    overlapAgreement: counts.overlapGood / counts.overlapBins,
    overlapBins: counts.overlapBins,
    delayMs,
    wrong,
    misses,
  }
}

const short = (id: string) => id.split('/').at(-1) ?? id
