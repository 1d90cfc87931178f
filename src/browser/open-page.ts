import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import type { PagePlace } from './launch.ts'
import { attachBridge, type PageBridge } from './page-bridge.ts'
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
    ...(plan.page === undefined ? {} : { platform: plan.page }),
  })
  hearAnswers(page, bridge, plan)
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

/** Larger answers than this hold no roster. */
const MOST_ANSWER = 4 * 1024 * 1024

/** Answers to the site's own client whose URL holds a wanted word, as `wire:<word>` facts. Listened to, never intercepted. */
function hearAnswers(page: Page, bridge: PageBridge, { wires }: PagePlan): void {
  const wanted = wires.filter(({ kind }) => kind === 'response').map(({ match }) => match)
  if (wanted.length === 0) return
  page.on('response', (response) => {
    const word = wanted.find((match) => response.url().includes(match))
    if (word === undefined || !response.ok()) return
    response.body().then(
      (body) => {
        if (body.length <= MOST_ANSWER) bridge.tell(`wire:${word}`, systemClock.now(), body.toString('base64'))
      },
      () => {}, // the page has gone on, and the answer with it
    )
  })
}
