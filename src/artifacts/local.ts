import { randomUUID } from 'node:crypto'
import { constants, createReadStream, type Dirent } from 'node:fs'
import { copyFile, type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { type Clock, systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { fileResponse, problem } from './file-response.ts'
import { sha256Of } from './fingerprint.ts'
import { checkKey, checkUuid, fileNameOf, isKey } from './key.ts'
import type { Artifact, ArtifactStore } from './port.ts'
import { SignedLinks } from './signed-link.ts'

/** How files of a folder are served. Times are milliseconds. */
export interface LocalArtifactsOptions {
  /** The folder; a bot's files are below `<dir>/<bot uuid>/`. */
  dir: string
  /** Signs the links, 16 characters at least. Of several the first signs, and links signed with the others stay good. */
  secret: string | readonly string[]
  /** Where the service is reached from outside; links are below `<baseUrl>/files/`. A function is asked for every link. */
  baseUrl: string | (() => string)
  /** How long links are good. Default one hour. */
  expiresInMs?: number
  clock?: Clock
}

/**
 * Files of a local folder behind signed links that expire. Nothing is ever listed, and nothing outside the folder is served.
 *
 * @example
 * const artifacts = new LocalArtifacts({ dir: 'data/recordings', secret, baseUrl: 'https://bots.example.com' })
 * const engine = new MeetingEngine({ apiKeys: [key], artifacts, outputDir: 'data/recordings' })
 */
export class LocalArtifacts implements ArtifactStore {
  readonly name = 'local'
  readonly #dir: string
  readonly #links: SignedLinks
  readonly #baseUrl: () => string
  readonly #expiresInMs: number
  readonly #clock: Clock

  /** Throws `CONFIG_INVALID` for a secret that is too short. */
  constructor({ dir, secret, baseUrl, expiresInMs = 3_600_000, clock = systemClock }: LocalArtifactsOptions) {
    this.#dir = resolve(dir)
    this.#links = new SignedLinks(typeof secret === 'string' ? [secret] : secret)
    this.#baseUrl = typeof baseUrl === 'string' ? () => baseUrl : baseUrl
    this.#expiresInMs = expiresInMs
    this.#clock = clock
  }

  async put({ key, path }: Artifact): Promise<void> {
    const target = join(this.#dir, checkKey(key))
    const source = await realpath(path)
    const kept = await realpath(target).catch(() => undefined) // not there yet
    if (kept === source || (kept !== undefined && (await isSame(source, kept)))) return
    await mkdir(dirname(target), { recursive: true })
    const part = `${target}.${randomUUID()}.part`
    try {
      await copyFile(source, part, constants.COPYFILE_FICLONE)
      await synced(part)
      if (!(await isSame(source, part)))
        throw new BotError('STORAGE_FAILED', `${key}: the copy differs from the file`, { details: { key } })
      await rename(part, target)
    } finally {
      await rm(part, { force: true })
    }
  }

  async link(key: string, { expiresInMs = this.#expiresInMs }: { expiresInMs?: number } = {}): Promise<string> {
    if ((await this.#inside(checkKey(key))) === undefined) return ''
    return this.#links.make(this.#baseUrl(), { key, expiresAt: this.#clock.now() + expiresInMs })
  }

  async remove(botUuid: string): Promise<{ removed: number; failed: number }> {
    const count = { removed: 0, failed: 0 }
    const folder = join(this.#dir, checkUuid(botUuid))
    await emptied(folder, count)
    return count
  }

  async close(): Promise<void> {}

  /** Answers a link of this store; undefined for any other request, which is somebody else's. */
  async handle(request: Request): Promise<Response | undefined> {
    const url = new URL(request.url)
    const key = this.#links.keyOf(url)
    if (key === undefined) return undefined
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return problem(405, 'MethodNotAllowed', 'Only GET and HEAD', new Headers({ allow: 'GET, HEAD' }))
    }
    // Asked before anything else: who has no good link learns nothing, not even whether there is such a file.
    if (!this.#links.isGood(url, { key, now: this.#clock.now() }))
      return problem(403, 'Forbidden', 'This link is not valid, or not any more')
    const file = isKey(key) ? await this.#opened(key) : undefined
    return file === undefined ? problem(404, 'NotFound', 'There is no such file any more') : fileResponse(request, file, fileNameOf(key))
  }

  async #opened(key: string): Promise<FileHandle | undefined> {
    const path = await this.#inside(key)
    if (path === undefined) return undefined
    // The path is resolved: a link that appears in its place meanwhile is not followed.
    return open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined
      throw error
    })
  }

  /** The real path of a kept file; undefined if there is none, or if it lies outside the folder. */
  async #inside(key: string): Promise<string | undefined> {
    try {
      const [root, path] = await Promise.all([realpath(this.#dir), realpath(join(this.#dir, key))])
      return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : undefined
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(String(error.code))
}

async function isSame(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(left), stat(right)])
  return a.size === b.size && (await sha256Of(createReadStream(left))) === (await sha256Of(createReadStream(right)))
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Removes all files below a folder, then the folder. Links are removed, never followed. */
async function emptied(folder: string, count: { removed: number; failed: number }): Promise<void> {
  const entries = await entriesOf(folder)
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      await emptied(path, count)
      continue
    }
    try {
      await unlink(path)
      count.removed++
    } catch (error) {
      if (!isAbsent(error)) count.failed++
    }
  }
  if (count.failed === 0) await rm(folder, { recursive: true, force: true })
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return (await lstat(folder)).isDirectory() ? await readdir(folder, { withFileTypes: true }) : []
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
