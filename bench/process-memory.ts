import { readdirSync, readFileSync } from 'node:fs'

interface Entry {
  pid: number
  parent: number
  command: string
}

/** Every process of this machine, from the kernel. */
function processes(): Entry[] {
  return readdirSync('/proc').flatMap((name): Entry[] => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      return [{ pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }]
    } catch {
      return [] // ended between the listing and the reading
    }
  })
}

/** Proportional set size of one process in bytes; 0 when it has ended. */
function pss(pid: number): number {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return Number(found ?? 0) * 1_024
  } catch {
    return 0
  }
}

/** Proportional set size, in bytes, of all descendants of a process whose command line matches. */
export function treePss(root: number, matching: RegExp): number {
  const all = processes()
  const tree = new Set([root])
  for (let grown = true; grown; ) {
    grown = false
    for (const { pid, parent } of all) {
      if (!tree.has(parent) || tree.has(pid)) continue
      tree.add(pid)
      grown = true
    }
  }
  return all
    .filter(({ pid, command }) => pid !== root && tree.has(pid) && matching.test(command))
    .reduce((sum, { pid }) => sum + pss(pid), 0)
}
