import { expect, it } from 'vitest'
import type { Talk } from '../../../src/lab/talk.ts'
import { Telling } from '../../../src/lab/telling.ts'
import type { Visitor } from '../../../src/lab/visitor.ts'

/** A room where Ada speaks, and visitors who note what they are told. */
function bed() {
  const talk = { speaking: [{ personId: 'ada', slot: 0, frame: 0, voice: '440hz' }], levels: () => ({ ada: 2 }), dominant: 'ada' }
  const crowd = {
    actors: [
      { id: 'ada', csrc: 7, present: true },
      { id: 'bo', csrc: 8, present: false },
    ],
  }
  const visitors = new Map<string, Visitor>()
  const told: unknown[] = []
  const come = (id: string) => {
    const visitor = {
      inCall: true,
      connection: 1,
      tell: ({ type }: { type: string }) => told.push([id, type]),
      speakers: (rows: readonly { id: string; speaking: boolean }[]) =>
        told.push([id, ...rows.map((row) => `${row.id} ${row.speaking ? 'speaks' : 'is silent'}`)]),
      ownLevel: () => {},
      caption: () => {},
    }
    visitors.set(id, visitor as unknown as Visitor)
    return visitor
  }
  const room = { talk: talk as unknown as Talk, crowd, visitors, plan: { traps: ['neteq' as const] }, seed: 1, nameOf: () => 'Ada' }
  const telling = new Telling(room)
  let now = 0
  const next = () => {
    told.length = 0
    now += 100
    telling.run(now)
    return told
  }
  return { talk, crowd, come, next }
}

it('tells who comes later what the others know, and nobody the same twice', () => {
  const { come, next } = bed()
  come('v1')
  expect(next()).toEqual([
    ['v1', 'ada speaks'],
    ['v1', 'levels'],
  ])
  expect(next()).toEqual([])
  come('v2')
  expect(next()).toEqual([
    ['v2', 'ada speaks'],
    ['v2', 'levels'],
  ])
})

it('tells everything again on another connection, and nothing to who is not in the call', () => {
  const { come, next } = bed()
  const visitor = come('v1')
  visitor.inCall = false
  expect(next()).toEqual([])
  visitor.inCall = true
  next()
  visitor.connection++
  expect(next()).toHaveLength(2)
})

it('tells of who comes before they speak', () => {
  const { come, next, crowd } = bed()
  come('v1')
  next()
  for (const actor of crowd.actors) actor.present = true
  expect(next()).toEqual([['v1', 'ada speaks', 'bo is silent']])
})

it('says of a quiet room only who is there', () => {
  const { come, next, talk } = bed()
  Object.assign(talk, { speaking: [], levels: () => ({}), dominant: null })
  come('v1')
  expect(next()).toEqual([['v1', 'ada is silent']])
})
