import { type Browser, chromium, type Page } from 'playwright-core'
import { switchingOff } from '../../src/browser/flags.ts'
import type { Room } from '../../src/lab/room.ts'
import type { Lab } from '../../src/lab/server.ts'

/** A Chromium that is not our bot's: playwright-core alone, with the browser's own fake devices. */
export function strangersBrowser(lab: Lab): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['REMORA_BROWSER'] ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      ...lab.chromiumArgs,
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      switchingOff(),
    ],
  })
}

/** Keeps every connection the page makes, and what its channels say. */
const WATCH = `(() => {
  const Real = RTCPeerConnection
  window.pcs = []
  window.channels = {}
  const watch = (channel) => {
    channel.binaryType = 'arraybuffer'
    const said = window.channels[channel.label] = []
    channel.addEventListener('message', ({ data }) => said.push([...new Uint8Array(data)]))
  }
  window.RTCPeerConnection = class extends Real {
    constructor(...all) {
      super(...all)
      window.pcs.push(this)
      this.addEventListener('datachannel', ({ channel }) => watch(channel))
    }
  }
})()`

/** Somebody walks to the pre-join screen, types a name and asks. */
export async function knock(browser: Browser, url: string, name = 'Stranger'): Promise<Page> {
  const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1280, height: 720 } })
  await page.addInitScript(WATCH)
  await page.goto(url)
  await page.getByLabel('Your name').fill(name)
  await page.locator('button[jsname=Qx7uuf]').click()
  return page
}

/** The same, and lets them in; ends when media reaches them. */
export async function enter(browser: Browser, room: Room, name = 'Stranger'): Promise<{ page: Page; visitor: string }> {
  const before = room.visitors.size
  const page = await knock(browser, room.url, name)
  const visitor = `v${before + 1}`
  if (room.plan.lobby !== false) {
    await happened(room, { state: 'knocking', visitor })
    room.command('admit', visitor)
  }
  await happened(room, { type: 'media-connected', visitor })
  return { page, visitor }
}

/** The truth event that has happened, or does within ten seconds. */
export async function happened(room: Room, wanted: Record<string, unknown>, timeoutMs = 10_000) {
  const matches = (event: Readonly<Record<string, unknown>>) => Object.entries(wanted).every(([key, value]) => event[key] === value)
  const event = room.truth.events.findLast(matches) ?? (await room.truth.wait(matches, timeoutMs))
  if (event === undefined)
    throw new Error(`never happened: ${JSON.stringify(wanted)}; last: ${JSON.stringify(room.truth.events.slice(-10))}`)
  return event
}

/** Polls the page until an expression is true of it. */
export const becomes = (page: Page, expression: string, timeout = 10_000) =>
  page.waitForFunction(expression, undefined, { timeout, polling: 50 })
