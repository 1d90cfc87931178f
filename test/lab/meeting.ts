import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BotParts } from '../../src/bot/parts.ts'
import { chromiumProvider } from '../../src/browser/chromium.ts'
import type { BotConfig } from '../../src/config/bot-config.ts'
import { type Lab, startLab } from '../../src/lab/server.ts'
import { findFfmpeg } from '../../src/media/ffmpeg.ts'
import { MeetingBot } from '../../src/meeting-bot.ts'

/** Root has no Chromium sandbox: said here once, as the demo says it. */
export const SANDBOX = process.getuid?.() !== 0
export const PEOPLE = [
  { name: 'Ada', voice: 'austen-1', host: true },
  { name: 'Jack', voice: 'jfk' },
]

/** Rooms whose page is there within 1.6 s; what else they invent differs from one to the next, and comes again in every run. */
const SEEDS = [16, 17, 29, 41, 43, 54, 59, 60, 62, 65, 69, 87, 94, 96, 98, 102]
export const quickLab = () => startLab({ seeds: SEEDS })

export const newFolder = () => mkdtempSync(join(tmpdir(), 'remora-test-'))

/** One browser for many bots of a test file. */
export function sharedBrowser(lab: Lab, args: readonly string[] = []) {
  return chromiumProvider({ sandbox: SANDBOX, args: [...lab.chromiumArgs, ...args], env: process.env })
}

export function newBot(meetingUrl: string, browser: BotParts['browser'], config: Partial<BotConfig> = {}): MeetingBot {
  return new MeetingBot({ meetingUrl, botName: 'Notes', outputDir: newFolder(), ...config }, { browser })
}

/** Statuses a bot went through. */
export const pathOf = (bot: MeetingBot) => bot.history.map(({ to }) => to)

/** Any media file's audio as s16 mono at a rate. */
export function decode(path: string, rate: number): Int16Array {
  const raw = execFileSync(findFfmpeg(), ['-v', 'error', '-i', path, '-f', 's16le', '-ac', '1', '-ar', String(rate), '-'], {
    maxBuffer: 1 << 28,
  })
  return new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength - (raw.byteLength % 2)))
}

/** Share of a signal's energy at one frequency, 0 to 1 (Goertzel). */
export function shareAt(pcm: Int16Array, hz: number, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let [a, b, energy] = [0, 0, 0]
  for (const sample of pcm) {
    ;[a, b] = [sample + coefficient * a - b, a]
    energy += sample * sample
  }
  return energy === 0 ? 0 : (2 * (a * a + b * b - coefficient * a * b)) / (pcm.length * energy)
}

/** Process ids whose command line holds a text, from the kernel. */
export function processesWith(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return command.includes(text) ? [{ pid: Number(name), command }] : []
    } catch {
      return [] // ended between the listing and the reading
    }
  })
}
