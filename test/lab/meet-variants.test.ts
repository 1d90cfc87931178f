// Pages written from the fact sheet alone, each without something the client may lose: labels, generated names, a language.
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controls, DOOR_POPUPS, type MeetKey, POPUPS, SIGNS } from '../../adapters/platforms/meet/controls.ts'
import { DOORS } from '../../adapters/platforms/meet/prejoin.ts'
import { TROUBLES } from '../../adapters/platforms/meet/trouble.ts'
import { findBrowser, thisMachine } from '../../src/browser/find.ts'
import { switchingOff } from '../../src/browser/flags.ts'
import { Looker } from '../../src/browser/looker.ts'

let browser: Browser
let page: Page
beforeAll(async () => {
  const { executablePath } = await findBrowser(undefined, thisMachine(process.env))
  browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: [switchingOff()] })
  page = await browser.newPage()
})
afterAll(() => browser.close())

async function seen(html: string, keys: readonly MeetKey[], locale = 'en') {
  const warned: unknown[] = []
  await page.setContent(`<!doctype html><body>${html}</body>`)
  const looker = new Looker({ page, controls, locale, onWarning: (_code, _message, details) => warned.push(details?.['control']) })
  return { keys: [...(await looker.look(keys)).keys()].sort(), warned }
}
const ALL = Object.keys(controls) as MeetKey[]
const VERDICTS = [...new Set<MeetKey>([...TROUBLES, 'noAnswer', 'endScreen', 'cutOffScreen'])]
const icon = (ligature: string) => `<i class="x${ligature.length}" aria-hidden="true">${ligature}</i>`

const DECOYS = `<button aria-label="Cast this meeting">${icon('cast')}</button><button>Other ways to join</button>
  <button>Join and use a phone for audio</button><button aria-label="More options" jsname="NakZHc">${icon('more_vert')}</button>`

