import { describe, expect, it } from 'vitest'
import { Roster } from '../../../src/bot/attribution/roster.ts'
import type { ParticipantChange } from '../../../src/core/events.ts'

/** A roster that knows the bot itself already, unless told otherwise. */
function roster({ selfKnown = true } = {}) {
  const changes: ParticipantChange[] = []
  const told = () => changes.map(({ change, participant }) => `${change} ${participant.id} ${participant.name}`)
  const people = new Roster((change) => changes.push(change))
  if (selfKnown) people.observe({ type: 'participant', id: 'itself', present: true, self: true, atMs: 0 })
  return { people, told, changes }
}

it('tells who joins, is renamed and leaves, once each, and never the bot itself', () => {
  const { people, told, changes } = roster()
  const ada = { type: 'participant', id: 'a', present: true, name: 'Ada' } as const
  people.observe({ ...ada, atMs: 1 })
  people.observe({ ...ada, atMs: 2 })
  people.observe({ type: 'participant', id: 'bot', present: true, name: 'Bot', self: true, atMs: 2 })
  people.observe({ ...ada, name: 'Ada L', atMs: 3 })
  people.observe({ ...ada, present: false, atMs: 4 })
  people.observe({ ...ada, present: false, atMs: 5 })
  expect(told()).toEqual(['joined a Ada', 'renamed a Ada L', 'left a Ada L'])
  expect(changes[1]?.previousName).toBe('Ada')
  expect(people.participants).toEqual([{ id: 'a', name: 'Ada L', joinedAt: 1, leftAt: 4 }])
})

it('two people of one name stay two', () => {
  const { people } = roster()
  for (const id of ['a', 'b']) people.observe({ type: 'participant', id, present: true, name: 'Sam', atMs: 1 })
  people.observe({ type: 'participant', id: 'a', present: false, atMs: 2 })
  expect(people.participants.map(({ id, leftAt }) => [id, leftAt])).toEqual([
    ['a', 2],
    ['b', undefined],
  ])
  expect(people.others).toBe(true)
})

it('whether others are there is unknown until something was said about it', () => {
  const { people } = roster()
  expect(people.others).toBeUndefined()
  people.observe({ type: 'participant', id: 'bot', present: true, name: 'Bot', self: true, atMs: 1 })
  expect(people.others).toBeUndefined()
  people.observe({ type: 'count', others: 2, from: 'badge', atMs: 2 })
  expect(people.others).toBe(true)
  people.observe({ type: 'count', from: 'badge', atMs: 3 })
  expect(people.others).toBeUndefined()
  people.observe({ type: 'count', others: 0, from: 'badge', atMs: 4 })
  expect(people.others).toBe(false)
})

it('whoever is missing from the whole list has left', () => {
  const { people, told } = roster()
  for (const id of ['a', 'b']) people.observe({ type: 'participant', id, present: true, name: id, atMs: 1 })
  people.observe({ type: 'roster', ids: ['b'], atMs: 5 })
  expect(told()).toEqual(['joined a a', 'joined b b', 'left a a'])
  people.observe({ type: 'roster', ids: [], atMs: 6 })
  expect(people.others).toBe(false)
})

