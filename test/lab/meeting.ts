import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BotParts } from '../../src/bot/parts.ts'
import { chromiumProvider } from '../../src/browser/chromium.ts'
import type { BotConfig } from '../../src/config/bot-config.ts'
import type { Room } from '../../src/lab/room.ts'
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

/** Resolves when each of these people has said a whole thing from now on, and the next one has begun. */
export async function allSaid({ truth }: Pick<Room, 'truth'>, names: readonly string[]): Promise<void> {
  const says = (on: boolean, who?: string) =>
    truth.wait(({ type, ...said }) => type === 'speaking' && said['on'] === on && (who === undefined || said['name'] === who), 30_000)
  await Promise.all(names.map(async (name) => (await says(true, name), await says(false, name))))
  await says(true)
}

/** Any media file's audio as s16 mono at a rate. */
export function decode(path: string, rate: number): Int16Array {
  const raw = execFileSync(findFfmpeg(), ['-v', 'error', '-i', path, '-f', 's16le', '-ac', '1', '-ar', String(rate), '-'], {
    maxBuffer: 1 << 28,
  })
  return new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength - (raw.byteLength % 2)))
}

/** A video's pictures at a rate, 64 by 36: the colour of a place in each. */
export function decodeFrames(path: string, fps: number): ((x: number, y: number) => readonly [number, number, number])[] {
  const args = ['-v', 'error', '-i', path, '-vf', `fps=${fps},scale=64:36:flags=area`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const raw = execFileSync(findFfmpeg(), args, { maxBuffer: 1 << 28 })
  const size = 64 * 36 * 3
  return Array.from({ length: Math.floor(raw.length / size) }, (_, i) => (x, y) => {
    const at = i * size + (y * 64 + x) * 3
    return [raw[at] ?? 0, raw[at + 1] ?? 0, raw[at + 2] ?? 0]
  })
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

/**
 * Share of a signal's energy within 300 Hz of a frequency. A recording follows the page's clock by making some frames half
 * a millisecond longer or shorter: nobody hears that, and a tone is no longer one line of the spectrum.
 */
export function shareAround(pcm: Int16Array, hz: number, rate: number): number {
  let share = 0
  for (let near = hz - 300; near <= hz + 300; near += rate / pcm.length) share += shareAt(pcm, near, rate)
  return share
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
