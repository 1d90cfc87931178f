import { expect, it, vi } from 'vitest'
import { SafeEmitter } from '../../../src/core/emitter.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('reports a listener that throws or rejects; the others still run', async () => {
  const reported = vi.fn()
  const heard = vi.fn()
  const emitter = new SafeEmitter<{ news: [string] }>(reported)
  emitter.on('news', () => {
    throw new Error('thrown')
  })
  emitter.on('news', async () => {
    throw new Error('rejected')
  })
  emitter.on('news', heard)
  emitter.emit('news', 'rain')
  await turn()
  expect(heard).toHaveBeenCalledExactlyOnceWith('rain')
  expect(reported.mock.calls.map(([event, error]) => [event, String(error)])).toEqual([
    ['news', 'Error: thrown'],
    ['news', 'Error: rejected'],
  ])
})

it('lets nothing out of emit, not even a report that fails', async () => {
  const stray = vi.fn()
  process.on('unhandledRejection', stray)
  const emitter = new SafeEmitter<{ news: [] }>(() => {
    throw new Error('the report')
  })
  emitter.on('news', () => {
    throw new Error('thrown')
  })
  emitter.on('news', async () => {
    throw new Error('rejected')
  })
  expect(() => emitter.emit('news')).not.toThrow()
  await turn()
  process.off('unhandledRejection', stray)
  expect(stray).not.toHaveBeenCalled()
})
