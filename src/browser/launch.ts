import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { BotError, isBotError } from '../core/errors.ts'
import type { WarningCode } from '../core/outcomes.ts'
import { browserEnv } from './browser-env.ts'
import { findBrowser, thisMachine } from './find.ts'
import { flagsOf } from './flags.ts'
import type { PagePlan } from './port.ts'

/** How a browser is found and started. */
export interface ChromiumOptions {
  executablePath?: string | undefined
  channel?: string | undefined
  args?: readonly string[] | undefined
  headless?: boolean | undefined
  profileDir?: string | undefined
  cdpUrl?: string | undefined
  sandbox?: boolean | undefined
  env: Readonly<Record<string, string | undefined>>
  onWarning?: (code: WarningCode, message: string) => void
}

const SANDBOX = /no usable sandbox|running as root without --no-sandbox|sandbox_host|zygote_host|setuid sandbox|namespace sandbox/i
/** What playwright-core says of a channel that is not installed, and of one it does not know. */
const NO_CHANNEL = /distribution '.*' is not (found|supported)|executable doesn't exist at/i
const UNKNOWN_CHANNEL = /unsupported .*channel/i
/** A browser that has not closed by then is ended by the system. */
const CLOSE_MS = 5_000

/** Where a page is opened. */
export interface PagePlace {
  context: BrowserContext
  /** Made for this page, and closed with it. */
  ownsContext: boolean
  /** Nobody sees its window. */
  unseen: boolean
  /** What a page needs that its context could not be told. Called before its first navigation. */
  prepare?(page: Page): Promise<void>
}

/** A browser, and the end of it. */
export interface RunningBrowser {
  /** A context for one page plan; in a profile it is always the same one, which is not ours to close. */
  context(plan: PagePlan): Promise<PagePlace>
  onEnd(listener: () => void): void
  close(): Promise<void>
}

/** Starts, or connects to, the browser of these options. */
export async function startBrowser(options: ChromiumOptions, plan: PagePlan): Promise<RunningBrowser> {
  const { cdpUrl, profileDir } = options
  try {
    if (cdpUrl !== undefined) return await connected(await chromium.connectOverCDP(cdpUrl))
    const launch = await launchOptions(options, plan)
    if (profileDir === undefined) {
      const browser = await chromium.launch(launch)
      return await running(browser, await pidOf(browser), launch.headless)
    }
    const context = await chromium.launchPersistentContext(profileDir, { ...launch, ...contextOptions(plan) })
    const browser = context.browser()
    return await inProfile(context, browser === null ? undefined : await pidOf(browser), launch.headless)
  } catch (error) {
    throw launchError(error, { channel: options.channel })
  }
}

async function running(browser: Browser, pid: number | undefined, unseen: boolean): Promise<RunningBrowser> {
  return {
    context: async (plan) => ({ context: await browser.newContext(contextOptions(plan)), ownsContext: true, unseen }),
    onEnd: (listener) => browser.on('disconnected', listener),
    close: () => ended(browser.close(), pid),
  }
}

/** Somebody's browser: a tab in the profile it runs with, as it may be signed in there. Closing closes the connection only. */
async function connected(browser: Browser): Promise<RunningBrowser> {
  const [profile] = browser.contexts()
  if (profile === undefined) return running(browser, undefined, false)
  return {
    context: async ({ viewport }) => {
      await profile.grantPermissions(['microphone', 'camera']) // until we disconnect
      return { context: profile, ownsContext: false, unseen: false, prepare: (page) => adopt(page, viewport) }
    },
    onEnd: (listener) => browser.on('disconnected', listener),
    close: () => ended(browser.close(), undefined),
  }
}

/** A tab of a context that was not made for us. The session stays with the tab: what it sets ends with it. */
async function adopt(page: Page, { width, height }: PagePlan['viewport']): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  // Not `page.setViewportSize`: that would resize the window other tabs are in.
  await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
}

