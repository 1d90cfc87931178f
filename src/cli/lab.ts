import { Command } from 'commander'
import { BotError } from '../core/errors.ts'
import { type Lab, type LabOptions, startLab } from '../lab/server.ts'
import { port } from './whole.ts'

/** `remora lab`: a meeting to try a bot against, until Ctrl-C or SIGTERM. */
export function labCommand(): Command {
  return new Command('lab')
    .description('run the meeting lab: look-alike meetings under the real host names, on loopback')
    .option('--port <n>', 'port of the look-alike hosts; 0 or none takes a free one', port)
    .option('--control-port <n>', 'port of the control API; 0 or none takes a free one', port)
    .option('--json', 'one line of JSON, then silence')
    .action(async ({ port: asked, controlPort, json }: { port?: number; controlPort?: number; json?: true }) => {
      const lab = await started({ ...(asked === undefined ? {} : { port: asked }), ...(controlPort === undefined ? {} : { controlPort }) })
      const { controlUrl, httpsPort, chromiumArgs } = lab
      if (json) console.log(JSON.stringify({ controlUrl, httpsPort, chromiumArgs }))
      else
        console.log(
          `control API  ${controlUrl}\nlook-alikes  127.0.0.1:${httpsPort}\nChromium needs:\n  ${chromiumArgs.map((arg) => JSON.stringify(arg)).join('\n  ')}`,
        )
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve)
        process.once('SIGTERM', resolve)
      })
      await lab.close()
    })
}

async function started(options: LabOptions): Promise<Lab> {
  try {
    return await startLab(options)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    const value = error instanceof Error && 'port' in error ? error.port : undefined
    throw new BotError('CONFIG_INVALID', `port: ${value} cannot be listened on (${code}); give another one, or 0 for a free one`, {
      details: { field: 'port', value },
      cause: error,
    })
  }
}
