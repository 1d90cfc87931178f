import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { serveCommand } from '../../../src/cli/serve.ts'
import { startService } from '../../../src/cli/service.ts'
import { silentLogger } from '../../../src/core/logger.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'remora-serve-'))

it.each([
  [['--port', 'many'], /whole number from 0 to 65535/],
  [['--webhook-url', 'ftp://x'], /http or https/],
  [['--concurrency', '0'], /whole number from 1/],
  [['--surprise'], /unknown option/],
])('refuses %j and starts nothing', async (args, message) => {
  const command = serveCommand()
    .exitOverride()
    .configureOutput({ writeErr() {} })
  await expect(command.parseAsync(['node', 'serve', ...args])).rejects.toThrow(message)
})

it('says when its port is taken, and gives everything back', async () => {
  const plan = {
    ...{ port: 0, host: '127.0.0.1', apiKeys: ['key'], webhookUrl: undefined, webhookSecrets: [], allowPrivateUrls: false },
    ...{ browser: {}, concurrency: undefined, publicUrl: undefined, logger: silentLogger },
  }
  const first = await startService({ ...plan, dataDir: folder() })
  const second = startService({ ...plan, port: first.port, dataDir: folder() })
  await expect(second).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('EADDRINUSE') })
  expect((await fetch(`${first.url}/health`)).status).toBe(200)
  await first.stop({ graceMs: 0 })
  await expect(fetch(`${first.url}/health`)).rejects.toThrow()
})