describe('the screen before the call', () => {
  it.each<[string, string, string, readonly MeetKey[]]>([
    [
      'as it is',
      `<input type="text" aria-label="Your name" jsname="YPqjbf"><button jsname="Qx7uuf"><span jsname="V67aGc">Ask to join</span></button>${DECOYS}`,
      'en',
      ['nameBox', 'askToJoin', 'mainDoor'],
    ],
    [
      'without generated names',
      `<input type="text" aria-label="Your name"><button><span>Ask to join anyway</span></button>${DECOYS}`,
      'en',
      ['nameBox', 'askToJoin'],
    ],
    [
      'without a label',
      `<input type="text" placeholder="Your name"><button><span>Ask to join without camera</span></button>${DECOYS}`,
      'en',
      ['nameBox', 'askToJoin'],
    ],
    [
      'with a label beside it',
      `<label>What's your name?<input type="text"></label><button><span>Join the call now</span></button>${DECOYS}`,
      'en',
      ['nameBox', 'joinNow'],
    ],
    [
      'in German',
      `<input type="text" jsname="YPqjbf"><button><span>Teilnahme erbitten</span></button>${DECOYS}`,
      'de',
      ['nameBox', 'askToJoin'],
    ],
    [
      'in German, asked for in English',
      `<input type="text" jsname="YPqjbf"><button><span>Trotzdem teilnehmen</span></button>${DECOYS}`,
      'en',
      ['nameBox', 'joinNow'],
    ],
    [
      'in Japanese',
      `<input type="text" aria-label="名前"><button><span>参加をリクエスト</span></button>${DECOYS}`,
      'ja',
      ['nameBox', 'askToJoin'],
    ],
    [
      'in Hungarian',
      `<input type="text" aria-label="A neved"><button><span>Kérvényezés a csatlakozásra</span></button>${DECOYS}`,
      'hu',
      ['nameBox', 'askToJoin'],
    ],
    ['in Portuguese, signed in', `<button><span>Participar agora</span></button>${DECOYS}`, 'pt-BR', ['joinNow']],
    [
      'in a language of no clue',
      `<input type="text" jsname="YPqjbf"><button jsname="Qx7uuf"><span jsname="V67aGc">Óskaðu eftir aðild</span></button>${DECOYS}`,
      'is',
      ['nameBox', 'mainDoor'],
    ],
    [
      'where the account is in the call',
      `<button jsname="Qx7uuf"><span jsname="V67aGc">Switch here</span></button>${DECOYS}`,
      'en',
      ['joinHereToo', 'mainDoor'],
    ],
  ])('%s', async (_, html, locale, keys) => {
    expect((await seen(html, ['nameBox', ...DOORS, 'joinHereToo'], locale)).keys).toEqual([...keys].sort())
  })

  it.each([
    ['data', '<div role="button" aria-label="Turn off microphone (ctrl + d)" data-is-muted="false">mic</div>', ['micOn']],
    ['label alone', '<div aria-label="Turn off camera (ctrl + e)">x</div>', ['cameraOn']],
    [
      'icon alone',
      `<button data-is-muted="false">${icon('mic')}</button><button data-is-muted="true">${icon('videocam_off')}</button>`,
      ['micOn'],
    ],
    [
      'a label of another language alone',
      '<div role="button" aria-label="A mikrofon kikapcsolása (Ctrl + D)">x</div><div role="button" aria-label="カメラをオフにする">x</div>',
      ['cameraOn', 'micOn'],
    ],
    [
      'nothing of ours, where others are on',
      '<div role="list"><div role="listitem"><button data-is-muted="false" aria-label="Mute Ada\'s microphone">mic</button></div></div>',
      [],
    ],
    [
      'both off',
      '<button aria-label="Turn on microphone" data-is-muted="true"></button><button aria-label="Turn on camera" data-is-muted="true"></button>',
      [],
    ],
  ])('tells a switch that is on by %s', async (_, html, keys) => {
    expect((await seen(html, ['micOn', 'cameraOn'])).keys).toEqual(keys)
  })

  it.each<[string, string, readonly MeetKey[]]>([
    [
      'device toast',
      `<div role="dialog" data-is-persistent="true">Microphone not found<button aria-label="Close">${icon('close')}</button></div>`,
      ['toastClose'],
    ],
    [
      'device toast without a label',
      `<div role="dialog">Make sure your microphone is plugged in<button>${icon('close')}</button></div>`,
      ['toastClose'],
    ],
    [
      'media choice',
      '<div role="dialog">Do you want people to hear you in the meeting?<button>Use microphone</button><button><span>Continue without microphone and camera</span></button></div>',
      ['withoutMedia'],
    ],
    ['promotion', '<button>Got it</button><div role="button" tabindex="0">Dismiss</div>', ['gotIt', 'dismiss']],
    [
      'recording',
      '<div aria-modal="true" role="dialog"><h2>This video call is being recorded</h2><button data-mdc-dialog-action="ok"><span>Join now</span></button></div>',
      ['consent'],
    ],
    [
      'transcript, without data',
      '<div aria-modal="true" role="dialog"><h2>This video call is being transcribed</h2><button>Join now</button></div>',
      ['consent'],
    ],
    [
      'notes being taken',
      '<div role="dialog"><p>Gemini is taking notes</p><button data-mdc-dialog-action="ok">Join now</button></div>',
      ['consent'],
    ],
    [
      'a decision about notes',
      '<div aria-modal="true" role="dialog"><h2>Take notes for me</h2><button data-mdc-dialog-action="ok">Start</button></div>',
      [],
    ],
    [
      'toast in Hungarian',
      `<div role="dialog" data-is-persistent="true">Nincs hang<button aria-label="Bezárás">${icon('x')}</button></div>`,
      ['toastClose'],
    ],
    [
      'toast of no known language, with nothing else to press',
      '<div role="dialog" data-is-persistent="true">Enginn hljóðnemi<button aria-label="Loka"></button><a href="#x">Meira</a></div>',
      ['toastClose'],
    ],
    [
      'toast with a choice',
      '<div role="dialog" data-is-persistent="true">Hljóðnemi<button aria-label="A">a</button><button>B</button></div>',
      [],
    ],
    [
      'media choice in Hungarian',
      '<div role="dialog"><button>Mikrofon használata</button><button>Folytatás mikrofon és kamera nélkül</button></div>',
      ['withoutMedia'],
    ],
    ['promotion in German', '<div role="dialog">Melden Sie sich an<button>Verwerfen</button></div>', ['dismiss']],
    ['promotion in Japanese', '<div role="dialog">ビデオの表示について<button>後で</button></div>', ['dismiss']],
    ['promotion, its words spaced and cased otherwise', '<div><button>\n GOT\u00a0 it </button></div>', ['gotIt']],
    [
      'somebody who knocks',
      '<div role="dialog"><p>Ada wants to join this call</p><button>Dismiss</button><button>Admit</button></div>',
      [],
    ],
    [
      'somebody who knocks, in German',
      '<div role="dialog">Ada möchte teilnehmen<button>Ablehnen</button><button>Zulassen</button></div>',
      [],
    ],
    [
      'refusal of a consent in German',
      '<div role="dialog">Dieser Anruf wird aufgezeichnet<button>Ablehnen</button><button>Verwerfen</button></div>',
      [],
    ],
    [
      'consent in German',
      '<div aria-modal="true" role="dialog"><h2>Dieser Videoanruf wird aufgezeichnet</h2><button>Verlassen</button><button data-mdc-dialog-action="ok">Jetzt teilnehmen</button></div>',
      ['consent'],
    ],
    [
      'consent in German to notes being taken',
      '<div aria-modal="true" role="dialog"><h2>Gemini schreibt mit</h2><button>Verlassen</button><button data-mdc-dialog-action="ok">Jetzt teilnehmen</button></div>',
      ['consent'],
    ],
    [
      'consent in Japanese',
      '<div aria-modal="true" role="dialog"><h2>このビデオ通話は録画されています</h2><button>退出</button><button data-mdc-dialog-action="ok">今すぐ参加</button></div>',
      ['consent'],
    ],
    [
      'consent in Hungarian',
      '<div aria-modal="true" role="dialog"><h2>A hívásról felvétel készül</h2><button>Kilépés</button><button data-mdc-dialog-action="ok">Csatlakozás most</button></div>',
      ['consent'],
    ],
    [
      'consent of no known language, with nothing else to choose',
      '<div aria-modal="true" role="dialog"><h2>Þetta símtal er tekið upp</h2><button data-mdc-dialog-action="ok">Halda áfram</button></div>',
      ['consent'],
    ],
    [
      'a choice of no known language',
      '<div aria-modal="true" role="dialog"><h2>Þetta símtal</h2><button>Nei</button><button data-mdc-dialog-action="ok">Já</button></div>',
      [],
    ],
    [
      'a decision about notes that may be put off',
      '<div aria-modal="true" role="dialog"><h2>Take notes for me</h2><p>Gemini can write them</p><button>Not now</button><button data-mdc-dialog-action="ok">Start taking notes</button></div>',
      [],
    ],
    [
      'a decision about notes without a dialog',
      '<section><h2>Take notes for me</h2><button>Dismiss</button><button>Got it</button></section>',
      [],
    ],
    ['the pill that says notes are taken', '<div role="button" tabindex="0">Gemini is taking notes</div>', []],
  ])('answers %s, or leaves it to people', async (_, html, keys) => {
    expect((await seen(html, POPUPS)).keys).toEqual([...keys].sort())
  })
})

