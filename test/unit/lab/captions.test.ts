import { describe, expect, it } from 'vitest'
import { Captions } from '../../../src/lab/captions.ts'

/** Every text of the one item, while one person says one thing after the other. */
function saidIn(captions: Captions): string[] {
  const texts = new Map<number, string[]>()
  for (const voice of ['austen-1', 'austen-3', 'jfk']) {
    for (let atMs = 0; atMs < 11_000; atMs += 300) {
      for (const { id, text } of captions.update([{ personId: 'p', name: 'Ada', voice, atMs }]))
        texts.set(id, [...(texts.get(id) ?? []), text])
    }
    captions.update([]) // a pause
  }
  expect([...texts.keys()]).toEqual([1])
  return texts.get(1) ?? []
}
const shortened = (texts: readonly string[]) => texts.filter((text, place) => text.length < (texts[place - 1] ?? '').length / 2)

describe('the captions of one long speech', () => {
  it('grow at their end', () => {
    const texts = saidIn(new Captions())
    expect(texts.at(-1)?.length).toBeGreaterThan(250)
    expect(shortened(texts)).toEqual([])
  })

  it('begin anew in the same item, in rooms with that trap', () => {
    const texts = saidIn(new Captions({ restarts: true }))
    expect(shortened(texts).length).toBeGreaterThan(0)
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(150)
  })
})
