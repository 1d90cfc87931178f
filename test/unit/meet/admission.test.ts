import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Scene } from '../../../src/lab/fakes/scenes.ts'
import { playJoin } from './play.ts'

/** The page after the knock; times count from it. */
const afterKnock = (...scenes: Scene<MeetKey>[]) => {
  const [first = {}, ...rest] = scenes
  return new FakeStage<MeetKey>({ shows: ['askToJoin'] }, { ...first, on: { press: 'askToJoin' } }, ...rest)
}
const LOBBY = { shows: ['lobby', 'leaveCall'] } as const
const CALL = { shows: ['captions', 'chat', 'people', 'leaveCall'] } as const

describe('let in', () => {
  it('says the lobby once, then the first sign, and is in after the signs held for three seconds', async () => {
    const { end, told, atMs, details } = await playJoin(afterKnock(LOBBY, { at: 30_000, ...CALL }))
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
    expect(told[1]?.atMs).toBeLessThan(31_500)
    expect(atMs).toBeGreaterThanOrEqual(33_000)
    expect(atMs).toBeLessThan(36_000)
    expect(details).toMatchObject({
      signs: expect.arrayContaining(['captions', 'chat']),
      absent: ['lobby'],
      screenshot: expect.any(String),
    })
  })

  it('is in without a lobby where the host is quick', async () => {
    const { end, told } = await playJoin(afterKnock(CALL))
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['sign'])
  })

  it('waits out a lobby text that stays a moment after admission', async () => {
    const { end, atMs } = await playJoin(afterKnock(LOBBY, { at: 9_000, shows: ['lobby', ...CALL.shows] }, { at: 11_000, ...CALL }))
    expect(end).toBe('admitted')
    expect(atMs).toBeGreaterThanOrEqual(14_000)
  })

  it('keeps what it heard when the bar with the signs hides for a moment, and moves the pointer', async () => {
    const stage = afterKnock(LOBBY, { at: 8_000, ...CALL }, { at: 9_500, shows: ['leaveCall'] }, { at: 10_600, ...CALL })
    const { end, told } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
    expect(stage.wakes).toBeGreaterThan(0)
  })

  it('moves the pointer where only the tiles of a call show: its bar hides', async () => {
    const stage = afterKnock({ ...CALL, shows: ['tile', 'selfName'] }, { at: 12_000, shows: [...CALL.shows, 'tile', 'selfName'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.wakes).toBeGreaterThan(1)
  })

  it('is in by the set that held, not by a sign that held alone', async () => {
    const alone = { shows: ['tile', 'share', 'leaveCall'] } as const
    const glimpse = { shows: ['tile', 'share', 'leaveCall', 'captions'] } as const
    const { end, told, atMs } = await playJoin(
      afterKnock(LOBBY, { at: 10_000, ...alone }, { at: 22_000, ...glimpse }, { at: 22_900, ...LOBBY }, { at: 60_000, ...CALL }),
    )
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign', 'contradiction', 'sign'])
    expect(atMs).toBeGreaterThanOrEqual(63_000)
  })

  it('takes the screen before the call, which flashes by after a long lobby, for no ignored knock', async () => {
    const stage = afterKnock(LOBBY, { at: 40_000, shows: ['askToJoin', 'nameBox'] }, { at: 42_000, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(1)
  })

  it('answers the consent dialog that stands before the call', async () => {
    const stage = afterKnock({ ...CALL, once: ['consent'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did).toContain('press consent')
  })
})

describe('a budget that ends while a call stands', () => {
  const budget = { waitingRoomTimeoutMs: 5_000 }
  it('leaves it the seconds to prove itself', async () => {
    expect(await playJoin(afterKnock({ at: 1_000, ...CALL }), budget)).toMatchObject({ end: 'admitted' })
  })

  it('ends the wait where it turns out to be a lobby', async () => {
    const { end, atMs } = await playJoin(afterKnock({ at: 1_000, ...CALL }, { at: 7_000, ...LOBBY }), budget)
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(atMs).toBeLessThan(9_000)
  })
})

describe('a connection lost in the lobby', () => {
  const OVERLAY = { shows: ['reconnecting', 'returnHome'] } as const
  const SCREEN = { shows: ['cutOffScreen', 'endScreen', 'returnHome'] } as const
  it.each([
    ['an overlay', OVERLAY],
    ['an end', SCREEN],
  ])('that comes back after a while is waited for behind %s', async (_, cutOff) => {
    const stage = afterKnock(LOBBY, { at: 10_000, ...cutOff }, { at: 24_000, ...LOBBY }, { at: 40_000, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
  })

  it.each([
    ['an overlay', OVERLAY],
    ['an end', SCREEN],
  ])('is the network’s doing where %s stays, and no crash', async (_, cutOff) => {
    const { end, atMs } = await playJoin(afterKnock(LOBBY, { at: 10_000, ...cutOff }))
    expect(end).toBe('CONNECTION_LOST')
    expect(atMs).toBeGreaterThanOrEqual(30_000)
    expect(atMs).toBeLessThan(33_000)
  })
})

describe('not let in yet', () => {
  it('takes a lobby that looks like a call for six seconds for no call', async () => {
    const looksLike = { shows: ['captions', 'chat', 'leaveCall'] } as const
    const { end, told } = await playJoin(afterKnock(looksLike, { at: 6_400, ...LOBBY }), { waitingRoomTimeoutMs: 60_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(told.map(({ what }) => what)).toEqual(['sign', 'contradiction', 'lobby'])
  })

  it.each<[string, Scene<MeetKey>[]]>([
    ['that comes late', [{}, { at: 1_500, ...CALL }, { at: 7_900, shows: ['lobby', ...CALL.shows] }]],
    ['behind a word that flashed by', [{ shows: ['askingNow'] }, { at: 300, ...CALL }, { at: 6_700, shows: ['lobby', ...CALL.shows] }]],
    ['behind a knock screen that flashed by', [LOBBY, { at: 4_000, ...CALL }, { at: 10_400, shows: ['lobby', ...CALL.shows] }]],
    [
      'behind a button that says for long that it asks',
      [{ shows: ['askingNow', 'lobby'] }, { at: 4_000, ...CALL }, { at: 10_400, shows: ['lobby', ...CALL.shows] }],
    ],
    ['whose bar hid meanwhile', [CALL, { at: 1_000 }, { at: 5_000, ...CALL }, { at: 11_400, shows: ['lobby', ...CALL.shows] }]],
  ])('takes a host-managed lobby %s for no call', async (_, scenes) => {
    const { end, told } = await playJoin(afterKnock(...scenes), { waitingRoomTimeoutMs: 60_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(told.at(-1)?.what).not.toBe('sign')
  })

  it.each<[string, readonly MeetKey[]]>([
    ['a single sign', ['leaveCall', 'people']],
    ['signs that a lobby may have', ['leaveCall', 'share', 'details', 'tools', 'tile', 'selfName']],
  ])('is not in by %s, and claims no lobby either', async (_, shows) => {
    const { end, told, atMs } = await playJoin(afterKnock({ shows }), { waitingRoomTimeoutMs: 120_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(told.filter(({ what }) => what === 'lobby')).toEqual([])
    expect(atMs).toBeLessThan(125_000)
  })

  it.each<[string, readonly MeetKey[]]>([
    ['the controls a lobby has too', ['leaveCall', 'micOn', 'cameraOn']],
    ['nothing at all', []],
  ])('waits by %s after asking to be let in, and says so after a while: neither lobby nor call is no error', async (_, shows) => {
    const stage = afterKnock({ shows }, { at: 300_000, ...CALL })
    const { end, told } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
    expect(told[0]?.atMs).toBeGreaterThanOrEqual(15_000)
    expect(told[0]?.atMs).toBeLessThan(17_000)
  })

  it('waits beside a way home, while it sees itself: no client has crashed', async () => {
    const stage = afterKnock({ shows: ['returnHome', 'selfView'] }, { at: 120_000, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted', told: [{ what: 'lobby' }, { what: 'sign' }] })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(1)
  })

  it.each([
    ['from the lobby', LOBBY],
    ['after an answer', { shows: ['noAnswer', 'askAgain'] } as const],
  ])('asks again with its name where the client led back to its entrance %s', async (_, before) => {
    const box = (value: string) => ({ nameBox: [{ text: '', attributes: {}, value, visible: true, enabled: true }] })
    const entrance = { shows: ['nameBox'], disabled: ['askToJoin'], reads: box('') } as const
    const stage = afterKnock(
      before,
      { at: 30_000, ...entrance },
      { on: 'goto', ...entrance },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'], reads: box('Notes') },
      { on: { press: 'askToJoin' }, ...LOBBY },
      { at: 20_000, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.filter((done) => done.startsWith('goto'))).toHaveLength(2)
  })

  it('gives "Join now" twice that time before it says so: it may only be slow', async () => {
    const late = (at: number) =>
      playJoin(new FakeStage<MeetKey>({ shows: ['joinNow'] }, { on: { press: 'joinNow' }, shows: [] }, { at, ...CALL }))
    expect((await late(29_000)).told.map(({ what }) => what)).toEqual(['sign'])
    expect((await late(40_000)).told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
  })

  it('counts its budget from the first knock, not from the load', async () => {
    const stage = new FakeStage<MeetKey>(
      { at: 30_000, shows: ['askToJoin'] },
      { on: { press: 'askToJoin' }, ...LOBBY },
      { at: 15_000, ...CALL },
    )
    expect(await playJoin(stage, { waitingRoomTimeoutMs: 20_000 })).toMatchObject({ end: 'admitted' })
  })

  it('makes nothing of a page that does not answer', async () => {
    const { end, told } = await playJoin(afterKnock(LOBBY, { at: 10_000, answered: false }, { at: 40_000, ...CALL }))
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
  })

  it('stops at once when told to', async () => {
    const stage = afterKnock(LOBBY)
    const stop = new AbortController()
    const joining = playJoin(stage, { signal: stop.signal })
    await stage.clock.after(5_000)
    stop.abort(new Error('left'))
    await expect(joining).rejects.toThrow('left')
  })
})

describe('refused', () => {
  it.each<[string, readonly MeetKey[], string]>([
    ['denied', ['denied', 'askAgain', 'returnHome'], 'NOT_ACCEPTED'],
    ['left by itself after a refusal', ['youLeft', 'returnHome'], 'NOT_ACCEPTED'],
    ['put out', ['removed', 'returnHome'], 'NOT_ACCEPTED'],
    ['cannot join', ['cantJoin', 'returnHome'], 'PLATFORM_BLOCKED'],
    ['over', ['hostEnded', 'returnHome'], 'MEETING_OVER'],
  ])('%s after a lobby', async (_, shows, code) => {
    const { end, details } = await playJoin(afterKnock(LOBBY, { at: 20_000, shows }))
    expect(end).toBe(code)
    expect(details).toMatchObject({ signs: expect.arrayContaining([shows[0]]), screenshot: expect.any(String) })
  })

  it('is told from a refusal where the call had been seen before it was believed', async () => {
    const stage = afterKnock(LOBBY, { at: 10_000, ...CALL }, { at: 12_000, shows: ['removed', 'returnHome'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'REMOVED_EARLY' })
  })

  it('presses again where the press was ignored, then loads again, and gives up after three', async () => {
    const once = afterKnock({ shows: ['askToJoin'] }, { on: { press: 'askToJoin' }, ...CALL })
    expect(await playJoin(once)).toMatchObject({ end: 'admitted' })
    const never = new FakeStage<MeetKey>({ shows: ['askToJoin'] })
    expect(await playJoin(never)).toMatchObject({ end: 'PLATFORM_ERROR', details: { tries: 3 } })
    expect(never.did.filter((done) => done.startsWith('goto'))).toHaveLength(3)
  })

  it('asks no host again where the lobby leads back to the door time after time', async () => {
    const stage = afterKnock(
      LOBBY,
      { at: 3_000, shows: ['askToJoin'] },
      { on: { press: 'askToJoin' }, ...LOBBY },
      { at: 3_000, shows: ['askToJoin'] },
      { on: { press: 'askToJoin' }, ...LOBBY },
    )
    expect(await playJoin(stage, { waitingRoomTimeoutMs: null })).toMatchObject({ end: 'PLATFORM_ERROR' })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(2)
    expect(stage.did.filter((done) => done.startsWith('goto'))).toHaveLength(1)
  })

  it('presses no door beside an end it cannot read', async () => {
    const stage = afterKnock({ shows: ['mainDoor', 'endScreen', 'endHeading'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'PLATFORM_ERROR' })
    expect(stage.did.filter((done) => done.startsWith('press'))).toEqual(['press askToJoin'])
  })

  it('asks no host again where the lobby leads to a marketing page: a refused knock does', async () => {
    const stage = afterKnock(LOBBY, { at: 20_000, url: 'https://workspace.google.com/products/meet/' })
    expect(await playJoin(stage)).toMatchObject({ end: 'NOT_ACCEPTED' })
    expect(stage.did.filter((done) => done.startsWith('goto'))).toHaveLength(1)
  })

  it.each<[string, Scene<MeetKey>]>([
    ['a lobby', LOBBY],
    ['a lobby it could not read either', { shows: ['leaveCall'] }],
  ])('asks no host again after %s and an end it cannot read', async (_, lobby) => {
    const stage = afterKnock(lobby, { at: 20_000, shows: ['endScreen', 'endHeading', 'returnHome'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'PLATFORM_ERROR' })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(1)
  })

  it.each<[string, Scene<MeetKey>[], string]>([
    ['a lobby', [LOBBY, { at: 20_000, url: 'https://workspace.google.com/products/meet/' }], 'NOT_ACCEPTED'],
    ['a lobby that looked like a call', [CALL, { at: 2_500, url: 'https://workspace.google.com/products/meet/' }], 'NOT_ACCEPTED'],
    ['a lobby, to a site nobody knows', [LOBBY, { at: 20_000, url: 'https://about.example.com/' }], 'NOT_ACCEPTED'],
    ['a lobby, to the start page', [LOBBY, { at: 20_000, shows: ['homePage'] }], 'PLATFORM_ERROR'],
    ['a lobby, to the start page in words that are not ours', [LOBBY, { at: 20_000, url: 'https://meet.google.com/' }], 'PLATFORM_ERROR'],
  ])('asks no host again who sent it away from %s', async (_, scenes, code) => {
    const stage = afterKnock(...scenes)
    const { end, details } = await playJoin(stage)
    expect(end).toBe(code)
    expect(details).toMatchObject({ phase: 'knock', screenshot: expect.any(String) })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(1)
  })

  it('tries again after a problem, a crash or a redirect at the knock', async () => {
    for (const scene of [
      { shows: ['problem', 'returnHome'] },
      { shows: ['returnHome'] },
      { shows: ['homePage'] },
      { url: 'https://workspace.google.com/products/meet/' },
    ] satisfies Scene<MeetKey>[]) {
      const stage = afterKnock(
        scene,
        { on: 'goto', shows: ['joinNow'], url: 'https://meet.google.com/abc-defg-hij' },
        { on: { press: 'joinNow' }, ...CALL },
      )
      expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    }
  })

  it('gives up after three crashes at the knock', async () => {
    const stage = afterKnock({ at: 500, shows: ['returnHome'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'PLATFORM_ERROR' })
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(3)
  })
})

describe('nobody answers', () => {
  const noAnswer = { shows: ['noAnswer', 'askAgain', 'returnHome'] } as const

  it('knocks again while the budget lasts', async () => {
    const stage = afterKnock(LOBBY, { at: 600_000, ...noAnswer }, { on: { press: 'askAgain' }, ...LOBBY }, { at: 60_000, ...CALL })
    const { end, told } = await playJoin(stage, { waitingRoomTimeoutMs: 900_000 })
    expect(end).toBe('admitted')
    expect(told.map(({ what }) => what)).toEqual(['lobby', 'sign'])
  })

  it('presses once for one answer, even while the old screen stays for a moment', async () => {
    const stage = afterKnock(
      LOBBY,
      { at: 600_000, ...noAnswer },
      { on: { press: 'askAgain' }, shows: ['noAnswer'] },
      { at: 1_500, ...LOBBY },
      { at: 60_000, ...CALL },
    )
    expect(await playJoin(stage, { waitingRoomTimeoutMs: null })).toMatchObject({ end: 'admitted' })
    expect(stage.did.filter((done) => done === 'press askAgain')).toHaveLength(1)
  })

  it('loads the page again where it offers no second knock, as often as the budget allows', async () => {
    const stage = afterKnock(LOBBY, { at: 600_000, shows: ['noAnswer', 'returnHome'] })
    const { end, atMs } = await playJoin(stage, { waitingRoomTimeoutMs: 3_000_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(stage.did.filter((done) => done === 'press askToJoin').length).toBeGreaterThanOrEqual(5)
    expect(atMs).toBeLessThan(3_010_000)
  })

  it('counts its budget over loads that never come up again, and knocks no more once it is spent', async () => {
    const stage = afterKnock(
      LOBBY,
      { at: 600_000, shows: ['noAnswer', 'returnHome'] },
      { on: 'goto', shows: ['gettingReady'] },
      { at: 25_000, shows: ['askToJoin'] },
    )
    const { end, atMs } = await playJoin(stage, { waitingRoomTimeoutMs: 620_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(atMs).toBeLessThan(623_000)
    expect(stage.did.filter((done) => done === 'press askToJoin')).toHaveLength(1)
  })

  it('waits no longer for a page that answers no more', async () => {
    const { end, atMs } = await playJoin(afterKnock(LOBBY, { at: 10_000, answered: false }), { waitingRoomTimeoutMs: 60_000 })
    expect(end).toBe('WAITING_ROOM_TIMEOUT')
    expect(atMs).toBeLessThan(60_000 + 3 * 5_000) // and the looks it did not answer
  })

  it('is a timeout, and no refusal, once the budget is spent', async () => {
    expect(await playJoin(afterKnock(LOBBY, { at: 600_000, ...noAnswer }), { waitingRoomTimeoutMs: 600_000 })).toMatchObject({
      end: 'WAITING_ROOM_TIMEOUT',
    })
  })
})
