import { describe, expect, it } from 'vitest'
import { Captions } from '../../../src/lab/captions.ts'
import type { CaptionView } from '../../../src/lab/protocol.ts'
import { seeded } from '../../../src/lab/random.ts'

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
    const texts = saidIn(new Captions({ random: () => 1 }))
    expect(texts.at(-1)?.length).toBeGreaterThan(250)
    expect(shortened(texts)).toEqual([])
  })

  it('begin anew in the same item, in rooms with that trap', () => {
    const texts = saidIn(new Captions({ random: () => 1, restarts: true }))
    expect(shortened(texts).length).toBeGreaterThan(0)
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(150)
  })
})

/** Every state of the captions while one person says one recording. */
function statesOf(captions: Captions, voice: string, untilMs = 11_300): (CaptionView & { atMs: number })[] {
  const states: (CaptionView & { atMs: number })[] = []
  for (let atMs = 0; atMs < untilMs; atMs += 100)
    for (const view of captions.update([{ personId: 'p', name: 'Ada', voice, atMs }])) states.push({ ...view, atMs })
  for (const view of captions.update([])) states.push({ ...view, atMs: untilMs })
  return states
}
/** Where a word that others follow becomes another one. */
const corrections = (states: readonly (CaptionView & { atMs: number })[]) =>
  states.flatMap(({ text, atMs }, place) => {
    const [before = [], after] = [states[place - 1]?.text.split(' '), text.split(' ')]
    return before.slice(0, -1).flatMap((word, at) => (after[at] === word ? [] : [{ atMs, from: word, to: after[at] }]))
  })
const MISTAKEN = () => 0
const AUSTEN_4 = 'had he married a more amiable woman he might have been made still more respectable than he was'

describe('a word that is misheard at first', () => {
  it('is corrected in place a second later, when others have followed it, and the version grows', () => {
    const states = statesOf(new Captions({ random: MISTAKEN }), 'austen-4')
    const [first, ...more] = corrections(states)
    expect([first, more]).toEqual([{ atMs: expect.any(Number), from: 'carried', to: 'married' }, []])
    const since = states.find(({ text }) => text.split(' ')[2] === 'carried')?.atMs ?? 0
    expect((first?.atMs ?? 0) - since).toBeGreaterThanOrEqual(500)
    expect((first?.atMs ?? 0) - since).toBeLessThanOrEqual(1_200)
    expect(new Set(states.map(({ id }) => id)).size).toBe(1)
    expect(states.map(({ version }) => version)).toEqual(states.map((_, place) => place + 1))
    expect(states.at(-1)?.text).toBe(AUSTEN_4)
  })

  it('is never left wrong, however early the voice ends', () => {
    const captions = new Captions({ random: MISTAKEN })
    const cut = statesOf(captions, 'austen-4', 1_600)
    expect(cut.at(-2)?.text).toContain('carried')
    expect(cut.at(-1)?.text).toContain('married')
    expect(statesOf(captions, 'austen-2').at(-1)?.text).toMatch(/^had he married .*he was not an ill disposed/)
  })

  it('is right again when another recording follows at once', () => {
    const captions = new Captions({ random: MISTAKEN })
    for (const [voice, atMs] of [
      ['austen-4', 1_600],
      ['austen-2', 3_500],
    ] as const)
      captions.update([{ personId: 'p', name: 'Ada', voice, atMs }])
    expect(captions.update([])[0]?.text).toMatch(/^had he mar\w* .*young man$/)
  })

  it('is one in a few utterances, the same with the same seed', () => {
    const among = (seed: number) => {
      const captions = new Captions({ random: seeded(seed) })
      return Array.from(
        { length: 60 },
        (_, turn) => corrections(statesOf(captions, ['austen-1', 'austen-4', 'jfk'][turn % 3] ?? '')).length,
      )
    }
    const often = among(1).filter((count) => count > 0).length
    expect(often).toBeGreaterThan(8)
    expect(often).toBeLessThan(32)
    expect(among(1)).toEqual(among(1))
  })

  it('is rare enough that others only grow', () => {
    for (const voice of ['austen-1', 'austen-4', 'jfk']) expect(corrections(statesOf(new Captions({ random: () => 1 }), voice))).toEqual([])
  })
})
