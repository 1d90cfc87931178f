import { join } from 'node:path'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import { follow } from '../core/follow.ts'
import type { Logger } from '../core/logger.ts'
import type { RecordedFiles } from '../media/recorder-port.ts'
import type { BotRecord, BotStore } from '../store/port.ts'
import { again } from './alarm.ts'
import type { Keeping } from './keeping.ts'
import { isUnfinished, recordedPatch } from './recorded-patch.ts'

const LOOK_MS = 30_000
const AT_ONCE = 50
const SOONEST_MS = 60_000
const LATEST_MS = 3_600_000

/** What keeping later needs. */
export interface LaterParts {
  store: Pick<BotStore, 'get' | 'record' | 'toKeep'>
  artifacts: Pick<ArtifactStore, 'remove'>
  keeping: Keeping
  outputDir: string
  /** Finishes what was recorded in a folder; undefined where nothing was. */
  recover(dir: string): Promise<RecordedFiles | undefined>
  clock: Clock
  logger: Logger
}

/** When files that could not be kept are tried next: the longer it goes on, the more seldom, every hour at least. */
export function keepAgainAt(now: number, failingSince: number): number {
  return now + Math.min(Math.max((now - failingSince) / 2, SOONEST_MS), LATEST_MS)
}

/** Files that were not finished or not in the artifact store when their bot ended: tried for as long as they are on this machine. */
export class Later {
  readonly #parts: LaterParts
  /** Theirs is another machine's folder, or somebody removed them. Asked again at the next start. */
  readonly #elsewhere = new Set<string>()

  constructor(parts: LaterParts) {
    this.#parts = parts
  }

  /** Looks now and all the time. Answers how to stop it. */
  keepDoing(): () => Promise<void> {
    const { clock, logger } = this.#parts
    return again(clock, LOOK_MS, (signal) =>
      this.#look(signal).catch((error: unknown) => logger.error('files to be kept could not be looked for', { error: String(error) })),
    )
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts
    const found = await store.toKeep(clock.now(), AT_ONCE + this.#elsewhere.size)
    const left = new Set(found.map(({ uuid }) => uuid))
    for (const uuid of this.#elsewhere) if (!left.has(uuid)) this.#elsewhere.delete(uuid) // that machine has kept them
    for (const bot of found) {
      if (signal.aborted) return
      if (!this.#elsewhere.has(bot.uuid)) await this.#keep(bot, signal)
    }
  }

  async #keep(found: BotRecord, signal: AbortSignal): Promise<void> {
    const { store, artifacts, clock, logger } = this.#parts
    const { uuid, endedAt } = found
    // An upload may take long, and the end of the engine does not wait for it: the next start begins it again.
    const quit = follow(signal)
    const whole = await Promise.race([this.#finishAndKeep(found), aborted(quit.signal)]).finally(() => quit.stop())
    if (signal.aborted) return
    if (whole === undefined) {
      this.#elsewhere.add(uuid)
      return
    }
    const at = clock.now()
    await store.record(uuid, { at, patch: { keepAt: whole ? null : keepAgainAt(at, endedAt ?? at) } })
    if (whole) logger.info('files are kept now', { bot: uuid })
    // Removed meanwhile: then nothing of it may have come back.
    const after = await store.get(uuid)
    if (after?.dataDeleted == null) return
    await artifacts.remove(uuid)
    await store.record(uuid, { at, patch: { keepAt: null } })
  }

  async #finishAndKeep(bot: BotRecord): Promise<boolean | undefined> {
    const { store, keeping, recover, outputDir, clock, logger } = this.#parts
    if (!isUnfinished(bot)) return keeping.once(bot)
    const dir = join(outputDir, bot.uuid)
    try {
      const files = await recover(dir)
      if (files === undefined) return keeping.once(bot)
      const patch = recordedPatch(dir, files)
      const written =
        (await store.get(bot.uuid))?.dataDeleted === null ? await store.record(bot.uuid, { at: clock.now(), patch }) : undefined
      return written === undefined ? true : keeping.once(written)
    } catch (error) {
      logger.warn('a recording could not be finished yet', { bot: bot.uuid, error: String(error) })
      return (await keeping.once(bot)) === undefined ? undefined : false
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}
