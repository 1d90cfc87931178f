import { readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../core/clock.ts'

/** Name of the variable that marks what an engine run starts: its value is the run's id. */
export const RUN_MARK = 'REMORA_RUN'

const LOOK_MS = 100
/** An encoder whose input has ended needs this long at most to write its last frames. */
const PATIENCE_MS = 5_000

/**
 * Waits until no other process works in this folder (an encoder that outlived its parent writes its last frames), and ends
 * what still does after five seconds. Only programs with the folder's path in their arguments count; the path holds a UUID.
 */
export async function quiet(dir: string, clock: Clock, patienceMs: number = PATIENCE_MS): Promise<void> {
  const until = clock.now() + patienceMs
  for (let busy = processesIn(dir); busy.length > 0; busy = processesIn(dir)) {
    if (clock.now() >= until) for (const pid of busy) end(pid)
    await clock.after(LOOK_MS)
  }
}

/** Ends the browsers a dead run left behind: processes that carry its mark. Answers how many there were. */
export function endMarked(run: string): number {
  const marked = processes().filter((pid) => parts(pid, 'environ').includes(`${RUN_MARK}=${run}`))
  for (const pid of marked) end(pid)
  return marked.length
}

function processesIn(dir: string): number[] {
  return processes().filter((pid) => parts(pid, 'cmdline').some((arg) => arg.startsWith(`${dir}/`)))
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
  } catch {
    return [] // no /proc: nothing can be said about others
  }
}

function parts(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0')
  } catch {
    return [] // ended meanwhile, or another user's
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return // ended by itself
  }
}
