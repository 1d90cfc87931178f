import { afterEach, describe, expect, it, vi } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import type { FromServer, VisitorState } from '../../../src/lab/protocol.ts'
import { Room } from '../../../src/lab/room.ts'

const opened: Room[] = []
afterEach(() => Promise.all(opened.splice(0).map((room) => room.close())))

const roomOf = (plan: Record<string, unknown> = {}) => {
  const room = new Room(roomSchema.parse({ platform: 'meet', speech: 'none', ...plan }))
  opened.push(room)
  return room
}

/** A visitor whose page is only a list of what it was told. */
function visitorIn(room: Room, state: VisitorState) {
  const told: FromServer[] = []
  const visitor = room.visit({ send: (message) => told.push(message), close: () => {} })
  visitor.state = state
  return { visitor, told }
}

describe('the host’s verbs in code', () => {
  it.each([
    ['admit', 'knocking', 'admit'],
    ['deny', 'knocking', 'deny'],
    ['ignore', 'knocking', 'no_answer'],
    ['remove', 'in_call', 'remove'],
    ['moveToLobby', 'in_call', 'move_to_lobby'],
    ['mute', 'in_call', 'mute'],
  ] as const)('room.%s() reaches every visitor it applies to', (verb, state, type) => {
    const room = roomOf()
    const applies = visitorIn(room, state)
    const other = visitorIn(room, 'prejoin')
    expect(room[verb]()).toEqual(['v1'])
    expect(applies.told.at(-1)).toEqual({ type })
    expect(other.told).toEqual([])
  })

  it('mute nobody whose microphone is off', () => {
    const room = roomOf()
    const { visitor, told } = visitorIn(room, 'in_call')
    visitor.micOn = false
    expect([room.mute(), room.mute(visitor.id)]).toEqual([[], []])
    expect(told).toEqual([])
  })

  it('reach one visitor alone when asked', () => {
    const room = roomOf()
    visitorIn(room, 'knocking')
    const second = visitorIn(room, 'knocking')
    expect(room.admit(second.visitor.id)).toEqual(['v2'])
  })
})

describe('a visitor’s own level', () => {
  it('is told to them alone, when it changes, while they are in the call', () => {
    const room = roomOf()
    const [speaks, hears] = [visitorIn(room, 'in_call'), visitorIn(room, 'in_call')]
    const levels = () => speaks.told.flatMap((message) => (message.type === 'own-level' ? [message.step] : []))
    speaks.visitor.meter.audio({ payload: Buffer.alloc(80) } as never, 20)
    for (let time = 0; time < 2; time++) for (const { visitor } of [speaks, hears]) visitor.ownLevel()
    expect([levels(), hears.told]).toEqual([[3], []])
    speaks.visitor.state = 'reconnecting'
    speaks.visitor.meter.audio({ payload: Buffer.alloc(80) } as never, 127)
    speaks.visitor.ownLevel()
    speaks.visitor.state = 'removed'
    speaks.visitor.meter.audio({ payload: Buffer.alloc(80) } as never, 20)
    speaks.visitor.ownLevel()
    expect(levels()).toEqual([3, 0])
  })
})

describe('what a visitor sends', () => {
  it('is heard and seen by nobody before they are in the call and have agreed to be recorded', async () => {
    const { visitor } = visitorIn(roomOf(), 'knocking')
    const [heard, seen] = [vi.spyOn(visitor.meter, 'audio'), vi.spyOn(visitor.meter, 'video')]
    const counts = () => {
      visitor.sendsAudio({ payload: Buffer.alloc(80) } as never, 20)
      visitor.sendsVideo({ header: {}, payload: Buffer.alloc(80) } as never)
      return [heard, seen].map(({ mock }) => mock.calls.length)
    }
    expect(counts()).toEqual([0, 0])
    await visitor.hear({ type: 'consent', pending: true })
    visitor.state = 'in_call'
    expect(counts()).toEqual([0, 0])
    await visitor.hear({ type: 'consent', pending: false })
    expect(counts()).toEqual([1, 1])
    visitor.state = 'knocking'
    expect(counts()).toEqual([1, 1])
  })
})

