import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BrowserProvider, OpenPage } from '../../src/browser/port.ts'
import type { Interruption } from '../../src/core/events.ts'
import type { Lab } from '../../src/lab/server.ts'
import { decode, newBot, PEOPLE, pathOf, quickLab, sharedBrowser } from './meeting.ts'

let lab: Lab
let browser: BrowserProvider
const pages: OpenPage[] = []
beforeAll(async () => {
  lab = await quickLab()
  const shared = sharedBrowser(lab)
  browser = {
    async open(plan, signal) {
      const page = await shared.open(plan, signal)
      pages.push(page)
      return page
    },
    close: () => shared.close(),
  }
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

const reload = (url: string) => pages.at(-1)?.stage.goto(url, { signal: AbortSignal.timeout(30_000) })

it.each([
  ['its page was loaded anew', [], reload],
  ['its client failed in the call', ['problem-in-call-late'], undefined],
] as const)('goes in again after %s, and what is said then is in the same recording', async (_, traps, outside) => {
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false, traps } as never)
  const bot = newBot(room.url, browser)
  const back = new Promise<Interruption>((resolve) => {
    bot.on('interruption', (one) => one.kind === 'rejoining' && one.endAt !== undefined && resolve(one))
  })
  await bot.join()
  const reloadedAt = Date.now()
  await outside?.(room.url)
  expect((await back).details).toMatchObject({ why: 'outside' })
  const backAt = Date.now()
  // Not one moment, which the end of the file may cut, but a second of voice.
  let loud = 0
  for await (const { pcm } of bot.audio()) if (pcm.some((sample) => Math.abs(sample) > 2_000) && ++loud > 10) break
  await bot.leave()
  const result = await bot.done
  expect(result).toMatchObject({ outcome: 'completed', reason: 'caller' })
  expect(result.warnings.map(({ code }) => code)).toContain('capture_gap')
  expect(pathOf(bot).filter((status) => status === 'in_call_recording')).toHaveLength(1)
  const heard = decode(result.mp4 ?? '', 8_000)
  const after = heard.slice((backAt - result.startedAt) * 8)
  expect(Math.max(...after)).toBeGreaterThan(2_000)
  expect(backAt - reloadedAt).toBeLessThan(40_000)
})
