import { MeetingEngine } from '../../src/meeting-engine.ts'
import type { BotRequest } from '../../src/store/port.ts'

/** A program with an engine, as a user would write it: one bot, and a polite stop on SIGINT. What it says is JSON lines. */
const { meetingUrl, outputDir, args, sandbox } = JSON.parse(process.argv[2] ?? '{}')
const say = (what: object) => console.log(JSON.stringify(what))

const engine = new MeetingEngine({ apiKeys: ['key'], outputDir, browser: { args, sandbox } })
await engine.start()
const accountId = (await engine.account('key')) ?? 0
const request: BotRequest = {
  meetingUrl,
  botName: 'Notes',
  recordingMode: 'speaker_view',
  reserved: false,
  startAt: null,
  botImage: null,
  entryMessage: null,
  speechToText: null,
  transcriptionParameters: null,
  automaticLeave: { waitingRoomTimeoutMs: null, nooneJoinedTimeoutMs: null, silenceTimeoutMs: null },
  streaming: { input: null, output: null, audioFrequency: null },
  webhookUrl: null,
  deduplicationKey: null,
  extra: null,
  zoom: { sdkId: null, sdkPwd: null, accessTokenUrl: null, obfToken: null, obfTokenUrl: null, obfTokenUserId: null },
}
const { uuid } = await engine.create(accountId, request)
const look = setInterval(async () => {
  const view = await engine.get(accountId, uuid)
  say({ status: view?.bot.status, people: view?.bot.participants.length, durationMs: view?.bot.durationMs })
}, 500)
process.once('SIGINT', async () => {
  await engine.stop({ graceMs: 20_000 })
  clearInterval(look)
  say({ end: await engine.get(accountId, uuid) })
})