it.each(['Join here too', 'Auch hier teilnehmen', 'Hierher wechseln', 'ここに切り替える', 'Váltás ide'])(
  'takes "%s" for the way in of an account that is inside already',
  async (words) =>
    expect((await seen(`<button jsname="Qx7uuf"><span>${words}</span></button>`, [...DOORS, 'joinHereToo'])).keys).toEqual([
      'joinHereToo',
      'mainDoor',
    ]),
)

describe('a dialog over the door', () => {
  it.each<[string, string, readonly MeetKey[], readonly string[]]>([
    [
      'with one button in no known language',
      '<div role="dialog">Nýtt í símtölum<a href="#x">Meira</a><button>Ég skil</button></div>',
      ['onlyAnswer'],
      ['onlyAnswer'],
    ],
    ['with a choice in no known language', '<div role="dialog">Nýtt<button>Já</button><button>Nei</button></div>', [], []],
    ['that leads to an account', '<div role="dialog">Nýtt<button>Sign in</button></div>', [], []],
    ['about notes', '<div role="dialog">メモ<button>はい</button></div>', [], []],
    ['that nobody sees', '<div style="opacity:0;pointer-events:none"><div role="dialog">Nýtt<button>Got it</button></div></div>', [], []],
  ])('%s', async (_, html, keys, warned) => {
    expect(await seen(html, DOOR_POPUPS)).toEqual({ keys, warned })
  })
})

