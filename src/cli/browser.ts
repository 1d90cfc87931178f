import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { chromiumProvider } from '../browser/chromium.ts'
import { type FoundBrowser, findBrowser, thisMachine } from '../browser/find.ts'
import { readEnv } from '../config/env.ts'
import { isBotError } from '../core/errors.ts'

/** Finds a browser, or gets one and says so. */
export async function ensureBrowser(say: (line: string) => void): Promise<FoundBrowser> {
  const machine = thisMachine(readEnv().all)
  try {
    return await findBrowser(undefined, machine)
  } catch (error) {
    if (!isBotError(error, 'BROWSER_NOT_FOUND')) throw error
    say('no browser found: installing one')
    install(say)
    return findBrowser(undefined, machine)
  }
}

function install(say: (line: string) => void): void {
  const run = (command: string, args: readonly string[]) => {
    say(`${command} ${args.join(' ')}`)
    return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && run('apt-get', ['update', '-qq'])) {
    if (run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])) return
  }
  const playwright = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js')
  run(process.execPath, [playwright, 'install', 'chromium'])
}

/** Whether the sandbox really starts here: asked of the browser itself. */
async function sandboxWorks(executablePath: string): Promise<string> {
  const provider = chromiumProvider({ executablePath, env: readEnv().all })
  const plan = { controls: {}, wires: [], locale: 'en', viewport: { width: 640, height: 360 }, screenshotsDir: '.', onWarning: () => {} }
  try {
    const page = await provider.open(plan, AbortSignal.timeout(30_000))
    await page.close()
    return 'on'
  } catch (error) {
    return isBotError(error) ? `${error.code}: ${error.message}` : String(error)
  } finally {
    await provider.close()
  }
}

/** `remora browser [install]`. */
export function browserCommand(): Command {
  const command = new Command('browser').description('say which browser a bot would use').action(async () => {
    const { executablePath, source } = await findBrowser(undefined, thisMachine(readEnv().all))
    const version = spawnSync(executablePath, ['--version'], { encoding: 'utf8' }).stdout.trim()
    console.log(`browser  ${executablePath}\nsource   ${source}\nversion  ${version}\nsandbox  ${await sandboxWorks(executablePath)}`)
  })
  command
    .command('install')
    .description('get a browser if there is none')
    .action(async () => {
      const { executablePath, source } = await ensureBrowser((line) => console.log(line))
      console.log(`browser  ${executablePath} (${source})`)
    })
  return command
}
