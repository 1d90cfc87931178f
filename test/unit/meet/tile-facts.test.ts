import { describe, expect, it } from 'vitest'
import { nameOf, tileReader } from '../../../adapters/platforms/meet/tile-facts.ts'

const fact = (data: unknown, atMs = 5, name = 'state:meet-tiles') => ({ name, atMs, epoch: 1, data })
const tile = (id: string, more: object = {}) => ({ id, names: [id], self: false, videoTrackId: null, area: 90, share: false, ...more })
const shown = (tiles: object[], count: number | null = null, rows: object[] = []) => fact({ tiles, rows, count })

it.each([
  ['Ada (You)', 'Ada'],
  ['Ada (Presenting, annotating)', 'Ada'],
  ['Ada (You, presenting)', 'Ada'],
  ['Sam (Sales)', 'Sam (Sales)'],
  ['Sam (Sales) (You)', 'Sam (Sales)'],
  ['Google Participant (spaces/x/devices/3)', undefined],
  ['spaces/x/devices/3', undefined],
  ['devices/3', undefined],
  ['Zoom in', undefined],
  ['Stop presenting', undefined],
  ['Full screen', undefined],
  ['Your presentation', undefined],
  ['Merged audio', undefined],
  ['Adaptive audio group', undefined],
  ['  ', undefined],
  ['Ada (präsentiert)', 'Ada'],
  ['Ada (Vous, présentez)', 'Ada'],
  ['Ada（あなた、プレゼンテーション中）', 'Ada'],
  ['Präsentation', undefined],
  ['Sam (Du Bois)', 'Sam (Du Bois)'],
])('%j is the name %j', (text, name) => expect(nameOf(text)).toBe(name))

it.each([
  [['mic_off', 'Full screen', 'Zoë'], 'Zoë'],
  [['videocam_off', 'anna_k'], 'anna_k'],
  [['max_2000'], 'max_2000'],
  [['more_vert', 'frame_person_off'], undefined],
])('of the texts %j, none of them an icon’s, the name is %s', (names, name) => {
  const [seen] = tileReader()(shown([tile('d/1', { names })]))
  expect(seen).toMatchObject({ type: 'participant', id: 'd/1', via: 'tile' })
  expect(seen?.type === 'participant' ? seen.name : 'nobody').toBe(name)
})

describe('the bot’s own tile', () => {
  const mark = (value: string, text = '') => ({ mark: { value, text } })
  const named = (id: string, name: string, more: object = {}) => tile(id, { names: [name], ...more })
  const selves = (tiles: object[], count: number | null = null, rows: object[] = []) =>
    tileReader({ botName: 'Notes' })(shown(tiles, count, rows)).flatMap((one) => (one.type === 'participant' && one.self ? [one.id] : []))

  it.each<[string, object[], number | null, string[]]>([
    ['says so', [named('d/1', 'Ada'), named('d/2', 'Someone', { self: true })], 2, ['d/2']],
    ['is the only one marked, be it by another name of ours', [named('d/1', 'Ada'), named('d/2', 'Acme', mark('Acme'))], 2, ['d/2']],
    [
      'is the one of our name where every tile is marked',
      [named('d/1', 'Ada', mark('Ada')), named('d/2', 'Notes', mark('Notes'))],
      2,
      ['d/2'],
    ],
    [
      'is the one called "You" where that word marks every tile',
      [named('d/1', 'Ada', mark('You', 'Ada')), named('d/2', 'You', mark('You', 'You'))],
      2,
      ['d/2'],
    ],
    ['is nobody’s where the mark stands at somebody else’s name', [named('d/1', 'Ada', mark('You', 'Ada'))], 2, []],
    ['is called "You"', [named('d/1', 'Ada'), named('d/2', 'You')], null, ['d/2']],
    ['is the one of our name where nothing is marked', [named('d/1', 'Ada'), named('d/2', 'Notes')], 2, ['d/2']],
    ['is the only one there is', [named('d/2', 'Notes')], 1, ['d/2']],
    ['may be hidden: a namesake is not ours', [named('d/2', 'Notes')], 2, []],
    ['may be either of two of our name', [named('d/1', 'Notes'), named('d/2', 'Notes')], 2, []],
    ['is no namesake’s where it is marked itself', [named('d/1', 'Notes'), named('d/2', 'Notes', mark('Notes'))], 2, ['d/2']],
  ])('%s', (_, tiles, count, expected) => expect(selves(tiles, count)).toEqual(expected))

  it.each([
    ['Acme   Notes', 'Acme Notes'],
    ['Notes (Host)', 'Notes'],
    ['Notes (Host)', 'Notes (Host)'],
  ])('of a bot called "%s" is the one that reads "%s"', (botName, name) => {
    const seen = tileReader({ botName })(shown([named('d/1', 'Ada'), named('d/2', name)], 2, []))
    expect(seen.flatMap((one) => (one.type === 'participant' && one.self ? [one.id] : []))).toEqual(['d/2'])
  })

  it('may be a row that says so', () => {
    const rows = [{ id: 'd/2', names: ['Notes'], self: true, host: false, share: false }]
    expect(selves([named('d/1', 'Notes'), named('d/2', 'Notes')], 2, rows)).toEqual(['d/2', 'd/2'])
  })
})

