import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeFrame, decodeVideo, encodeFrame, encodeVideo } from '../../../src/core/frame.ts'

const pcm = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 }).map((list) => Int16Array.from(list))
const bytes = fc.uint8Array({ maxLength: 60 })

it('a frame comes back as it went, from a Buffer at any alignment', () => {
  const frames = fc.record({
    epoch: fc.nat(),
    seq: fc.nat(),
    atMs: fc.double({ min: 0, max: 1e13, noNaN: true }),
    sampleRate: fc.constantFrom(16_000 as const, 24_000 as const),
    tracks: fc.array(fc.record({ track: fc.nat(), pcm, sources: fc.array(fc.nat()) }), { maxLength: 5 }),
    mix: pcm,
  })
  fc.assert(
    fc.property(frames, fc.integer({ min: 0, max: 3 }), (frame, shift) => {
      const packed = encodeFrame(frame)
      const moved = Buffer.alloc(packed.length + shift)
      moved.set(packed, shift)
      const back = decodeFrame(moved.subarray(shift))
      expect({ ...back, atMs: back.atMs + 0 }).toEqual({ ...frame, atMs: frame.atMs + 0 })
    }),
  )
})

it('a video push comes back as it went, with and without its configuration', () => {
  const chunk = fc.record({ key: fc.boolean(), atMs: fc.nat(), data: bytes })
  const config = fc.record({ codec: fc.string(), width: fc.nat(), height: fc.nat(), description: bytes })
  const pushes = fc.record({ epoch: fc.nat(), chunks: fc.array(chunk, { maxLength: 5 }), config }, { requiredKeys: ['epoch', 'chunks'] })
  fc.assert(
    fc.property(pushes, (push) => {
      expect(decodeVideo(encodeVideo(push))).toEqual(push)
    }),
  )
})

it('a message cut anywhere is refused, never read past its end', () => {
  const whole = encodeFrame({
    epoch: 1,
    seq: 2,
    atMs: 3,
    sampleRate: 16_000,
    tracks: [{ track: 1, pcm: new Int16Array(8), sources: [7] }],
    mix: new Int16Array(24),
  })
  for (let length = 0; length < whole.length; length++) expect(() => decodeFrame(whole.subarray(0, length))).toThrow()
})
