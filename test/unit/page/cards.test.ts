import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Cards } from '../../../src/page/cards.ts'

/** Pictures drawn so far: [width, height]; a canvas that only measures words is none. */
let drawn: [number, number][]
beforeEach(() => {
  drawn = []
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      readonly width: number
      readonly height: number
      constructor(width: number, height: number) {
        this.width = width
        this.height = height
      }
      getContext() {
        const { width, height } = this
        const nothing = () => {}
        return {
          ...{ fillRect: nothing, fillText: nothing, beginPath: nothing, arc: nothing, fill: nothing },
          measureText: (text: string) => ({ width: text.length * 10 }),
          getImageData: () => {
            drawn.push([width, height])
            return { data: new Uint8ClampedArray(width * height * 4) }
          },
        }
      }
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

const PICTURE = (320 * 180 * 3) / 2

describe('cards', () => {
  it('are drawn once for as long as they are shown', () => {
    const cards = new Cards(2 * PICTURE)
    for (let i = 0; i < 5; i++) {
      cards.card('Ada', 320, 180)
      cards.label('Ada', 180)
    }
    expect(drawn).toHaveLength(2)
  })

  it('of people who are gone are not kept: a long call with many guests holds no more than a short one', () => {
    const cards = new Cards(2 * PICTURE)
    for (let i = 0; i < 50; i++) cards.card(`Guest ${i}`, 320, 180)
    expect(cards.size).toBe(2)
  })

  it('used last stay', () => {
    const cards = new Cards(2 * PICTURE)
    cards.card('Ada', 320, 180)
    for (let i = 0; i < 5; i++) {
      cards.card(`Guest ${i}`, 320, 180)
      cards.card('Ada', 320, 180)
    }
    expect(drawn).toHaveLength(1 + 5)
  })

  it('of a whole layout fit: nobody’s is drawn again while all are shown', () => {
    const cards = new Cards(2 * PICTURE)
    for (let i = 0; i < 3; i++)
      for (const name of ['Ada', 'Bob', 'Gus', 'Kim']) {
        cards.card(name, 160, 90)
        cards.label(name, 90)
      }
    expect(drawn).toHaveLength(8)
  })
})