it('a picture that no tile shows any more is nobody’s; ours is nobody’s either', () => {
  const read = tileReader()
  expect(read(shown([tile('d/1', { videoTrackId: 't1' }), tile('me', { self: true, videoTrackId: 't9' })]))).toContainEqual(
    expect.objectContaining({ type: 'track', trackId: 't1', participantId: 'd/1' }),
  )
  const seen = read(shown([tile('d/1')]))
  expect(seen.filter(({ type }) => type === 'track')).toEqual([{ type: 'track', kind: 'video', atMs: 5, trackId: 't1' }])
})

it('a slot that is given to another tile changes its owner and is not taken away in between', () => {
  const read = tileReader()
  read(shown([tile('d/1', { videoTrackId: 't1' }), tile('d/2')]))
  const seen = read(shown([tile('d/1'), tile('d/2', { videoTrackId: 't1' })]))
  expect(seen.filter(({ type }) => type === 'track')).toEqual([expect.objectContaining({ trackId: 't1', participantId: 'd/2' })])
})

it('a presentation is a share with its presenter’s name, and over when its tile is gone', () => {
  const read = tileReader()
  const on = read(shown([tile('d/1'), tile('d/7', { names: ['Ada (Presenting)'], share: true, videoTrackId: 't7' })]))
  expect(on).toContainEqual({ type: 'share', atMs: 5, shareId: 'd/7', on: true, via: 'tile', presenterName: 'Ada' })
  expect(on.some((one) => one.type === 'participant' && one.id === 'd/7')).toBe(false)
  expect(read(shown([tile('d/1')]))).toContainEqual({ type: 'share', atMs: 5, shareId: 'd/7', on: false, via: 'tile' })
})

it('a whole list is one whose length is the count, screens not counted', () => {
  const read = tileReader()
  const tiles = [tile('d/1'), tile('me', { self: true }), tile('d/7', { share: true })]
  expect(read(shown(tiles, 2))).toContainEqual({ type: 'roster', atMs: 5, ids: ['d/1', 'me'], via: 'tile' })
  expect(read(shown(tiles, 3)).some(({ type }) => type === 'roster')).toBe(false)
})

it('a count that has gone is not known any more', () => {
  const read = tileReader()
  expect(read(shown([tile('d/1')], 3))).toContainEqual({ type: 'count', atMs: 5, others: 2, from: 'badge' })
  expect(read(shown([tile('d/1')]))).toContainEqual({ type: 'count', atMs: 5, from: 'badge' })
})

it.each([
  ['meet:meter', 'meter'],
  ['meet:row', 'list'],
])('what %s says of a voice lies as far back as the page says, and is a %s’s word', (name, source) => {
  const read = tileReader()
  expect(read(fact({ id: 'd/1', on: false, agoMs: 480 }, 1_000, name))).toEqual([
    { type: 'speaking', atMs: 520, participantId: 'd/1', on: false, source },
  ])
})

it.each([null, 7, 'x', {}, { tiles: [{}], rows: [], count: 0 }, { tiles: 1 }])('%j is no observation', (data) => {
  const read = tileReader()
  for (const name of ['state:meet-tiles', 'meet:meter', 'meet:row', 'other']) expect(read(fact(data, 1, name))).toEqual([])
})

describe('a group of devices that are heard as one', () => {
  const row = (id: string, names: string[], more: object = {}) => ({ id, names, self: false, host: false, share: false, ...more })
  const people = (seen: readonly { type: string; id?: string }[]) => seen.flatMap((one) => (one.type === 'participant' ? [one.id] : []))

  it.each([
    ['by its words', row('d/9', ['Merged audio'])],
    ['by its words and a number', row('d/9', ['Adaptive audio group, 3 people'])],
    ['by its mark, where it has no name', row('d/9', [], { cohort: true })],
  ])('is nobody, known %s', (_, group) => {
    const read = tileReader()
    expect(people(read(shown([tile('d/1')], 2, [row('d/1', ['Ada']), group, row('d/2', ['Jack'], { cohort: true })])))).toEqual([
      'd/1',
      'd/2',
      'd/1',
    ])
    expect(read(fact({ id: 'd/9', on: true, agoMs: 0 }, 9, 'meet:row'))).toEqual([])
  })

  it('does not hide the person whose id it bears', () => {
    const read = tileReader()
    expect(people(read(shown([tile('d/1', { names: ['Ada'] })], null, [row('d/1', ['Merged audio'])])))).toEqual(['d/1'])
    expect(read(fact({ id: 'd/1', on: true, agoMs: 0 }, 9, 'meet:meter'))).toHaveLength(1)
  })

  it('is somebody where a name stands beside the words', () => {
    expect(people(tileReader()(shown([tile('d/3', { names: ['Merged audio', 'Ada'] })])))).toEqual(['d/3'])
  })
})
