import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cpuSecondsOf, pssOf } from './process-tree.ts'

/**
 * What a recorded minute costs: ours against the x11grab recipe, on the same lab meeting, alternating. The lab runs in a
 * process of its own and is not counted. Ratios are of one run on one machine; compare nothing else.
 */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '20' } },
})
const ROUNDS = Number(values.rounds)
const WINDOW_S = Number(values.seconds)
/** A recipe that has not ended by then hangs. */
const MOST_MS = 120_000 + WINDOW_S * 1_000
const HERE = dirname(fileURLToPath(import.meta.url))
const RECIPES = { live: 'recipe-live.ts', x11grab: 'recipe-x11grab.ts' } as const
type Recipe = keyof typeof RECIPES
const NEEDS = { Xvfb: 'xvfb', pulseaudio: 'pulseaudio', ffmpeg: 'ffmpeg', chromium: 'chromium' }
const PEOPLE = [
  { name: 'Ada', voice: 'austen-1', host: true },
  { name: 'Jack', voice: 'jfk' },
  { name: 'Carla', voice: 'cards' },
  { name: 'Tom', voice: 'austen-4' },
]

interface Sample {
  cpuSecondsPerMinute: number
  pssMb: number
  kilobytes: number
}

const say = (line: string) => (values.json ? console.error(line) : console.log(line))

/** Installs what the other recipe needs, or names it. */
function prepare(): void {
  const missing = Object.entries(NEEDS).flatMap(([command, name]) => (spawnSync('which', [command]).status === 0 ? [] : [name]))
  if (missing.length === 0) return
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new Error(`The x11grab recipe needs: sudo ${install}`)
  say(`installing what the x11grab recipe needs: ${install}`)
  spawnSync('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive ${install}`], { stdio: ['ignore', 'ignore', 'inherit'] })
}

function tsx(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** The next line a child says; an early end is an error. */
function line(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (data: Buffer) => resolve(String(data).trim()))
    child.once('exit', (code) => reject(new Error(`the recipe ended early with ${code}`)))
  })
}

async function measure(recipe: Recipe, url: string, chromiumArgs: readonly string[]): Promise<Sample> {
  const dir = mkdtempSync(join(tmpdir(), `remora-bench-${recipe}-`))
  const child = tsx(join(HERE, RECIPES[recipe]), [url, dir, JSON.stringify(chromiumArgs)])
  const hung = setTimeout(() => child.kill('SIGTERM'), MOST_MS)
  try {
    await line(child)
    const root = child.pid ?? 0
    await new Promise((resolve) => setTimeout(resolve, 5_000)) // start-up is not steady state
    const [cpu, from] = [cpuSecondsOf(root), performance.now()]
    await new Promise((resolve) => setTimeout(resolve, WINDOW_S * 1_000)) // the measured window
    const used = cpuSecondsOf(root) - cpu
    const minutes = (performance.now() - from) / 60_000
    const pssMb = pssOf(root) / 2 ** 20
    const path = line(child)
    child.stdin?.write('stop\n')
    return { cpuSecondsPerMinute: used / minutes, pssMb, kilobytes: statSync(await path).size / 1_024 }
  } finally {
    if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve))
    clearTimeout(hung)
  }
}

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN
const spreadOf = (all: readonly number[]) => ({ min: Math.min(...all), median: median(all), max: Math.max(...all) })

prepare()
const lab = tsx(join(HERE, '../src/cli/main.ts'), ['lab', '--json'])
try {
  const { controlUrl, chromiumArgs } = JSON.parse(await line(lab)) as { controlUrl: string; chromiumArgs: string[] }
  const samples: Record<Recipe, Sample[]> = { live: [], x11grab: [] }
  for (let round = 1; round <= ROUNDS; round++) {
    const body = JSON.stringify({ platform: 'meet', lobby: false, people: PEOPLE })
    const room = (await (await fetch(`${controlUrl}/rooms`, { method: 'POST', body })).json()) as { url: string }
    for (const recipe of ['live', 'x11grab'] as const) {
      const sample = await measure(recipe, room.url, chromiumArgs)
      samples[recipe].push(sample)
      const { cpuSecondsPerMinute, pssMb } = sample
      say(`round ${round}  ${recipe.padEnd(8)} ${cpuSecondsPerMinute.toFixed(1)} CPU-s per recorded minute  ${pssMb.toFixed(0)} MB PSS`)
    }
  }
  const ratio = (of: (sample: Sample) => number) => spreadOf(samples.live.map((live, i) => of(live) / of(samples.x11grab[i] ?? live)))
  const [cpu, memory] = [ratio(({ cpuSecondsPerMinute }) => cpuSecondsPerMinute), ratio(({ pssMb }) => pssMb)]
  const figures = (recipe: Recipe) => ({
    cpuSecondsPerMinute: spreadOf(samples[recipe].map(({ cpuSecondsPerMinute }) => cpuSecondsPerMinute)),
    pssMb: spreadOf(samples[recipe].map(({ pssMb }) => pssMb)),
  })
  const result = {
    ratios: { liveToX11grab: cpu.median, liveToX11grabPss: memory.median },
    spread: { liveToX11grab: cpu, liveToX11grabPss: memory },
    rounds: ROUNDS,
    windowSeconds: WINDOW_S,
    people: PEOPLE.length,
    live: figures('live'),
    x11grab: figures('x11grab'),
  }
  if (values.json) console.log(JSON.stringify(result))
  else {
    say(`CPU     ours is ${cpu.median.toFixed(2)} of x11grab (${cpu.min.toFixed(2)} to ${cpu.max.toFixed(2)})`)
    say(`memory  ours is ${memory.median.toFixed(2)} of x11grab (${memory.min.toFixed(2)} to ${memory.max.toFixed(2)})`)
  }
} finally {
  lab.kill('SIGTERM')
}
