import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { BotWarning } from '../../../src/core/events.ts'
import { callBot, comes, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]
const turn = () => new Promise((resolve) => setImmediate(resolve))
/** A loop would not end by itself: the listener stops failing where a test has seen enough. */
const MANY = 50

describe('a listener of warnings that fails', () => {
  const fail = () => {
    throw new Error('no')
  }
  it.each<[string, () => unknown]>([
    ['at once', fail],
    ['as a promise', async () => fail()],
    ['after a while', async () => turn().then(fail)],
  ])('%s is told of once, in the log and in the result, and not to itself', async (_, failing) => {
    const { bot } = callBot(HEARD, { maxDurationMs: 10_000 })
    const heard: string[] = []
    bot.on('warning', ({ details }) => {
      heard.push(String(details?.['event']))
      if (heard.length < MANY) return failing() as undefined
    })
    bot.on('status', ({ to }) => {
      if (to === 'joining_call' || to === 'in_call_recording') throw new Error('mine too')
    })
    await bot.join()
    const { outcome, warnings, events } = await bot.done
    for (let i = 0; i < MANY; i++) await turn()
    expect(outcome).toBe('completed')
    expect(heard).toEqual(['status', 'status'])
    const threw = warnings.map(({ message }) => message).toSorted()
    expect(threw).toEqual([
      'A listener of "status" threw: Error: mine too',
      'A listener of "status" threw: Error: mine too',
      'A listener of "warning" threw: Error: no',
    ])
    const logged = readFileSync(events, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)) as { event: string; data: BotWarning }[]
    expect(logged.flatMap(({ event, data }) => (event === 'warning' ? [data.message] : [])).toSorted()).toEqual(threw)
  })
})

it('a listener may throw what has no text', async () => {
  const { bot } = callBot(HEARD, { maxDurationMs: 10_000 })
  bot.on('ended', () => {
    throw Object.create(null)
  })
  await bot.join()
  expect((await bot.done).warnings).toMatchObject([{ code: 'listener_threw', message: 'A listener of "ended" threw: object' }])
})
