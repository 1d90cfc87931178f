import { afterEach, describe, expect, it } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import { Room } from '../../../src/lab/room.ts'
import { devicesFor, lateDevices, peopleFor } from '../../../src/lab/roster.ts'

const opened: Room[] = []
afterEach(() => Promise.all(opened.splice(0).map((room) => room.close())))

function roomWith(plan: Record<string, unknown>, visitors: readonly string[] = []) {
  const room = new Room(roomSchema.parse({ platform: 'meet', speech: 'none', ...plan }))
  opened.push(room)
  const came = visitors.map((name) => {
    const visitor = room.visit({ send: () => {}, close: () => {} })
    return Object.assign(visitor, { name, state: 'in_call', micOn: true, cameraOn: true })
  })
  return { room, came }
}

describe('another visitor', () => {
  it('is muted and has no camera, as nobody is sent what they send; oneself is as one is', () => {
    const { room, came } = roomWith({}, ['Notes', 'Stranger'])
    const [self] = came
    if (self === undefined) throw new Error('nobody came')
    for (const rows of [peopleFor(room.crowd, came, self), devicesFor(room.crowd, came, self)])
      expect(rows.map(({ name, muted, camera }) => ({ name, muted, camera })).sort((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'Notes', muted: false, camera: true },
        { name: 'Stranger', muted: true, camera: false },
      ])
  })
})

describe('the roster over HTTP', () => {
  it.each([
    [60_000, 'in'],
    [0, 'out'],
  ])('that lags by %i ms has somebody who has just left as %s', async (rosterLagMs, status) => {
    const { room } = roomWith({ rosterLagMs })
    const ada = await room.addPerson({ name: 'Ada', camera: 'off' })
    room.setPresent(ada, false)
    expect(lateDevices(room)).toMatchObject([{ name: 'Ada', status }])
  })
})
