import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangeOf } from '../../../src/artifacts/range.ts'

it.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-5', { start: 2, end: 5 }],
  ['BYTES=2-5', { start: 2, end: 5 }],
  ['bytes=2-', { start: 2, end: 9 }],
  ['bytes=2-500', { start: 2, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-500', { start: 0, end: 9 }],
  ['bytes=0-99999999999999999999999', { start: 0, end: 9 }],
])('%s of ten bytes', (header, range) => expect(rangeOf(header, 10)).toEqual(range))

it.each(['bytes=10-', 'bytes=10-20', 'bytes=99999999999999999999999-', 'bytes=-0'])('%s of ten bytes cannot be served', (header) =>
  expect(rangeOf(header, 10)).toBe('unsatisfiable'),
)

it.each([null, '', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=5-2', 'bytes=0-1,4-5', 'items=0-1', 'bytes=0x1-2', 'bytes 0-1', 'bytes=--1'])(
  '%s asks for nothing that could be served in part',
  (header) => expect(rangeOf(header, 10)).toBe('whole'),
)

it('of an empty file there is no part', () => {
  expect([rangeOf('bytes=0-', 0), rangeOf('bytes=-1', 0)]).toEqual(['unsatisfiable', 'unsatisfiable'])
})

it('whatever is asked, a part lies within the file', () => {
  const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,5}-\d{0,5}$/))
  fc.assert(
    fc.property(header, fc.nat(100_000), (asked, size) => {
      const range = rangeOf(asked, size)
      if (typeof range === 'string') return
      expect(range.start).toBeGreaterThanOrEqual(0)
      expect(range.end).toBeGreaterThanOrEqual(range.start)
      expect(range.end).toBeLessThan(size)
    }),
  )
})
