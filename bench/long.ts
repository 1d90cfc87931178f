/**
 * A long call in the lab, looked at from outside: does memory grow? The lab runs in a process of its own, so that this
 * one's figures are the bot's. Every minute (`--every`) somebody comes, somebody leaves, cameras and shared screens change.
 *
 *   npm run torture:long -- --minutes 30 [--limit 10] [--people 6] [--every 60]
 *
 * Prints one JSON object; exit code 1 over the limit.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { chromiumProvider } from '../src/browser/chromium.ts'
import { MeetingBot } from '../src/meeting-bot.ts'
import { collectPages, freePort } from './page-garbage.ts'
import { ownOf } from './process-tree.ts'

const SAMPLE_MS = 15_000
const VOICES = ['austen-1', 'jfk', 'austen-2', 'cards', 'austen-3', 'austen-4', 'command']

interface Sample {
  atS: number
  browserMb: number
  rssMb: number
  heapMb: number
  /** Where a step of `rssMb` was made: pages of our own and of files, what V8 has taken, and what lies outside of it. */
  node: { anonymousMb: number; filesMb: number; heapTotalMb: number; externalMb: number; buffersMb: number }
}

const options = new Command()
  .option('--minutes <n>', 'length of the recording', Number, 30)
  .option('--warm <n>', 'minutes before memory counts', Number, 5)
  .option('--limit <percent>', 'growth that is too much', Number, 10)
  .option('--people <n>', 'people in the call', Number, 6)
  .option('--every <seconds>', 'how often somebody comes and goes', Number, 60)
  .parse()
  .opts<{ minutes: number; warm: number; limit: number; people: number; every: number }>()
const warm = Math.min(options.warm, options.minutes / 3)

const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'lab', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
const { controlUrl, chromiumArgs } = JSON.parse(line) as { controlUrl: string; chromiumArgs: string[] }
const folder = mkdtempSync(join(tmpdir(), 'remora-long-'))

/** One call of the control API; what this lab cannot do is no reason to stop measuring. */
async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const init = body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`${controlUrl}${path}`, init)
  if (!response.ok) refused.add(`${method} ${path.replace(/\/rooms\/[^/]+/, '/rooms/:id')}: ${response.status}`)
  return (await response.json().catch(() => ({}))) as Record<string, unknown>
}
const refused = new Set<string>()

const person = (i: number) => ({ name: `Person ${i}`, voice: VOICES[i % VOICES.length], ...(i % 3 === 2 ? { camera: 'off' } : {}) })
const room = await ask('POST', '/rooms', {
  platform: 'meet',
  lobby: false,
  speech: 'overlap',
  people: Array.from({ length: options.people }, (_, i) => person(i)),
})
const at = (path: string) => `/rooms/${String(room['id'])}${path}`

const devTools = await freePort()
const args = [...chromiumArgs, `--remote-debugging-port=${devTools}`]
const browser = chromiumProvider({ sandbox: process.getuid?.() !== 0, args, env: process.env })
const bot = new MeetingBot(
  {
    meetingUrl: String(room['url']),
    botName: 'Notes',
    outputDir: folder,
    automaticLeave: { nooneJoinedTimeoutMs: null, everyoneLeftTimeoutMs: null, silenceTimeoutMs: null, maxDurationMs: null },
  },
  { browser },
)
const said: Record<string, number> = {}
for (const event of ['participant', 'speaking', 'screen_share', 'interruption', 'warning'] as const)
  bot.on(event, () => {
    said[event] = (said[event] ?? 0) + 1
  })
await bot.join()

/** What happens in the room, the `i`th time. */
async function stir(i: number): Promise<void> {
  await ask('POST', at('/people'), { name: `Guest ${i}`, voice: VOICES[i % VOICES.length] })
  if (i > 0) await ask('DELETE', at(`/people/${encodeURIComponent(`Guest ${i - 1}`)}`))
  await ask('PATCH', at('/people/Person%201'), { camera: i % 2 === 0 ? 'off' : true })
  await ask('PATCH', at('/people/Person%203'), { sharing: i % 2 === 0 })
}

/** One line of Linux's `/proc/self/status`, in MB; NaN elsewhere. */
function statusMb(field: string): number {
  try {
    return mb(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1_024)
  } catch {
    return Number.NaN
  }
}

const startedAt = Date.now()
const samples: Sample[] = []
const mb = (bytes: number) => Math.round(bytes / 104_857.6) / 10
let stirred = 0
while (Date.now() - startedAt < options.minutes * 60_000 && bot.status === 'in_call_recording') {
  if (Date.now() - startedAt >= stirred * options.every * 1_000) await stir(stirred++)
  // What is kept is measured, here and there: neither engine collects before it has to.
  globalThis.gc?.()
  await collectPages(devTools)
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
  samples.push({
    atS: Math.round((Date.now() - startedAt) / 1_000),
    browserMb: mb(ownOf(process.pid, /chrom/i)),
    rssMb: mb(rss),
    heapMb: mb(heapUsed),
    node: {
      anonymousMb: statusMb('RssAnon'),
      filesMb: statusMb('RssFile'),
      heapTotalMb: mb(heapTotal),
      externalMb: mb(external),
      buffersMb: mb(arrayBuffers),
    },
  })
  await sleep(SAMPLE_MS - ((Date.now() - startedAt) % SAMPLE_MS))
}
const survived = bot.status === 'in_call_recording'
await bot.leave()
const result = await bot.done
await browser.close()
child.kill('SIGTERM')
if (child.exitCode === null) await once(child, 'exit')
rmSync(folder, { recursive: true, force: true })

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
/** Medians over a window: of the first samples that count, and of the last ones. */
const counted = samples.filter(({ atS }) => atS >= warm * 60)
const span = Math.max(3, Math.min(12, Math.floor(counted.length / 3)))
const growth = (of: (sample: Sample) => number) => {
  const from = median(counted.slice(0, span).map(of))
  const to = median(counted.slice(-span).map(of))
  return { fromMb: from, toMb: to, percent: Math.round(((to - from) / from) * 1_000) / 10 }
}
// V8 doubles the room for young garbage when it likes: the npm script starts it at its full size, or that step would count.
const figures = {
  whole: growth((s) => s.browserMb + s.rssMb),
  browser: growth((s) => s.browserMb),
  rss: growth((s) => s.rssMb),
  heap: growth((s) => s.heapMb),
}
const over = Object.values(figures).some(({ percent }) => !(percent <= options.limit))
console.log(
  JSON.stringify({
    minutes: options.minutes,
    warmMinutes: warm,
    survived,
    outcome: result.outcome,
    recordedMs: Math.round(result.durationMs),
    speakers: result.speakers.length,
    participants: result.participants.length,
    said,
    refused: [...refused],
    ...figures,
    limitPercent: options.limit,
    samples,
  }),
)
process.exitCode = over || !survived ? 1 : 0
