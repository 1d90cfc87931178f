import { join } from 'node:path'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
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
const REMOVE_MS = 60_000

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
      this.#look(signal).catch((error: unknown) => {
        if (!signal.aborted) logger.error('files to be kept could not be looked for', { error: String(error) })
      }),
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
    const whole = await Promise.race([this.#finishAndKeep(found, signal), aborted(quit.signal)]).finally(() => quit.stop())
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
    const limit = { ms: REMOVE_MS, code: 'STORAGE_FAILED', what: 'the artifact store, for a removal', signal, clock } as const
    await within(limit, () => artifacts.remove(uuid))
    await store.record(uuid, { at, patch: { keepAt: null } })
  }

  async #finishAndKeep(bot: BotRecord, signal: AbortSignal): Promise<boolean | undefined> {
    const finished = await this.#finished(bot)
    const whole = await this.#parts.keeping.once(finished ?? bot, signal)
    return whole === true && finished === undefined ? false : whole
  }

  /** The bot with its recording finished; undefined if that failed again. */
  async #finished(bot: BotRecord): Promise<BotRecord | undefined> {
    const { store, recover, outputDir, clock, logger } = this.#parts
    if (!isUnfinished(bot)) return bot
    const dir = join(outputDir, bot.uuid)
    try {
      const files = await recover(dir)
      const isRemoved = (await store.get(bot.uuid))?.dataDeleted !== null
      if (files === undefined || isRemoved) return bot
      return (await store.record(bot.uuid, { at: clock.now(), patch: recordedPatch(dir, files) })) ?? bot
    } catch (error) {
      logger.warn('a recording could not be finished yet', { bot: bot.uuid, error: String(error) })
      return undefined
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}
