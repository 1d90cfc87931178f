import type { Clock } from '../core/clock.ts'
import type { BotEnding, BotRecord } from '../store/port.ts'
import type { Keeping } from './keeping.ts'
import { keepAgainAt } from './later.ts'
import type { FileLinks } from './port.ts'
import { isUnfinished } from './recorded-patch.ts'

/** What an end says of the files. */
export interface KeptFor {
  links: FileLinks
  /** When what is left is to be tried again. */
  keepAt: number | null
}

/**
 * Keeps what an end tells of: `complete` waits for its links, within the budget. `failed` names no file, so it waits for none:
 * who dies before it is written would leave a process's end in place of the true reason.
 */
export async function keptFor(
  { outcome }: BotEnding,
  bot: BotRecord,
  { keeping, clock, signal }: { keeping: Keeping; clock: Clock; signal: AbortSignal },
): Promise<KeptFor> {
  if (outcome === 'failed') return { links: { mp4: '', audio: '' }, keepAt: keeping.hasAny(bot) ? clock.now() : null }
  const whole = await keeping.keep(bot, signal)
  const links = await keeping.links(bot, signal)
  const now = clock.now()
  return { links, keepAt: whole && !isUnfinished(bot) ? null : keepAgainAt(now, now) }
}
