import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { attachBridge } from '../../../src/browser/page-bridge.ts'
import type { CaptureListener } from '../../../src/media/capture-port.ts'

const DEAF: CaptureListener = { frame() {}, video() {}, track() {}, health() {} }

/** A page that answers what it is asked when the test says so. */
function slowPage() {
  const asked: { name: string; answer(): void }[] = []
  const session = {
    on() {},
    detach: async () => {},
    send: (method: string, { expression = '' } = {}) => {
      if (method !== 'Runtime.evaluate') return Promise.resolve({})
      return new Promise((resolve) => {
        asked.push({ name: /\.(\w+)\(/.exec(expression)?.[1] ?? '', answer: () => resolve({}) })
      })
    },
  }
  const page = { context: () => ({ newCDPSession: async () => session }), addInitScript: async () => {} }
  return { page: page as unknown as Page, asked }
}

it('arms and disarms one after the other in the page, while other calls go through', async () => {
  const { page, asked } = slowPage()
  const { capture } = await attachBridge(page, { channels: [], answers: [] })
  const names = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return asked.map(({ name }) => name)
  }
  const calls = [capture.arm({ sampleRate: 16_000 }, DEAF), capture.disarm(), capture.arm({ sampleRate: 16_000 }, DEAF)]
  const shown = capture.show({ layout: 'speaker', tiles: [] })
  expect(await names()).toEqual(['show', 'arm'])
  asked[1]?.answer()
  expect(await names()).toEqual(['show', 'arm', 'disarm'])
  asked[2]?.answer()
  expect(await names()).toEqual(['show', 'arm', 'disarm', 'arm'])
  for (const { answer } of asked) answer()
  await Promise.all([...calls, shown])
})
