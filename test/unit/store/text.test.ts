import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareText, extraFields, restored, searchable, searchableNames, storable } from '../../../src/store/text.ts'

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\u0000', '\u001a', '\ud800', '\udfff', '0', 'a', '🎧'), fc.string({ minLength: 1, maxLength: 1 })),
})

describe('stored text', () => {
  it('comes back as it was, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(restored(storable(text))).toBe(text)
      }),
    )
  })

  it('has nothing that a database cuts, refuses or replaces', () => {
    const isPlain = (text: string): boolean => !text.includes('\u0000') && Buffer.from(text).toString() === text
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isPlain(storable(text))).toBe(true)
      }),
    )
  })

  it('is different for different text', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(storable(a) === storable(b)).toBe(a === b)
      }),
    )
  })

  it('is left alone where nothing is odd', () => {
    expect(storable("Zoë's 100% 🎧 \n\t meeting")).toBe("Zoë's 100% 🎧 \n\t meeting")
  })

  it('is ordered by code points, not by the halves of a pair', () => {
    expect(['🎧', '\uffee', 'a', 'B', ''].sort(compareText)).toEqual(['', 'B', 'a', '\uffee', '🎧'])
  })
})

describe('searchable text', () => {
  it('is the same for any case of the same word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(searchable(searchable(text))).toBe(searchable(text))
      }),
    )
    expect(searchable('STRASSE')).toBe(searchable('straße'))
    expect(searchable('ΟΔΟΣ')).toBe(searchable('οδος'))
    expect(searchable('e\u0301')).toBe(searchable('É'))
  })

  it('keeps names apart', () => {
    expect(searchableNames(['Ada\nBob', 'Cy', 'Cy'])).toBe('ada bob\ncy')
  })
})

describe('fields of extra', () => {
  it('are those of an object, in their string form', () => {
    expect(extraFields({ a: 'x', b: 1.5, c: null, d: [1], e: { f: true } })).toEqual([
      ['a', 'x'],
      ['b', '1.5'],
      ['c', 'null'],
      ['d', '[1]'],
      ['e', '{"f":true}'],
    ])
  })

  it.each([[null], ['text'], [7], [[1, 2]]])('are none in %j', (extra) => {
    expect(extraFields(extra)).toEqual([])
  })
})
