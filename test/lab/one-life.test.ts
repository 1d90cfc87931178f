import { existsSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BrowserProvider } from '../../src/browser/port.ts'
import { isBotError } from '../../src/core/errors.ts'
import { command } from '../../src/lab/control.ts'
import type { Lab } from '../../src/lab/server.ts'
import { newBot, PEOPLE, pathOf, quickLab, sharedBrowser } from './meeting.ts'

let lab: Lab
let browser: BrowserProvider
beforeAll(async () => {
  lab = await quickLab()
  browser = sharedBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

const room = (more: Record<string, unknown> = {}) => lab.room({ platform: 'meet', people: PEOPLE, ...more } as never)

describe('a bot in the lab', () => {
  it('is admitted at once where there is no lobby, and leaves when told to', async () => {
    const meeting = await room({ lobby: false })
    const bot = newBot(meeting.url, browser)
    await bot.join()
    await bot.leave()
    const result = await bot.done
    expect(pathOf(bot)).toEqual(['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended', 'completed'])
    expect(result).toMatchObject({ outcome: 'completed', reason: 'caller' })
    expect(existsSync(result.mp4 ?? '')).toBe(true)
    expect(meeting.truth.events.some(({ type, state }) => type === 'state' && state === 'left')).toBe(true)
  })

  it('does not believe a lobby that looks like a call for six seconds', async () => {
    const meeting = await room({ traps: ['late-lobby-6s'] })
    const bot = newBot(meeting.url, browser)
    const joining = bot.join()
    joining.catch(() => {})
    await bot.until('in_waiting_room')
    const knocked = meeting.truth.events.find(({ state }) => state === 'knocking')?.atMs ?? 0
    expect(meeting.truth.now() - knocked).toBeGreaterThan(5_900)
    await bot.leave()
    const result = await bot.done
    expect(pathOf(bot)).toEqual(['joining_call', 'in_waiting_room', 'call_ended', 'failed'])
    expect(result).toMatchObject({ outcome: 'failed', reason: 'LEFT_BEFORE_RECORDING', durationMs: 0 })
    expect(readdirSync(dirname(result.events)).filter((name) => /mp4|pcm|aac/.test(name))).toEqual([])
    await expect(joining).rejects.toSatisfy((error) => isBotError(error, 'LEFT_BEFORE_RECORDING'))
  })

  it('says NOT_ACCEPTED when the host refuses, with the text and a picture', async () => {
    const meeting = await room()
    const bot = newBot(meeting.url, browser)
    bot.on('status', ({ to }) => to === 'in_waiting_room' && command(meeting, 'deny'))
    await expect(bot.join()).rejects.toSatisfy((error) => isBotError(error, 'NOT_ACCEPTED'))
    const { error, reason } = await bot.done
    expect(reason).toBe('NOT_ACCEPTED')
    expect(error?.responsible).toBe('host')
    expect(existsSync(String(error?.details?.['screenshot']))).toBe(true)
    expect(bot.history.at(-1)).toMatchObject({ to: 'failed', responsible: 'host' })
  })

  it('completes with "removed" when it is thrown out of a recording', async () => {
    const meeting = await room({ traps: ['stale-lobby-text', 'recording-consent'] })
    const bot = newBot(meeting.url, browser)
    bot.on('status', ({ to }) => {
      if (to === 'in_waiting_room') command(meeting, 'admit')
      if (to === 'in_call_recording') command(meeting, 'remove')
    })
    await bot.join()
    const result = await bot.done
    expect(result).toMatchObject({ outcome: 'completed', reason: 'removed' })
    expect(result.truncated).toBeUndefined()
    expect(pathOf(bot)).toEqual([
      'joining_call',
      'in_waiting_room',
      'in_call_not_recording',
      'in_call_recording',
      'call_ended',
      'completed',
    ])
    expect(meeting.truth.events.some(({ type, control }) => type === 'click' && control === 'consent')).toBe(true)
  })

  it('can be told to leave while it is still joining, and by its signal', async () => {
    const meeting = await room()
    const leaving = newBot(meeting.url, browser)
    leaving.join().catch(() => {})
    await leaving.leave()
    expect(await leaving.done).toMatchObject({ outcome: 'failed', reason: 'LEFT_BEFORE_RECORDING' })
    const stop = new AbortController()
    const aborted = newBot(meeting.url, browser)
    const joining = aborted.join({ signal: stop.signal })
    stop.abort()
    await expect(joining).rejects.toSatisfy((error) => isBotError(error, 'LEFT_BEFORE_RECORDING'))
    expect((await aborted.done).reason).toBe('LEFT_BEFORE_RECORDING')
  })

  it('leaves an empty call by itself once everybody has gone', async () => {
    const meeting = await room({ lobby: false, people: [{ name: 'Ada', voice: 'austen-1' }] })
    const bot = newBot(meeting.url, browser, { automaticLeave: { everyoneLeftTimeoutMs: 2_000 } })
    const seen = new Promise<void>((resolve) => bot.on('participant', ({ change }) => change === 'joined' && resolve()))
    await bot.join()
    await seen
    for (const actor of meeting.actors) meeting.setPresent(actor, false)
    expect((await bot.done).reason).toBe('everyone_left')
  })
})
