import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dcrpcReader, decodeCollections, decodeSync, wires } from '../../../adapters/platforms/meet/wires.ts'

/** Protobuf by hand: [field, number | text | message] in order. */
type Field = readonly [field: number, value: number | string | Uint8Array | readonly Field[]]
function proto(fields: readonly Field[]): Uint8Array {
  return Buffer.concat(
    fields.map(([field, value]) => {
      if (typeof value === 'number') return Buffer.concat([varint(field << 3), varint(value)])
      const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : proto(value)
      return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes])
    }),
  )
}
function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest % 128) | 0x80)
  }
}
const collections = (...body: readonly Field[]) => proto([[1, [[2, body]]]])
const users = (...all: readonly (readonly Field[])[]): Field => [13, [[1, all.map((user): Field => [2, user])]]]

describe('the collections channel', () => {
  const one = collections(users([[1, 'spaces/a/devices/1'], [2, 'Ada'], [4, 1]])) // biome-ignore format: short
  it.each([
    ['gzip', gzipSync(one)],
    ['deflate', deflateSync(one)],
    ['raw deflate', deflateRawSync(one)],
    ['nothing', one],
  ])('is read when packed by %s', (_, bytes) => {
    expect(decodeCollections(bytes, 7)).toEqual([{ type: 'participant', atMs: 7, id: 'spaces/a/devices/1', present: true, name: 'Ada' }])
  })

  it.each([
    [1, true],
    [6, false],
    [7, false],
  ])('takes status %i of a person and of a share for present: %s', (status, present) => {
    const [person, share] = decodeCollections(
      collections(
        users(
          [
            [1, 'd/1'],
            [2, 'Ada'],
            [4, status],
          ],
          [
            [1, 'd/2'],
            [4, status],
            [21, 'd/1'],
          ],
        ),
      ),
      0,
    )
    expect(person).toMatchObject({ type: 'participant', id: 'd/1', present })
    expect(share).toMatchObject({ type: 'share', shareId: 'd/2', presenterId: 'd/1', on: present })
  })

  it.each([2, 3, 5])('takes status %i, which nobody knows the meaning of, for no word on who is there', (status) => {
    const user: readonly Field[] = [[1, 'd/1'], [2, 'Ada'], [4, status]] // biome-ignore format: short
    expect(decodeCollections(collections(users(user, [...user, [21, 'd/2']])), 0)).toEqual([])
  })

  it('tells an audio source from a picture', () => {
    const output = (kind: number, csrc: number): Field => [2, [[2, kind], [4, csrc], [6, 'd/1']]] // biome-ignore format: short
    expect(decodeCollections(collections([3, [output(1, 700_001), output(2, 700_002)]]), 0)).toEqual([
      { type: 'source', atMs: 0, csrc: 700_001, participantId: 'd/1' },
    ])
  })

  it.each([
    ['a number', 102_005],
    ['a text', '102005'],
  ])('knows a source that is written as %s, and who is muted', (_, csrc) => {
    const output: Field = [2, [[2, 1], [4, csrc], [6, 'd/1'], [10, [[1, 1]]]]] // biome-ignore format: short
    expect(decodeCollections(deflateSync(collections([3, [output]])), 0)).toEqual([
      { type: 'source', atMs: 0, csrc: 102_005, participantId: 'd/1' },
      { type: 'muted', atMs: 0, participantId: 'd/1', muted: true },
    ])
  })

  it('keeps two people of one name apart', () => {
    const seen = decodeCollections(
      collections(
        users(
          [
            [1, 'd/1'],
            [2, 'Ada'],
          ],
          [
            [1, 'd/2'],
            [2, 'Ada'],
          ],
        ),
      ),
      0,
    )
    expect(seen.map((one) => one.type === 'participant' && one.id)).toEqual(['d/1', 'd/2'])
  })
})

