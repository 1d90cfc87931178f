import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { PageBridge } from '../../../src/browser/page-bridge.ts'
import { PageStage } from '../../../src/browser/page-stage.ts'
import { ALWAYS_WHOLE } from '../../../src/browser/paint.ts'
import { defineControls } from '../../../src/platform/controls.ts'

const hanging = () => new Promise<never>(() => {})

/** A stage on a page that answers nothing, and what the page was asked. */
function stageOnHungPage() {
  const asked: string[] = []
  const note = (what: string) => () => {
    asked.push(what)
    return hanging()
  }
  const locator: object = new Proxy(() => {}, {
    get: (_, name) => (name === 'evaluateAll' ? note('read') : name === 'then' ? undefined : () => locator),
  })
  const page = {
    url: () => 'about:blank',
    keyboard: { press: note('key') },
    mouse: { move: note('wake') },
    evaluate: note('look'),
    evaluateHandle: note('look'),
    locator: () => locator,
    context: () => ({ newCDPSession: note('look') }),
  }
  const stage = new PageStage({
    page: page as unknown as Page,
    paint: ALWAYS_WHOLE,
    controls: defineControls({ door: { clues: [{ css: 'b' }] } }),
    bridge: { onDirty: () => () => {} } as unknown as PageBridge,
    locale: 'en',
    screenshot: async () => undefined,
    onWarning() {},
  })
  return { stage, asked }
}

it('asks nothing of a page for a wait that is over already', async () => {
  const { stage, asked } = stageOnHungPage()
  const signal = AbortSignal.abort(new Error('enough'))
  for (const call of [() => stage.look(['door'], { signal }), () => stage.read('door', { signal }), () => stage.wake({ signal })])
    await expect(call()).rejects.toThrow('enough')
  expect(asked).toEqual([])
})

it('does not wait for a key for longer than it is told to', async () => {
  const { stage, asked } = stageOnHungPage()
  const { signal } = new AbortController()
  await expect(stage.key('Escape', { signal, timeoutMs: 10 })).rejects.toMatchObject({ code: 'PLATFORM_ERROR' })
  expect(asked).toEqual(['key'])
})
