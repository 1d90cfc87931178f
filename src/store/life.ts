import { refuse } from './checks.ts'
import type { BotFact, BotRecord, FactGuard, NewBot } from './port.ts'

/** A copy as JSON keeps it: later changes by the caller do not reach the store. */
export function asKept<T>(field: string, value: T): T {
  try {
    return JSON.parse(JSON.stringify(value))
  } catch (cause) {
    // Thousands of levels deep, or in a circle. The engine's words for it name nothing of the content.
    throw refuse(field, '(not shown)', `plain JSON (${cause instanceof Error ? cause.name : 'not writable'})`)
  }
}

/** A bot as it is inserted. */
export function bornBot({ uuid, accountId, request, meetingKey, eventUuid, createdAt, joinAt }: NewBot, id: number): BotRecord {
  return {
    id,
    // One set of parameters a bot, so they share the number.
    paramId: id,
    accountId,
    uuid,
    request: asKept('request', request),
    meetingKey,
    eventUuid,
    phase: 'waiting',
    claimedBy: null,
    status: 'queued',
    statusAt: createdAt,
    createdAt,
    joinAt,
    joinedAt: null,
    exitedAt: null,
    endedAt: null,
    recordingStartedAt: null,
    durationMs: null,
    isStopped: false,
    ending: null,
    files: {},
    participants: [],
    speakers: [],
    keepAt: null,
    dataDeleted: null,
  }
}

/**
 * The bot after a fact; undefined if nothing may be written: an ended bot has no further history and no second end, and a
 * guard that does not hold keeps everything out. Every store writes what this says.
 */
export function afterFact(bot: BotRecord, { at, patch = {}, history, ending }: BotFact, onlyIf: FactGuard = {}): BotRecord | undefined {
  if (bot.ending !== null && (ending !== undefined || history !== undefined)) return undefined
  if (onlyIf.phase !== undefined && onlyIf.phase !== bot.phase) return undefined
  if (onlyIf.claimedBy !== undefined && onlyIf.claimedBy !== bot.claimedBy) return undefined
  return {
    ...bot,
    ...patch,
    ...(history === undefined ? {} : { status: history.status, statusAt: at }),
    ...(ending === undefined ? {} : { ending, endedAt: at, phase: 'ended' as const }),
  }
}

/** Everybody who was there or spoke, by name. The bot itself is not one of them. */
export function namesIn({ participants, speakers }: Pick<BotRecord, 'participants' | 'speakers'>): readonly string[] {
  const present = participants.filter(({ self }) => self !== true).map(({ name }) => name)
  return [...present, ...speakers.flatMap(({ name }) => (name === undefined ? [] : [name]))]
}
