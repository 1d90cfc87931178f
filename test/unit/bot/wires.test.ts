import { expect, it } from 'vitest'
import type { Eyes } from '../../../src/bot/eyes.ts'
import { listenToPage } from '../../../src/bot/wires.ts'
import type { OpenPage } from '../../../src/browser/port.ts'
import { definePlatform } from '../../../src/platform/adapter.ts'
import { defineControls } from '../../../src/platform/controls.ts'
import type { Observation } from '../../../src/platform/observation.ts'
import type { PageFact } from '../../../src/platform/stage.ts'

const adapter = definePlatform({
  id: 'scripted',
  controls: defineControls({ door: { clues: [{ css: 'b' }] } }),
  parse: () => undefined,
  facts:
    () =>
    ({ name, atMs }) => [{ type: 'speaking', atMs, participantId: name, on: true, source: 'meter' }],
  join: () => Promise.reject(new Error('not joined')),
  async *observe() {},
  act: () => ({ layout: async () => false, audioOnly: async () => false }),
  leave: async () => {},
})

const fact = (atMs: number, name: string, epoch = 1): PageFact => ({ name, atMs, epoch, data: null })

/** What is told of a page that says this, where 'awake' is the first sign of admission. */
async function told(...said: (PageFact | 'awake')[]): Promise<string[]> {
  const seen: string[] = []
  let wake = () => {}
  const eyes = {
    awake: false,
    onceAwake: (listener: () => void) => {
      wake = listener
    },
    observe: (one: Observation) => void (one.type === 'speaking' && seen.push(`${one.participantId} ${one.atMs}`)),
    reload: () => {},
  }
  async function* facts() {
    for (const one of said) {
      if (one !== 'awake') yield one
      else {
        eyes.awake = true
        wake()
      }
    }
  }
  const page = { stage: { facts } } as unknown as OpenPage
  const listening = { adapter, page, botName: 'Notes', eyes: eyes as unknown as Eyes, onReload: () => {} }
  await listenToPage(listening, new AbortController().signal)
  return seen
}

it('who began to speak before the first sign of admission, and goes on, is heard from the beginning', async () => {
  expect(await told(fact(1_000, 'ada'), 'awake', fact(2_000, 'bob'))).toEqual(['ada 1000', 'bob 2000'])
})

it('what the page shows comes first: who somebody is, then that they speak', async () => {
  expect(await told(fact(1_000, 'ada'), fact(1_500, 'state:tiles'), 'awake')).toEqual(['state:tiles 1500', 'ada 1000'])
})

it('nothing is told before that sign, nor of long before it, nor of another document', async () => {
  expect(await told(fact(1_000, 'ada'))).toEqual([])
  expect(await told(fact(1_000, 'ada'), fact(40_000, 'bob'), 'awake')).toEqual(['bob 40000'])
  expect(await told(fact(1_000, 'ada'), fact(2_000, 'bob', 2), 'awake')).toEqual(['bob 2000'])
})
