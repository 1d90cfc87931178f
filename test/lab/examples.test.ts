import { readFileSync } from 'node:fs'
import { createBaasClient } from '@meeting-baas/sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/server.ts'
import { newFolder, PEOPLE, quickLab, SANDBOX } from './meeting.ts'
import { program } from './program.ts'

let lab: Lab
beforeAll(async () => {
  lab = await quickLab()
})
afterAll(() => lab.close())

it.each(['examples/express-app.ts', 'examples/fastify-app.ts'])('%s runs as written: a bot records and leaves', async (file) => {
  expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(60)
  const app = await program(file, [], {
    API_KEY: 'key-of-the-example',
    LINK_SECRET: 'link-secret-of-the-example',
    WEBHOOK_SECRET: 'webhook-secret-of-the-example',
    PORT: '0',
    DATA_DIR: newFolder(),
    BROWSER_ARGS: JSON.stringify(lab.chromiumArgs),
    ...(SANDBOX ? {} : { NO_SANDBOX: '1' }),
  })
  expect(app.line).toMatch(/^meeting bots at http:\/\/127\.0\.0\.1:\d+\/meetings\/$/)
  const client = createBaasClient({ api_key: 'key-of-the-example', base_url: app.line.split(' ').at(-1) ?? '' })
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  const joined = await client.joinMeeting({ meeting_url: room.url, bot_name: 'Notes' })
  const botId = joined.success ? joined.data.bot_id : ''
  const bot = async () => {
    const answer = await client.listBots({ limit: 1 })
    return answer.success
      ? (answer.data.bots[0] as unknown as { uuid: string; status: { code: string }; ended_at: string | null })
      : undefined
  }
  await expect.poll(async () => (await bot())?.status.code, { timeout: 40_000 }).toBe('in_call_recording')
  await client.leaveMeeting({ uuid: botId })
  await expect.poll(async () => (await bot())?.ended_at ?? null, { timeout: 20_000 }).not.toBeNull()
  const data = await client.getMeetingData({ bot_id: botId, include_transcripts: false })
  const file4 = await fetch(data.success ? data.data.mp4 : '', { headers: { range: 'bytes=4-7' } })
  expect(await file4.text()).toBe('ftyp')
  if (file.includes('express')) {
    await expect.poll(() => app.lines.map((line) => line.split(' ')[0]), { timeout: 10_000 }).toContain('complete')
  }
  expect(await app.end()).toBe(0)
})
