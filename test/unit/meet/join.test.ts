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

  it('takes nothing from the same account elsewhere: that is the caller’s to settle', async () => {
    const stage = new FakeStage<MeetKey>({ shows: ['joinHereToo', 'mainDoor'] })
    expect(await playJoin(stage)).toMatchObject({ end: 'ACCOUNT_CONFLICT', details: { signs: expect.arrayContaining(['joinHereToo']) } })
    expect(stage.did).toHaveLength(1)
  })

  it('takes the plain way in where a conflicting one shows too', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['joinHereToo'] },
      { at: 1_500, shows: ['joinHereToo', 'joinNow'] },
      { on: { press: 'joinNow' }, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
  })

  it('presses the main button of a page in a language it cannot read, once that is all there is', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['nameBox'], disabled: ['mainDoor'] },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'mainDoor'] },
      { on: { press: 'mainDoor' }, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
  })

  it('types the name again where the page lost it', async () => {
    const grey: Scene<MeetKey> = { shows: ['nameBox'], disabled: ['askToJoin'] }
    const stage = new FakeStage<MeetKey>(
      grey,
      { on: { type: 'nameBox' }, ...grey },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'] },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.filter((done) => done.startsWith('type'))).toHaveLength(2)
  })

  const box = (value: string) => ({ nameBox: [{ text: '', attributes: {}, visible: true, enabled: true, value }] })
  it('types the name a second time where letters went astray', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['nameBox'], disabled: ['askToJoin'] },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'], reads: box('Nts') },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'], reads: box('Notes') },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted', warned: [] })
    expect(stage.did.filter((done) => done.startsWith('type'))).toHaveLength(2)
  })

  it('says under which name it goes in where the page shortens its own', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['nameBox'], disabled: ['askToJoin'] },
      { on: { type: 'nameBox' }, shows: ['nameBox', 'askToJoin'], reads: box('Not') },
      { ...knock, ...CALL },
    )
    const { end, warned } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(warned).toEqual([{ code: 'name_changed', details: { asked: 'Notes', shown: 'Not' } }])
    expect(stage.did.filter((done) => done.startsWith('type'))).toHaveLength(2)
  })

  it('closes a dialog of no known words over the door by Escape, and says so', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin', 'cameraOn'] },
      { on: { press: 'cameraOn' }, disabled: ['askToJoin'], shows: ['dialog'] },
      { at: 5_500, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    const { end, warned } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(stage.did).toContain('key Escape')
    expect(warned.map(({ code }) => code)).toEqual(['fallback_selector'])
  })

  it('answers a dialog that came over the button, then presses again', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin'] },
      { at: 50, shows: ['askToJoin', 'cameraOn'] },
      { on: { press: 'cameraOn' }, disabled: ['askToJoin'], once: ['toastClose'] },
      { on: { press: 'toastClose' }, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    await stage.clock.after(0)
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

  it('answers a dialog that covers the camera, then switches it off', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin', 'micOn'] },
      { on: { press: 'micOn' }, shows: ['askToJoin'], disabled: ['cameraOn'], once: ['gotIt'] },
      { on: { press: 'gotIt' }, shows: ['askToJoin', 'cameraOn'] },
      { on: { press: 'cameraOn' }, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.slice(1)).toEqual(['press micOn', 'press gotIt', 'press cameraOn', 'press askToJoin'])
  })

  it('says which switch stayed on, at the door and in the call, and knocks all the same', async () => {
    const on: Scene<MeetKey> = { shows: ['askToJoin', 'micOn'] }
    const stage = new FakeStage<MeetKey>(on, { ...knock, shows: [...CALL.shows, 'micOn'] })
    const { end, warned, atMs } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(warned).toEqual(['prejoin', 'call'].map((phase) => ({ code: 'device_left_on', details: { control: 'micOn', phase } })))
    expect(stage.did.filter((done) => done === 'press micOn')).toHaveLength(5 + 5)
    expect(stage.clock.elapsedMs - atMs).toBeGreaterThan(20_000) // which nobody has to wait for to be told of the call
  })

  it('says nothing of a switch that went off in the end', async () => {
    const four = [1, 2, 3, 4].map((): Scene<MeetKey> => ({ on: { press: 'micOn' }, shows: ['askToJoin', 'micOn'] }))
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin', 'micOn'] },
      ...four,
      { on: { press: 'micOn' }, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted', warned: [] })
  })

  it('warns of no switch that only a dialog over the door had covered', async () => {
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin'], disabled: ['micOn'] },
      { at: 50, shows: ['dialog'], disabled: ['askToJoin', 'micOn'] },
      { at: 8_000, shows: ['askToJoin', 'micOn'] },
      { on: { press: 'micOn' }, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    const { end, warned } = await playJoin(stage)
    expect(end).toBe('admitted')
    expect(warned.map(({ code }) => code)).toEqual(['fallback_selector'])
    expect(stage.did.slice(-3)).toEqual(['key Escape', 'press micOn', 'press askToJoin'])
  })

  it('switches off what came on at the door, after the consent that lay over it and though the first presses did nothing', async () => {
    const inside = [...CALL.shows, 'micOn'] as const
    const stage = new FakeStage<MeetKey>(
      { shows: ['askToJoin'] },
      { ...knock, ...CALL, disabled: ['micOn'] },
      { at: 8_500, shows: [...CALL.shows, 'consent'], disabled: ['micOn'] },
      { on: { press: 'consent' }, shows: inside },
      { on: { press: 'micOn' }, shows: inside },
      { on: { press: 'micOn' }, shows: inside },
      { on: { press: 'micOn' }, shows: CALL.shows },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted', warned: [] })
    expect(stage.did.slice(-4)).toEqual(['press consent', 'press micOn', 'press micOn', 'press micOn'])
  })

  it.each(['toastClose', 'withoutMedia', 'gotIt', 'dismiss', 'onlyAnswer'] as const)('presses %s away', async (popup) => {
    const stage = new FakeStage<MeetKey>({ shows: ['askToJoin'], once: [popup] }, { ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did).toContain(`press ${popup}`)
  })

  it('says PAGE_CHANGED with the controls tried and a picture when there is no button', async () => {
    const { end, details, atMs } = await playJoin(new FakeStage<MeetKey>({ shows: ['leaveCall', 'anything'] }))
    expect(end).toBe('PAGE_CHANGED')
    expect(details).toMatchObject({ tried: ['askToJoin', 'joinNow', 'mainDoor'], screenshot: expect.any(String) })
    expect(atMs).toBeLessThan(65_000)
  })

  it.each<[string, Scene<MeetKey>]>([
    ['is blank', {}],
    ['is getting ready', { shows: ['gettingReady', 'anything'] }],
    ['does not answer', { answered: false }],
  ])('takes a page that %s for ever for the platform’s trouble, after three loads', async (_, scene) => {
    const stage = new FakeStage<MeetKey>(scene)
    expect(await playJoin(stage)).toMatchObject({ end: 'PLATFORM_ERROR', details: { tries: 3 } })
    expect(stage.did.filter((done) => done.startsWith('goto'))).toHaveLength(3)
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
    ['its start page', { shows: ['homePage'] }, 'INVALID_MEETING_URL'],
    ['its start page in words that are not ours', { url: 'https://meet.google.com/?hl=ja', shows: ['anything'] }, 'INVALID_MEETING_URL'],
    ['a sign-in page of another name', { url: 'https://accounts.google.de/signin' }, 'SIGN_IN_REQUIRED'],
    ['a site nobody knows, every time', { url: 'https://consent.example.com/m?continue=x' }, 'PLATFORM_BLOCKED'],
    ['an error page of the browser, every time', { url: 'chrome-error://chromewebdata/' }, 'PLATFORM_ERROR'],
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
    ['a site nobody knows', { url: 'https://consent.example.com/' }],
  ])('%s is tried again, three times in all', async (_, scene) => {
    const stage = new FakeStage<MeetKey>(scene, { on: 'goto', ...scene }, { on: 'goto', shows: ['askToJoin'] }, { ...knock, ...CALL })
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    const never = new FakeStage<MeetKey>(scene)
    await playJoin(never)
    expect(never.did.filter((done) => done.startsWith('goto'))).toHaveLength(3)
  })

  it('counts no site that the way only leads through', async () => {
    const stage = new FakeStage<MeetKey>(
      { url: 'https://accounts.youtube.com/accounts/SetSID' },
      { at: 1_500, shows: ['askToJoin'] },
      { ...knock, ...CALL },
    )
    expect(await playJoin(stage)).toMatchObject({ end: 'admitted' })
    expect(stage.did.filter((done) => done.startsWith('goto'))).toHaveLength(1)
  })
})
