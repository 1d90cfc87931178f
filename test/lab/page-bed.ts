import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { switchingOff } from '../../src/browser/flags.ts'
import { command } from '../../src/lab/control.ts'
import type { Room } from '../../src/lab/room.ts'
import { type Lab, startLab } from '../../src/lab/server.ts'
import type { TruthEvent } from '../../src/lab/truth.ts'

/** A browser that is not our bot's, and a lab: what the look-alike shows is looked at with a stranger's eyes. */
export interface PageBed {
  lab: Lab
  browser: Browser
  /** Opens a room's page in a context of its own. */
  visit(plan?: Record<string, unknown>, query?: string): Promise<Guest>
  close(): Promise<void>
}

/** A visitor's page, and what the lab knows of it. Leaving its scope closes page and room. */
export interface Guest extends AsyncDisposable {
  room: Room
  page: Page
  /** The button or heading that the pre-join screen or the call shows; waits for it. */
  cta: Locator
  typeName(name?: string): Promise<void>
  knock(): Promise<void>
  /** Moves the pointer for ever, or the call's bar hides. */
  stayAwake(): Promise<void>
  /** Knocks, and is let in by the host. */
  enter(): Promise<void>
  host(verb: string): string[]
  /** The first such event, also one that has already been. */
  told(wanted: Partial<TruthEvent>): Promise<TruthEvent>
  clicks(): string[]
  /** How long the page said nothing but that it was getting ready. */
  renderedMs(): Promise<number>
}

const TIMEOUT_MS = 20_000

/** Notes in the page when it first says something, and when it first shows something to press. */
const NOTES = `new MutationObserver((_, observer) => {
  if (window.firstWordsAt === undefined && document.getElementById('root')?.firstChild) window.firstWordsAt = performance.now()
  if (document.querySelector('#root button') === null) return
  window.firstButtonAt = performance.now()
  observer.disconnect()
}).observe(document, { childList: true, subtree: true })`

export async function openPageBed(): Promise<PageBed> {
  const lab = await startLab()
  const browser = await chromium.launch({
    executablePath: process.env['REMORA_BROWSER'] ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...lab.chromiumArgs, '--autoplay-policy=no-user-gesture-required', switchingOff()],
  })
  return {
    lab,
    browser,
    async visit(plan = {}, query = '') {
      const room = await lab.room({ platform: 'meet', seed: 94, speech: 'none', ...plan } as never)
      const context = await browser.newContext()
      await context.addInitScript(NOTES)
      const page = await context.newPage()
      page.setDefaultTimeout(TIMEOUT_MS)
      await page.goto(`${room.url}${query}`, { waitUntil: 'domcontentloaded' })
      return guest(room, page)
    },
    async close() {
      await browser.close()
      await lab.close()
    },
  }
}

function guest(room: Room, page: Page): Guest {
  const cta = page.locator('button[jsname="Qx7uuf"]')
  const self: Guest = {
    room,
    page,
    cta,
    async typeName(name = 'Stranger') {
      await page.locator('input[jsname="YPqjbf"]').fill(name)
    },
    async knock() {
      await self.typeName()
      await cta.click()
    },
    async stayAwake() {
      await page.evaluate(`setInterval(() => document.dispatchEvent(new Event('pointermove')), 1_000)`)
    },
    async enter() {
      await self.knock()
      await self.told({ type: 'state', state: 'knocking' })
      self.host('admit')
      await self.told({ type: 'state', state: 'in_call' })
    },
    host: (verb) => command(room, verb),
    async told(wanted) {
      const matches = (event: TruthEvent) => Object.entries(wanted).every(([key, value]) => event[key] === value)
      const event = room.truth.events.find(matches) ?? (await room.truth.wait(matches, TIMEOUT_MS))
      if (event === undefined) throw new Error(`The truth never said ${JSON.stringify(wanted)}`)
      return event
    },
    async [Symbol.asyncDispose]() {
      await page.context().close()
      await room.close()
    },
    async renderedMs() {
      await page.locator('#root button').first().waitFor()
      return Number(await page.evaluate('window.firstButtonAt - window.firstWordsAt'))
    },
    clicks: () => room.truth.events.filter(({ type }) => type === 'click').map(({ control }) => String(control)),
  }
  return self
}
