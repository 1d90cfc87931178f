import type { z } from 'zod'
import { isTerminal } from '../core/status.ts'
import type { BotRecord, HistoryEntry } from '../engine/port.ts'
import { codeOfFailure, codeOfStatus } from '../webhooks/payloads.ts'
import type { Status } from './schemas.ts'

export const iso = (at: number) => new Date(at).toISOString()

/** The code of an end that was not told by `call_ended` before. */
const endCode = (status: string, reason: string | null) => (status === 'completed' ? 'call_ended' : codeOfFailure(reason ?? ''))

/** A bot's statuses as the webhooks said them (contract v1, section 7.2): the same codes, at the same times. */
export function historyWire(history: readonly HistoryEntry[]): z.output<typeof Status>[] {
  const isOut = history.some(({ status }) => status === 'call_ended')
  return history.flatMap(({ status, at, reason }, n) => {
    const end = isOut ? undefined : endCode(status, reason)
    const code = isTerminal(status) ? end : codeOfStatus(history[n - 1]?.status, status)
    return code === undefined ? [] : [{ code, created_at: iso(at) }]
  })
}

/**
 * The latest status as far as the record alone tells. Before `joining_call` ("request acknowledged") the contract has no code,
 * so a bot that waits for its time has that one.
 */
export function statusWire({ status, statusAt, exitedAt, endedAt, ending }: BotRecord): z.output<typeof Status> {
  if (status === 'queued') return { code: 'joining_call', created_at: iso(statusAt) }
  if (!isTerminal(status)) return { code: status, created_at: iso(statusAt) }
  // A bot that was not told to be out is so with its end.
  const isOut = exitedAt !== null && exitedAt !== endedAt
  return isOut
    ? { code: 'call_ended', created_at: iso(exitedAt) }
    : { code: endCode(status, ending?.reason ?? null), created_at: iso(statusAt) }
}
