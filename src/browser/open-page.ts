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
  context.browser()?.on('disconnected', () => say({ kind: 'disconnected', at: systemClock.now() }))

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

  const close = async () => {
    closing = true
    bridge.close()
    const closed = ownsContext ? context.close() : page.close()
    await Promise.race([closed.catch(() => {}), new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
  }
  return {
    stage,
    capture: bridge.capture,
    gone,
    screenshot,
    close,
    async reopen(signal) {
      signal.throwIfAborted()
      if (context.browser()?.isConnected() === false) throw new BotError('BROWSER_CRASHED', 'The browser is gone')
      closing = true
      bridge.close()
      await Promise.race([page.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
      return openPage(context, plan, { ownsContext })
    },
  }
}
