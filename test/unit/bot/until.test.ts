import { describe, expect, it } from 'vitest'
import { callBot, comes } from './scripted-call.ts'

const HEARD = [comes(0, 'Ada'), { at: 0, sound: true }]

describe('until', () => {
  it('knows that every bot has been queued, also when it has moved on', async () => {
    const { bot } = callBot(HEARD)
    await bot.until('queued')
    await bot.join()
    await bot.until('queued')
    await bot.leave()
    await bot.until('queued')
  })

  it('resolves for what comes, and for what has been', async () => {
    const { bot } = callBot(HEARD)
    const recording = bot.until('in_call_recording')
    void bot.join()
    await recording
    await bot.until('joining_call')
    await bot.leave()
  })

  it('rejects as soon as the status cannot come any more, not only at the end', async () => {
    const { bot } = callBot(HEARD)
    const lobby = expect(bot.until('in_waiting_room')).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' })
    await bot.join()
    await lobby
    expect(bot.status).toBe('in_call_recording')
    await bot.leave()
  })

  it('rejects at once for a status that does not exist, naming those that do', async () => {
    const { bot } = callBot(HEARD)
    await expect(bot.until('in_call' as never)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('in_call_recording'),
      details: { field: 'status', value: 'in_call' },
    })
  })

  it('rejects with the reason of its signal', async () => {
    const { bot } = callBot(HEARD)
    const stop = new AbortController()
    const waiting = expect(bot.until('completed', { signal: stop.signal })).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await waiting
  })
})
