import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { PagePlace } from '../../../src/browser/launch.ts'
import { openPage } from '../../../src/browser/open-page.ts'
import type { PagePlan } from '../../../src/browser/port.ts'

const PLAN: PagePlan = {
  controls: {},
  wires: [],
  locale: 'en',
  viewport: { width: 1280, height: 720 },
  screenshotsDir: mkdtempSync(join(tmpdir(), 'remora-pages-')),
  onWarning() {},
}
const hanging = () => new Promise<never>(() => {})

/** A browser whose pages do what the test says when they are asked for a session. */
function place(session: (page: FakePage) => Promise<unknown>) {
  const pages: FakePage[] = []
  const context = {
    browser: () => null,
    newPage: async () => {
      const page: FakePage = new FakePage(() => session(page))
      pages.push(page)
      return page as unknown as Page
    },
  }
  return { pages, place: { context, ownsContext: false, unseen: false } as unknown as PagePlace }
}

class FakePage {
  closed = false
  readonly #heard = new Map<string, () => void>()
  readonly #session: () => Promise<unknown>

  constructor(session: () => Promise<unknown>) {
    this.#session = session
  }

  on(event: string, listener: () => void): void {
    this.#heard.set(event, listener)
  }

  say(event: string): void {
    this.#heard.get(event)?.()
  }

  context = () => ({ newCDPSession: () => this.#session() })
  addInitScript = async () => {}
  isClosed = () => this.closed
  screenshot = async () => Buffer.of()
  async close(): Promise<void> {
    this.closed = true
  }
}

const session = async () => ({ on() {}, send: async () => ({}), detach: async () => {} })
const { signal } = new AbortController()

describe('a page that cannot be opened', () => {
  it('is closed, and said to be the browser’s failure', async () => {
    const { pages, place: there } = place(async () => {
      throw new Error('Target closed')
    })
    await expect(openPage(there, PLAN, signal)).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
    expect(pages.map(({ closed }) => closed)).toEqual([true])
  })

  it('is not waited for when it crashes meanwhile', async () => {
    const { pages, place: there } = place((page) => {
      queueMicrotask(() => page.say('crash'))
      return hanging()
    })
    await expect(openPage(there, PLAN, signal)).rejects.toMatchObject({ code: 'BROWSER_CRASHED', details: { kind: 'crashed' } })
    expect(pages.map(({ closed }) => closed)).toEqual([true])
  })

  it('is closed when nobody waits for it any more', async () => {
    const { pages, place: there } = place(hanging)
    const stop = new AbortController()
    const opening = openPage(there, PLAN, stop.signal)
    stop.abort(new Error('enough'))
    await expect(opening).rejects.toThrow('enough')
    expect(pages.map(({ closed }) => closed)).toEqual([true])
  })

  it('in place of another is closed as well', async () => {
    let first = true
    const { pages, place: there } = place(async () => {
      if (!first) throw new Error('Target closed')
      first = false
      return session()
    })
    const page = await openPage(there, PLAN, signal)
    await expect(page.reopen(signal)).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
    expect(pages.map(({ closed }) => closed)).toEqual([true, true])
  })
})

it('pictures of a page in place of another are numbered on', async () => {
  const page = await openPage(place(session).place, PLAN, signal)
  const names = [await page.screenshot('lobby'), await (await page.reopen(signal)).screenshot('lobby')].map((path) => basename(path ?? ''))
  expect(names).toEqual(['01-lobby.jpg', '02-lobby.jpg'])
})
