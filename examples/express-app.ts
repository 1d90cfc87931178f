/**
 * Meeting bots inside an Express app, under /meetings. Run it:
 *
 *   API_KEY=some-long-key LINK_SECRET=another-long-secret WEBHOOK_SECRET=a-third-long-secret npx tsx examples/express-app.ts
 *   curl -X POST localhost:3000/meetings/bots/ -H 'x-meeting-baas-api-key: some-long-key' \
 *     -H 'content-type: application/json' -d '{"meeting_url": "https://meet.google.com/abc-defg-hij", "bot_name": "Notes"}'
 *
 * The page at http://localhost:3000/meetings/ shows the bots live.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { MeetingEngine, verifyWebhook } from 'remora'
import { expressRouter } from 'remora/express'
import { LocalArtifacts, sqliteStore } from 'remora/store'

const {
  API_KEY = '',
  LINK_SECRET = '',
  WEBHOOK_SECRET = '',
  PORT = '3000',
  DATA_DIR = 'remora-data',
  BROWSER_ARGS = '[]',
  NO_SANDBOX,
} = process.env

let base = ''
const engine = new MeetingEngine({
  apiKeys: [API_KEY],
  store: sqliteStore({ path: `${DATA_DIR}/bots.db` }),
  outputDir: `${DATA_DIR}/recordings`,
  artifacts: new LocalArtifacts({ dir: `${DATA_DIR}/recordings`, secret: LINK_SECRET, baseUrl: () => `${base}/meetings` }),
  webhooks: { secrets: [WEBHOOK_SECRET] },
  allowPrivateUrls: true, // this app is its own receiver, on loopback
  browser: { args: JSON.parse(BROWSER_ARGS), sandbox: NO_SANDBOX === undefined },
})

const app = express()
app.use('/meetings', expressRouter(engine))
app.post('/hook', express.text({ type: 'application/json' }), (request, response) => {
  const { event, data } = verifyWebhook(request.body, request.headers, WEBHOOK_SECRET)
  console.log(event, JSON.stringify(data))
  response.sendStatus(200)
})

const server = app.listen(Number(PORT), '127.0.0.1')
await once(server, 'listening')
base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
await engine.start()
const account = await engine.account(API_KEY)
if (account !== undefined) await engine.setWebhookUrl(account, `${base}/hook`)
console.log(`meeting bots at ${base}/meetings/`)

process.once('SIGTERM', async () => {
  await engine.stop({ graceMs: 30_000 })
  server.close()
})
