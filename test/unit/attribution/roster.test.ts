import { expect, it } from 'vitest'
import { Roster } from '../../../src/bot/attribution/roster.ts'
import type { ParticipantChange } from '../../../src/core/events.ts'

function roster() {
  const changes: ParticipantChange[] = []
  const told = () => changes.map(({ change, participant }) => `${change} ${participant.id} ${participant.name}`)
  return { people: new Roster((change) => changes.push(change)), told, changes }
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