describe('an account', () => {
  it.each<[string, string, readonly MeetKey[]]>([
    ['is asked for', '<div><h1>Sign in</h1><p>Use your <b>Google Account</b></p></div>', ['signIn']],
    ['is asked for to go on', '<div><h1>Sign in</h1><p>to continue to Google Meet</p></div>', ['signIn']],
    ['is to be chosen', '<h1>Choose an account</h1>', ['signIn']],
    ['is promoted', '<div role="dialog"><h2>Sign in</h2><p>Use your Google Account</p><button>Use without an account</button></div>', []],
    ['is promoted in a word', '<div><h2>Sign in</h2><button>Got it</button></div>', []],
  ])('%s', async (_, html, keys) => expect((await seen(html, ['signIn'])).keys).toEqual(keys))
})

describe('a lost connection', () => {
  it.each([
    '<div role="alert">You lost your network connection. Trying to reconnect.</div>',
    '<div><h2>You lost your network connection.</h2><p>Trying to reconnect.</p></div>',
    '<div><span>You lost your network connection.</span><span>Trying to reconnect…</span></div>',
    '<div>You’ve lost your network\u00a0connection<br>Trying to reconnect</div>',
  ])('is read from %s', async (html) => expect((await seen(html, ['reconnecting'])).keys).toEqual(['reconnecting']))
})

const bar = (...buttons: string[]) => `<div role="region" aria-label="Call controls">${buttons.join('')}</div>`
const LEAVE = `<button aria-label="Leave call" jsname="CQylAd">${icon('call_end')}</button>`

describe('lobby and call', () => {
  it.each<[string, string]>([
    ['knock screen', '<h1>Asking to be let in...</h1><video></video><button>Return to home screen</button>'],
    ['curly apostrophe', '<div>You’ll join the call when someone lets you in</div>'],
    ['host-managed', `${bar(LEAVE)}<p>Please wait until a meeting host brings you into the call</p>`],
    ['absent host', `${bar(LEAVE)}<p>Waiting for the host to join</p>`],
    ['label only', '<div aria-label="You’ll join when someone lets you in">x</div>'],
    ['that says who lets us in', '<div><h1>Asking to be let in</h1><p>A host must admit you before you can join</p></div>'],
    ['that says who may refuse', '<div><h1>Waiting to be let in</h1><p>The host may deny or admit you</p></div>'],
    ['German', '<p>Bitte warten Sie, bis Sie vom Organisator zugelassen werden</p>'],
  ])('a lobby: %s', async (_, html) => {
    const { keys } = await seen(html, ['lobby', ...SIGNS, ...VERDICTS])
    expect(keys).toEqual(['lobby'])
  })

  it.each([
    [
      'for screen readers only',
      '<div aria-live="polite" style="position:absolute;width:1px;height:1px;overflow:hidden"><span>Asking to be let in</span></div>',
    ],
    ['of somebody who asks us', '<div role="dialog"><span>Ada is asking to join</span><button>Admit</button></div>'],
    ['of a toast that can be answered', '<section>Somebody is asking to be let in<button>Admit</button><button>Deny</button></section>'],
    ['of a list', '<aside><h2>Asking to join</h2></aside>'],
  ])('is in no lobby by the words %s', async (_, html) => expect((await seen(html, ['lobby', 'askingNow'])).keys).toEqual([]))

  it.each(['Backgrounds and effects', 'Hintergründe und Effekte', 'Háttérképek és effektek', 'Эффекты', '背景とエフェクト'])(
    'finds no sign of a call in what a lobby shows, its panel called "%s"',
    async (panel) => {
      const effects = `<div aria-label="${panel}"><div data-participant-id="spaces/a/devices/1" data-requested-participant-id="x"></div>${icon('visual_effects')}</div>`
      const html = `${bar(LEAVE, `<button data-is-muted="true" aria-label="Turn on microphone">${icon('mic_off')}</button>`, '<button aria-label="Send a reaction">mood</button>')}${effects}<audio></audio><button>Return to home screen</button>`
      expect((await seen(html, SIGNS)).keys).toEqual([])
    },
  )

  it.each<[string, string, readonly MeetKey[]]>([
    [
      'by labels',
      `<button aria-label="Turn on captions"></button><button aria-label="Chat with everyone - New message"></button><button aria-label="People - 3 joined"></button>`,
      ['captions', 'chat', 'people'],
    ],
    ['by icons', `<button>${icon('closed_caption_off')}</button><button>${icon('chat')}</button>`, ['captions', 'chat']],
    [
      'by data',
      `<button data-panel-id="1">a</button><button data-panel-id="2">b</button><button data-panel-id="5">c</button>`,
      ['chat', 'details', 'people'],
    ],
    ['by generated names', '<button jsname="RrG0hf">a</button><div role="button" jsname="ocqpFe">People 4</div>', ['captions', 'people']],
    [
      'by the badge of 2025',
      '<div role="button" aria-haspopup="dialog"><span>People</span></div><button aria-label="Share screen">x</button>',
      ['people', 'share'],
    ],
    [
      'by a label with its shortcut',
      '<button aria-label="People (Ctrl + Alt + p)">x</button><button aria-label="People who left">x</button>',
      ['people'],
    ],
    [
      'in German',
      `<button aria-label="Personen - 3 beigetreten">x</button><button>${icon('closed_caption_off')}</button><p>Du nimmst an diesem Anruf teil</p>`,
      ['captions', 'joinedText', 'people'],
    ],
    [
      'by tiles',
      '<main><div data-participant-id="spaces/a/devices/1" data-tile-media-id="1" style="width:9px;height:9px"></div><button data-self-name="Notes">x</button></main>',
      ['selfName', 'tile'],
    ],
  ])('a call: %s', async (_, html, keys) => {
    expect((await seen(html, SIGNS)).keys).toEqual([...keys].sort())
  })

  it.each(['<button aria-label="Jump to most recent captions">x</button>', '<button aria-label="English Captions settings">x</button>'])(
    'is not taken in by %s',
    async (html) => {
      expect((await seen(html, SIGNS)).keys).toEqual([])
    },
  )

  it.each([
    LEAVE,
    `<button>${icon('call_end')}</button>`,
    '<button jsname="CQylAd">x</button>',
    '<button aria-label="Anruf verlassen">x</button>',
  ])('finds the way out: %s', async (html) => {
    expect((await seen(html, ['leaveCall'])).keys).toEqual(['leaveCall'])
  })
})

