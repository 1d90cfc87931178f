import type { BotResult } from '../src/core/events.ts'
import type { RoomOptions } from '../src/lab/people.ts'
import type { Lab } from '../src/lab/server.ts'
import type { MeetingBot } from '../src/meeting-bot.ts'
import { heardBetween, type Score, score } from './speaker-score.ts'

const FOUR = [
  { name: 'Ada', voice: 'austen-2', host: true },
  { name: 'Jack', voice: 'cards' },
  { name: 'Dora', voice: 'austen-3' },
  { name: 'Carl', voice: 'command' },
]
/** Two of one name: only their ids tell them apart. */
const SIX = [
  { name: 'Sam', voice: 'austen-2', host: true },
  { name: 'Sam', voice: 'cards' },
  { name: 'Jack', voice: 'command' },
  { name: 'Carl', voice: 'austen-3' },
  { name: 'Ada', voice: 'austen-2' },
  { name: 'Kim', voice: 'cards' },
]
const LONG = [
  { name: 'Ada', voice: 'austen-1', host: true },
  { name: 'Jack', voice: 'jfk' },
  { name: 'Dora', voice: 'austen-4' },
  { name: 'Carl', voice: 'austen-3' },
]

export interface SpeakerCase {
  plan: Omit<RoomOptions, 'platform'> & { people: readonly { name: string; voice: string }[] }
  /** What every named interval must be read from. */
  source: 'csrc' | 'meter'
}

/** People who talk, and what the room lets a bot know of who it is. */
// biome-ignore format: a table
export const SPEAKER_CASES = {
  'four in turns, by their sources':           { plan: { people: LONG, speech: 'turns' }, source: 'csrc' },
  'four overlapping, by their sources':        { plan: { people: FOUR, speech: 'overlap' }, source: 'csrc' },
  'six overlapping, by their sources':         { plan: { people: SIX, speech: 'overlap' }, source: 'csrc' },
  'six by sources that silence names as well': { plan: { people: SIX, speech: 'overlap', traps: ['slot-refresh', 'stream-id-text', 'collections-deflate'] }, source: 'csrc' },
  'four in turns, by meters alone':            { plan: { people: LONG, speech: 'turns', traps: ['no-csrc'] }, source: 'meter' },
  'four overlapping, by meters alone':         { plan: { people: FOUR, speech: 'overlap', traps: ['no-csrc'] }, source: 'meter' },
  'six overlapping, by meters alone':          { plan: { people: SIX, speech: 'overlap', traps: ['no-csrc'] }, source: 'meter' },
  'four by meters of other names':             { plan: { people: FOUR, speech: 'overlap', classes: 'random', traps: ['no-csrc', 'no-jsnames', 'meters-renamed'] }, source: 'meter' },
  'four in one sound':                         { plan: { people: FOUR, speech: 'turns', traps: ['neteq', 'no-collections'] }, source: 'meter' },
} as const satisfies Record<string, SpeakerCase>

export interface Measured {
  found: Score
  result: BotResult
}

/** Lets a bot listen to such a room for a while, and scores what it says of the speakers. */
export async function measureSpeakers(
  lab: Lab,
  newBot: (meetingUrl: string) => MeetingBot,
  { plan }: SpeakerCase,
  { recordMs, seed }: { recordMs: number; seed?: number },
): Promise<Measured> {
  const room = await lab.room({ platform: 'meet', lobby: false, ...(seed === undefined ? {} : { seed }), ...plan } as never)
  const bot = newBot(room.url)
  await bot.join()
  await new Promise((resolve) => setTimeout(resolve, recordMs)) // the length of the recording
  await bot.leave()
  const result = await bot.done
  const { from, to } = heardBetween(room.truth.events, result)
  return { result, found: score(room.truth.events, result.speakers, from, to) }
}
