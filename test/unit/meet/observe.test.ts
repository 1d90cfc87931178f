import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { isBotError } from '../../../src/core/errors.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Scene } from '../../../src/lab/fakes/scenes.ts'
import { playCall } from './play.ts'

const CALL = { shows: ['captions', 'chat', 'people', 'leaveCall'], url: 'https://meet.google.com/abc-defg-hij' } as const
const OVERLAY = { shows: ['reconnecting', 'returnHome'] } as const
const call = (...scenes: Scene<MeetKey>[]) => new FakeStage<MeetKey>(CALL, ...scenes)

describe('the end of a call', () => {
  it.each<[string, Scene<MeetKey>, string]>([
    ['put out', { shows: ['removed', 'returnHome'] }, 'removed'],
    ['ended by the host', { shows: ['hostEnded', 'returnHome'] }, 'meeting_ended'],
    ['left by somebody else’s hand', { shows: ['youLeft', 'returnHome'] }, 'removed'],
    ['refused in the lobby it was sent back to', { shows: ['denied', 'returnHome'] }, 'removed'],
    ['back on the start page', { shows: ['homePage'] }, 'removed'],
    ['back on the start page of another language', { url: 'https://meet.google.com/landing?hl=de' }, 'removed'],
    ['in words it cannot read', { shows: ['endScreen', 'returnHome'] }, 'meeting_ended'],
    ['in its frame, though the call still stands behind it', { shows: [...CALL.shows, 'endScreen', 'hostEnded'] }, 'meeting_ended'],
    ['that names nobody', { shows: ['callEnded', 'endScreen'] }, 'meeting_ended'],
    ['not let in again', { shows: ['cantJoin', 'endScreen'] }, 'removed'],
    ['sent away', { url: 'https://workspace.google.com/products/meet/' }, 'removed'],
  ])('%s', async (_, scene, reason) => {
    const seen = await playCall(call({ at: 30_000, ...scene }))
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ type: 'end', reason, evidence: { screenshot: expect.any(String) } })
    expect(seen[0]?.atMs).toBeGreaterThanOrEqual(30_000)
    expect(seen[0]?.atMs).toBeLessThan(32_000)
  })

  it.each<[string, Scene<MeetKey>]>([
    ['a way home', { shows: ['returnHome'] }],
    ['a page that does not answer', { answered: false }],
    ['a hidden control bar', { shows: [] }],
    ['an end quoted beside a call that shows itself', { shows: [...CALL.shows, 'removed', 'hostEnded', 'youLeft'] }],
    ['a lobby text quoted in the chat', { shows: [...CALL.shows, 'lobby'] }],
    ['a reconnecting text quoted in the chat', { shows: [...CALL.shows, 'reconnecting'] }],
    ['a failure quoted in the chat', { shows: [...CALL.shows, 'problem', 'cantJoin'] }],
  ])('is not %s', async (_, scene) => {
    expect(await playCall(call({ at: 10_000, ...scene }))).toEqual([])
  })

  it('is not said of a page that crashed: that fails in its own words', async () => {
    await expect(playCall(call({ at: 10_000, crashed: true }))).rejects.toSatisfy((error) => isBotError(error, 'BROWSER_CRASHED'))
  })

  it('in a frame without words, over a bar that shows itself, is the connection’s once it stood as long as one may be lost', async () => {
    const framed = { shows: ['leaveCall', 'tile', 'endScreen'] } as const
    expect(await playCall(call({ at: 10_000, ...framed }, { at: 25_000, ...CALL }))).toEqual([])
    const seen = await playCall(call({ at: 10_000, ...framed }))
    expect(seen).toMatchObject([{ type: 'end', reason: 'connection_lost', code: 'CONNECTION_LOST' }])
    expect(seen[0]?.atMs).toBeGreaterThanOrEqual(30_000)
    expect(seen[0]?.atMs).toBeLessThan(37_000)
  })

  it('is not what a frame without words says, while the call’s own signs show', async () => {
    expect(await playCall(call({ at: 10_000, shows: [...CALL.shows, 'endScreen'] }))).toEqual([])
  })

  it('is not believed while the bar that would contradict it hides: the pointer is moved first', async () => {
    const stage = call({ at: 10_000, shows: ['removed'] }, { at: 10_400, shows: [...CALL.shows, 'removed'] })
    expect(await playCall(stage, 60_000)).toEqual([])
    expect(stage.wakes).toBeGreaterThan(0)
  })

  it('leaves nothing waiting', async () => {
    const stage = call({ at: 10_000, shows: ['removed'] })
    await playCall(stage)
    expect(stage.clock.waiting).toBe(0)
  })
})