describe('the site’s own view', () => {
  const transparent = 'style="position:absolute;inset:0;opacity:0;width:40px;height:40px"'
  const radio = (words: string) =>
    `<div><label style="position:relative;display:block;padding:12px"><input type="radio" name="l" ${transparent}><span>${words}</span></label></div>`
  const beside = (words: string) =>
    `<div><div style="position:relative;width:40px;height:40px"><input type="radio" name="l" id="${words}" ${transparent}></div><label for="${words}">${words}</label></div>`

  it.each<[string, (words: string) => string, string, string]>([
    ['around a transparent circle', radio, 'Sidebar', 'Tiled'],
    ['beside one', beside, 'Sidebar', 'Tiled'],
    ['in German', radio, 'Seitenleiste', 'Gekachelt'],
  ])('is chosen by a label %s', async (_, draw, side, tiled) => {
    const html = `<label>Sidebar</label><div role="dialog" aria-modal="true">${['Auto', tiled, 'Spotlight', side].map(draw).join('')}<label>Tiles<input type="range"></label></div>`
    expect((await seen(html, ['layoutSidebar', 'layoutTiled'])).keys).toEqual(['layoutSidebar', 'layoutTiled'])
    for (const [at, { clues }] of [
      [3, controls.layoutSidebar],
      [1, controls.layoutTiled],
    ] as const) {
      const [, { css, says, inside }] = clues
      await page.locator(`:is(${inside}) ${css}`).filter({ hasText: says }).click({ timeout: 2_000 })
      expect(await page.locator('input[type=radio]').nth(at).isChecked()).toBe(true)
    }
  })

  it.each<[string, string, readonly MeetKey[]]>([
    [
      'items of no role',
      `<ul><li>${icon('dashboard')}Adjust view</li><li>${icon('settings')}Settings</li></ul>`,
      ['changeLayout', 'settings'],
    ],
    ['words of another language', '<div role="menu"><div role="menuitem">Layout ändern</div></div>', ['changeLayout']],
    ['a chat that talks of it', '<aside><ul><li>Change layout</li></ul></aside><ul role="list"><li>Change layout</li></ul>', []],
    ['three dots in no language of ours', `<button aria-label="További lehetőségek">${icon('more_vert')}</button>`, ['moreOptions']],
    [
      'three dots of somebody or of a panel',
      `<div data-participant-id="d/1"><button>${icon('more_vert')}</button></div><aside><button>${icon('more_vert')}</button></aside><div role="dialog"><button>${icon('more_vert')}</button></div>`,
      [],
    ],
  ])('is found behind %s', async (_, html, keys) => {
    expect((await seen(html, ['moreOptions', 'changeLayout', 'settings', 'layoutSidebar', 'layoutTiled'])).keys).toEqual(keys)
  })
})

