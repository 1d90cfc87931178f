import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { BotError } from '../core/errors.ts'

/** The ffmpeg to use: the one asked for, the installed package's (made executable if its install script was skipped), PATH. */
export function findFfmpeg(asked?: string): string {
  if (asked !== undefined) return asked
  try {
    const { path } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }
    try {
      accessSync(path, constants.X_OK)
    } catch {
      chmodSync(path, 0o755)
    }
    return path
  } catch {
    return 'ffmpeg' // no binary for this platform in the package: whatever PATH has
  }
}

/** Runs ffmpeg to its end, in its own process group: a Ctrl-C meant for us must not cut a file. Throws `STORAGE_FAILED` with its last words. */
export async function ffmpeg(path: string, args: readonly string[]): Promise<void> {
  const child = spawn(path, ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let said = ''
  child.stderr.on('data', (data) => {
    said = `${said}${String(data)}`.slice(-500)
  })
  try {
    const [code, signal] = await once(child, 'close')
    if (code !== 0) throw new Error(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new BotError('STORAGE_FAILED', `ffmpeg failed: ${said.trim() || message}`, { details: { args }, cause: error })
  }
}

/** An encoder fed through stdin, in its own process group: a Ctrl-C meant for us must not cut its file. */
export function spawnEncoder(path: string, args: readonly string[]): ChildProcess {
  const child = spawn(path, ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.stdin?.on('error', () => {}) // its death is told by 'exit'
  child.on('error', () => {})
  return child
}
