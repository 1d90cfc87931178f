import { Command, InvalidArgumentError } from 'commander'
import { readEnv } from '../config/env.ts'
import { lineLogger } from './line-logger.ts'
import { type Service, startService } from './service.ts'
import { port, whole } from './whole.ts'

interface ServeFlags {
  port: number
  host: string
  data: string
  apiKey: string[]
  webhookUrl?: string
  webhookSecret: string[]
  allowPrivateUrls?: true
  browserArg: string[]
  sandbox: boolean
  concurrency?: number
  publicUrl?: string
  grace: number
  quiet?: true
  json?: true
}

/** Signals that ask the service to stop. */
const ASKS = ['SIGTERM', 'SIGINT'] as const

const collect = (value: string, all: string[]) => [...all, value]

function webUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new InvalidArgumentError('allowed: an http or https URL.')
}

/** What whoever started it reads: where it listens, and a new key once. */
function announce({ url, port, newKey, keyFile }: Service, { json, data }: ServeFlags): void {
  if (json) {
    const shown = { url, port, data, ...(newKey === undefined ? {} : { apiKey: newKey }), ...(keyFile === undefined ? {} : { keyFile }) }
    console.log(JSON.stringify(shown))
    return
  }
  if (newKey !== undefined) console.log(`API key (shown once, kept in ${keyFile}): ${newKey}`)
  console.log(`Remora listens on ${url}`)
}

/** Resolves with the first signal. A second one is not ours any more: it ends the process at once, and the next start tidies up. */
function asked(): Promise<string> {
  return new Promise((resolve) => {
    const first = (signal: string) => {
      for (const ask of ASKS) process.removeListener(ask, first)
      resolve(signal)
    }
    for (const ask of ASKS) process.on(ask, first)
  })
}

/** `remora serve`: the HTTP service on this machine, until Ctrl-C or SIGTERM. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the HTTP service: bots over the hosted Meeting BaaS v1 contract, with webhooks and a page')
    .option('--port <n>', 'port; 0 takes a free one', port, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <dir>', 'folder for everything that is kept: bots, keys, recordings', 'remora-data')
    .option('--api-key <key>', 'a key callers may use, one account each; may be repeated; also REMORA_API_KEYS', collect, [])
    .option('--webhook-url <url>', 'where events go, unless an account or a bot names its own place', webUrl)
    .option(
      '--webhook-secret <secret>',
      'signs events (Standard Webhooks), newest first; may be repeated; also REMORA_WEBHOOK_SECRETS',
      collect,
      [],
    )
    .option('--allow-private-urls', 'lets webhooks and streams go to private addresses')
    .option('--browser-arg <arg>', 'another argument for Chromium; may be repeated', collect, [])
    .option('--no-sandbox', 'start Chromium without its sandbox (as root it has none)')
    .option('--concurrency <n>', 'how many bots run at once; more wait', whole(1, 1_000))
    .option('--public-url <url>', 'where callers reach the service, for links to recordings', webUrl)
    .option('--grace <seconds>', 'how long bots may take to leave when the service stops', whole(0, 3_600), 30)
    .option('--quiet', 'no line for each request in the log')
    .option('--json', 'one line of JSON when it is ready')
    .action(async (flags: ServeFlags) => {
      process.title = 'remora serve' // in place of a command line that may hold keys
      const env = readEnv()
      const stop = asked()
      const service = await startService({
        port: flags.port,
        host: flags.host,
        dataDir: flags.data,
        apiKeys: flags.apiKey.length > 0 ? flags.apiKey : env.apiKeys,
        webhookUrl: flags.webhookUrl,
        webhookSecrets: flags.webhookSecret.length > 0 ? flags.webhookSecret : env.webhookSecrets,
        allowPrivateUrls: flags.allowPrivateUrls === true,
        browser: { sandbox: flags.sandbox, args: flags.browserArg },
        concurrency: flags.concurrency,
        publicUrl: flags.publicUrl,
        logger: lineLogger(flags.quiet ? ['warn', 'error'] : ['info', 'warn', 'error']),
      })
      announce(service, flags)
      await stop
      // On stderr: who reads --json was promised one line.
      console.error('stopping: bots leave, then it ends; once more ends it at once')
      await service.stop({ graceMs: flags.grace * 1000 })
    })
}
