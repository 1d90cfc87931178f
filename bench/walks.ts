// Seeded walks of a host in real Chromium: `npm run torture:walks [-- --walks 20 --seed 1 --at-once 2]`.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumProvider } from '../src/browser/chromium.ts'
import { startLab } from '../src/lab/server.ts'
import { MeetingBot } from '../src/meeting-bot.ts'
import { type WalkReport, walk } from './walk.ts'

const { values } = parseArgs({
  options: { walks: { type: 'string', default: '20' }, seed: { type: 'string' }, 'at-once': { type: 'string', default: '2' } },
})
const first = Number(values.seed ?? Math.floor(Date.now() / 1_000) % 100_000)
const seeds = Array.from({ length: Number(values.walks) }, (_, n) => first + n)
console.log(`seeds ${first} to ${seeds.at(-1)}`)

const lab = await startLab()
const browser = chromiumProvider({ sandbox: process.getuid?.() !== 0, args: [...lab.chromiumArgs], env: process.env })
const outputDir = mkdtempSync(join(tmpdir(), 'remora-walks-'))
const newBot = (meetingUrl: string) => new MeetingBot({ meetingUrl, botName: 'Notes', outputDir }, { browser })
const reports: WalkReport[] = []
const waiting = [...seeds]
async function worker(): Promise<void> {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const report = await walk({ seed, controlUrl: lab.controlUrl, newBot })
    reports.push(report)
    const { steps, reason, contradictions, lagMs } = report
    console.log(`${contradictions.length === 0 ? 'ok  ' : 'FAIL'} ${seed}  ${steps.join(' · ')}  →  ${reason}  ${JSON.stringify(lagMs)}`)
    for (const contradiction of contradictions) console.log(`     ${contradiction}`)
  }
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, worker))
await browser.close()
await lab.close()
const failed = reports.filter(({ contradictions }) => contradictions.length > 0)
const lags = (key: string) => reports.flatMap(({ lagMs }) => lagMs[key] ?? []).sort((a, b) => a - b)
for (const key of ['in_waiting_room', 'in_call_not_recording', 'end']) {
  const sorted = lags(key)
  console.log(
    `${key}: said ${sorted[Math.floor(sorted.length / 2)] ?? '-'} ms after it was true (median of ${sorted.length}), at most ${sorted.at(-1) ?? '-'} ms`,
  )
}
console.log(`${reports.length - failed.length} of ${reports.length} walks agree with the truth; again with --seed ${first}`)
process.exitCode = failed.length === 0 ? 0 : 1
