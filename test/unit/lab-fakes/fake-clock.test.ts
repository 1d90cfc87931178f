import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'

describe('FakeClock', () => {
  it('moves only when told, and fires in the order of time', async () => {
    const clock = new FakeClock({ startAt: 1_000 })
    const fired: string[] = []
    void clock.after(20).then(() => fired.push(`b ${clock.now()}`))
    void clock.after(10).then(() => fired.push(`a ${clock.now()}`))
    void clock.after(20).then(() => fired.push(`c ${clock.now()}`))
    await clock.run(9)
    expect(fired).toEqual([])
    await clock.run(11)
    expect(fired).toEqual(['a 1010', 'b 1020', 'c 1020'])
    expect(clock.now()).toBe(1_020)
  })

  it('fires what is asked for on the way', async () => {
    const clock = new FakeClock()
    let rounds = 0
    void (async () => {
      for (;;) {
        await clock.after(1_000)
        rounds++
      }
    })()
    await clock.run(600_000)
    expect(rounds).toBe(600)
  })

  it('rejects with the reason when aborted, and leaves nothing behind', async () => {
    const clock = new FakeClock()
    const stop = new AbortController()
    const waited = clock.after(1_000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(waited).rejects.toThrow('enough')
    await expect(clock.after(1, stop.signal)).rejects.toThrow('enough')
    expect(clock.waiting).toBe(0)
  })

  it('passes by itself where it may, in no real time', async () => {
    const clock = new FakeClock({ auto: true })
    const started = performance.now()
    for (let minute = 0; minute < 10; minute++) await clock.after(60_000)
    expect(clock.elapsedMs).toBe(600_000)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('refuses a wait beyond its limit, so that an endless loop fails and does not hang', async () => {
    const clock = new FakeClock({ auto: true, limitMs: 10_000 })
    const endless = async () => {
      for (;;) await clock.after(1_000)
    }
    await expect(endless()).rejects.toThrow('Nothing ended within 10000 ms')
    expect(clock.waiting).toBe(0)
  })
})
