import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'

const { signal } = new AbortController()
const menu = (item: MeetKey, choices: readonly MeetKey[]) =>
  new FakeStage<MeetKey>(
    { shows: ['moreOptions'] },
    { on: { press: 'moreOptions' }, shows: [item] },
    { on: { press: item }, shows: [...choices, 'closeDialog'] },
    { on: { press: 'closeDialog' }, shows: ['moreOptions'] },
  )

describe('the site’s own view', () => {
  it.each([
    ['speaker', 'layoutSidebar'],
    ['gallery', 'layoutTiled'],
  ] as const)('%s is chosen in the layout dialog, which is closed again', async (view, choice) => {
    const stage = menu('changeLayout', ['layoutSidebar', 'layoutTiled'])
    expect(await meet.act(stage).layout(view, signal)).toBe(true)
    expect(stage.did).toEqual(['press moreOptions', 'press changeLayout', `press ${choice}`, 'press closeDialog'])
  })

  it('can be without pictures', async () => {
    const stage = menu('settings', ['audioOnly'])
    expect(await meet.act(stage).audioOnly(signal)).toBe(true)
    expect(stage.did).toEqual(['press moreOptions', 'press settings', 'press audioOnly', 'press closeDialog'])
  })

  it.each<[string, FakeStage<MeetKey>, string[]]>([
    [
      'on the tab beside',
      new FakeStage<MeetKey>(
        { shows: ['moreOptions'] },
        { on: { press: 'moreOptions' }, shows: ['settings'] },
        { on: { press: 'settings' }, shows: ['videoTab', 'closeDialog'] },
        { on: { press: 'videoTab' }, shows: ['videoTab', 'audioOnly', 'closeDialog'] },
      ),
      ['press videoTab', 'press audioOnly'],
    ],
    [
      'in a list that is shut',
      new FakeStage<MeetKey>(
        { shows: ['moreOptions'] },
        { on: { press: 'moreOptions' }, shows: ['settings'] },
        { on: { press: 'settings' }, shows: ['closeDialog'] },
        { shows: ['videoTab', 'closeDialog'], at: 900 },
        { on: { press: 'videoTab' }, shows: ['videoTab', 'resolutions', 'closeDialog'] },
        { on: { press: 'resolutions' }, shows: ['audioOnly', 'closeDialog'] },
      ),
      ['press videoTab', 'press resolutions', 'press audioOnly'],
    ],
  ])('can be without pictures where that choice is %s', async (_, stage, way) => {
    expect(await meet.act(stage).audioOnly(signal)).toBe(true)
    expect(stage.did).toEqual(['press moreOptions', 'press settings', ...way, 'press closeDialog'])
  })

  it('is said to be missing where it is, and the menu does not stay open', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['moreOptions'] }, { on: { press: 'moreOptions' }, shows: ['settings'] })
    expect(await meet.act(stage).layout('speaker', signal)).toBe(false)
    expect(stage.did).toEqual(['press moreOptions', 'key Escape'])
    expect(stage.clock.elapsedMs).toBeLessThanOrEqual(5_000)
  })

  it('leaves a dialog alone that it did not open: it is for people', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['closeDialog'] })
    expect(await meet.act(stage).layout('speaker', signal)).toBe(false)
    expect(stage.did).toEqual([])
  })
})
