import { readdirSync, readFileSync } from 'node:fs'

/** Jiffies a second on Linux (sysconf CLK_TCK); 100 on every kernel Node runs on. */
const TICKS = 100

interface Process {
  pid: number
  parent: number
  command: string
  /** Own and waited-for children's CPU time. */
  cpuSeconds: number
}

function processes(): Process[] {
  return readdirSync('/proc').flatMap((name): Process[] => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The command may hold blanks and brackets: fields are counted from the last bracket.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      const cpu = [11, 12, 13, 14].reduce((sum, at) => sum + (fields[at] ?? 0), 0)
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return [{ pid: Number(name), parent: fields[1] ?? 0, command, cpuSeconds: cpu / TICKS }]
    } catch {
      return [] // ended between the listing and the reading
    }
  })
}

/** A process and everything it started, from the kernel. */
function treeOf(root: number): Process[] {
  const all = processes()
  const wanted = new Set([root])
  for (let grew = true; grew; ) {
    grew = false
    for (const { pid, parent } of all) {
      if (!wanted.has(parent) || wanted.has(pid)) continue
      wanted.add(pid)
      grew = true
    }
  }
  return all.filter(({ pid }) => wanted.has(pid))
}

/** CPU seconds that the tree has used so far. */
export const cpuSecondsOf = (root: number): number => treeOf(root).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)

const FIELDS = { pss: ['Pss'], own: ['Pss_Anon', 'Pss_Shmem'] } as const

function memory(pid: number, kind: keyof typeof FIELDS): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0)
    return FIELDS[kind].reduce((sum, field) => sum + kilobytes(field) * 1_024, 0)
  } catch {
    return 0 // ended, or not ours to read
  }
}

const total = (root: number, kind: keyof typeof FIELDS, matching?: RegExp) =>
  treeOf(root)
    .filter(({ pid, command }) => matching === undefined || (pid !== root && matching.test(command)))
    .reduce((sum, { pid }) => sum + memory(pid, kind), 0)

/** Proportional set size of the tree in bytes: shared pages count once. With `matching`, of its descendants so called. */
export const pssOf = (root: number, matching?: RegExp): number => total(root, 'pss', matching)

/** The same without what is read from files: that part shrinks when another browser on the machine has it loaded too. */
export const ownOf = (root: number, matching?: RegExp): number => total(root, 'own', matching)
