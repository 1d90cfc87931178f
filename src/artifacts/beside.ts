import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Participant, SpeakingInterval } from '../core/events.ts'

/** Files that stand beside a recording. */
export const BESIDE = { diarization: 'diarization.json', participants: 'participants.json' } as const

/** Who was there and who spoke. */
export interface People {
  participants: readonly Participant[]
  speakers: readonly SpeakingInterval[]
}

/** Writes them into a bot's folder; answers with their paths. */
export function writeBeside(dir: string, people: People): string[] {
  const files = [
    { path: join(dir, BESIDE.diarization), text: diarization(people) },
    { path: join(dir, BESIDE.participants), text: `${JSON.stringify(present(people), null, 1)}\n` },
  ]
  for (const { path, text } of files) writeFileSync(path, text)
  return files.map(({ path }) => path)
}

/** One line a change, each an array as the streaming socket says it: contract v1, sections 3.7 and 8. Times are Unix milliseconds. */
function diarization({ participants, speakers }: People): string {
  const idOf = new Map(participants.map(({ id }, index) => [id, index + 1]))
  const changes = speakers.flatMap(({ participantId, name, startAt, endAt }) => {
    const who = { name: name ?? '', id: idOf.get(participantId ?? '') ?? null }
    return [
      { ...who, timestamp: Math.round(startAt), isSpeaking: true },
      { ...who, timestamp: Math.round(endAt), isSpeaking: false },
    ]
  })
  return changes
    .sort((a, b) => a.timestamp - b.timestamp)
    .map((change) => `${JSON.stringify([change])}\n`)
    .join('')
}

const iso = (at: number) => new Date(at).toISOString()

function present({ participants }: People) {
  return participants.map(({ name, host = false, self = false, joinedAt, leftAt }, index) => ({
    id: index + 1,
    name,
    is_host: host,
    is_bot: self,
    joined_at: iso(joinedAt),
    left_at: leftAt === undefined ? null : iso(leftAt),
  }))
}
