import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord, BotStore } from '../store/port.ts'
import { again } from './alarm.ts'
import type { Deletion } from './port.ts'

const HOUR_MS = 3_600_000
const AT_ONCE = 50
/** A caller waits for it; what is left is removed by the next sweep. */
const REMOVE_MS = 60_000
/** In these, the files of a bot are being written. */
const WRITING: readonly BotRecord['status'][] = ['in_call_not_recording', 'in_call_recording', 'recording_paused', 'call_ended']

/** What removal needs. */
export interface RemovalParts {
  store: Pick<BotStore, 'record' | 'endedBefore' | 'halfRemoved'>
  artifacts: ArtifactStore
  clock: Clock
  logger: Logger
  outputDir: string
}

/** Removes what was recorded of a bot: its files here and in the artifact store, its pictures and logs, who was there and who spoke. */
export class Removal {
  readonly #parts: RemovalParts

  constructor(parts: RemovalParts) {
    this.#parts = parts
  }

  async remove(bot: BotRecord, signal?: AbortSignal): Promise<Deletion> {
    if (bot.dataDeleted !== null && !bot.dataDeleted.partial) return 'alreadyDeleted'
    if (bot.phase === 'running') return WRITING.includes(bot.status) ? 'busy' : 'noDataFound'
    if (bot.phase === 'waiting') return 'noDataFound'
    const { artifacts, outputDir, clock, logger } = this.#parts
    const dir = join(outputDir, bot.uuid)
    const had = bot.dataDeleted !== null || Object.keys(bot.files).length > 0 || existsSync(dir)
    // Said before it is begun: whoever dies in the middle of it is found by the next sweep, and nothing is kept again meanwhile.
    if (had) await this.#write(bot, { partial: true })
    const limit = { ms: REMOVE_MS, code: 'STORAGE_FAILED', what: 'the artifact store, for a removal', signal, clock } as const
    const [kept] = await Promise.allSettled([within(limit, () => artifacts.remove(bot.uuid))])
    const [local] = await Promise.allSettled([rm(dir, { recursive: true, force: true })])
    for (const outcome of [kept, local])
      if (outcome.status === 'rejected') logger.error('data could not be removed', { bot: bot.uuid, error: String(outcome.reason) })
    const removed = kept.status === 'fulfilled' ? kept.value.removed : 0
    if (!had && removed === 0 && kept.status === 'fulfilled' && kept.value.failed === 0) return 'noDataFound'
    const partial = kept.status === 'rejected' || kept.value.failed > 0 || local.status === 'rejected'
    await this.#write(bot, { partial })
    return partial ? 'partiallyDeleted' : 'deleted'
  }

  /**
   * Now and every hour: what could be removed in part only is tried again, whoever asked for it, and data older than
   * `retentionMs` (null: none is) is removed. Answers how to stop it.
   */
  keepDoing(retentionMs: number | null): () => Promise<void> {
    const { store, clock, logger } = this.#parts
    const failed = (error: unknown) => logger.error('data to be removed could not be looked for', { error: String(error) })
    return again(clock, HOUR_MS, async (signal) => {
      await this.#sweep((limit) => store.halfRemoved(limit), signal).catch(failed)
      if (retentionMs === null) return
      const before = clock.now() - retentionMs
      await this.#sweep((limit) => store.endedBefore(before, limit), signal).catch(failed)
    })
  }

  async #sweep(find: (limit: number) => Promise<readonly BotRecord[]>, signal: AbortSignal): Promise<void> {
    const seen = new Set<string>()
    for (;;) {
      // More by those that stay in the answer, whose removal failed again.
      const found = (await find(AT_ONCE + seen.size)).filter(({ uuid }) => !seen.has(uuid))
      for (const bot of found) {
        if (signal.aborted) return
        seen.add(bot.uuid)
        await this.#forget(bot, signal)
      }
      if (found.length === 0) return
    }
  }

  /** Also where there was nothing: it is not looked at again. */
  async #forget(bot: BotRecord, signal: AbortSignal): Promise<void> {
    if ((await this.remove(bot, signal)) === 'noDataFound') await this.#write(bot, { partial: false })
  }

  async #write({ uuid }: BotRecord, { partial }: { partial: boolean }): Promise<void> {
    const at = this.#parts.clock.now()
    const patch = { files: {}, participants: [], speakers: [], keepAt: null, dataDeleted: { at, partial } }
    await this.#parts.store.record(uuid, { at, patch })
  }
}
