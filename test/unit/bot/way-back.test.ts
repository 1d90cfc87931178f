import { describe, expect, it } from 'vitest'
import { BotError } from '../../../src/core/errors.ts'
import type { ErrorCode } from '../../../src/core/outcomes.ts'
import { callBot, comes, type Instead, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]
const over = (at: number): Turn => ({ at, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } })
const outside = (at: number): Turn => ({ at, seen: { type: 'outside', evidence: { signs: ['askToJoin'] } } })
const crash = (at: number): Turn => ({ at, gone: 'crashed' })
const hanging = () => new Promise<never>(() => {})

/** In the first time; what the door does to every later try is the test's. */
function door(later: NonNullable<Instead['join']>): NonNullable<Instead['join']> {
  let tried = 0
  return async (stage, signs) => {
    if (tried++ > 0) await later(stage, signs)
    signs.onSign({})
  }
}

describe('a page that does not open in the place of a dead one', () => {
  it('is given up after a minute, and another is tried', async () => {
    const { bot, pages, inCallMs } = callBot(
      [...HEARD, crash(10_000), over(120_000)],
      {},
      {
        reopen: (page) => (page === 2 && inCallMs() < 30_000 ? hanging() : Promise.resolve()),
      },
    )
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
    expect(pages()).toBe(2)
  })

  it('three times ends the bot, truncated, with what was kept', async () => {
    let tried = 0
    const { bot } = callBot(
      [...HEARD, crash(10_000)],
      {},
      {
        async reopen() {
          tried++
          throw new BotError('BROWSER_CRASHED', 'no page')
        },
      },
    )
    await bot.join()
    expect(await bot.done).toMatchObject({
      outcome: 'completed',
      reason: 'browser_crashed',
      truncated: true,
      error: { code: 'BROWSER_CRASHED' },
    })
    expect(tried).toBe(3)
  })

  it('is closed when it comes after all', async () => {
    const { bot, clock, openPages } = callBot([...HEARD, crash(10_000)], {}, { reopen: () => clock.after(90_000) })
    await bot.join()
    await bot.done
    await clock.after(120_000)
    expect(openPages()).toBe(0)
  })

  it('keeps nobody from leaving', async () => {
    const { bot, clock, inCallMs } = callBot([...HEARD, crash(10_000)], {}, { reopen: hanging })
    await bot.join()
    await clock.after(15_000)
    await bot.leave()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'caller' })
    expect(inCallMs()).toBeLessThan(20_000)
  })
})

it('a page that dies again at the door is no end: another is tried', async () => {
  const { bot, pages } = callBot(
    [...HEARD, crash(10_000), crash(11_000), over(60_000)],
    {},
    { join: door(({ clock }, { signal }) => clock.after(2_000, signal)) },
  )
  await bot.join()
  expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  expect(pages()).toBe(3)
})

it('a door that stays shut is not waited at for longer than a recording may last', async () => {
  const { bot, inCallMs } = callBot(
    [...HEARD, crash(10_000)],
    { maxDurationMs: 60_000 },
    {
      join: door(({ clock }, { signal }) => clock.after(3_600_000, signal)),
    },
  )
  await bot.join()
  const { error, ...result } = await bot.done
  expect(result).toMatchObject({ outcome: 'completed', reason: 'max_duration' })
  expect([error, bot.history.at(-1)?.evidence?.text]).toEqual([undefined, 'maxDurationMs: 60000'])
  expect(inCallMs()).toBeLessThan(62_000)
})

describe('what the door says to a bot that finds itself before the call again', () => {
  const refusal = (code: ErrorCode) => ({
    join: door(async () => {
      throw new BotError(code, 'no', { details: { signs: ['said'], screenshot: 'said.jpg', phase: 'knock' } })
    }),
  })

  it.each<[ErrorCode, string]>([
    ['MEETING_OVER', 'meeting_ended'],
    ['NOT_ACCEPTED', 'removed'],
    ['REMOVED_EARLY', 'removed'],
  ])('%s is the end: %s', async (code, reason) => {
    const { bot } = callBot([...HEARD, outside(10_000)], {}, refusal(code))
    await bot.join()
    const result = await bot.done
    expect(result).toMatchObject({ outcome: 'completed', reason })
    expect([result.error, result.truncated]).toEqual([undefined, undefined])
    expect(bot.history.at(-1)?.evidence).toMatchObject({ signs: ['said'], screenshot: 'said.jpg' })
  })

  it('says nothing of a call that a crash had cut', async () => {
    const { bot } = callBot([...HEARD, crash(10_000)], {}, refusal('NOT_ACCEPTED'))
    await bot.join()
    expect(await bot.done).toMatchObject({ reason: 'browser_crashed', truncated: true, error: { code: 'NOT_ACCEPTED' } })
  })
})

it('what a page showed of the call ends with it', async () => {
  const shown = (kind: 'reconnecting' | 'moved_to_lobby', on: boolean, at: number): Turn => ({
    at,
    seen: { type: 'interruption', kind, on },
  })
  const { bot } = callBot([...HEARD, shown('reconnecting', true, 8_000), crash(10_000), over(60_000)])
  const told: string[] = []
  bot.on('interruption', ({ kind, startAt, endAt }) => told.push(endAt === undefined ? kind : `${kind} ${endAt - startAt}`))
  await bot.join()
  await bot.done
  expect(told.slice(0, 3)).toEqual(['reconnecting', 'reconnecting 2000', 'rejoining'])
})

it('a page that took the place of a dead one before admission is the one that is pictured, left and closed', async () => {
  const did: string[] = []
  let tried = 0
  const { bot, openPages } = callBot(
    [],
    {},
    {
      did,
      async join(stage, { onSign }) {
        onSign({})
        if (tried++ > 0) {
          await stage.clock.after(2_000)
          throw new BotError('NOT_ACCEPTED', 'no')
        }
        throw new BotError('BROWSER_CRASHED', 'gone')
      },
    },
  )
  await expect(bot.join()).rejects.toMatchObject({ code: 'NOT_ACCEPTED' })
  const { error } = await bot.done
  expect(error?.details).toMatchObject({ screenshot: 'NOT_ACCEPTED.jpg' })
  expect([openPages(), did.filter((what) => what === 'close').length]).toEqual([0, 2])
})