describe('sources of one roster', () => {
  const person = (id: string, atMs: number, more: object = {}) =>
    ({ type: 'participant', id, present: true, name: id, atMs, ...more }) as const

  it('an answer that lags brings nobody back who left by the live channel', () => {
    const { people, told } = roster()
    people.observe(person('a', 1))
    people.observe({ type: 'participant', id: 'a', present: false, atMs: 10_000 })
    people.observe(person('a', 40_000, { via: 'answer' }))
    people.observe(person('a', 40_000, { via: 'tile' }))
    expect(told()).toEqual(['joined a a', 'left a a'])
    people.observe(person('a', 41_000))
    expect(told().at(-1)).toBe('joined a a')
  })

  it('an answer tells who leaves where no channel does', () => {
    const { people, told } = roster()
    people.observe(person('a', 1, { via: 'answer' }))
    people.observe({ type: 'participant', id: 'a', present: false, atMs: 60_000, via: 'answer' })
    expect(told()).toEqual(['joined a a', 'left a a'])
  })

  it('tiles that are gone make nobody leave whom the channel knows, until they are missed for ten seconds', () => {
    const { people, changes } = roster()
    for (const id of ['a', 'b']) people.observe(person(id, 1))
    people.observe({ type: 'roster', ids: ['a'], atMs: 5_000, via: 'tile' })
    people.observe({ type: 'count', others: 1, from: 'badge', atMs: 14_000 })
    expect(changes.map(({ change }) => change)).toEqual(['joined', 'joined'])
    people.observe({ type: 'count', others: 1, from: 'badge', atMs: 15_001 })
    expect(changes.at(-1)).toMatchObject({ change: 'left', participant: { id: 'b', leftAt: 5_000 } })
  })

  it('two sources that differ on a name rename nobody; one that changes its word does', () => {
    const { people, told } = roster()
    people.observe(person('a', 1, { name: 'Ada Lovelace' }))
    for (const atMs of [2, 3, 4]) {
      people.observe(person('a', atMs, { name: 'Ada', via: 'tile' }))
      people.observe(person('a', atMs, { name: 'Ada Lovelace' }))
    }
    expect(told()).toEqual(['joined a Ada Lovelace'])
    people.observe(person('a', 5, { name: 'Countess', via: 'tile' }))
    expect(told().at(-1)).toBe('renamed a Countess')
  })

  it('a shared screen is no person, and is none any more once it turns out to be one', () => {
    const { people, told } = roster()
    people.observe(person('s', 1, { via: 'tile' }))
    people.observe({ type: 'share', shareId: 's', presenterId: 'a', on: true, atMs: 2 })
    people.observe(person('s', 3))
    expect(told()).toEqual([])
    people.observe(person('late', 4, { via: 'answer' }))
    people.observe({ type: 'share', shareId: 'late', presenterId: 'a', on: true, atMs: 5 })
    expect(told()).toEqual(['joined late late', 'left late late'])
    expect(people.participants).toEqual([])
    expect(people.isPerson('s')).toBe(false)
  })

  it('a tile alone is believed after a moment, so that the own tile, which says late whose it is, is never told of', () => {
    const { people, changes, told } = roster({ selfKnown: false })
    for (const id of ['bot', 'a', 'b']) people.observe(person(id, 1_000, { via: 'tile' }))
    people.observe(person('bot', 1_250, { self: true }))
    people.observe(person('a', 1_250))
    expect(told()).toEqual(['joined a a'])
    people.settle(2_400)
    expect(told()).toHaveLength(1)
    people.settle(2_500)
    expect(changes.at(-1)).toMatchObject({ change: 'joined', at: 1_000, participant: { id: 'b', joinedAt: 1_000 } })
    expect(people.participants.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('who was there for a moment only is told of as well', () => {
    const { people, told } = roster()
    people.observe(person('a', 1, { via: 'tile' }))
    people.observe({ type: 'participant', id: 'a', present: false, atMs: 500, via: 'tile' })
    expect(told()).toEqual(['joined a a', 'left a a'])
  })

  it('a tile that looks like a presentation makes no screen of somebody the channel knows', () => {
    const { people } = roster()
    people.observe(person('a', 1))
    people.observe({ type: 'share', shareId: 'a', on: true, atMs: 2, via: 'tile' })
    expect(people.isPerson('a')).toBe(true)
    expect(people.participants).toHaveLength(1)
  })

  it('of a list and a count that contradict each other the newer one is believed', () => {
    const { people } = roster()
    people.observe(person('a', 1))
    people.observe({ type: 'count', others: 1, from: 'badge', atMs: 2 })
    people.observe({ type: 'participant', id: 'a', present: false, atMs: 3 })
    expect(people.others).toBeUndefined() // gone by the channel; the badge has not said so yet
    people.observe({ type: 'count', others: 0, from: 'badge', atMs: 4 })
    expect(people.others).toBe(false)
    people.observe(person('b', 5))
    expect(people.others).toBe(true)
  })

  it('a list that holds the bot like anybody is told of once it is known which one it is', () => {
    const { people, told } = roster({ selfKnown: false })
    for (const id of ['a', 'me', 'b']) people.observe(person(id, 1))
    expect(told()).toEqual([])
    people.observe(person('me', 240, { self: true, via: 'tile' }))
    expect(told()).toEqual(['joined a a', 'joined b b'])
    people.observe(person('c', 250))
    expect(told().at(-1)).toBe('joined c c')
  })

  it('nobody is waited for long: who is not known to be the bot by then is told of, and taken back if it was', () => {
    const { people, told } = roster({ selfKnown: false })
    people.observe(person('me', 1))
    people.settle(1_501)
    people.observe(person('me', 2_000, { self: true }))
    expect(told()).toEqual(['joined me me', 'left me me'])
    expect(people.participants).toEqual([])
    expect(people.isPerson('me')).toBe(false)
  })
})

describe('nobody says which one the bot is', () => {
  const own = { type: 'participant', id: 'x', name: 'Acme Notes', present: true, via: 'tile' } as const
  const counted = (others: number, atMs: number) => ({ type: 'count', others, from: 'badge', atMs }) as const
  const alone = () => {
    const all = roster({ selfKnown: false })
    all.people.observe({ ...own, atMs: 0 })
    all.people.observe(counted(0, 0))
    all.people.settle(9_000)
    return all
  }

  it('the only one there is nobody to tell of while the page counts none but the bot', () => {
    const { people, told } = alone()
    expect(told()).toEqual([])
    expect(people.participants).toEqual([])
    people.settle(Number.POSITIVE_INFINITY)
    expect(told()).toEqual([])
  })

  it('and is the bot once that has held', () => {
    const { people, told } = alone()
    people.settle(10_500)
    people.observe({ type: 'participant', id: 'a', name: 'Ada', present: true, via: 'tile', atMs: 20_000 })
    people.observe(counted(1, 20_000))
    people.settle(30_000)
    expect(told()).toEqual(['joined a Ada'])
    expect(people.isPerson('x')).toBe(false)
  })

  it('but is somebody if another one turns out to be the bot', () => {
    const { people, told } = alone()
    people.settle(10_500)
    people.observe({ type: 'participant', id: 'me', name: 'Notes', present: true, self: true, atMs: 20_000 })
    people.settle(30_000)
    expect(told()).toEqual(['joined x Acme Notes'])
    expect(people.isPerson('me')).toBe(false)
  })

  it('and is told of where the page counts somebody', () => {
    const { people, told } = alone()
    people.observe(counted(1, 9_500))
    people.settle(9_600)
    expect(told()).toEqual(['joined x Acme Notes'])
  })
})
