import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Artifact, ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { BotFiles, BotRecord } from '../store/port.ts'
import type { FileLinks } from './port.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/** The files callers get links to, and their types. PCM and events stay on this machine. */
// biome-ignore format: a table
const KEPT = [
  { file: 'mp4',   contentType: 'video/mp4' },
  { file: 'audio', contentType: 'audio/wav' },
] as const satisfies readonly { file: keyof BotFiles; contentType: string }[]

/** What keeping needs. */
export interface KeepingParts {
  artifacts: ArtifactStore
  clock: Clock
  logger: Logger
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
  async keep({ uuid, files }: Pick<BotRecord, 'uuid' | 'files'>, signal: AbortSignal): Promise<boolean> {
    const until = this.#parts.clock.now() + this.#parts.budgetMs
    let whole = true
    for (const artifact of artifactsOf(uuid, files)) whole = (await this.#put(artifact, until, signal)) && whole
    return whole
  }

  /** Links signed now, for one hour. Empty where there is no such file, or its store cannot be asked. */
  async links({ uuid, files, dataDeleted }: Pick<BotRecord, 'uuid' | 'files' | 'dataDeleted'>): Promise<FileLinks> {
    if (dataDeleted !== null) return { mp4: '', audio: '' }
    const [mp4, audio] = await Promise.all([this.#link(uuid, files.mp4), this.#link(uuid, files.audio)])
    return { mp4, audio }
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

  async #link(uuid: string, path: string | undefined): Promise<string> {
    if (path === undefined) return ''
    const { artifacts, logger } = this.#parts
    try {
      return await artifacts.link(keyOf(uuid, path))
    } catch (error) {
      logger.error('no link could be made', { bot: uuid, error: String(error) })
      return ''
    }
  }
}

function artifactsOf(uuid: string, files: BotFiles): Artifact[] {
  return KEPT.flatMap(({ file, contentType }) => {
    const path = files[file]
    return path === undefined || !existsSync(path) ? [] : [{ key: keyOf(uuid, path), path, contentType }]
  })
}

const keyOf = (uuid: string, path: string) => `${uuid}/${basename(path)}`