describe('the door of the call, seen from inside', () => {
  it.each<[string, Scene<MeetKey>]>([
    ['open', { shows: ['nameBox', 'askToJoin'] }],
    ['still grey', { disabled: ['joinNow'] }],
    ['in words it cannot read', { shows: ['mainDoor'] }],
    ['as a client that failed in the call', { shows: ['problem', 'endScreen', 'returnHome'] }],
    ['as a client that could not start', { shows: ['startupCode', 'badCode', 'endScreen'] }],
  ])('%s, is said once it has stood for three seconds', async (_, scene) => {
    const seen = await playCall(call({ at: 30_000, ...scene }))
    expect(seen).toMatchObject([{ type: 'outside', evidence: { screenshot: expect.any(String), absent: expect.any(Array) } }])
    expect(seen[0]?.atMs).toBeGreaterThanOrEqual(33_000)
    expect(seen[0]?.atMs).toBeLessThan(38_000)
  })

  it.each<[string, Scene<MeetKey>[]]>([
    [
      'a client that starts anew and goes in by itself',
      [
        { at: 10_000, shows: ['joinNow'] },
        { at: 12_000, ...CALL },
      ],
    ],
    [
      'a lobby the bot was sent back to',
      [
        { at: 10_000, shows: ['lobby', 'mainDoor'] },
        { at: 30_000, ...CALL },
      ],
    ],
    ['a button of a call that shows itself', [{ at: 10_000, shows: [...CALL.shows, 'joinNow'] }]],
  ])('is not %s', async (_, scenes) => {
    expect((await playCall(call(...scenes))).filter(({ type }) => type === 'outside')).toEqual([])
  })
})

