/**
 * Meeting bots inside a Fastify app, under /meetings. Run it:
 *
 *   API_KEY=some-long-key LINK_SECRET=another-long-secret npx tsx examples/fastify-app.ts
 *
 * Then as in express-app.ts. Recordings and bots are kept in DATA_DIR.
 */
import fastify from 'fastify'
import { MeetingEngine } from 'remora'
import { fastifyPlugin } from 'remora/fastify'
import { LocalArtifacts, sqliteStore } from 'remora/store'

const { API_KEY = '', LINK_SECRET = '', PORT = '3000', DATA_DIR = 'remora-data', BROWSER_ARGS = '[]', NO_SANDBOX } = process.env

let base = ''
const engine = new MeetingEngine({
  apiKeys: [API_KEY],
  store: sqliteStore({ path: `${DATA_DIR}/bots.db` }),
  outputDir: `${DATA_DIR}/recordings`,
  artifacts: new LocalArtifacts({ dir: `${DATA_DIR}/recordings`, secret: LINK_SECRET, baseUrl: () => `${base}/meetings` }),
  browser: { args: JSON.parse(BROWSER_ARGS), sandbox: NO_SANDBOX === undefined },
})

const app = fastify()
await app.register(fastifyPlugin, { prefix: '/meetings', engine })
await engine.start()
base = await app.listen({ port: Number(PORT), host: '127.0.0.1' })
console.log(`meeting bots at ${base}/meetings/`)

process.once('SIGTERM', async () => {
  await engine.stop({ graceMs: 30_000 })
  await app.close()
})
