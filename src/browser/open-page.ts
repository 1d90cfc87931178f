import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { attachBridge } from './page-bridge.ts'
import { PageStage } from './page-stage.ts'
import type { OpenPage, PageGone, PagePlan } from './port.ts'

const SCREENSHOT_MS = 5_000
const CLOSE_MS = 5_000
/** Pictures kept per page: a bot that flaps for hours must not fill the disk. */
const MOST_PICTURES = 40

/** A page of this context with the bridge in it and a Stage on it. */
export async function openPage(context: BrowserContext, plan: PagePlan, { ownsContext }: { ownsContext: boolean }): Promise<OpenPage> {
  const page = await context.newPage()
  const bridge = await attachBridge(page, {
    channels: plan.wires.filter(({ kind }) => kind === 'datachannel').map(({ match }) => match),
    ...(plan.page === undefined ? {} : { platform: plan.page }),
  })
  let closing = false
  let say: (gone: PageGone) => void = () => {}
  const gone = new Promise<PageGone>((resolve) => {
    say = (what) => {
      if (!closing) resolve(what)
    }
  })
  page.on('crash', () => say({ kind: 'crashed', at: systemClock.now() }))
  page.on('close', () => {
    // A dying browser closes its pages first: ask whether it is still there before calling it a closed page.
    setTimeout(() => say({ kind: context.browser()?.isConnected() === false ? 'disconnected' : 'closed', at: systemClock.now() }), 50)
  })
  const browser = context.browser()
  const disconnected = () => say({ kind: 'disconnected', at: systemClock.now() })
  browser?.on('disconnected', disconnected)

  let pictures = 0
  const screenshot = async (label: string): Promise<string | undefined> => {
    if (pictures >= MOST_PICTURES || page.isClosed()) return undefined
    pictures++
    const path = join(plan.screenshotsDir, `${String(pictures).padStart(2, '0')}-${label.replace(/[^\w-]/g, '_')}.jpg`)
    try {
      mkdirSync(plan.screenshotsDir, { recursive: true })
      await page.screenshot({
        path,
        type: 'jpeg',
        quality: 60,
        scale: 'css',
        timeout: SCREENSHOT_MS,
        animations: 'allow',
        caret: 'initial',
      })
      return path
    } catch {
      return undefined // a page that does not answer has no picture to give
    }
  }
  const stage = new PageStage({ page, controls: plan.controls, bridge, locale: plan.locale, screenshot, onWarning: plan.onWarning })

  /** Lets go of the page, and of the context if it goes too; bounded, because a hung page answers no close. */
  const letGo = async (closed: () => Promise<void>) => {
    closing = true
    bridge.close()
    browser?.off('disconnected', disconnected)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS)
    })
    await Promise.race([closed().catch(() => {}), late]) // gone already: closed is closed
    clearTimeout(timer)
  }
  return {
    stage,
    capture: bridge.capture,
    gone,
    screenshot,
    close: () => letGo(() => (ownsContext ? context.close() : page.close())),
    async reopen(signal) {
      signal.throwIfAborted()
      if (browser?.isConnected() === false) throw new BotError('BROWSER_CRASHED', 'The browser is gone')
      await letGo(() => page.close())
      signal.throwIfAborted()
      return openPage(context, plan, { ownsContext })
    },
  }
}
