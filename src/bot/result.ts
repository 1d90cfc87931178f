import type { BotResult, BotWarning } from '../core/events.ts'
import type { Verdict } from './ending.ts'
import type { Lived } from './live.ts'

/** What a result takes from the bot rather than from its life. */
export interface ResultFrame {
  botId: string
  /** Unix milliseconds. */
  bornAt: number
  events: string
  warnings: readonly BotWarning[]
}

/** A whole life as `done` gives it. */
export function resultOf({ outcome, reason, error, truncated }: Verdict, lived: Lived | undefined, frame: ResultFrame): BotResult {
  const { botId, bornAt, events, warnings } = frame
  const { mp4, audio, pcm, startedAt = bornAt, durationMs = 0 } = lived?.files ?? {}
  return {
    botId,
    outcome,
    reason,
    ...(error === undefined ? {} : { error: error.toJSON() as NonNullable<BotResult['error']> }),
    ...(truncated ? { truncated } : {}),
    ...(mp4 === undefined ? {} : { mp4 }),
    ...(audio === undefined ? {} : { audio }),
    ...(pcm === undefined ? {} : { pcm }),
    events,
    startedAt,
    durationMs,
    participants: lived?.participants ?? [],
    speakers: lived?.speakers ?? [],
    warnings,
  }
}
