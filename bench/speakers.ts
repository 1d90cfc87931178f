// How well speakers are told, by every way a room may let a bot know: `npm run torture:speakers [-- --seed 1 --seconds 40 --only six]`.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumProvider } from '../src/browser/chromium.ts'
import { startLab } from '../src/lab/server.ts'
import { MeetingBot } from '../src/meeting-bot.ts'
import { measureSpeakers, SPEAKER_CASES, type SpeakerCase } from './speaker-cases.ts'

const LEAST_AGREEMENT = 0.95

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seconds: { type: 'string', default: '40' }, only: { type: 'string', default: '' } },
})
const seed = Number(values.seed ?? Math.floor(Date.now() / 1_000) % 100_000)
const lab = await startLab()
const browser = chromiumProvider({ sandbox: process.getuid?.() !== 0, args: [...lab.chromiumArgs], env: process.env })
const outputDir = mkdtempSync(join(tmpdir(), 'remora-speakers-'))
const newBot = (meetingUrl: string) => new MeetingBot({ meetingUrl, botName: 'Notes', outputDir }, { browser })

const wanted = Object.entries<SpeakerCase>(SPEAKER_CASES).filter(([name]) => name.includes(values.only))
const cases = []
for (const [place, [name, one]] of wanted.entries()) {
  const { found, result } = await measureSpeakers(lab, newBot, one, { recordMs: Number(values.seconds) * 1_000, seed: seed + place })
  const names = (list: readonly { name: string }[]) => list.map((person) => person.name).sort()
  const people = names(result.participants).join() === names(one.plan.people).join()
  const { misses, ...figures } = found
  const passed = found.agreement >= LEAST_AGREEMENT && found.wrong.length === 0 && people
  cases.push({ name, seed: seed + place, passed, people, ...figures })
  console.error(`${passed ? 'ok  ' : 'FAIL'} ${name}: ${JSON.stringify({ ...figures, people })}`)
  if (!passed) for (const miss of misses) console.error(`     ${miss}`)
}
await browser.close()
await lab.close()
const passed = cases.every((one) => one.passed)
console.log(JSON.stringify({ seed, passed, least: Math.min(...cases.map(({ agreement }) => agreement)), cases }, null, 2))
process.exitCode = passed && cases.length > 0 ? 0 : 1
