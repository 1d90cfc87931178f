import { expect, it } from 'vitest'
import { Roster } from '../../../src/bot/attribution/roster.ts'
import { ShareBook } from '../../../src/bot/attribution/share-book.ts'
import type { ShareChange } from '../../../src/core/events.ts'

function book() {
  const roster = new Roster(() => {})
  for (const [id, name] of [
    ['a', 'Ada'],
    ['b', 'Sam'],
    ['c', 'Sam'],
  ])
    roster.observe({ type: 'participant', id: id ?? '', name: name ?? '', present: true, atMs: 0 })
  const changes: ShareChange[] = []
  return { shares: new ShareBook(roster, (change) => changes.push(change)), changes }
}

it('tells a share once when it starts and once when it stops, with its presenter', () => {
  const { shares, changes } = book()
  for (const atMs of [1, 2, 3]) shares.observe({ type: 'share', shareId: 's1', presenterId: 'a', on: true, atMs })
  for (const atMs of [8, 9]) shares.observe({ type: 'share', shareId: 's1', presenterId: 'a', on: false, atMs })
  expect(changes).toEqual([
    { change: 'started', shareId: 's1', presenterId: 'a', presenterName: 'Ada', at: 1 },
    { change: 'stopped', shareId: 's1', presenterId: 'a', presenterName: 'Ada', at: 8 },
  ])
})

it('is not ended by a tile that has left the layout, where the channel told of it', () => {
  const { shares, changes } = book()
  shares.observe({ type: 'share', shareId: 's1', presenterId: 'a', on: true, atMs: 1 })
  shares.observe({ type: 'share', shareId: 's1', on: false, via: 'tile', atMs: 2 })
  expect(changes).toHaveLength(1)
  expect(shares.has('s1')).toBe(true)
})

it('ends with its tile where a tile is all there is, and with the presenter who leaves', () => {
  const { shares, changes } = book()
  shares.observe({ type: 'share', shareId: 's1', presenterName: 'Ada', on: true, via: 'tile', atMs: 1 })
  shares.observe({ type: 'share', shareId: 's1', on: false, via: 'tile', atMs: 2 })
  shares.observe({ type: 'share', shareId: 's2', presenterId: 'a', on: true, atMs: 3 })
  shares.observe({ type: 'participant', id: 'a', present: false, atMs: 4 })
  expect(changes.map(({ change, shareId, presenterId }) => [change, shareId, presenterId])).toEqual([
    ['started', 's1', 'a'],
    ['stopped', 's1', 'a'],
    ['started', 's2', 'a'],
    ['stopped', 's2', 'a'],
  ])
})

it('gives a name that two people bear to none of them', () => {
  const { shares, changes } = book()
  shares.observe({ type: 'share', shareId: 's1', presenterName: 'Sam', on: true, via: 'tile', atMs: 1 })
  expect(changes[0]).toEqual({ change: 'started', shareId: 's1', presenterName: 'Sam', at: 1 })
})

it('a tile that lags does not start again what the channel has ended', () => {
  const told: string[] = []
  const book = new ShareBook(new Roster(() => {}), ({ change, shareId }) => told.push(`${change} ${shareId}`))
  const say = (on: boolean, atMs: number, via: 'channel' | 'tile') =>
    book.observe({ type: 'share', shareId: 's1', on, presenterId: 'p', via, atMs })
  say(true, 1, 'channel')
  say(false, 2, 'channel')
  say(true, 3, 'tile')
  expect(told).toEqual(['started s1', 'stopped s1'])
  say(true, 4, 'channel')
  expect(told).toEqual(['started s1', 'stopped s1', 'started s1'])
})