async function inProfile(context: BrowserContext, pid: number | undefined, unseen: boolean): Promise<RunningBrowser> {
  return {
    context: async () => ({ context, ownsContext: false, unseen }),
    onEnd: (listener) => context.on('close', listener),
    close: () => ended(context.close(), pid),
  }
}

/** Waits for a polite end, then has the system end our own process. */
async function ended(closing: Promise<void>, pid: number | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), CLOSE_MS)
  })
  const closed = closing.catch(() => {}) // died before us: closed is closed
  const outcome = await Promise.race([closed, late])
  clearTimeout(timer)
  if (outcome !== 'late' || pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return // ended in the meantime
  }
  await closed
}

/** The browser's process id, from itself: Playwright does not tell. */
async function pidOf(browser: Browser): Promise<number | undefined> {
  try {
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    return processInfo.find(({ type }) => type === 'browser')?.id
  } catch {
    return undefined // a build that does not tell either: it is only closed politely
  }
}

async function launchOptions(
  { executablePath, channel, args = [], headless = true, sandbox = true, env, onWarning }: ChromiumOptions,
  { locale }: PagePlan,
) {
  const found = channel === undefined ? await findBrowser(executablePath, thisMachine(env)) : undefined
  if (found?.headlessOnly === true && !headless) {
    throw new BotError(
      'NOT_SUPPORTED',
      `The browser of ${found.source} has no window: install Chrome or Chromium, or leave browser.headless on`,
    )
  }
  // As root there is no sandbox to lose: only without root is it a choice worth a warning.
  if (!sandbox && process.getuid?.() !== 0) onWarning?.('insecure_option', 'browser.sandbox is false: Chromium runs without its sandbox')
  return {
    ...(found === undefined ? {} : { executablePath: found.executablePath }),
    ...(channel === undefined ? {} : { channel }),
    headless,
    chromiumSandbox: sandbox,
    args: flagsOf(locale, found?.args ?? [], args),
    // The bots leave politely when the process is told to stop; a browser that died first could not.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: browserEnv(env),
  }
}

function contextOptions({ locale, viewport }: PagePlan) {
  return { locale, viewport, bypassCSP: true, permissions: ['microphone', 'camera'] }
}

/** What a failed start is read by. */
interface LaunchFacts {
  root?: boolean
  channel?: string | undefined
}

/** Why it did not start: no browser of that channel, no sandbox here (with the fix), or something else (with what Chromium said). */
export function launchError(error: unknown, { root = process.getuid?.() === 0, channel }: LaunchFacts = {}): BotError {
  if (isBotError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  if (channel !== undefined && UNKNOWN_CHANNEL.test(text)) {
    const allowed = 'chromium, chrome or msedge, of the latter two also -beta, -dev, -canary'
    return new BotError('CONFIG_INVALID', `browser.channel: ${JSON.stringify(channel)} is not allowed; allowed: ${allowed}`, {
      details: { field: 'browser.channel', value: channel, allowed },
      cause: error,
    })
  }
  if (channel !== undefined && NO_CHANNEL.test(text)) {
    const command = `npx playwright-core install ${channel}`
    return new BotError('BROWSER_NOT_FOUND', `browser.channel: there is no "${channel}" on this machine. Install it: ${command}`, {
      details: { field: 'browser.channel', value: channel, command },
      cause: error,
    })
  }
  if (SANDBOX.test(text)) {
    const fix = root
      ? 'run as another user than root, or pass browser.sandbox: false (--no-sandbox) if the machine itself is the sandbox'
      : 'allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0; or pass browser.sandbox: false'
    return new BotError('BROWSER_SANDBOX_UNAVAILABLE', `Chromium's sandbox cannot start here: ${fix}`, {
      details: { fix, root },
      cause: error,
    })
  }
  return new BotError('BROWSER_LAUNCH_FAILED', `Chromium did not start: ${text.split('\n')[0]}`, { cause: error })
}
