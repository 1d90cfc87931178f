import { expect, it } from 'vitest'
import { Talk } from '../../../src/lab/talk.ts'
import { Truth } from '../../../src/lab/truth.ts'

const ADA = { id: 'ada', name: 'Ada', csrc: 7 }
const source = { frames: Array.from({ length: 50 }, () => new Uint8Array(10)), levels: new Uint8Array(50) }

it.each(['stop', 'leave'] as const)('says who has ended, and from which source, when %s cuts them short', (how) => {
  const truth = new Truth()
  let here = true
  const talk = new Talk({ truth, slots: 3, seed: 0, refreshes: false, voice: () => (here ? ADA : undefined) })
  talk.start({ personId: 'ada', voice: 'jfk', source, startMs: 0 })
  talk.tick(0)
  here = false // muted, or gone
  talk[how]('ada')
  expect(truth.events.filter(({ type }) => type === 'speaking')).toMatchObject([
    { on: true, name: 'Ada', csrc: 7, slot: 0 },
    { on: false, name: 'Ada', csrc: 7, slot: 0 },
  ])
})
