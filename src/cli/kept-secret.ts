import { randomBytes, randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { BotError } from '../core/errors.ts'

/**
 * A random text kept in a file that only its owner can read; made at the first start. It appears whole or not at all: a start
 * that is killed, or whose disk is full, leaves none behind that nobody could use.
 */
export function keptSecret(path: string): { secret: string; isNew: boolean } {
  // The folder holds recordings and keys: made for its owner only.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const secret = randomBytes(32).toString('base64url')
  const draft = `${path}.${randomUUID()}`
  try {
    written(draft, `${secret}\n`)
    published(draft, path)
    return { secret, isNew: true }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return { secret: kept(path), isNew: false }
  } finally {
    rmSync(draft, { force: true })
  }
}

function written(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Under its name, unless there is one already. */
function published(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    // Some file systems (SMB, exFAT) have no second names.
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' || existsSync(path)) throw Object.assign(new Error(`${path} is there`), { code: 'EEXIST' })
    if (!NO_LINKS.includes(String(code))) throw error
    renameSync(draft, path)
  }
}

const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

function kept(path: string): string {
  const secret = readFileSync(path, 'utf8').trim()
  if (secret !== '') return secret
  throw new BotError('CONFIG_INVALID', `${path} is empty; remove it, and the next start makes a new one`, {
    details: { field: path, value: '', allowed: 'a secret' },
  })
}
