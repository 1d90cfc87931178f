import { describe, expect, it } from 'vitest'
import { Crowd } from '../../../src/lab/crowd.ts'
import { MediaLibrary, type Picture } from '../../../src/lab/library.ts'
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

describe('a camera that is changed', () => {
  /** Pictures that are encoded when the test says so. */
  class HandLibrary extends MediaLibrary {
    readonly encoding: { colour: string; done: () => void }[] = []
    override face(colour: string): Promise<Picture> {
      return new Promise((resolve) => this.encoding.push({ colour, done: () => resolve({ colour } as never) }))
    }
  }
  async function adaWith(camera: 'off' | 'blue' | true) {
    const library = new HandLibrary()
    const truth = new Truth()
    const changes: unknown[] = []
    const crowd = new Crowd({
      truth,
      library,
      space: 'abc',
      random: () => 0.5,
      onChange: ({ camera, face }) => changes.push([camera, face]),
    })
    const adding = crowd.add({ name: 'Ada', camera })
    library.encoding.pop()?.done()
    const ada = await adding
    changes.length = 0
    const said = () => truth.events.flatMap(({ change, on }) => (change === 'camera' ? [on] : []))
    return { crowd, ada, library, changes, said }
  }

  it.each([
    ['blue', true],
    [true, 'blue'],
    ['off', 'blue'],
  ] as const)('from %s to %s shows the other picture, once that is there', async (from, to) => {
    const { crowd, ada, library, changes, said } = await adaWith(from)
    const patching = crowd.patch(ada, { camera: to })
    expect([ada.camera, changes]).toEqual([from, []])
    const [picture] = library.encoding
    picture?.done()
    await patching
    expect(changes).toEqual([[to, { colour: picture?.colour }]])
    expect([picture?.colour === 'blue', said()]).toEqual([to === 'blue', [true]])
  })

  it('says nothing when it is what it was', async () => {
    const { crowd, ada, library, said } = await adaWith('blue')
    const patching = crowd.patch(ada, { camera: 'blue' })
    library.encoding[0]?.done()
    await patching
    expect(said()).toEqual([])
  })

  it('stays as it was switched last, however long an earlier picture took', async () => {
    const { crowd, ada, library, said } = await adaWith(true)
    const both = Promise.all([crowd.patch(ada, { camera: 'blue' }), crowd.patch(ada, { camera: 'off' })])
    library.encoding[0]?.done()
    await both
    expect([ada.camera, said()]).toEqual(['off', [true, false]])
    const muting = crowd.patch(ada, { muted: true })
    expect(ada.muted).toBe(true)
    await muting
  })
})
