import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Whether a process still runs, as far as this machine can tell. */
export type Vital = 'alive' | 'dead' | 'unknown'

/** The id of one life of an engine: `<machine>:<pid>:<when the process began>:<random>`. */
export function newRunId(): string {
  return [machine(), process.pid, beginOf(process.pid) ?? '-', randomUUID()].join(':')
}

/**
 * Whether the process of a run lives. Certain only for another process of the same machine whose beginning the kernel tells:
 * a pid alone may have been given to somebody else. Of this very process it cannot tell which of its engines still runs.
 */
export function vitalOf(run: string): Vital {
  const [where, pidText, began] = run.split(':')
  const pid = Number(pidText)
  if (where !== machine() || pid === process.pid || !Number.isInteger(pid)) return 'unknown'
  const now = beginOf(pid)
  if (now === undefined) return process.platform === 'linux' || !exists(pid) ? 'dead' : 'unknown'
  return now === began ? 'alive' : 'dead'
}

/** Boot and pid namespace: two containers of one host do not see each other's pids. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}.${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`
  } catch {
    return hostname().replace(/[^\w.-]/g, '-') // no /proc: the name is the best there is
  }
}

/** Clock ticks from boot to the start of a process; undefined if there is none, or no kernel that tells. */
function beginOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : rest[18]
  } catch {
    return undefined // no such process, or no /proc
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // somebody else's, but there
  }
}
