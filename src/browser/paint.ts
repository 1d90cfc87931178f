import type { Page } from 'playwright-core'

/**
 * The picture of a page nobody looks at. Chromium paints every frame of it, by software where there is no graphics card: a
 * fifth of what a recorded call costs. We record tracks, not that picture, so it is painted small, except while something
 * needs it whole: a screenshot, or a pointer, whose place is counted in the painted picture. The page cannot tell: layout,
 * sizes and `devicePixelRatio` stay (`scale` of CDP's `Emulation.setDeviceMetricsOverride`).
 */
export interface Paint {
  /** Does something while the page is painted whole. */
  whole<T>(work: () => Promise<T>): Promise<T>
}

const SMALL = 0.1
/** A page whose main thread is busy for longer cannot be pressed either. */
const ANSWER_MS = 5_000

/** For a window that somebody may look at. */
export const ALWAYS_WHOLE: Paint = { whole: (work) => work() }

/** Paints a page small from now on. */
export async function paintSmall(page: Page, { width, height }: { width: number; height: number }): Promise<Paint> {
  const session = await page.context().newCDPSession(page)
  const metrics = { width, height, screenWidth: width, screenHeight: height, deviceScaleFactor: 1, mobile: false }
  const at = (scale: number) => session.send('Emulation.setDeviceMetricsOverride', { ...metrics, scale })
  let users = 0
  // One after the other: what was asked for last is what holds.
  let painted: Promise<unknown> = at(SMALL)
  const paint = (scale: number) => {
    painted = painted.then(
      () => at(scale),
      () => at(scale),
    )
    return painted
  }
  await painted
  return {
    async whole(work) {
      if (users++ === 0) paint(1).catch(() => {}) // heard of below
      try {
        await inTime(painted)
        return await work()
      } finally {
        if (--users === 0) paint(SMALL).catch(() => {}) // a page that is gone is not painted
      }
    },
  }
}

async function inTime(painted: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Timeout: the page was not painted within ${ANSWER_MS} ms`)), ANSWER_MS)
  })
  try {
    await Promise.race([painted, late])
  } finally {
    clearTimeout(timer)
  }
}
