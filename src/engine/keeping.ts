import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeBeside } from '../artifacts/beside.ts'
import { artifactKey } from '../artifacts/key.ts'
import type { Artifact, ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord } from '../store/port.ts'
import type { FileLinks } from './port.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** What is left of a file's time when the others have spent it all. */
const LEAST_MS = 10_000
/** Behind the last event nobody waits for an upload, but one that hangs must not hold up the others for good. */
const LATER_MS = 3_600_000
const LINK_MS = 30_000

/** Types of what is kept, by the end of the name. PCM and the event log stay on this machine. */
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  wav: 'audio/wav',
  jpg: 'image/jpeg',
  png: 'image/png',
  json: 'application/json',
}

const PICTURE = /\.(jpg|png)$/

/** What keeping needs. */
export interface KeepingParts {
  artifacts: ArtifactStore
  clock: Clock
  logger: Logger
  outputDir: string
  /** How long a failing upload holds back the `complete` event. After it, the event goes out without that link. */
  budgetMs: number
}

/** Finished files on their way into the artifact store, and the links to them. The local file is the truth until then. */
export class Keeping {
  readonly #parts: KeepingParts

  constructor(parts: KeepingParts) {
    this.#parts = parts
  }

  /**
   * Keeps every file, trying again until the budget is spent. False if something is left for later: a file that could not be
   * kept, or pictures, which nothing waits for. Throws only when aborted.
   */
  async keep(bot: BotRecord, signal: AbortSignal): Promise<boolean> {
    const until = this.#parts.clock.now() + this.#parts.budgetMs
    let whole = true
    for (const path of this.#filesOf(bot)) whole = (await this.#put(artifactOf(bot.uuid, path), until, signal)) && whole
    return whole && this.#picturesOf(bot).length === 0
  }

  /** Whether it has files or pictures on this machine. */
  hasAny(bot: BotRecord): boolean {
    return this.#filesOf(bot).length > 0 || this.#picturesOf(bot).length > 0
  }

  /** Tries every file once. False if one could not be kept; undefined if none of them is on this machine. */
  async once(bot: BotRecord, signal: AbortSignal): Promise<boolean | undefined> {
    const paths = [...this.#filesOf(bot), ...this.#picturesOf(bot)]
    let whole = true
    for (const path of paths) whole = (await this.#putOnce(artifactOf(bot.uuid, path), signal)) && whole
    return paths.length === 0 ? undefined : whole
  }

  /** Keeps the picture of a status. It may fail: nothing waits for a picture. */
  picture(uuid: string, path: string): void {
    const { artifacts, logger } = this.#parts
    const artifact = artifactOf(uuid, path)
    artifacts
      .put(artifact)
      .catch((error: unknown) => logger.warn('a picture could not be kept', { key: artifact.key, error: String(error) }))
  }

  /** Links signed now, for one hour. Empty where there is no such file, or its store cannot be asked. */
  async links({ uuid, files, dataDeleted }: Pick<BotRecord, 'uuid' | 'files' | 'dataDeleted'>, signal?: AbortSignal): Promise<FileLinks> {
    if (dataDeleted !== null) return { mp4: '', audio: '' }
    const [mp4, audio] = await Promise.all([this.#link(uuid, files.mp4, signal), this.#link(uuid, files.audio, signal)])
    return { mp4, audio }
  }

  #filesOf(bot: BotRecord): string[] {
    const { mp4, audio } = bot.files
    return [mp4, audio, ...this.#beside(bot)].filter((path) => path !== undefined && existsSync(path)) as string[]
  }

  #picturesOf({ uuid }: BotRecord): string[] {
    const dir = join(this.#parts.outputDir, uuid)
    if (!existsSync(dir)) return []
    const names = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    return names.filter((name) => PICTURE.test(name)).map((name) => join(dir, name))
  }

  /** Who was there and who spoke, as files beside the recording; none where nothing was recorded. */
  #beside(bot: BotRecord): string[] {
    const dir = join(this.#parts.outputDir, bot.uuid)
    if (bot.durationMs === null || !existsSync(dir)) return []
    try {
      return writeBeside(dir, bot)
    } catch (error) {
      this.#parts.logger.error('the lists beside a recording could not be written', { bot: bot.uuid, error: String(error) })
      return []
    }
  }

  async #put(artifact: Artifact, until: number, signal: AbortSignal): Promise<boolean> {
    const { artifacts, clock, logger } = this.#parts
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      signal.throwIfAborted()
      try {
        await within({ ms: Math.max(until - clock.now(), LEAST_MS), ...inStore(artifact), signal, clock }, () => artifacts.put(artifact))
        return true
      } catch (error) {
        signal.throwIfAborted()
        const last = clock.now() + waitMs > until
        logger.error(last ? 'a file could not be kept; it stays where it is' : 'a file could not be kept yet', {
          key: artifact.key,
          path: artifact.path,
          error: String(error),
        })
        if (last) return false
        await clock.after(waitMs, signal)
      }
    }
  }

  async #putOnce(artifact: Artifact, signal: AbortSignal): Promise<boolean> {
    const { artifacts, clock, logger } = this.#parts
    try {
      await within({ ms: LATER_MS, ...inStore(artifact), signal, clock }, () => artifacts.put(artifact))
      return true
    } catch (error) {
      signal.throwIfAborted()
      logger.warn('a file could not be kept yet', { key: artifact.key, error: String(error) })
      return false
    }
  }

  async #link(uuid: string, path: string | undefined, signal: AbortSignal | undefined): Promise<string> {
    if (path === undefined) return ''
    const { artifacts, clock, logger } = this.#parts
    const key = artifactKey(uuid, path)
    try {
      return await within({ ms: LINK_MS, ...inStore({ key }), signal, clock }, () => artifacts.link(key))
    } catch (error) {
      signal?.throwIfAborted()
      logger.error('no link could be made', { bot: uuid, error: String(error) })
      return ''
    }
  }
}

const inStore = ({ key }: Pick<Artifact, 'key'>) => ({ code: 'STORAGE_FAILED' as const, what: `the artifact store, for ${key}` })

function artifactOf(uuid: string, path: string): Artifact {
  const contentType = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { key: artifactKey(uuid, path), path, contentType }
}
