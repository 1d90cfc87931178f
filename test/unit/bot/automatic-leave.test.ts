import { describe, expect, it } from 'vitest'
import { callBot, comes, goes, others, type Turn } from './scripted-call.ts'

const MINUTE = 60_000
/** Every limit off, but those given. */
const OFF = { nooneJoinedTimeoutMs: null, everyoneLeftTimeoutMs: null, silenceTimeoutMs: null, maxDurationMs: null } as const

/** Plays a call to its end; an end that never comes is a `leave()` of ours after `forMs`. */
async function play(turns: readonly Turn[], limits: Parameters<typeof callBot>[1], forMs = 5 * 60 * MINUTE) {
  const { bot, clock, inCallMs } = callBot(turns, limits)
  const stop = new AbortController()
  void clock.after(forMs, stop.signal).then(
    () => bot.leave(),
    () => {}, // it ended by itself
  )
  await bot.join().catch(() => {})
  const { reason, outcome, error } = await bot.done
  const atMs = inCallMs()
  stop.abort()
  return { reason, outcome, responsible: error?.responsible, atMs }
}

describe('automatic leave, from the call to the result', () => {
  it.each<[string, readonly Turn[], Parameters<typeof callBot>[1], string, number]>([
    ['nobody ever came', [others(0, 0)], {}, 'NOONE_JOINED', 10 * MINUTE],
    ['everybody left', [comes(1_000, 'Ada'), goes(5 * MINUTE, 'Ada'), others(5 * MINUTE, 0)], {}, 'everyone_left', 6 * MINUTE],
    [
      'somebody came between two looks and went again',
      [others(0, 0), comes(30_100, 'Ada'), goes(30_200, 'Ada')],
      {},
      'everyone_left',
      30_000 + MINUTE,
    ],
    ['silence, with somebody there', [comes(0, 'Ada'), { at: 0, sound: false }], {}, 'silence', 10 * MINUTE],
    [
      'silence after the last word',
      [comes(0, 'Ada'), { at: 0, sound: true }, { at: 3 * MINUTE, sound: false }],
      {},
      'silence',
      13 * MINUTE,
    ],
    ['the maximum', [comes(0, 'Ada'), { at: 0, sound: true }], {}, 'max_duration', 240 * MINUTE],
    [
      'the shortest limit that is due',
      [others(0, 0), { at: 0, sound: false }],
      { nooneJoinedTimeoutMs: 90_000, maxDurationMs: 80_000 },
      'max_duration',
      80_000,
    ],
  ])('%s', async (_, turns, limits, reason, at) => {
    const end = await play(turns, limits)
    expect(end.reason).toBe(reason)
    expect(end.atMs).toBeGreaterThanOrEqual(at)
    expect(end.atMs).toBeLessThan(at + 4_000)
  })

  it('fails with NOONE_JOINED, owed to the meeting, though something was recorded', async () => {
    expect(await play([others(0, 0)], { nooneJoinedTimeoutMs: 5_000 })).toMatchObject({ outcome: 'failed', responsible: 'meeting' })
  })

  it.each<[string, readonly Turn[], Parameters<typeof callBot>[1]]>([
    [
      'nobody is known to be there or not',
      [{ at: 0, sound: true }],
      { ...OFF, nooneJoinedTimeoutMs: 10_000, everyoneLeftTimeoutMs: 10_000 },
    ],
    [
      'it becomes unknown again and again',
      [comes(0, 'Ada'), goes(500, 'Ada'), ...Array.from({ length: 200 }, (_, n) => others(n * 8_000, n % 2 === 0 ? 0 : undefined))],
      { ...OFF, everyoneLeftTimeoutMs: 20_000 },
    ],
    [
      'somebody comes back in time',
      [comes(0, 'Ada'), ...Array.from({ length: 100 }, (_, n) => others(n * 15_000, n % 2))],
      { ...OFF, everyoneLeftTimeoutMs: 20_000 },
    ],
    ['no sound is known of', [comes(0, 'Ada'), { at: 0, sound: null }], { ...OFF, silenceTimeoutMs: 10_000 }],
    [
      'silence is broken by a word',
      [comes(0, 'Ada'), ...Array.from({ length: 100 }, (_, n) => ({ at: n * 8_000, sound: n % 2 === 0 }))],
      { ...OFF, silenceTimeoutMs: 10_000 },
    ],
    ['it is silent but nobody ever came', [others(0, 0), { at: 0, sound: false }], { ...OFF, silenceTimeoutMs: 10_000 }],
    ['every limit is off', [others(0, 0), { at: 0, sound: false }], OFF],
  ])('stays while %s', async (_, turns, limits) => {
    expect(await play(turns, limits, 13 * MINUTE)).toMatchObject({ reason: 'caller', outcome: 'completed' })
  })

  it.each(['nooneJoinedTimeoutMs', 'everyoneLeftTimeoutMs', 'silenceTimeoutMs', 'maxDurationMs'] as const)(
    'takes %s: null as off, and leaves the others on',
    async (limit) => {
      const limits = {
        nooneJoinedTimeoutMs: 30_000,
        everyoneLeftTimeoutMs: 30_000,
        silenceTimeoutMs: 30_000,
        maxDurationMs: 30_000,
        [limit]: null,
      }
      const alone = await play([others(0, 0), { at: 0, sound: true }], limits, 5 * MINUTE)
      expect(alone.reason).toMatch(limit === 'maxDurationMs' ? 'NOONE_JOINED' : /NOONE_JOINED|max_duration/)
    },
  )
})

describe('a page that dies in the call', () => {
  it('is entered again, the countdown of the one before forgotten where nothing is known', async () => {
    const { bot, pages } = callBot([
      comes(0, 'Ada'),
      { at: 0, sound: true },
      { at: 20_000, gone: 'crashed' },
      { at: 50_000, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } },
    ])
    const kinds: string[] = []
    bot.on('interruption', ({ kind, endAt }) => kinds.push(`${kind} ${endAt === undefined ? 'starts' : 'ends'}`))
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
    expect(pages()).toBe(2)
    expect(kinds.filter((kind) => kind.startsWith('rejoining'))).toEqual(['rejoining starts', 'rejoining ends'])
    expect(bot.history.filter(({ to }) => to === 'in_call_recording')).toHaveLength(1)
  })

  it('notes the gap it left in the recording, in milliseconds', async () => {
    const { bot } = callBot([
      comes(0, 'Ada'),
      { at: 0, sound: true },
      { at: 20_000, gone: 'crashed' },
      { at: 50_000, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } },
    ])
    await bot.join()
    const { warnings } = await bot.done
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'capture_gap', details: expect.objectContaining({ ms: expect.any(Number) }) }),
    ])
  })

  it('ends the bot after the fourth death, with what was kept', async () => {
    const deaths = [1, 2, 3, 4].map((n): Turn => ({ at: n * 10_000, gone: 'crashed' }))
    const { bot } = callBot([comes(0, 'Ada'), { at: 0, sound: true }, ...deaths])
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'browser_crashed', truncated: true })
  })

  it('ends the bot at once where the whole browser went', async () => {
    const { bot, pages } = callBot([comes(0, 'Ada'), { at: 10_000, gone: 'disconnected' }])
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'browser_crashed' })
    expect(pages()).toBe(1)
  })
})