const frames: readonly [string, (words: string) => string][] = [
  ['the screen of 2026', (words) => `<div data-call-ended="false"><h1 jsname="r4nke" class="roSPhc">${words}</h1></div>`],
  ['a heading alone', (words) => `<div><h1>${words}</h1></div>`],
  ['a role alone', (words) => `<div><div role="heading" aria-level="1">${words}</div></div>`],
  ['its generated name alone', (words) => `<div jsname="r4nke">${words}</div>`],
  ['its class alone', (words) => `<div class="roSPhc">${words}</div>`],
]
const ENDS: readonly [MeetKey, string][] = [
  ['denied', 'Someone in the call denied your request to join'],
  ['denied', 'You weren’t allowed to join'],
  ['noAnswer', 'No one responded to your request to join the call'],
  ['noAnswer', 'Niemand hat auf Ihre Teilnahmeanfrage geantwortet'],
  ['cantJoin', 'You can’t join this video call'],
  ['cantJoin', "You can't join this call"],
  ['problem', 'There is a problem connecting to this video call'],
  ['badCode', 'Check your meeting code'],
  ['removed', 'You’ve been removed from the meeting'],
  ['removed', 'You were removed from the meeting'],
  ['hostEnded', 'Your host ended the meeting for everyone'],
  ['callEnded', 'The call ended'],
  ['youLeft', 'You left the meeting'],
]

describe('ends', () => {
  it.each(frames)('are read from %s', async (_, frame) => {
    for (const [key, words] of ENDS) {
      const { keys } = await seen(frame(words), VERDICTS)
      expect(
        keys.filter((found) => found !== 'endScreen'),
        words,
      ).toEqual([key])
    }
  })

  it.each<[string, (words: string) => string]>([
    ['a chat row', (words) => `<div data-message-id="spaces/a/messages/1"><div jsname="dTKtvb">${words}</div></div>`],
    ['a heading in a chat row', (words) => `<div data-message-id="1"><h1>${words}</h1></div>`],
    ['a heading in the side panel', (words) => `<aside aria-label="Side panel"><div role="heading">${words}</div></aside>`],
    ['a chat of 2024', (words) => `<div jsname="xySENc" aria-live="polite"><div jsname="Ypafjf">${words}</div></div>`],
    ['an alert', (words) => `<div role="alert"><h2>${words}</h2></div>`],
    ['a caption', (words) => `<div role="region" aria-label="Captions" tabindex="0"><div>${words}</div></div>`],
    ['a toast', (words) => `<div>Ada says in chat: ${words}</div>`],
  ])('are not read from %s', async (_, quote) => {
    for (const [, words] of ENDS) expect((await seen(quote(words), VERDICTS)).keys, words).toEqual([])
    expect((await seen(quote('You lost your network connection. Trying to reconnect.'), ['reconnecting'])).keys.length).toBeLessThanOrEqual(
      1,
    )
  })

  it('knows the screen of a missing meeting, and the page it leads to', async () => {
    const missing = `<div data-startup-code="217" data-timeout="60000"><div jsname="WIVZEd" data-call-ended="true" data-is-connection-lost="false"><h1>Check your meeting code</h1><button jsname="dqt8Pb">Return to home screen</button></div></div>`
    expect((await seen(missing, VERDICTS)).keys).toEqual(['badCode', 'endScreen', 'startupCode'])
    expect((await seen('<input type="text" placeholder="Enter a code or link">', [...VERDICTS, 'nameBox'])).keys).toEqual(['homePage'])
  })
})

it('warns of a clue only where a less trusted kind had to do', async () => {
  expect(
    (
      await seen(
        '<button>Join anyway</button><p>Waiting to be let in</p><button aria-label="Show everyone" data-panel-id="1">x</button>',
        ALL,
      )
    ).warned,
  ).toEqual([])
  expect((await seen('<input type="text" aria-label="名前">', ALL)).warned).toEqual([])
  expect(
    (await seen(`<button>${icon('closed_caption_off')}</button><div role="button" jsname="ocqpFe">x</div>`, ALL)).warned.sort(),
  ).toEqual(['captions', 'people'])
})
