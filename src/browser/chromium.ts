import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { BotError, isBotError } from '../core/errors.ts'
import type { WarningCode } from '../core/outcomes.ts'
import { findBrowser, thisMachine } from './find.ts'
import { openPage } from './open-page.ts'
import type { BrowserProvider, OpenPage, PagePlan } from './port.ts'

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

/**
 * Our flags. Media must run in pages nobody looks at, and nothing may call home. The camera and microphone are Chromium's
 * own test devices, so that a site's pre-join screen finds some; they are switched off before joining.
 */
const FLAGS = [
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
]
const SANDBOX = /no usable sandbox|running as root without --no-sandbox|sandbox_host|zygote_host|setuid sandbox|namespace sandbox/i

/** Chromium by playwright-core; launched at the first page, again if it died, shared by every page opened here. */
export function chromiumProvider(options: ChromiumOptions): BrowserProvider {
  return new ChromiumProvider(options)
}

class ChromiumProvider implements BrowserProvider {
  readonly #options: ChromiumOptions
  #browser: Promise<Browser> | undefined
  #profile: Promise<BrowserContext> | undefined

  constructor(options: ChromiumOptions) {
    this.#options = options
  }

  async open(plan: PagePlan, signal: AbortSignal): Promise<OpenPage> {
    signal.throwIfAborted()
    const { profileDir } = this.#options
    if (profileDir !== undefined) {
      this.#profile ??= this.#launchProfile(profileDir, plan)
      this.#profile.catch(() => {
        this.#profile = undefined
      })
      return openPage(await this.#profile, plan, { ownsContext: false })
    }
    const browser = await this.#running()
    signal.throwIfAborted()
    const context = await browser.newContext(contextOptions(plan))
    return openPage(context, plan, { ownsContext: true })
  }

  async close(): Promise<void> {
    const [browser, profile] = await Promise.all([this.#browser?.catch(() => undefined), this.#profile?.catch(() => undefined)])
    this.#browser = undefined
    this.#profile = undefined
    await profile?.close().catch(() => {}) // died before us: closed is closed
    await browser?.close().catch(() => {})
  }

  async #running(): Promise<Browser> {
    const current = await this.#browser?.catch(() => undefined)
    if (current?.isConnected() === true) return current
    this.#browser = this.#options.cdpUrl === undefined ? this.#launch() : chromium.connectOverCDP(this.#options.cdpUrl)
    return this.#browser
  }

  async #launchOptions() {
    const { executablePath, channel, args = [], headless = true, sandbox = true, env, onWarning } = this.#options
    const found = channel === undefined ? await findBrowser(executablePath, thisMachine(env)) : undefined
    if (!sandbox) onWarning?.('insecure_option', 'browser.sandbox is false: Chromium runs without its sandbox')
    return {
      ...(found === undefined ? {} : { executablePath: found.executablePath }),
      ...(channel === undefined ? {} : { channel }),
      headless,
      chromiumSandbox: sandbox,
      args: [...FLAGS, ...args],
      // The bots leave politely when the process is told to stop; a browser that died first could not.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    }
  }

  async #launch(): Promise<Browser> {
    try {
      return await chromium.launch(await this.#launchOptions())
    } catch (error) {
      throw launchError(error)
    }
  }

  async #launchProfile(dir: string, plan: PagePlan): Promise<BrowserContext> {
    try {
      return await chromium.launchPersistentContext(dir, { ...(await this.#launchOptions()), ...contextOptions(plan) })
    } catch (error) {
      throw launchError(error)
    }
  }
}

function contextOptions({ locale, viewport }: PagePlan) {
  return { locale, viewport, bypassCSP: true, permissions: ['microphone', 'camera'] }
}

/** Why it did not start: no sandbox here (with the fix), or something else (with what Chromium said). */
function launchError(error: unknown): BotError {
  if (isBotError(error)) return error
  const text = error instanceof Error ? error.message : String(error)
  if (SANDBOX.test(text)) {
    const root = process.getuid?.() === 0
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
