import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { nodeListener } from '../../adapters/http/node.ts'
import { LocalArtifacts } from '../artifacts/local.ts'
import type { BrowserOptions } from '../config/bot-config.ts'
import { BotError } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { MeetingEngine } from '../meeting-engine.ts'
import { sqliteStore } from '../store/sqlite.ts'
import { keptSecret } from './kept-secret.ts'

/** What `remora serve` is told. */
export interface ServicePlan {
  port: number
  host: string
  dataDir: string
  /** Empty: one is made and kept in the data folder. */
  apiKeys: readonly string[]
  webhookUrl: string | undefined
  webhookSecrets: readonly string[]
  allowPrivateUrls: boolean
  browser: BrowserOptions
  concurrency: number | undefined
  /** Where callers reach the service, for links to recordings; default: where it listens. */
  publicUrl: string | undefined
  logger: Logger
}

/** A service that answers. */
export interface Service {
  url: string
  port: number
  /** The key that was made at this start; undefined if there was one before, or keys were given. */
  newKey: string | undefined
  /** Where a kept key is; undefined if keys were given. */
  keyFile: string | undefined
  /** Bots leave politely for so long; the service answers until they have. */
  stop(options: { graceMs: number }): Promise<void>
}

/** How long a message may take to arrive in whole; the handler's own limit on bodies is shorter. */
const REQUEST_MS = 60_000
/** How long answers under way may take after the last bot has left. */
const LAST_ANSWERS_MS = 5_000
const EVERY_ADDRESS: readonly string[] = ['0.0.0.0', '::']

/** A host as it is written in a URL. */
function hostOf(host: string): string {
  if (EVERY_ADDRESS.includes(host)) return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** The engine on SQLite, its files behind signed links, and the HTTP face, in one process. */
export async function startService(plan: ServicePlan): Promise<Service> {
  const { dataDir, apiKeys, webhookUrl, webhookSecrets, allowPrivateUrls, browser, concurrency, logger } = plan
  const folder = resolve(dataDir)
  const keyFile = apiKeys.length > 0 ? undefined : join(folder, 'api-key')
  const key = keyFile === undefined ? undefined : keptSecret(keyFile)
  const outputDir = join(folder, 'recordings')
  let url = plan.publicUrl ?? ''
  const engine = new MeetingEngine({
    apiKeys: key === undefined ? apiKeys : [key.secret],
    dataDir: folder,
    outputDir,
    store: sqliteStore({ path: join(folder, 'remora.db') }),
    artifacts: new LocalArtifacts({ dir: outputDir, secret: keptSecret(join(folder, 'link-secret')).secret, baseUrl: () => url }),
    webhooks: { ...(webhookUrl === undefined ? {} : { url: webhookUrl }), secrets: webhookSecrets },
    allowPrivateUrls,
    browser,
    logger,
    ...(concurrency === undefined ? {} : { concurrency }),
  })
  const server = createServer({ requestTimeout: REQUEST_MS }, nodeListener(engine, { logger }))
  try {
    server.listen(plan.port, plan.host)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const own = `http://${hostOf(plan.host)}:${port}`
    if (url === '') url = own
    await engine.start()
    return {
      url: own,
      port,
      newKey: key?.isNew === true ? key.secret : undefined,
      keyFile,
      async stop({ graceMs }) {
        await engine.stop({ graceMs })
        server.close()
        server.closeIdleConnections()
        // Somebody may be in the middle of a long recording: the end does not wait for that.
        await once(server, 'close', { signal: AbortSignal.timeout(LAST_ANSWERS_MS) }).catch(() => server.closeAllConnections())
      },
    }
  } catch (error) {
    server.close()
    await engine.stop({ graceMs: 0 })
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
      throw new BotError('CONFIG_INVALID', `--port: ${plan.port} on ${plan.host} cannot be had (${error.code})`, { cause: error })
    }
    throw error
  }
}
