import { describe, expect, it } from 'vitest'
import type { Capture, CaptureListener, ViewPlan } from '../../../src/media/capture-port.ts'
import { callBot, comes, type Instead, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]
const over = (at: number): Turn => ({ at, seen: { type: 'end', reason: 'meeting_ended', evidence: {} } })
const refused = async () => {
  throw new Error('the page did not answer within 10000 ms')
}
const video = (at: number, id: string): Turn => ({ at, seen: { type: 'track', kind: 'video', trackId: id, participantId: id } })

/** A capture whose first calls of one kind fail. */
function failing(what: 'arm' | 'show', times: number, pages: readonly number[] = [1]): NonNullable<Instead['capture']> {
  return (usual, page) => {
    if (!pages.includes(page)) return {}
    let left = times
    const call = usual[what] as (...args: unknown[]) => Promise<void>
    return { [what]: (...args: unknown[]) => (left-- > 0 ? refused() : call(...args)) }
  }
}

/** What the page was shown in the end, of two people who come one after the other. */
async function shown(capture: NonNullable<Instead['capture']>, more: readonly Turn[] = []): Promise<readonly string[]> {
  const views: ViewPlan[] = []
  let tell: CaptureListener | undefined
  const { bot, clock } = callBot(
    [...HEARD, comes(0, 'Bo'), video(100, 'Ada'), ...more, over(60_000)],
    {},
    {
      capture(usual, page) {
        const noted: Capture = {
          ...usual,
          arm: (options, listener) => {
            tell = listener
            return usual.arm(options, listener)
          },
          show: async (view) => void views.push(view),
        }
        return { ...noted, ...capture(noted, page) }
      },
    },
  )
  await bot.join()
  await clock.after(5_000)
  tell?.track({ epoch: 1, track: 7, kind: 'video', id: 'Ada', streams: [], live: true })
  await bot.done
  return views.map(({ tiles: [tile] }) => `${tile?.track}`)
}

describe('a view that did not reach the page', () => {
  it('keeps none after it from reaching it', async () => {
    const views = await shown(failing('show', 1))
    expect(views.at(-1)).toBe('7')
  })

  it('goes again by itself, though nothing else is chosen', async () => {
    let left = 3
    const views = await shown((usual) => ({ show: (view) => (view.tiles[0]?.track === 7 && left-- > 0 ? refused() : usual.show(view)) }))
    expect(left).toBe(-1)
    expect(views.at(-1)).toBe('7')
  })
})

describe('a page that does not answer to being armed', () => {
  it('is recorded all the same once it is heard', async () => {
    const { bot } = callBot(
      [...HEARD, over(20_000)],
      {},
      {
        capture: (usual) => ({
          async arm(options, listener) {
            await usual.arm(options, listener)
            await refused()
          },
        }),
      },
    )
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  })

  it('is armed once more', async () => {
    const { bot } = callBot([...HEARD, over(20_000)], {}, { capture: failing('arm', 1) })
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  })

  it('fails with CAPTURE_FAILED after half a minute, telling what was tried and seen', async () => {
    const { bot, clock } = callBot(HEARD, {}, { capture: () => ({ arm: refused }) })
    const from = clock.now()
    await expect(bot.join()).rejects.toMatchObject({ code: 'CAPTURE_FAILED' })
    const { error } = await bot.done
    expect(error?.details).toMatchObject({ tried: [expect.stringContaining('did not answer'), expect.anything()], seen: 'no report' })
    expect(clock.now() - from).toBeGreaterThanOrEqual(30_000)
  })

  it('after a reload in the call, is armed once more', async () => {
    const did: string[] = []
    let arms = 0
    const { bot } = callBot(
      [...HEARD, { at: 10_000, reload: true }, over(30_000)],
      {},
      {
        did,
        capture: (usual) => ({ arm: (options, listener) => (++arms === 2 ? refused() : usual.arm(options, listener)) }),
      },
    )
    await bot.join()
    const { warnings } = await bot.done
    expect([arms, warnings.map(({ code }) => code)]).toEqual([3, ['capture_gap']])
  })

  it('after a rejoin, is armed once more', async () => {
    const { bot } = callBot([...HEARD, { at: 10_000, gone: 'crashed' }, over(30_000)], {}, { capture: failing('arm', 1, [2]) })
    await bot.join()
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'meeting_ended' })
  })

  it('is disarmed when it was no admission', async () => {
    let disarmed = 0
    const { bot } = callBot(
      [...HEARD, over(20_000)],
      {},
      {
        capture: (usual) => {
          let arms = 0
          return {
            arm: (options, listener) => (arms++ < 2 ? refused() : usual.arm(options, listener)),
            disarm: async () => {
              disarmed++
              await usual.disarm()
            },
          }
        },
        async join(stage, { onSign, onContradiction }) {
          onSign({})
          await stage.clock.after(2_000)
          onContradiction({})
          await stage.clock.after(2_000)
          onSign({})
        },
      },
    )
    await bot.join()
    expect(disarmed).toBe(1)
    await bot.done
  })
})

it('a page that dies before its first sound is not waited for', async () => {
  const { bot, clock } = callBot([{ at: 2_000, gone: 'crashed' }], {}, { capture: () => ({ arm: async () => {} }) })
  const from = clock.now()
  await expect(bot.join()).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
  expect(clock.now() - from).toBeLessThan(10_000)
})
