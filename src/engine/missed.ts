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
  /** Later than this is missed. */
  afterMs: number
  /** When any engine on this store was last heard of. */
  lastHeardAt: number | undefined
}

/**
 * At start: bots that are too late now are reported missed. A bot that waited for a slot while an engine was there is not
 * late by that, so nothing is missed after a short restart.
 */
export async function missed({ store, clock, logger, by, afterMs, lastHeardAt }: MissedParts): Promise<void> {
  const now = clock.now()
  if (lastHeardAt !== undefined && now - lastHeardAt <= afterMs) return
  for (;;) {
    const late = await store.claimDue({ now: now - afterMs - 1, by, limit: AT_ONCE })
    for (const bot of late) await store.record(bot.uuid, missedFact(bot, now), { claimedBy: by })
    if (late.length > 0) logger.warn('bots were missed', { bots: late.map(({ uuid }) => uuid) })
    if (late.length < AT_ONCE) return
  }
}
