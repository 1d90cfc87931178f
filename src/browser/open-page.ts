import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import type { PagePlace } from './launch.ts'
import { attachBridge } from './page-bridge.ts'
import { PageStage } from './page-stage.ts'
import { ALWAYS_WHOLE, paintSmall } from './paint.ts'
import type { OpenPage, PageGone, PagePlan } from './port.ts'

const SCREENSHOT_MS = 5_000
/** What Chromium answers for a window without a frame yet; asked again after this long. */
const NOT_PAINTED = 'Unable to capture screenshot'
const AGAIN_MS = 100
const CLOSE_MS = 5_000
/** Pictures kept per page: a bot that flaps for hours must not fill the disk. */
const MOST_PICTURES = 40

/** A page in this place with the bridge in it and a Stage on it. */
export async function openPage(place: PagePlace, plan: PagePlan): Promise<OpenPage> {
  const { context, ownsContext, unseen } = place
  const page = await context.newPage()
  await place.prepare?.(page)
  const paint = unseen ? await paintSmall(page, plan.viewport) : ALWAYS_WHOLE
  const bridge = await attachBridge(page, {
    channels: plan.wires.filter(({ kind }) => kind === 'datachannel').map(({ match }) => match),
    answers: plan.wires.filter(({ kind }) => kind === 'response').map(({ match }) => match),
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
    const until = systemClock.now() + SCREENSHOT_MS
    for (;;) {
      const timeout = until - systemClock.now()
      if (timeout <= 0 || page.isClosed()) return undefined
      try {
        mkdirSync(plan.screenshotsDir, { recursive: true })
        const how = { path, type: 'jpeg', quality: 60, scale: 'css', timeout, animations: 'allow', caret: 'initial' } as const
        await paint.whole(() => page.screenshot(how))
        return path
      } catch (error) {
        // A window that has not painted yet says so at once; a page that does not answer has no picture to give.
        if (!String(error).includes(NOT_PAINTED)) return undefined
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  }
  const { controls, locale, onWarning } = plan
  const stage = new PageStage({ page, paint, controls, bridge, locale, screenshot, onWarning })

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
      return openPage(place, plan)
    },
  }
}