describe('the dcrpc channel', () => {
  const people = proto([
    [
      4,
      [
        [4, 'd/1'],
        [8, 11],
        [9, [[2, 1]]],
      ],
    ],
    [
      4,
      [
        [4, 'd/2'],
        [8, 12],
        [9, [[1, 1]]],
      ],
    ],
  ])
  it('says who speaks and who does not', () => {
    expect(dcrpcReader()(proto([[2, gzipSync(people)]]), 3)).toEqual([
      { type: 'speaking', atMs: 3, participantId: 'd/1', on: true, source: 'meter', via: 'dcrpc' },
      { type: 'speaking', atMs: 3, participantId: 'd/2', on: false, source: 'meter', via: 'dcrpc' },
    ])
  })
  it('says nothing by a keepalive', () => expect(dcrpcReader()(proto([[1, 1]]), 0)).toEqual([]))

  const state = (...all: readonly (readonly [id: string, on: boolean])[]) =>
    proto([[2, gzipSync(proto(all.map(([id, on]): Field => [4, [[4, id], ...(on ? [[9, [[2, 1]]] as Field] : [])]])))]]) // biome-ignore format: short
  const said = (seen: readonly { type: string }[]) =>
    seen.map((one) => ('participantId' in one && 'on' in one ? `${one.participantId} ${one.on}` : one.type))

  it('is a snapshot: whoever is missing in the next one speaks no more, and a keepalive ends nothing', () => {
    const read = dcrpcReader()
    expect(said(read(state(['d/1', true], ['d/2', true]), 0))).toEqual(['d/1 true', 'd/2 true'])
    expect(read(proto([[1, 1]]), 100)).toEqual([])
    expect(said(read(state(['d/2', true]), 200))).toEqual(['d/2 true', 'd/1 false'])
    expect(said(read(state(), 300))).toEqual(['d/2 false'])
    expect(read(state(), 400)).toEqual([])
  })

  it('is read wherever a build puts the list', () => {
    const list = proto([[4, [[4, 'spaces/a/devices/1'], [9, [[2, 1]]]]], [4, [[4, 'anything']]]]) // biome-ignore format: short
    const wrapped = proto([[2, gzipSync(proto([[2, [[2, list]]]]))]]) // biome-ignore format: short
    expect(said(dcrpcReader()(wrapped, 0))).toEqual(['spaces/a/devices/1 true'])
  })
})

describe('the client’s own question for the whole meeting', () => {
  const user = (n: number, name: string, status = 1): readonly Field[] => [[1, `spaces/a/devices/${n}`], [2, name], [4, status]] // biome-ignore format: short
  const device: readonly Field[] = [[2, 1], [4, 700_001], [6, 'spaces/a/devices/1']] // biome-ignore format: short
  const answers = {
    'two deep': proto([[2, [[2, [[2, user(1, 'Ada')], [2, user(2, 'Kim', 6)]]]]], [3, [[2, device]]]]), // biome-ignore format: short
    'as in the channel': proto([[1, [[2, [[13, [[1, [[2, user(1, 'Ada')], [2, user(2, 'Kim', 6)]]]]], [3, [[2, device]]]]]]]]), // biome-ignore format: short
  }
  it.each(Object.entries(answers))('is read from base64, people %s', (_, bytes) => {
    const seen = decodeSync(Buffer.from(Buffer.from(bytes).toString('base64')), 9)
    expect(seen).toEqual([
      { type: 'participant', atMs: 9, id: 'spaces/a/devices/1', present: true, name: 'Ada', via: 'answer' },
      { type: 'participant', atMs: 9, id: 'spaces/a/devices/2', present: false, name: 'Kim', via: 'answer' },
      { type: 'source', atMs: 9, csrc: 700_001, participantId: 'spaces/a/devices/1', via: 'answer' },
    ])
    expect(decodeSync(bytes, 9)).toEqual(seen)
  })
  it('holds nobody where it is no such answer', () => {
    expect(decodeSync(Buffer.from('<html>sorry</html>'), 0)).toEqual([])
    expect(decodeSync(proto([[1, 'spaces/a/devices/']]), 0)).toEqual([])
  })
})

describe('a name in the roster', () => {
  const named = (...fields: readonly Field[]) => decodeCollections(collections(users([[1, 'd/1'], ...fields])), 0)[0]
  it.each<[string, readonly Field[], string | undefined]>([
    ['the full name', [[2, 'Ada Lovelace'], [29, 'Ada']], 'Ada Lovelace'], // biome-ignore format: short
    ['the display name where the full one is empty', [[2, ''], [29, 'Ada']], 'Ada'], // biome-ignore format: short
    ['no control word', [[2, 'Google Participant (spaces/x)']], undefined],
  ])('is %s', (_, fields, name) => expect(named(...fields)).toMatchObject(name === undefined ? { id: 'd/1' } : { id: 'd/1', name }))
})

it.each(wires)('$match never throws, and answers with a list, whatever arrives', (wire) => {
  const decode = wire.reader?.() ?? wire.decode
  const whole = collections(
    users([
      [1, 'd/1'],
      [2, 'Ada'],
      [4, 1],
    ]),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(whole.length), (noise, cut) => {
      const broken = Buffer.concat([whole.subarray(0, cut), noise])
      for (const bytes of [noise, broken, gzipSync(noise), gzipSync(broken), proto([[2, gzipSync(broken)]])])
        if (!Array.isArray(decode(bytes, 0))) return false
      return true
    }),
    { numRuns: 2_000, seed: 20_261_124 },
  )
})
