import { describe, expect, it } from 'vitest'
import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { Scene } from '../../../src/lab/fakes/scenes.ts'
import { playJoin } from './play.ts'

type Scenes = Scene<MeetKey>[]
const GUEST: Scenes = [
  { at: 1_500, shows: ['nameBox'], disabled: ['askToJoin'] },
  { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'] },
]
const CALL = { shows: ['captions', 'chat', 'people', 'leaveCall'] } as const
const play = (...scenes: Scenes) => new FakeStage<MeetKey>(...GUEST, ...scenes)
const knock = { on: { press: 'askToJoin' } } as const

describe('before the knock', () => {
  it('waits for the screen, types the name, and presses the button it enabled', async () => {
    const stage = play({ ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did).toEqual(['goto https://meet.google.com/abc-defg-hij?hl=en', 'type nameBox Notes', 'press askToJoin'])
  })

  it('goes in without a name where nobody asks for one', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['joinNow'] }, { on: { press: 'joinNow' }, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did).toEqual(['goto https://meet.google.com/abc-defg-hij?hl=en', 'press joinNow'])
  })

  it('takes over from the same account elsewhere', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['joinHereToo'] }, { on: { press: 'joinHereToo' }, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
  })

  it('switches microphone and camera off before it knocks, again where the label did not turn', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin', 'micOn', 'cameraOn'] },
      { on: { press: 'micOn' }, shows: ['askToJoin', 'micOn', 'cameraOn'] },
      { on: { press: 'micOn' }, shows: ['askToJoin', 'micOn', 'cameraOn'] },
      { at: 900, shows: ['askToJoin', 'cameraOn'] },
      { on: { press: 'cameraOn' }, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.slice(1)).toEqual(['press micOn', 'press micOn', 'press cameraOn', 'press askToJoin'])
  })

  it.each(['toastClose', 'withoutMedia', 'gotIt', 'dismiss'] as const)('presses %s away', async (popup) => {
    const stage = new FakeStage<MeetKey>({ shows: ['askToJoin'], once: [popup] }, { ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did).toContain(`press ${popup}`)
  })

  it('says PAGE_CHANGED with the controls tried and a picture when there is no button', async () => {
    const { end, details, atMs } = await playJoin(new FakeStage<MeetKey>({ shows: ['leaveCall'] }))
    expect(end).toBe('PAGE_CHANGED')
    expect(details).toMatchObject({ tried: ['askToJoin', 'joinNow', 'joinHereToo'], screenshot: expect.any(String) })
    expect(atMs).toBeLessThan(65_000)
  })

  it('does not take an unanswered look for an empty page', async () => {
    const stage = new FakeStage<MeetKey>({ answered: false }, { at: 20_000, shows: ['askToJoin'] }, { ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
  })
})

const hidden = { text: '', attributes: { width: '300', height: '80' }, visible: false, enabled: true }
const tiny = { ...hidden, attributes: { width: '70', height: '30' }, visible: true }
const startup = (code: string) => [{ text: '', attributes: { 'data-startup-code': code }, visible: true, enabled: true }]

describe('what is no verdict', () => {
  it.each<[string, Scene<MeetKey>]>([
    ['a hidden captcha frame', { shows: ['askToJoin', 'captcha'], reads: { captcha: [hidden] } }],
    ['a small captcha frame', { shows: ['askToJoin', 'captcha'], reads: { captcha: [tiny] } }],
    ['a way home', { shows: ['askToJoin', 'returnHome'] }],
    ['leave and a way home', { shows: ['askToJoin', 'leaveCall', 'returnHome'] }],
  ])('%s', async (_, scene) => {
    expect(await playJoin(new FakeStage<MeetKey>(scene, { ...knock, ...CALL }))).toMatchObject({ end: 'admitted' })
  })
})

describe('what the page says before the knock', () => {
  it.each<[string, Scene<MeetKey>, string]>([
    ['no such meeting', { shows: ['badCode', 'returnHome'] }, 'INVALID_MEETING_URL'],
    ['startup code 217', { shows: ['startupCode'], reads: { startupCode: startup('217') } }, 'INVALID_MEETING_URL'],
    ['another startup code', { shows: ['startupCode'], reads: { startupCode: startup('2170') } }, 'PLATFORM_ERROR'],
    ['a sign-in page', { url: 'https://accounts.google.com/v3/signin' }, 'SIGN_IN_REQUIRED'],
    ['a sign-in heading', { shows: ['signIn'] }, 'SIGN_IN_REQUIRED'],
    ['can’t join', { shows: ['cantJoin', 'returnHome'] }, 'PLATFORM_BLOCKED'],
    ['a challenge', { shows: ['captcha'], reads: { captcha: [{ ...hidden, visible: true }] } }, 'PLATFORM_BLOCKED'],
    ['over already', { shows: ['hostEnded', 'returnHome'] }, 'MEETING_OVER'],
    ['a marketing page, every time', { url: 'https://workspace.google.com/products/meet/' }, 'PLATFORM_BLOCKED'],
    ['a problem connecting, every time', { shows: ['problem', 'returnHome'] }, 'PLATFORM_ERROR'],
  ])('%s', async (_, scene, code) => {
    const { end, details } = await playJoin(new FakeStage<MeetKey>(scene))
    expect(end).toBe(code)
    expect(details).toMatchObject({ url: expect.any(String), signs: expect.any(Array), screenshot: expect.any(String) })
  })

  it.each<[string, Scene<MeetKey>]>([
    ['a problem connecting', { shows: ['problem', 'returnHome'] }],
    ['a marketing page', { url: 'https://workspace.google.com/products/meet/' }],
  ])('%s is tried again, three times in all', async (_, scene) => {
    const stage = new FakeStage<MeetKey>(scene, { on: 'goto', ...scene }, { on: 'goto', shows: ['askToJoin'] }, { ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    const never = new FakeStage<MeetKey>(scene)
    await playJoin(never)
    expect(never.did.filter((done) => done.startsWith('goto'))).toHaveLength(3)
  })
})
