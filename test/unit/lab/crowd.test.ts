import { describe, expect, it } from 'vitest'
import { Crowd } from '../../../src/lab/crowd.ts'
import { MediaLibrary } from '../../../src/lab/library.ts'
import { Truth } from '../../../src/lab/truth.ts'

/** A truth whose clock is set by hand. */
class HandTruth extends Truth {
  atMs = 0
  override now(): number {
    return this.atMs
  }
}

function crowdAt(atMs: number) {
  const truth = new HandTruth()
  truth.atMs = atMs
  const crowd = new Crowd({ truth, library: new MediaLibrary(), space: 'abc', random: () => 0.5, onChange: () => {} })
  return { truth, crowd }
}

describe('somebody who is added later', () => {
  it('comes joinAfterMs after they were added, not after the room was opened', async () => {
    const { crowd, truth } = crowdAt(60_000)
    const ada = await crowd.add({ name: 'Ada', camera: 'off', joinAfterMs: 5_000 })
    crowd.comeAndGo(64_999)
    expect(ada.present).toBe(false)
    truth.atMs = 65_000
    crowd.comeAndGo(65_000)
    expect(ada.present).toBe(true)
  })

  it('does not come at all when they were put out before', async () => {
    const { crowd } = crowdAt(60_000)
    const ada = await crowd.add({ name: 'Ada', camera: 'off', joinAfterMs: 5_000 })
    crowd.setPresent(ada, false)
    crowd.comeAndGo(66_000)
    expect(ada.present).toBe(false)
  })

  it('goes leaveAfterMs after they were added', async () => {
    const { crowd } = crowdAt(60_000)
    const ada = await crowd.add({ name: 'Ada', camera: 'off', leaveAfterMs: 2_000 })
    crowd.comeAndGo(61_999)
    expect(ada.present).toBe(true)
    crowd.comeAndGo(62_000)
    expect(ada.present).toBe(false)
  })

  it('is told from one of the plan, whose times count from the room’s start', async () => {
    const { crowd } = crowdAt(3_000)
    const ada = await crowd.add({ name: 'Ada', camera: 'off', joinAfterMs: 5_000 }, 0)
    crowd.comeAndGo(5_000)
    expect(ada.present).toBe(true)
  })
})
