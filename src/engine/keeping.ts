import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeBeside } from '../artifacts/beside.ts'
import { artifactKey } from '../artifacts/key.ts'
import type { Artifact, ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotRecord } from '../store/port.ts'
import type { FileLinks } from './port.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

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

  /** Keeps every file, trying again until the budget is spent. False if one could not be kept. Throws only when aborted. */
  async keep(bot: BotRecord, signal: AbortSignal): Promise<boolean> {
    const until = this.#parts.clock.now() + this.#parts.budgetMs
    let whole = true
    for (const path of this.#filesOf(bot)) whole = (await this.#put(artifactOf(bot.uuid, path), until, signal)) && whole
    // Most are there since their moment. Nothing waits for one that is not.
    for (const path of this.#picturesOf(bot)) whole = (await this.#putOnce(artifactOf(bot.uuid, path))) && whole
    return whole
  }

  /** Tries every file once. False if one could not be kept; undefined if none of them is on this machine. */
  async once(bot: BotRecord): Promise<boolean | undefined> {
    const paths = [...this.#filesOf(bot), ...this.#picturesOf(bot)]
    let whole = true
    for (const path of paths) whole = (await this.#putOnce(artifactOf(bot.uuid, path))) && whole
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
  async links({ uuid, files, dataDeleted }: Pick<BotRecord, 'uuid' | 'files' | 'dataDeleted'>): Promise<FileLinks> {
    if (dataDeleted !== null) return { mp4: '', audio: '' }
    const [mp4, audio] = await Promise.all([this.#link(uuid, files.mp4), this.#link(uuid, files.audio)])
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
        await artifacts.put(artifact)
        return true
      } catch (error) {
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

  async #putOnce(artifact: Artifact): Promise<boolean> {
    try {
      await this.#parts.artifacts.put(artifact)
      return true
    } catch (error) {
      this.#parts.logger.warn('a file could not be kept yet', { key: artifact.key, error: String(error) })
      return false
    }
  }

  async #link(uuid: string, path: string | undefined): Promise<string> {
    if (path === undefined) return ''
    const { artifacts, logger } = this.#parts
    try {
      return await artifacts.link(artifactKey(uuid, path))
    } catch (error) {
      logger.error('no link could be made', { bot: uuid, error: String(error) })
      return ''
    }
  }
}

function artifactOf(uuid: string, path: string): Artifact {
  const contentType = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { key: artifactKey(uuid, path), path, contentType }
}
