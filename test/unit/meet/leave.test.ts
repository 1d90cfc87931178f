import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'

const { signal } = new AbortController()

describe('leaving', () => {
  it('presses the site’s own button and waits for the page to say so', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['leaveCall'] },
      { on: { press: 'leaveCall' }, shows: [] },
      { at: 800, shows: ['youLeft'] },
    )
    await meet.leave(stage, signal)
    expect(stage.did).toEqual(['press leaveCall'])
    expect(stage.clock.elapsedMs).toBe(800)
  })

  it('moves the pointer first: the button hides from a still one', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: [] },
      { at: 500, shows: ['leaveCall'] },
      { on: { press: 'leaveCall' }, shows: ['returnHome'] },
    )
    await meet.leave(stage, signal)
    expect(stage.wakes).toBe(1)
    expect(stage.did).toEqual(['press leaveCall'])
  })

  it.each<[string, readonly MeetKey[]]>([
    ['a plain knock screen', ['lobby']],
    ['a knock nobody answered', ['noAnswer', 'returnHome']],
    ['an end', ['hostEnded', 'returnHome']],
    ['a refusal', ['denied', 'askAgain', 'returnHome']],
    ['an end in words it cannot read', ['endScreen', 'returnHome']],
    ['the screen before the call', ['askToJoin']],
    ['a meeting that is not there', ['badCode']],
  ])('has nothing to wait for on %s', async (_, shows) => {
    const stage = new FakeStage<MeetKey>({ shows })
    await meet.leave(stage, signal)
    expect(stage.did).toEqual([])
    expect(stage.clock.elapsedMs).toBe(0)
  })

  it('has nothing to wait for on another site', async () => {
    const stage = new FakeStage<MeetKey>({ shows: [], url: 'https://accounts.google.com/signin' })
    await meet.leave(stage, signal)
    expect(stage.clock.elapsedMs).toBe(0)
  })

  it('presses the button of a lobby that looks like a call', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['lobby', 'leaveCall'] }, { on: { press: 'leaveCall' }, shows: ['youLeft'] })
    await meet.leave(stage, signal)
    expect(stage.did).toEqual(['press leaveCall'])
  })

  it.each<[string, readonly MeetKey[]]>([
    ['a page that has nothing to leave', []],
    ['a page that was already put out', ['removed', 'returnHome']],
  ])('has left %s, within its time', async (_, shows) => {
    const stage = new FakeStage<MeetKey>({ shows })
    await meet.leave(stage, signal)
    expect(stage.did).toEqual([])
    expect(stage.clock.elapsedMs).toBeLessThanOrEqual(5_000)
  })

  it('ends in time where the page never says anything', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['leaveCall'] }, { on: { press: 'leaveCall' }, shows: [] })
    await meet.leave(stage, signal)
    expect(stage.clock.elapsedMs).toBeLessThanOrEqual(8_000)
  })
})
