import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord, BotStore } from '../store/port.ts'
import type { Deletion } from './port.ts'
import { alarm } from './watch.ts'

const HOUR_MS = 3_600_000
const AT_ONCE = 50
/** In these, the files of a bot are being written. */
const WRITING: readonly BotRecord['status'][] = ['in_call_not_recording', 'in_call_recording', 'recording_paused', 'call_ended']

/** What removal needs. */
export interface RemovalParts {
  store: Pick<BotStore, 'record' | 'endedBefore'>
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

  async remove(bot: BotRecord): Promise<Deletion> {
    if (bot.dataDeleted !== null && !bot.dataDeleted.partial) return 'alreadyDeleted'
    if (bot.phase === 'running') return WRITING.includes(bot.status) ? 'busy' : 'noDataFound'
    if (bot.phase === 'waiting') return 'noDataFound'
    const { artifacts, clock, store, outputDir, logger } = this.#parts
    const dir = join(outputDir, bot.uuid)
    const had = Object.keys(bot.files).length > 0 || existsSync(dir)
    const [kept] = await Promise.allSettled([artifacts.remove(bot.uuid)])
    const [local] = await Promise.allSettled([rm(dir, { recursive: true, force: true })])
    for (const outcome of [kept, local])
      if (outcome.status === 'rejected') logger.error('data could not be removed', { bot: bot.uuid, error: String(outcome.reason) })
    const removed = kept.status === 'fulfilled' ? kept.value.removed : 0
    if (!had && removed === 0 && kept.status === 'fulfilled' && kept.value.failed === 0) return 'noDataFound'
    const partial = kept.status === 'rejected' || kept.value.failed > 0 || local.status === 'rejected'
    const at = clock.now()
    await store.record(bot.uuid, { at, patch: { files: {}, participants: [], speakers: [], dataDeleted: { at, partial } } })
    return partial ? 'partiallyDeleted' : 'deleted'
  }

  /** Removes data older than that, now and every hour. Answers how to stop it. */
  keepDoing(retentionMs: number): () => Promise<void> {
    const { clock, logger } = this.#parts
    const stop = new AbortController()
    const loop = (async () => {
      do {
        await this.#sweep(clock.now() - retentionMs, stop.signal).catch((error: unknown) =>
          logger.error('old data could not be looked for', { error: String(error) }),
        )
      } while (await alarm(clock, HOUR_MS, stop.signal))
    })()
    return async () => {
      stop.abort()
      await loop
    }
  }

  async #sweep(before: number, signal: AbortSignal): Promise<void> {
    const { store } = this.#parts
    const seen = new Set<string>()
    for (;;) {
      const old = (await store.endedBefore(before, AT_ONCE)).filter(({ uuid }) => !seen.has(uuid))
      for (const bot of old) {
        if (signal.aborted) return
        seen.add(bot.uuid)
        await this.#forget(bot)
      }
      if (old.length === 0) return
    }
  }

  /** Also where there was nothing: it is not looked at again. */
  async #forget(bot: BotRecord): Promise<void> {
    const { store, clock } = this.#parts
    if ((await this.remove(bot)) !== 'noDataFound') return
    const at = clock.now()
    await store.record(bot.uuid, { at, patch: { participants: [], speakers: [], dataDeleted: { at, partial: false } } })
  }
}
