import { describe, expect, it } from 'vitest'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import { examine } from '../../../src/bot/doctor.ts'
import type { BrowserProvider } from '../../../src/browser/port.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Scene } from '../../../src/lab/fakes/scenes.ts'
import type { PlatformAdapter } from '../../../src/platform/adapter.ts'

const ref = { platform: 'meet', id: 'abc-defg-hij', joinUrl: 'https://meet.google.com/abc-defg-hij' }

async function examined(...scenes: Scene[]) {
  const stage = new FakeStage(...scenes)
  const browser: BrowserProvider = {
    open: async () => ({
      stage,
      capture: { arm: async () => {}, disarm: async () => {}, show: async () => {} },
      gone: new Promise(() => {}),
      reopen: async () => Promise.reject(new Error('not reopened here')),
      screenshot: async (label) => `${label}.jpg`,
      close: async () => {},
    }),
    close: async () => {},
  }
  const { signal } = new AbortController()
  const found = await examine({ adapter: meet as PlatformAdapter, ref, browser, botName: 'Notes', locale: 'en', dir: '/tmp', signal })
  return { found, did: stage.did }
}

const button = (text: string, attributes: Record<string, string> = {}) => ({
  tag: 'button',
  text,
  attributes,
  visible: true,
  enabled: true,
})

describe('the doctor', () => {
  it('types the name, presses no door, and tells which clues match', async () => {
    const { found, did } = await examined(
      { shows: ['nameBox'], disabled: ['askToJoin'] },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin', 'askToJoin#0', 'askToJoin#5', 'micOn', 'micOn#1'] },
    )
    expect(did.filter((done) => done.startsWith('press'))).toEqual([])
    expect(found).toMatchObject({ ok: true, platform: 'meet', screenshot: 'entrance.jpg' })
    const door = found.controls.find(({ control }) => control === 'askToJoin')
    expect(door).toMatchObject({ found: true, essential: true, enabled: true, by: expect.stringContaining('ask to join') })
    expect(door?.clues.flatMap(({ matches }, at) => (matches ? [at] : []))).toEqual([0, 5])
    expect(found.controls.find(({ control }) => control === 'cameraOn')).toMatchObject({ found: false, essential: false })
  })

  it('says no where the door is missing, and what the join would have said', async () => {
    const { found } = await examined({ shows: ['nameBox', 'anything'] })
    expect(found).toMatchObject({ ok: false, error: { code: 'PAGE_CHANGED' } })
    expect((await examined({ shows: ['badCode'] })).found).toMatchObject({ ok: false, error: { code: 'INVALID_MEETING_URL' } })
  })

  it('says nothing of the controls of a page that does not answer', async () => {
    await expect(examined({ answered: false })).rejects.toThrow('did not come up')
  })

  it('gives an extract of the page without names, addresses and values', async () => {
    const reads = [
      button('Switch account Ada Lovelace ada@example.test', {
        'aria-label': 'Account of Ada Lovelace',
        style: 'x',
        onclick: 'y',
        'data-participant-id': 'spaces/a/devices/9',
      }),
      { tag: 'input', text: 'secret', attributes: { value: 'secret', 'aria-label': 'Your name' }, visible: true, enabled: true },
    ]
    const { found } = await examined({ shows: ['askToJoin'], reads: { remoraInteractive: reads } })
    expect(JSON.stringify(found.elements)).not.toMatch(/Lovelace|example|secret|onclick|devices\/9/)
    expect(found.elements[0]).toMatchObject({
      tag: 'button',
      attributes: { 'aria-label': 'Account of [name]', 'data-participant-id': '[id]' },
    })
  })
})