describe('a chat message', () => {
  it('has an id of 16 digits, so that its row has the client’s form', () => {
    const room = roomOf()
    const { told } = visitorIn(room, 'in_call')
    room.chatFrom({ id: 'spaces/x/devices/1', name: 'Ada' }, 'hello')
    expect(told).toMatchObject([{ type: 'chat', message: { id: expect.stringMatching(/^\d{16}$/), text: 'hello' } }])
  })
})

describe('somebody who says something', () => {
  it.each([
    ['a recording', { voice: 'jfk', ms: 400 }, 400],
    ['a tone', { voice: { hz: 440 }, ms: 240 }, 240],
    ['their own voice', { ms: 100 }, 100],
    ['a tone without a length', { voice: { hz: 440 } }, 2_000],
  ])('with %s speaks for as long as asked', async (_, said, lastsMs) => {
    const room = roomOf({ people: [{ name: 'Ada', camera: 'off', voice: 'austen-1' }] })
    await room.open()
    const { startsAtMs, endsAtMs } = (await room.say('Ada', said)) ?? { startsAtMs: 0, endsAtMs: 0 }
    // The encoder of a tone adds one packet.
    expect(Math.floor((endsAtMs - startsAtMs - lastsMs + 0.5) / 21)).toBe(0)
  })

  it('ends with the recording when that is shorter than asked', async () => {
    const room = roomOf({ people: [{ name: 'Ada', camera: 'off', voice: 'jfk' }] })
    await room.open()
    const [whole, longer] = [await room.say('Ada', {}), await room.say('Ada', { ms: 600_000 })]
    const lastedMs = (one: typeof whole) => Math.round((one?.endsAtMs ?? 0) - (one?.startsAtMs ?? 0))
    expect(lastedMs(longer)).toBe(lastedMs(whole))
  })
})

describe('a meeting that is ended', () => {
  const tones = { people: [{ name: 'Ada', camera: 'off', voice: { hz: 440 } }] }

  it('ends once, with what is being said, and nobody says anything more', async () => {
    const room = roomOf(tones)
    await room.open()
    await room.say('Ada', { ms: 10_000 })
    await room.truth.wait(({ type, on }) => type === 'speaking' && on === true, 5_000)
    await room.say('Ada', { ms: 10_000 }, room.truth.now() + 50)
    const { told } = visitorIn(room, 'in_call')
    room.end()
    room.end()
    expect(told.filter(({ type }) => type === 'end')).toHaveLength(1)
    expect(room.truth.events.slice(-2)).toMatchObject([{ type: 'ended' }, { type: 'speaking', name: 'Ada', on: false }])
    expect(await room.say('Ada', {})).toBeUndefined()
    expect(await room.truth.wait(({ type }) => type === 'speaking', 150)).toBeUndefined()
  })

  it('runs until the last page has gone, and no longer', async () => {
    const room = roomOf(tones)
    const [begins, ends] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')]
    await room.open()
    const timer = begins.mock.results.at(-1)?.value
    const { visitor } = visitorIn(room, 'in_call')
    const measures = vi.spyOn(visitor.meter, 'measure')
    room.end()
    await vi.waitFor(() => expect(measures).toHaveBeenCalled(), 3_000)
    expect(ends).not.toHaveBeenCalledWith(timer)
    await visitor.gone()
    await vi.waitFor(() => expect(ends).toHaveBeenCalledWith(timer))
    for (const spy of [begins, ends]) spy.mockRestore()
  })

  it('answers a knock with its end', async () => {
    const room = roomOf({ lobby: { admitAfterMs: 0 } })
    room.end()
    const { visitor, told } = visitorIn(room, 'prejoin')
    await visitor.hear({ type: 'knock', name: 'Stranger', trusted: true })
    await visitor.hear({ type: 'state', state: 'knocking' })
    expect(told).toEqual([{ type: 'end' }])
  })
})
