import { BotError } from '../core/errors.ts'
import type { BotFact, BotQuery, DeliveryAttempt, DeliveryVerdict, NewBot } from './port.ts'

const ID = /^[\w.:-]{1,200}$/
const KEY_HASH = /^[0-9a-f]{64}$/

/** A wrong argument: which one, what it was, what is allowed. */
export function refuse(field: string, value: unknown, allowed: string): BotError {
  return new BotError('CONFIG_INVALID', `${field}: not allowed; allowed: ${allowed}`, { details: { field, value, allowed } })
}

/** Ids are compared and indexed by databases, so they are plain. Anything else is nobody's id. */
export function isId(text: string): boolean {
  return ID.test(text)
}

export function checkId(field: string, text: string): void {
  if (!isId(text)) throw refuse(field, text, '1 to 200 letters, digits, _ . : -')
}

/** Keeps a key from being stored as it is by mistake. The value is not repeated: it may be one. */
export function checkKeyHash(keyHash: string): void {
  if (!KEY_HASH.test(keyHash)) throw refuse('keyHash', '(hidden)', 'a SHA-256 in hex, never the key itself')
}

function checkNumber(field: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(field, value, 'a finite number')
}

function checkTimes(values: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(values)) if (value !== null && value !== undefined) checkNumber(field, value)
}

export function checkNewBot({ uuid, eventUuid, createdAt, joinAt }: NewBot): void {
  checkId('uuid', uuid)
  if (eventUuid !== null) checkId('eventUuid', eventUuid)
  checkNumber('createdAt', createdAt)
  checkNumber('joinAt', joinAt)
}

export function checkFact({ at, patch = {} }: BotFact): void {
  checkNumber('at', at)
  const { joinedAt, exitedAt, recordingStartedAt, durationMs, joinAt, keepAt } = patch
  checkTimes({ joinedAt, exitedAt, recordingStartedAt, durationMs, joinAt, keepAt, 'dataDeleted.at': patch.dataDeleted?.at })
}

export function checkQuery({ limit, createdAfter, createdBefore, endedAfter }: BotQuery): void {
  if (!Number.isSafeInteger(limit) || limit < 1) throw refuse('limit', limit, 'a whole number from 1')
  checkTimes({ createdAfter, createdBefore, endedAfter })
}

/** An attempt was logged for an event that does not exist: the caller's mistake, not to be hidden. */
export function noSuchDelivery({ botUuid, sequence }: { botUuid: string; sequence: number }): BotError {
  return new BotError('INTERNAL', 'There is no such outgoing event', { details: { botUuid, sequence } })
}

/** Integer ids are int32 in the contract, and in the databases. */
export const MAX_ID = 2_147_483_647

export function isRowId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= MAX_ID
}

/** A limit as a database takes it: `Infinity` is a lot, nothing sensible is none. */
export function rowLimit(limit: number): number {
  return Number.isNaN(limit) ? 0 : Math.floor(Math.min(Math.max(limit, 0), MAX_ID))
}

export function checkAttempt({ at, durationMs, status }: DeliveryAttempt, verdict: DeliveryVerdict): void {
  checkNumber('at', at)
  checkNumber('durationMs', durationMs)
  if (status !== null && !isRowId(status)) throw refuse('status', status, 'an HTTP status, or null')
  if (verdict.state === 'pending') checkNumber('nextAt', verdict.nextAt)
}
