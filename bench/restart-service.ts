import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../src/core/clock.ts'
import { isBotError } from '../src/core/errors.ts'
import { ScriptedBot } from '../src/lab/fakes/scripted-bot.ts'
import { findFfmpeg } from '../src/media/ffmpeg.ts'
import { MeetingEngine } from '../src/meeting-engine.ts'
import type { BotRecord, BotRequest } from '../src/store/port.ts'
import { sqliteStore } from '../src/store/sqlite.ts'
import type { PlannedBot } from './restart-plan.ts'
import { toneRecording } from './tone-recording.ts'

/** The service that is killed: an engine on a SQLite file with bots that play what their request says. Spoken to over IPC. */
const options = z
  .object({ dataDir: z.string(), hook: z.string(), key: z.string(), missedAfterMs: z.number() })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

/** What the parent may ask. */
export type Question = { create: PlannedBot; startAt: number | null } | { leave: string } | { state: true } | { stop: true }
type Asked = { id: number } & Question
/** What it is answered. */
export interface Answered {
  id: number
  uuid?: string
  idle?: boolean
}

const outputDir = join(options.dataDir, 'recordings')
const ffmpegPath = findFfmpeg()
const engine = new MeetingEngine({
  apiKeys: [options.key],
  dataDir: options.dataDir,
  store: sqliteStore({ path: join(options.dataDir, 'bots.db') }),
  webhooks: { url: options.hook },
  allowPrivateUrls: true,
  concurrency: 8,
  missedAfterMs: options.missedAfterMs,
  createBot: scripted,
})

function scripted({ uuid, request }: BotRecord): ScriptedBot {
  const { life, recordsFiles } = request.extra as unknown as PlannedBot
  const media = recordsFiles ? { media: toneRecording(join(outputDir, uuid), ffmpegPath) } : {}
  return new ScriptedBot(uuid, { ...life, ...media }, systemClock)
}

function requestOf(bot: PlannedBot, startAt: number | null): BotRequest {
  const letters = (length: number) =>
    Array.from({ length }, (_, i) => String.fromCharCode(97 + (Math.floor(bot.n / 26 ** i) % 26))).join('')
  return {
    meetingUrl: `https://meet.google.com/${letters(3)}-${letters(4)}-aaa`,
    botName: `Bot ${bot.n}`,
    recordingMode: 'speaker_view',
    reserved: bot.reserved,
    startAt,
    botImage: null,
    entryMessage: null,
    speechToText: null,
    transcriptionParameters: null,
    automaticLeave: { waitingRoomTimeoutMs: null, nooneJoinedTimeoutMs: null, silenceTimeoutMs: null },
    streaming: { input: null, output: null, audioFrequency: null },
    webhookUrl: null,
    deduplicationKey: null,
    extra: JSON.parse(JSON.stringify(bot)),
    zoom: { sdkId: null, sdkPwd: null, accessTokenUrl: null, obfToken: null, obfTokenUrl: null, obfTokenUserId: null },
  }
}

async function answer(asked: Asked, accountId: number): Promise<Omit<Answered, 'id'>> {
  if ('create' in asked) return { uuid: await created(requestOf(asked.create, asked.startAt), accountId) }
  if ('leave' in asked) await engine.leave(accountId, asked.leave)
  else if ('stop' in asked) await engine.stop({ graceMs: 20_000 })
  else {
    const { waiting, running, pendingDeliveries } = await engine.counts()
    return { idle: waiting + running + pendingDeliveries === 0 }
  }
  return {}
}

/** Asked again after a kill: the first time may have been stored. */
async function created(request: BotRequest, accountId: number): Promise<string> {
  try {
    return (await engine.create(accountId, request)).uuid
  } catch (error) {
    if (isBotError(error, 'DUPLICATE')) return String(error.details['botId'])
    throw error
  }
}

await engine.start()
const accountId = (await engine.account(options.key)) ?? 0
process.on('message', (asked: Asked) => {
  answer(asked, accountId).then(
    (said) => {
      process.send?.({ id: asked.id, ...said })
      if ('stop' in asked) process.disconnect()
    },
    (error: unknown) => {
      console.error(error)
      process.exitCode = 1
      process.disconnect()
    },
  )
})
process.send?.({ id: 0 })