describe('a connection that is lost', () => {
  it('is an interruption while the client tries', async () => {
    const seen = await playCall(call({ at: 10_000, ...OVERLAY }, { at: 15_000, ...CALL }))
    expect(seen).toMatchObject([
      { type: 'interruption', kind: 'reconnecting', on: true },
      { type: 'interruption', kind: 'reconnecting', on: false },
    ])
  })

  it.each(['youLeft', 'callEnded'] as const)('is what ended the call where the page stands empty between it and %s', async (end) => {
    const seen = await playCall(call({ at: 10_000, ...OVERLAY }, { at: 14_000 }, { at: 17_000, shows: [end, 'endScreen'] }))
    expect(seen.at(-1)).toMatchObject({ type: 'end', reason: 'connection_lost' })
  })

  it('is over once the call shows itself after an empty page, and what comes later is an end like any', async () => {
    const seen = await playCall(
      call({ at: 10_000, ...OVERLAY }, { at: 14_000 }, { at: 17_000, ...CALL }, { at: 30_000, shows: ['youLeft'] }),
    )
    expect(seen.at(-1)).toMatchObject({ type: 'end', reason: 'removed' })
  })

  it('is the end after twenty seconds, not before', async () => {
    const seen = await playCall(call({ at: 10_000, ...OVERLAY }))
    expect(seen.at(-1)).toMatchObject({ type: 'end', reason: 'connection_lost', code: 'CONNECTION_LOST' })
    expect(seen.at(-1)?.atMs).toBeGreaterThanOrEqual(30_000)
    expect(seen.at(-1)?.atMs).toBeLessThan(37_000)
  })

  it.each<[string, readonly MeetKey[], string]>([
    ['an end that names nobody', ['callEnded', 'endScreen'], 'connection_lost'],
    ['being out', ['youLeft', 'endScreen'], 'connection_lost'],
    ['the start page', ['homePage'], 'connection_lost'],
    ['an end in words it cannot read', ['endScreen', 'returnHome'], 'connection_lost'],
    ['an end by the host', ['hostEnded', 'endScreen'], 'meeting_ended'],
    ['a removal', ['removed', 'endScreen'], 'removed'],
  ])('that %s follows, ends as what it was', async (_, shows, reason) => {
    const seen = await playCall(call({ at: 10_000, ...OVERLAY }, { at: 17_000, shows }))
    expect(seen.at(-1)).toMatchObject({ type: 'end', reason, ...(reason === 'connection_lost' ? { code: 'CONNECTION_LOST' } : {}) })
    expect(seen.at(-1)?.atMs).toBeLessThan(24_000)
  })

  it('may be told in the frame of an end, and is none', async () => {
    const framed = { shows: [...OVERLAY.shows, 'endScreen', 'leaveCall', 'tile'] } as const
    expect((await playCall(call({ at: 10_000, ...framed }, { at: 18_000, ...CALL }))).map(({ type }) => type)).toEqual([
      'interruption',
      'interruption',
    ])
  })

  it('is patient with an end screen that says the connection is lost', async () => {
    const lost = { shows: ['endScreen', 'cutOffScreen', 'youLeft', 'returnHome'] } as const
    expect((await playCall(call({ at: 10_000, ...lost }, { at: 18_000, ...CALL }))).map(({ type }) => type)).toEqual([
      'interruption',
      'interruption',
    ])
    expect((await playCall(call({ at: 10_000, ...lost }))).at(-1)).toMatchObject({ type: 'end', reason: 'connection_lost' })
  })

  it('is what a page the browser could not load says, and no removal', async () => {
    const seen = await playCall(call({ at: 10_000, url: 'chrome-error://chromewebdata/' }))
    expect(seen.at(-1)).toMatchObject({ type: 'end', reason: 'connection_lost' })
  })

  it('is one interruption, though the page stops answering in between: unknown is not over', async () => {
    const seen = await playCall(
      call({ at: 10_000, ...OVERLAY }, { at: 12_000, answered: false }, { at: 17_500, ...OVERLAY }, { at: 27_000, ...CALL }),
    )
    expect(seen.map(({ type }) => type)).toEqual(['interruption', 'interruption'])
    expect(seen[1]).toMatchObject({ on: false })
    expect(seen[1]?.atMs).toBeGreaterThanOrEqual(27_000)
  })
})

describe('moved back to the lobby', () => {
  it.each<[string, readonly MeetKey[]]>([
    ['the bar of a call', ['leaveCall']],
    ['its own tile and what a lobby may show as well', ['leaveCall', 'tile', 'share', 'details', 'selfName']],
    ['a way home, in the frame of an end', ['returnHome', 'endScreen']],
  ])('is an interruption once the text held, beside %s', async (_, beside) => {
    const lobby = { shows: ['lobby', ...beside] } as const
    expect(await playCall(call({ at: 10_000, ...lobby }, { at: 40_000, ...CALL }))).toMatchObject([
      { type: 'interruption', kind: 'moved_to_lobby', on: true, evidence: { signs: expect.arrayContaining(['lobby']) } },
      { type: 'interruption', kind: 'moved_to_lobby', on: false },
    ])
  })

  it('is not claimed for a text of a moment', async () => {
    expect(await playCall(call({ at: 10_000, shows: ['lobby'] }, { at: 11_500, ...CALL }))).toEqual([])
  })
})

describe('dialogs in the call', () => {
  it('are seen, pressed and told with what they said', async () => {
    const stage = call({ at: 10_000, shows: CALL.shows, once: ['consent'], texts: { consent: 'Join now' } })
    expect(await playCall(stage)).toMatchObject([
      { type: 'popup', control: 'consent', pressed: true, evidence: { signs: ['consent'], text: 'Join now' } },
    ])
    expect(stage.did).toEqual(['press consent'])
  })
})
