import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A TypeScript program of this repository, started as its users start it; resolves with its first line on stdout. */
export async function program(file: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const lines: string[] = []
  const out = createInterface({ input: child.stdout })
  out.on('line', (line) => lines.push(line))
  const first = once(out, 'line').then(([line]) => String(line))
  const early = ended.then(([code]) => {
    throw new Error(`${file} ended with ${code} before it said anything:\n${errors}`)
  })
  return {
    pid: child.pid ?? 0,
    line: await Promise.race([first, early]),
    lines,
    errors: () => errors,
    /** Asks it to end; answers with its exit code. */
    async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}
