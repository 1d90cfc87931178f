import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotStore } from '../store/port.ts'
import { missedFact } from './recovery.ts'

const AT_ONCE = 100

/** What the look for missed bots needs. */
export interface MissedParts {
  store: Pick<BotStore, 'claimDue' | 'record'>
  clock: Clock
  logger: Logger
  by: string
  /** Due before this is missed. */
  before: number
}

/**
 * Before which time a bot that is still there was missed. One that waited for a slot while an engine was there is not late by
 * that, so nothing is missed after a short restart.
 */
export function absentSince({ now, afterMs, lastHeardAt }: { now: number; afterMs: number; lastHeardAt: number | undefined }): number {
  return lastHeardAt !== undefined && now - lastHeardAt <= afterMs ? Number.NEGATIVE_INFINITY : now - afterMs
}

/** At start: bots that are too late now are reported missed. */
export async function missed({ store, clock, logger, by, before }: MissedParts): Promise<void> {
  if (before === Number.NEGATIVE_INFINITY) return
  for (;;) {
    const late = await store.claimDue({ now: before - 1, by, limit: AT_ONCE })
    for (const bot of late) await store.record(bot.uuid, missedFact(bot, clock.now()), { claimedBy: by })
    if (late.length > 0) logger.warn('bots were missed', { bots: late.map(({ uuid }) => uuid) })
    if (late.length < AT_ONCE) return
  }
}
