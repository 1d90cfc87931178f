import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createBaasClient } from '@meeting-baas/sdk'
import express from 'express'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expressRouter } from '../../adapters/http/express.ts'
import { fastifyPlugin } from '../../adapters/http/fastify.ts'
import { LocalArtifacts } from '../../src/artifacts/local.ts'
import type { Lab } from '../../src/lab/server.ts'
import { MeetingEngine } from '../../src/meeting-engine.ts'
import { newFolder, PEOPLE, quickLab, SANDBOX } from './meeting.ts'
import { program } from './program.ts'
import { becomes, isOver, receiver } from './receiver.ts'

const KEY = 'sdk-test-key'

let lab: Lab
let hook: Awaited<ReturnType<typeof receiver>>
beforeAll(async () => {
  lab = await quickLab()
  hook = await receiver()
})
afterAll(async () => {
  await hook.close()
  await lab.close()
})

/** A place where the service runs, by the base URL the official client is given. */
interface Place {
  base: string
  close(): Promise<unknown>
}

async function serve(): Promise<Place> {
  const browserArgs = lab.chromiumArgs.flatMap((arg) => [`--browser-arg=${arg}`])
  const { line, end } = await program('src/cli/main.ts', [
    ...['serve', '--port', '0', '--data', newFolder(), '--json', '--api-key', KEY, '--webhook-url', hook.url, '--allow-private-urls'],
    ...browserArgs,
    ...(SANDBOX ? [] : ['--no-sandbox']),
  ])
  return { base: JSON.parse(line).url, close: end }
}

/** The service inside a program of the user's, under a path of its own. */
async function inside(mount: (engine: MeetingEngine) => Promise<Server>): Promise<Place> {
  const dataDir = newFolder()
  let base = ''
  const dir = join(dataDir, 'recordings')
  const engine = new MeetingEngine({
    apiKeys: [KEY],
    dataDir,
    artifacts: new LocalArtifacts({ dir, secret: 'a secret of this test', baseUrl: () => base }),
    webhooks: { url: hook.url },
    allowPrivateUrls: true,
    browser: { sandbox: SANDBOX, args: [...lab.chromiumArgs] },
  })
  await engine.start()
  const server = await mount(engine)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/meetings`
  return {
    base,
    async close() {
      await engine.stop({ graceMs: 5_000 })
      server.closeAllConnections()
      server.close()
    },
  }
}

const overExpress = () =>
  inside(async (engine) => {
    const app = express()
    app.use(express.json())
    app.use('/meetings', expressRouter(engine))
    return createServer(app)
  })

const overFastify = () =>
  inside(async (engine) => {
    const app = fastify()
    await app.register(fastifyPlugin, { prefix: '/meetings', engine })
    await app.ready()
    return app.server
  })

/** What the client got, or the refusal it wraps. */
function got<T>(answer: { success: true; data: T } | { success: false; error: unknown }): T {
  if (answer.success) return answer.data
  const { response } = answer.error as { response?: { status: number; data: unknown } }
  throw new Error(`${String(answer.error)} ${JSON.stringify(response?.data)}`)
}

function refusal(answer: { success: boolean; error?: unknown }): unknown[] {
  const { response } = answer.error as { response: { status: number; data: { error: string } } }
  return [response.status, response.data.error]
}

describe.each([
  ['remora serve', serve],
  ['Express, after its JSON parser', overExpress],
  ['Fastify', overFastify],
])('the official client against %s', (_name, start) => {
  let place: Place
  beforeAll(async () => {
    place = await start()
  })
  afterAll(() => place.close())

  it('sends a bot, watches it, makes it leave, reads its data and removes it', async () => {
    const client = createBaasClient({ api_key: KEY, base_url: place.base })
    const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
    const { bot_id: botId } = got(await client.joinMeeting({ meeting_url: room.url, bot_name: 'Notes', extra: { team: 'sales' } }))
    expect(refusal(await client.joinMeeting({ meeting_url: room.url, bot_name: 'Notes' }))).toEqual([409, 'BotAlreadyExists'])

    await hook.until(becomes(botId, 'in_call_recording'))
    const live = got(await client.getMeetingData({ bot_id: botId, include_transcripts: true }))
    expect(live.bot_data.bot).toMatchObject({ uuid: botId, bot_name: 'Notes', extra: { team: 'sales' }, ended_at: null })
    const shots = got(await client.getScreenshots({ uuid: botId }))
    expect(shots.length).toBeGreaterThan(0)
    const picture = await fetch(shots[0]?.url ?? '')
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])

    expect(got(await client.leaveMeeting({ uuid: botId }))).toEqual({ ok: true })
    const last = await hook.until(isOver(botId))
    expect(last).toMatchObject({ event: 'complete', data: { reason: 'caller', extra: { team: 'sales' } } })
    expect(last.headers['x-meeting-baas-api-key']).toBe(KEY)
    const told = hook.of(botId).map(({ event, data }) => (event === 'bot.status_change' ? data.status.code : event))
    expect(told).toEqual(['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'complete'])

    const data = got(await client.getMeetingData({ bot_id: botId, include_transcripts: false }))
    expect(data.duration).toBeGreaterThanOrEqual(1)
    for (const link of [data.mp4, last.data.mp4]) {
      const part = await fetch(link, { headers: { range: 'bytes=4-7' } })
      expect([part.status, await part.text()]).toEqual([206, 'ftyp'])
    }
    const people = (await (await fetch(data.meeting_participants_file)).json()) as { name: string }[]
    expect(people.map(({ name }) => name)).toContain('Ada')

    const list = got(await client.listBots({ limit: 10, filter_by_extra: 'team:sales' }))
    expect(list.bots[0]).toMatchObject({ uuid: botId, bot_name: 'Notes', extra: { team: 'sales' } })
    expect(refusal(await client.retranscribeBot({ bot_uuid: botId }))).toEqual([403, 'Forbidden'])

    expect(got(await client.deleteBotData({ uuid: botId }))).toEqual({ ok: true, status: 'deleted' })
    expect(got(await client.deleteBotData({ uuid: botId }))).toEqual({ ok: true, status: 'alreadyDeleted' })
    expect(got(await client.getMeetingData({ bot_id: botId, include_transcripts: true }))).toMatchObject({ mp4: '', audio: '' })
    expect((await fetch(data.mp4)).status).toBe(404)
    expect(got(await client.leaveMeeting({ uuid: botId }))).toEqual({ ok: true })
    expect(refusal(await client.leaveMeeting({ uuid: crypto.randomUUID() }))).toEqual([404, 'BotNotFound'])
    expect(got(await client.getWebhookDocumentation())).toMatchObject({ events: expect.any(Array) })
    expect(refusal(await client.listCalendars())).toEqual([404, 'NotFound'])
  })
})
