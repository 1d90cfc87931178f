import { describe, expect, it } from 'vitest'
import { callBot, comes, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]
const over = (at: number): Turn => ({ at, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } })
const outside = (at: number): Turn => ({ at, seen: { type: 'outside', evidence: { signs: ['askToJoin'] } } })
const FILES = ['hold', 'discard', 'arm', 'commit']

describe('a page that loads another document', () => {
  it('before admission, throws away what was held of the one before and is armed again at its own sign', async () => {
    const did: string[] = []
    const { bot } = callBot(
      [...HEARD, over(20_000)],
      {},
      {
        did,
        async join(stage, { onSign }) {
          onSign({})
          await stage.clock.after(2_000)
          stage.reload()
          await stage.clock.after(2_000)
          onSign({})
        },
      },
    )
    await bot.join()
    expect(did.filter((what) => FILES.includes(what))).toEqual(['hold', 'arm', 'discard', 'hold', 'arm', 'commit'])
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  })

  it('in the call, is captured again into the same recording', async () => {
    const did: string[] = []
    const { bot } = callBot([...HEARD, { at: 10_000, reload: true }, over(30_000)], {}, { did })
    await bot.join()
    const { warnings } = await bot.done
    expect(did.filter((what) => FILES.includes(what))).toEqual(['hold', 'arm', 'commit', 'arm'])
    expect(warnings.map(({ code }) => code)).toEqual(['capture_gap'])
  })
})

describe('a page that stands before the call again', () => {
  it('is gone in by anew, as an interruption, into the same recording', async () => {
    const did: string[] = []
    const { bot, pages } = callBot([...HEARD, outside(10_000), over(30_000)], {}, { did })
    const kinds: unknown[] = []
    bot.on('interruption', ({ kind, details, endAt }) => kind === 'rejoining' && kinds.push([details?.['why'], endAt === undefined]))
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
    expect(kinds).toEqual([
      ['outside', true],
      ['outside', false],
    ])
    expect([pages(), did.filter((what) => what === 'join').length, did.filter((what) => what === 'commit').length]).toEqual([2, 2, 1])
  })

  it('four times ends the bot as cut off, truncated, with what was kept', async () => {
    const { bot } = callBot([...HEARD, ...[1, 2, 3, 4].map((n) => outside(n * 10_000))])
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'connection_lost', truncated: true })
    expect(bot.history.at(-1)?.evidence).toMatchObject({ signs: ['askToJoin'], screenshot: 'outside.jpg' })
  })
})

describe('people seen before admission', () => {
  it('are nobody when it was no call: a preview in the lobby takes no part', async () => {
    const told: string[] = []
    const { bot } = callBot(
      [...HEARD, over(20_000)],
      {},
      {
        async join(stage, { onSign, onContradiction }) {
          onSign({})
          stage.push('state:tile', 'Preview')
          await stage.clock.after(6_000)
          onContradiction({})
          stage.push('state:tile', 'Grace')
          await stage.clock.after(2_000)
          onSign({})
          await stage.clock.after(3_000)
        },
      },
    )
    bot.on('participant', ({ change, participant }) => told.push(`${bot.status} ${change} ${participant.name}`))
    await bot.join()
    const { participants } = await bot.done
    expect(participants.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace'])
    expect(told).toContain('in_call_not_recording joined Grace')
    expect(told.join()).not.toContain('Preview')
  })

  it('take no part where the bot never got in', async () => {
    const { bot } = callBot(
      [],
      {},
      {
        async join(stage, { onSign }) {
          onSign({})
          stage.push('state:tile', 'Preview')
          await stage.clock.after(6_000)
          throw new Error('refused')
        },
      },
    )
    const told: string[] = []
    bot.on('participant', ({ participant }) => told.push(participant.name))
    await expect(bot.join()).rejects.toThrow('refused')
    expect([(await bot.done).participants, told]).toEqual([[], []])
  })
})
