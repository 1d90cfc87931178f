import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** Two processes that open one new database at the same moment and want the same bot; how many of 50 tries each got. */
export async function rush(kind: 'sqlite' | 'postgres', where: string): Promise<readonly number[]> {
  const script = resolve(import.meta.dirname, 'store-rush.ts')
  const processes = [1, 1_001].map((first) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, kind, where, String(first)], { stdio: ['pipe', 'pipe', 'inherit'] })
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
  })
  // Both have loaded everything before either starts.
  for (const { lines } of processes) await lines.next()
  for (const { child } of processes) child.stdin.write('go\n')
  return Promise.all(processes.map(async ({ lines }) => Number((await lines.next()).value)))
}
