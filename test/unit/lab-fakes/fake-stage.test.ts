import { describe, expect, it } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'

const { signal } = new AbortController()
type Key = 'door' | 'lobby' | 'call' | 'box'

describe('FakeStage', () => {
  it('plays its scenes by time', async () => {
    const stage = new FakeStage<Key>({ shows: ['lobby'] }, { at: 4_000, shows: ['call'], url: 'https://x.test/in' })
    expect([...(await stage.look(['lobby', 'call'], { signal })).shows.keys()]).toEqual(['lobby'])
    await stage.clock.after(4_000)
    const sight = await stage.look(['lobby', 'call'], { signal })
    expect([...sight.shows.keys()]).toEqual(['call'])
    expect(sight.url).toBe('https://x.test/in')
  })

  it('begins an act with what is done, and drops the rest of the act before', async () => {
    const stage = new FakeStage<Key>(
      { shows: ['door'] },
      { at: 60_000, shows: ['box'] },
      { on: { press: 'door' }, shows: ['lobby'] },
      { at: 1_000, shows: ['call'] },
    )
    await stage.goto('https://x.test/', { signal })
    await stage.press('door', { signal })
    expect((await stage.firstOf(['call'], { signal }))?.at).toBe(stage.clock.now())
    expect(stage.clock.elapsedMs).toBe(1_000)
    await stage.clock.after(120_000)
    expect((await stage.look(['box'], { signal })).shows.size).toBe(0)
    expect(stage.did).toEqual(['goto https://x.test/', 'press door'])
  })

  it('plays from the beginning when loaded again, or the act that waits for that', async () => {
    const again = new FakeStage<Key>({ shows: ['door'] }, { on: { press: 'door' }, shows: ['lobby'] })
    const other = new FakeStage<Key>({ shows: ['door'] }, { on: 'goto', shows: ['call'] })
    for (const stage of [again, other]) await stage.goto('https://x.test/', { signal })
    await again.press('door', { signal })
    for (const stage of [again, other]) await stage.goto('https://x.test/', { signal })
    expect((await again.look(['door'], { signal })).shows.has('door')).toBe(true)
    expect((await other.look(['call'], { signal })).shows.has('call')).toBe(true)
  })

  it('waits for a control to be usable, and says PAGE_CHANGED when it never is', async () => {
    const stage = new FakeStage<Key>({ disabled: ['door'] }, { at: 3_000, shows: ['door'] })
    await stage.press('door', { signal })
    expect(stage.clock.elapsedMs).toBe(3_000)
    await expect(stage.press('box', { signal, timeoutMs: 2_000 })).rejects.toSatisfy((error) => isBotError(error, 'PAGE_CHANGED'))
    expect(stage.clock.elapsedMs).toBe(5_000)
  })

  it('takes away what is shown until pressed', async () => {
    const stage = new FakeStage<Key>({ once: ['box'] })
    await stage.press('box', { signal })
    expect((await stage.look(['box'], { signal })).shows.size).toBe(0)
  })

  it('is slow and empty when the page does not answer, and that means nothing', async () => {
    const stage = new FakeStage<Key>({ answered: false, shows: ['call'] })
    expect(await stage.look(['call'], { signal })).toMatchObject({ answered: false, shows: new Map() })
    expect(stage.clock.elapsedMs).toBe(5_000)
  })

  it('fails every call once the page is gone', async () => {
    const stage = new FakeStage<Key>({ shows: ['call'] }, { at: 1_000, crashed: true })
    await stage.clock.after(1_000)
    await expect(stage.look(['call'], { signal })).rejects.toSatisfy((error) => isBotError(error, 'BROWSER_CRASHED'))
  })

  it('wakes a pulse by a change, and by its time at the latest', async () => {
    const stage = new FakeStage<Key>({ shows: ['lobby'] }, { at: 2_500, shows: ['call'] })
    await stage.look(['lobby'], { signal })
    await stage.pulse({ atLeastMs: 1_000, atMostMs: 5_000, signal })
    expect(stage.clock.elapsedMs).toBe(2_500)
    await stage.look(['lobby'], { signal })
    await stage.pulse({ atLeastMs: 1_000, atMostMs: 5_000, signal })
    expect(stage.clock.elapsedMs).toBe(7_500)
  })

  it('gives the facts of its scenes at their time, until aborted', async () => {
    const stop = new AbortController()
    const stage = new FakeStage<Key>({ shows: ['call'] }, { at: 2_000, facts: [{ name: 'n', data: 1 }] })
    const seen: [string, number][] = []
    for await (const { name } of stage.facts(stop.signal)) {
      seen.push([name, stage.clock.elapsedMs])
      stop.abort()
    }
    expect(seen).toEqual([['n', 2_000]])
    expect(stage.clock.waiting).toBe(0)
  })

  it('shares a clock that a test moves by hand', async () => {
    const clock = new FakeClock()
    const stage = new FakeStage<Key>(clock, 'lobby', 'call')
    const found = stage.firstOf(['call'], { signal })
    await clock.run(5_000)
    expect((await found)?.shows.has('call')).toBe(true)
  })
})
