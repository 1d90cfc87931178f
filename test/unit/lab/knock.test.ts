import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import type { FromServer } from '../../../src/lab/protocol.ts'
import { Room } from '../../../src/lab/room.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const roomOf = (plan: Record<string, unknown>) => new Room(roomSchema.parse({ platform: 'meet', speech: 'none', skin: 'simple', ...plan }))

/** A visitor whose page is a list of what it was told. */
function visitorIn(room: Room) {
  const told: FromServer['type'][] = []
  const visitor = room.visit({ send: ({ type }) => told.push(type), close: () => {} })
  const knock = async (state: 'knocking' | 'entering' | 'denied' = 'knocking') => {
    await visitor.hear({ type: 'knock', name: 'Stranger', trusted: true })
    await visitor.hear({ type: 'state', state })
  }
  return { visitor, told, knock }
}

describe('a knock in a room where somebody lets everybody in', () => {
  it('is answered however late the page begins to wait', async () => {
    const { visitor, told } = visitorIn(roomOf({ lobby: { admitAfterMs: 0 } }))
    await visitor.hear({ type: 'knock', name: 'Stranger', trusted: true })
    vi.advanceTimersByTime(50)
    expect(told).toEqual([])
    await visitor.hear({ type: 'state', state: 'knocking' })
    vi.advanceTimersByTime(50)
    expect(told).toEqual(['admit'])
  })

  it('waits for the host as well, and is answered when the host comes and its time is over', async () => {
    const room = roomOf({ lobby: { admitAfterMs: 1_000 }, hostStarted: false })
    const [first, second] = [visitorIn(room), visitorIn(room)]
    await first.knock()
    vi.advanceTimersByTime(1_000)
    await second.knock()
    room.startHost()
    expect([first.told, second.told]).toEqual([['host_started', 'admit'], ['host_started']])
    vi.advanceTimersByTime(1_000)
    expect([first.told, second.told]).toEqual([
      ['host_started', 'admit'],
      ['host_started', 'admit'],
    ])
  })

  it('is not answered for somebody who has gone meanwhile', async () => {
    const room = roomOf({ lobby: { admitAfterMs: 0 }, hostStarted: false })
    const { visitor, told, knock } = visitorIn(room)
    await knock()
    vi.advanceTimersByTime(10)
    await visitor.hear({ type: 'state', state: 'no_answer' })
    room.startHost()
    expect(told).toEqual(['host_started'])
  })

  it('is not taken for one when the host has sent somebody back', async () => {
    const { visitor, told, knock } = visitorIn(roomOf({ lobby: { admitAfterMs: 10 } }))
    await knock()
    vi.advanceTimersByTime(10)
    await visitor.hear({ type: 'state', state: 'entering' })
    await visitor.hear({ type: 'state', state: 'knocking' })
    vi.advanceTimersByTime(1_000)
    expect(told).toEqual(['admit'])
  })

  it('refuses a time that no timer keeps, and says which it keeps', () => {
    expect(() => roomOf({ lobby: { admitAfterMs: 2 ** 31 } })).toThrow('at most 3600000 (an hour)')
  })
})

describe('a knock in a room without a lobby', () => {
  it('is answered at once', async () => {
    const { told, knock } = visitorIn(roomOf({ lobby: false }))
    await knock('entering')
    expect(told).toEqual(['admit'])
  })

  it.each([{ hostStarted: false }, { traps: ['host-absent'] }])('waits for the host with %j', async (plan) => {
    const room = roomOf({ lobby: false, ...plan })
    const { told, knock } = visitorIn(room)
    await knock()
    expect(told).toEqual([])
    room.startHost()
    expect(told).toEqual(['host_started', 'admit'])
  })
})

describe('that the host has come', () => {
  it('is told to a page that was loaded before and listens later', () => {
    const room = roomOf({ hostStarted: false })
    room.startHost()
    expect(visitorIn(room).told).toEqual(['host_started'])
    expect(visitorIn(roomOf({})).told).toEqual([])
  })
})
