import { describe, expect, it } from 'vitest'
import type { RtpPacket } from 'werift'
import { Truth } from '../../../src/lab/truth.ts'
import { UplinkMeter } from '../../../src/lab/uplink.ts'

/** A truth whose clock is set by hand. */
class HandTruth extends Truth {
  atMs = 0
  override now(): number {
    return this.atMs
  }
}

function meterAt(atMs: number) {
  const truth = new HandTruth()
  truth.atMs = atMs
  return { truth, meter: new UplinkMeter({ truth, visitor: 'v1', name: () => 'Bot', askPicture: () => {} }) }
}
const packet = (bytes: number) => ({ payload: Buffer.alloc(bytes) }) as RtpPacket

describe('the step of a visitor’s own meter', () => {
  it.each([
    ['loud', 20, 3],
    ['of a voice', 35, 2],
    ['faint', 55, 1],
    ['silent', 127, 0],
  ])('follows how %s the last packet was', (_, level, step) => {
    const { meter } = meterAt(1_000)
    meter.audio(packet(80), level)
    expect(meter.step).toBe(step)
  })

  it('is guessed from the size of a packet that does not say', () => {
    const { meter } = meterAt(1_000)
    meter.audio(packet(80), undefined)
    expect(meter.step).toBeGreaterThan(0)
    meter.audio(packet(3), undefined)
    expect(meter.step).toBe(0)
  })

  it('is idle before anything comes, and when nothing comes any more', () => {
    const { truth, meter } = meterAt(1_000)
    expect(meter.step).toBe(0)
    meter.audio(packet(80), 20)
    truth.atMs = 1_199
    expect(meter.step).toBe(3)
    truth.atMs = 1_201
    expect(meter.step).toBe(0)
  })
})
