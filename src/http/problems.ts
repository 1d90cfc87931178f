import { isBotError } from '../core/errors.ts'
import type { ErrorCode } from '../core/outcomes.ts'

/**
 * Every error word of the service with its status (contract v1, section 1.1).
 * `Conflict` is ours: the contract leaves the word of its two other 409s open.
 */
// biome-ignore format: a table
export const PROBLEMS = {
  ValidationError:    { status: 400, when: 'malformed JSON, a missing, unknown or ill-typed field, a bad query value, an id that is not a UUID, a body too big or too slow' },
  InvalidMeetingUrl:  { status: 400, when: 'meeting_url is not an address of a known meeting platform' },
  InvalidApiKey:      { status: 401, when: 'the key header is absent, empty or unknown' },
  InsufficientTokens: { status: 402, when: 'the embedder refuses for want of quota' },
  Forbidden:          { status: 403, when: 'the key is known, the operation is not available' },
  BotNotFound:        { status: 404, when: 'no such bot of this key' },
  NotFound:           { status: 404, when: 'no such route, method or object' },
  BotAlreadyExists:   { status: 409, when: 'the same meeting within 5 minutes, with the same deduplication_key or none' },
  Conflict:           { status: 409, when: 'the bot\'s files are being written, or there are none for this' },
  TooManyRequests:    { status: 429, when: 'rate limit, or no room for another bot; retry-after says for how many seconds' },
  InternalError:      { status: 500, when: 'anything else' },
} as const satisfies Record<string, { status: number; when: string }>

export type ProblemWord = keyof typeof PROBLEMS

/** Seconds a caller should wait where nothing better is known. */
const RETRY_AFTER_S = 30

/** A refusal, in the words of the wire. Never leaves this folder: it becomes a response. */
export class Problem extends Error {
  readonly word: ProblemWord
  readonly details: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(
    word: ProblemWord,
    message: string,
    { details, headers = {} }: { details?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message)
    this.word = word
    this.details = details
    this.headers = headers
  }
}

/** What the engine's refusals are called on the wire. A code without a row is our own failure. */
const WORD_OF: Partial<Record<ErrorCode, ProblemWord>> = {
  INVALID_MEETING_URL: 'InvalidMeetingUrl',
  CONFIG_INVALID: 'ValidationError',
  NOT_SUPPORTED: 'ValidationError',
  DUPLICATE: 'BotAlreadyExists',
  CAPACITY: 'TooManyRequests',
}

/** Field names of the engine that are called otherwise on the wire; the rest only changes its case. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  startAt: 'start_time',
  transcriptionParameters: 'transcription_custom_parameters',
  'automaticLeave.waitingRoomTimeoutMs': 'automatic_leave.waiting_room_timeout',
  'automaticLeave.nooneJoinedTimeoutMs': 'automatic_leave.noone_joined_timeout',
  'automaticLeave.silenceTimeoutMs': 'automatic_leave.silence_timeout',
}

function wireField(field: string): string {
  if (field.startsWith('zoom.')) return wireField(field.replace('.', '_'))
  return FIELD_WORDS[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Any thrown value as a refusal. Undefined: our own failure, which is logged and said without details. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (!isBotError(error)) return undefined
  const word = WORD_OF[error.code]
  if (word === undefined) return undefined
  if (word === 'BotAlreadyExists') {
    const { botId } = error.details
    return new Problem(word, error.message, typeof botId === 'string' ? { details: { bot_id: botId } } : {})
  }
  if (word === 'TooManyRequests') return new Problem(word, error.message, { headers: { 'retry-after': String(RETRY_AFTER_S) } })
  const { field, allowed } = error.details
  if (typeof field !== 'string') return new Problem(word, error.message)
  const name = wireField(field)
  const message = error.message.startsWith(field) ? `${name}${error.message.slice(field.length)}` : error.message
  return new Problem(word, message, { details: { field: name, ...(allowed === undefined ? {} : { allowed }) } })
}

/** The refusal as a response. */
export function problemResponse({ word, message, details, headers }: Problem): Response {
  const body = { error: word, message, ...(details === undefined ? {} : { details }) }
  return Response.json(body, { status: PROBLEMS[word].status, headers })
}
