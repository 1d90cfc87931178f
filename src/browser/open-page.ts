import type { Page } from 'playwright-core'
import { systemClock } from '../core/clock.ts'
import { BotError, toBotError } from '../core/errors.ts'
import type { PagePlace } from './launch.ts'
import { attachBridge, type PageBridge } from './page-bridge.ts'
import { PageStage } from './page-stage.ts'
import { ALWAYS_WHOLE, type Paint, paintSmall } from './paint.ts'
import { type PictureRequest, Pictures } from './pictures.ts'
import type { OpenPage, PageGone, PagePlan } from './port.ts'

const SCREENSHOT_MS = 5_000
/** What Chromium answers for a window without a frame yet; asked again after this long. */
const NOT_PAINTED = 'Unable to capture screenshot'
const AGAIN_MS = 100
const CLOSE_MS = 5_000

/**
 * A page in this place with the bridge in it and a Stage on it. Throws `BROWSER_CRASHED` where there is none to be had; of a
 * page that was not to be nothing stays, be it that it failed, or that nobody waits for it any more.
 */
export async function openPage(
  place: PagePlace,
  plan: PagePlan,
  signal: AbortSignal,
  pictures = new Pictures(plan.screenshotsDir),
): Promise<OpenPage> {
  const opening = place.context.newPage()
  const stop = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal })
  })
  try {
    return await Promise.race([opening.then((page) => prepared(page, place, plan, pictures)), aborted])
  } catch (error) {
    await inTime(opening.then((page) => page.close()))
    signal.throwIfAborted()
    throw toBotError(error, 'BROWSER_CRASHED')
  } finally {
    stop.abort()
  }
}

async function prepared(page: Page, place: PagePlace, plan: PagePlan, pictures: Pictures): Promise<OpenPage> {
  const { context, ownsContext } = place
  let closing = false
  let say: (gone: PageGone) => void = () => {}
  const gone = new Promise<PageGone>((resolve) => {
    say = (what) => {
      if (!closing) resolve(what)
    }
  })
  // Before anything is asked of it: a page that dies now answers nothing, and would never be heard of.
  page.on('crash', () => say({ kind: 'crashed', at: systemClock.now() }))
  page.on('close', () => {
    // A dying browser closes its pages first: ask whether it is still there before calling it a closed page.
    setTimeout(() => say({ kind: context.browser()?.isConnected() === false ? 'disconnected' : 'closed', at: systemClock.now() }), 50)
  })
  const browser = context.browser()
  const disconnected = () => say({ kind: 'disconnected', at: systemClock.now() })
  browser?.on('disconnected', disconnected)
  const dead = gone.then(({ kind }) => {
    throw new BotError('BROWSER_CRASHED', `The page ${kind} while it was opened`, { details: { kind } })
  })
  const { paint, bridge } = await Promise.race([dead, wired(page, place, plan)]).catch((error: unknown) => {
    browser?.off('disconnected', disconnected)
    throw error
  })

  const screenshot = (by: PictureRequest['by']) => (label: string) => pictures.take({ label, by }, (path) => shoot(page, paint, path))
  const { controls, locale, onWarning } = plan
  const stage = new PageStage({ page, paint, controls, bridge, locale, screenshot: screenshot('stage'), onWarning })

  /** Lets go of the page, and of the context if it goes too; bounded, because a hung page answers no close. */
  const letGo = async (closed: () => Promise<void>) => {
    closing = true
    bridge.close()
    browser?.off('disconnected', disconnected)
    await inTime(closed())
  }
  return {
    stage,
    capture: bridge.capture,
    gone,
    screenshot: screenshot('bot'),
    close: () => letGo(() => (ownsContext ? context.close() : page.close())),
    async reopen(signal) {
      signal.throwIfAborted()
      if (browser?.isConnected() === false) throw new BotError('BROWSER_CRASHED', 'The browser is gone')
      await letGo(() => page.close())
      signal.throwIfAborted()
      return openPage(place, plan, signal, pictures)
    },
  }
}

async function wired(page: Page, { prepare, unseen }: PagePlace, plan: PagePlan): Promise<{ paint: Paint; bridge: PageBridge }> {
  await prepare?.(page)
  const paint = unseen ? await paintSmall(page, plan.viewport) : ALWAYS_WHOLE
  const bridge = await attachBridge(page, {
    channels: plan.wires.filter(({ kind }) => kind === 'datachannel').map(({ match }) => match),
    answers: plan.wires.filter(({ kind }) => kind === 'response').map(({ match }) => match),
    ...(plan.page === undefined ? {} : { platform: plan.page }),
  })
  return { paint, bridge }
}

/** Is there a picture at this path now? */
async function shoot(page: Page, paint: Paint, path: string): Promise<boolean> {
  const until = systemClock.now() + SCREENSHOT_MS
  for (;;) {
    const timeout = until - systemClock.now()
    if (timeout <= 0 || page.isClosed()) return false
    try {
      const how = { path, type: 'jpeg', quality: 60, scale: 'css', timeout, animations: 'allow', caret: 'initial' } as const
      await paint.whole(() => page.screenshot(how))
      return true
    } catch (error) {
      // A window that has not painted yet says so at once; a page that does not answer has no picture to give.
      if (!String(error).includes(NOT_PAINTED)) return false
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

/** Waits for a page to close, not for one that hangs. */
async function inTime(closed: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS)
  })
  await Promise.race([closed.catch(() => {}), late]) // gone already: closed is closed
  clearTimeout(timer)
}
