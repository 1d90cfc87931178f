import { describe, expect, it } from 'vitest'
import { callBot, comes, type Turn } from './scripted-call.ts'

const HEARD: readonly Turn[] = [comes(0, 'Ada'), { at: 0, sound: true }]

describe('the signal given to join', () => {
  it('makes the bot leave while it is joining', async () => {
    const { bot } = callBot(HEARD)
    const stop = new AbortController()
    bot.on('status', ({ to }) => to === 'joining_call' && stop.abort())
    await expect(bot.join({ signal: stop.signal })).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
  })

  it('is heard when it was aborted before', async () => {
    const { bot, pages } = callBot(HEARD)
    await expect(bot.join({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
    expect(pages()).toBe(0)
  })

  it.each(['a second', 'an aborted second'])('is heard from %s call, too', async (which) => {
    const { bot } = callBot(HEARD)
    const stop = new AbortController()
    const [first, second] = [bot.join(), bot.join({ signal: which === 'a second' ? stop.signal : AbortSignal.abort() })]
    stop.abort()
    await expect(first).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
    await expect(second).rejects.toMatchObject({ code: 'LEFT_BEFORE_RECORDING' })
  })

  it('has nothing to say once the bot has joined', async () => {
    const { bot, clock } = callBot(HEARD, { maxDurationMs: 60_000 })
    const limit = new AbortController()
    await bot.join({ signal: limit.signal })
    limit.abort()
    await bot.join({ signal: limit.signal })
    await clock.after(5_000)
    expect(bot.status).toBe('in_call_recording')
    expect(await bot.done).toMatchObject({ outcome: 'completed', reason: 'max_duration' })
  })
})
