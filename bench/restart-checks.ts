import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BotRecord, BotStore } from '../src/store/port.ts'
import type { Receipt } from './webhook-receiver.ts'

const { path: ffprobe } = createRequire(import.meta.url)('@ffprobe-installer/ffprobe') as { path: string }

/** Where each status stands in a life. */
const RANK: Readonly<Record<string, number>> = { joining_call: 0, in_waiting_room: 1, in_call_not_recording: 2, in_call_recording: 3 }
const OUT = 4
const LAST = ['complete', 'failed']
/** One second of PCM: with that much on disk there was a recording. */
const A_SECOND_BYTES = 32_000

interface Told {
  id: string
  event: string
  code: string | undefined
}

/** Everything that must hold of one bot after all those kills; what does not is a sentence. */
export async function checkBot(bot: BotRecord, store: BotStore, receipts: readonly Receipt[], outputDir: string): Promise<string[]> {
  const { uuid, phase, ending } = bot
  const wrong: string[] = []
  const must = (holds: boolean, what: string) => holds || wrong.push(`bot ${bot.id}: ${what}`)
  must(phase === 'ended' && ending !== null, `is ${phase}`)
  const outbox = await store.outbox.of(uuid)
  const mine = receipts.filter(({ id }) => id.startsWith(`${uuid}.`))
  const bodies = new Map<string, string>()
  for (const { id, text } of mine) {
    must((bodies.get(id) ?? text) === text, `${id} came with other bytes`)
    bodies.set(id, bodies.get(id) ?? text)
  }
  const told = [...bodies].map(([id, text]) => toldOf(id, text))
  must(told.length === outbox.length, `${outbox.length} events were stored, ${told.length} came`)
  must(
    told.every(({ id }, index) => id === `${uuid}.${index + 1}`),
    `events came out of order: ${told.map(({ id }) => id.split('.')[1])}`,
  )
  const finals = told.filter(({ event }) => LAST.includes(event))
  must(finals.length === 1 && told.at(-1) === finals[0], `has ${finals.length} final events`)
  const ranks = told.flatMap(({ event, code }) => (event === 'bot.status_change' ? [RANK[code ?? ''] ?? OUT] : []))
  must(
    ranks.every((rank, index) => index === 0 || rank > (ranks[index - 1] ?? -1)),
    `statuses repeat or go back: ${told.map(({ code }) => code)}`,
  )
  const joined = (await store.history(uuid)).some(({ status }) => status === 'joining_call')
  must(joined || bot.isStopped || /^Missed/.test(ending?.message ?? ''), 'neither joined nor was reported missed')
  const pcm = join(outputDir, uuid, 'audio.pcm')
  if (existsSync(pcm) && statSync(pcm).size >= A_SECOND_BYTES) must(ending?.outcome === 'completed', 'recorded, but did not complete')
  if (ending?.outcome === 'completed' && existsSync(pcm)) must(lengthMs(bot.files.mp4) > 0, 'its file does not play')
  return wrong
}

function toldOf(id: string, text: string): Told {
  const { event, data } = JSON.parse(text)
  return { id, event, code: data.status?.code }
}

/** Length of a media file by ffprobe; 0 where it does not play. */
export function lengthMs(path: string | undefined): number {
  if (path === undefined || !existsSync(path)) return 0
  const seconds = execFileSync(ffprobe, ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { encoding: 'utf8' })
  return Number(seconds) * 1_000 || 0
}

/** Programs that still work in a folder. */
export function workersIn(dir: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && Number(pid) !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir)
    } catch {
      return false // ended meanwhile
    }
  }).length
}
