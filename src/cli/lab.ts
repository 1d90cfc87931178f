import { Command } from 'commander'
import { startLab } from '../lab/server.ts'

/** `remora lab`: a meeting to try a bot against, until Ctrl-C or SIGTERM. */
export function labCommand(): Command {
  return new Command('lab')
    .description('run the meeting lab: look-alike meetings under the real host names, on loopback')
    .option('--port <n>', 'port of the look-alike hosts', Number)
    .option('--control-port <n>', 'port of the control API', Number)
    .option('--json', 'one line of JSON, then silence')
    .action(async ({ port, controlPort, json }: { port?: number; controlPort?: number; json?: true }) => {
      const lab = await startLab({ ...(port === undefined ? {} : { port }), ...(controlPort === undefined ? {} : { controlPort }) })
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
