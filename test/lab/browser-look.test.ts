import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { controls as meetControls } from '../../adapters/platforms/meet/controls.ts'
import { locate, wordsOf } from '../../src/browser/clues.ts'
import { findBrowser, thisMachine } from '../../src/browser/find.ts'
import { switchingOff } from '../../src/browser/flags.ts'
import { Looker } from '../../src/browser/looker.ts'
import type { Clue, ControlMap } from '../../src/platform/controls.ts'

let browser: Browser
let page: Page
beforeAll(async () => {
  const { executablePath } = await findBrowser(undefined, thisMachine(process.env))
  browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, args: [switchingOff()] })
  page = await browser.newPage()
})
afterAll(() => browser.close())

/** Every way a site hides, names and nests a control that a clue has to see through. */
const PAGE = `<!doctype html><title>Words in the title: be let in</title>
<style>.gone{display:none}.veil{visibility:hidden}.zero{width:0;height:0;overflow:hidden;padding:0;border:0}</style>
<script>const said = 'only in a script'</script>
<main>
  <button aria-label="Leave call"><i aria-hidden="true">call_end</i></button>
  <button><i class="icon" aria-hidden="true">mic</i><span>Ask to <b>join</b></span></button>
  <button class="gone">Join now</button><button class="veil">Got it</button><button class="zero">Dismiss</button>
  <button disabled>Switch here</button><div role="button" aria-disabled="true">Hand up</div>
  <div aria-hidden="true"><button>Behind the dialog</button></div>
  <div role="button" tabindex="0">Return to   home
  screen</div>
  <a href="#x">Choose an account</a><a>No link</a>
  <h1>You were <em>removed</em> from the meeting</h1><div role="heading" aria-level="2">The call ended</div>
  <h2 role="presentation">Sign in</h2>
  <label for="n">Your name</label><input id="n"><label>Code <input type="text"></label>
  <input aria-label="Search" list="l"><input aria-label="Suggest" list="d"><datalist id="d"></datalist><textarea placeholder="Message"></textarea><input type="submit" value="Send it">
  <span id="lb">Labelled from afar</span><button aria-labelledby="lb">x</button>
  <section aria-label="Call controls"><p>Please wait until a meeting host brings you in</p></section><section>none</section>
  <div role="dialog" aria-label="Consent">This call is being <span>recorded</span></div><dialog open>Native</dialog>
  <ul><li>One</li><li title="second">Two</li></ul><div role="alert">You lost your network connection</div>
  <div><div>Nested <span>asking to be let in</span> by Ada</div></div>
  <button title="Only a title"></button><img alt="picture"><button><img alt="Close picture"></button>
  <input type="checkbox" id="c"><label for="c">Remember</label><input type="radio" aria-label="Choice">
  <iframe src="about:blank#recaptcha" width="200" height="100"></iframe>
  <div id="host"></div><div data-startup-code="7" hidden></div>
</main>
<script>host.attachShadow({ mode: 'open' }).innerHTML = '<button aria-label="In the shadow">s</button><p>Text in the shadow</p>'</script>`

const CLUES: readonly Clue[] = [
  ...(
    ['button', 'checkbox', 'dialog', 'heading', 'link', 'list', 'listitem', 'radio', 'region', 'textbox', 'alert', 'tab', 'timer'] as const
  ).map((role): Clue => ({ role })),
  ...[
    'Leave call',
    /^ask to join$/i,
    /mic/,
    'join now',
    /got it/i,
    'Dismiss',
    'switch here',
    'hand up',
    'behind',
    /^Return to home screen$/,
    'x',
    /^Labelled from afar$/,
    'In the shadow',
    'Only a title',
    'Close picture',
    'Send it',
    'call_end',
  ].map((name): Clue => ({ role: 'button', name })),
  ...[/^you were removed from the meeting$/i, /the call ended/i, 'sign in'].map((name): Clue => ({ role: 'heading', name })),
  ...['Your name', 'Code', 'Search', 'Suggest', 'Message'].map((name): Clue => ({ role: 'textbox', name })),
  { role: 'dialog', name: 'Consent' },
  { role: 'region', name: /controls/ },
  { role: 'checkbox', name: 'Remember' },
  { role: 'radio', name: 'choice' },
  { role: 'link', name: /account/ },
  ...['Leave', 'your NAME', 'Code', /^search$/i, 'Labelled from', 'nobody', 'In the shadow'].map((label): Clue => ({ label })),
  ...[
    /asking to be let in/i,
    'be let in',
    'only in a script',
    /^Native$/,
    'send it',
    'recorded',
    'Got it',
    /network CONNECTION$/i,
    'in the shadow',
  ].map((text): Clue => ({ text })),
  { css: 'iframe[src*="recaptcha"]' },
  { css: '[data-startup-code]' },
  { css: 'button:has(i:text-is("call_end"))' },
  { css: 'button:has(i:text-is("chat"))' },
  { css: 'h1:text-matches("removed|denied", "i")' },
  { css: 'main :text("Two"):visible' },
  { css: 'button:not(:has-text("join"))' },
  { icon: 'call_end' },
  { icon: 'call' },
  { icon: 'mic' },
  { icon: 'Cast' },
  { role: 'heading', name: /call ended/i, outside: 'aside' },
  { role: 'heading', name: /call ended/i, outside: 'main' },
  { role: 'heading', name: /you were removed/i, outside: 'h1' },
  { text: /asking to be let in/i, outside: 'aside,ul' },
  { text: /asking to be let in/i, outside: 'main > div' },
  { css: 'button:has(i:text-is("call_end"))', outside: '[role=dialog]' },
  { css: 'button:has(i:text-is("call_end"))', outside: 'main' },
]

it('sees by one expression exactly what the locators would find, clue by clue', async () => {
  await page.setContent(PAGE)
  const platform: ControlMap = meetControls
  const plain = ({ near, unless, ...clue }: Clue) => near === undefined && unless === undefined && !('only' in clue) && !('says' in clue)
  const clues = [...CLUES, ...Object.values(platform).flatMap((control): readonly Clue[] => control.clues)].filter(plain)
  const controls = Object.fromEntries(clues.map((clue, at) => [`c${at}`, { clues: [clue] as const }]))
  const shows = await new Looker({ page, controls, locale: 'en', onWarning: () => {} }).look(Object.keys(controls))
  const differ: string[] = []
  let matched = 0
  for (const [at, clue] of clues.entries()) {
    const located = (await locate(page, clue).filter({ visible: true }).count()) > 0
    if (located) matched++
    if (located !== shows.has(`c${at}`)) differ.push(`${wordsOf(clue)}: locator ${located}, look ${!located}`)
  }
  expect(differ).toEqual([])
  expect(matched).toBeGreaterThan(40) // a page where nothing matches would prove nothing
})

it('tells text, state and the clue that matched', async () => {
  await page.setContent(PAGE)
  const warnings: unknown[] = []
  const controls = {
    ask: {
      clues: [
        { role: 'button', name: /^ask to join now$/i },
        { role: 'button', name: /^ask to join$/i },
      ],
    },
    leave: {
      clues: [{ css: '[data-hangup]' }, { role: 'button', name: 'Auflegen', lang: 'de' }, { css: 'button:has(i:text-is("call_end"))' }],
    },
    here: { clues: [{ role: 'button', name: 'Switch here' }] },
    raised: { clues: [{ role: 'button', name: 'Hand up' }] },
    code: { clues: [{ css: '[data-startup-code]' }], attached: true },
    hidden: { clues: [{ css: '[data-startup-code]' }] },
  } as const
  const looker = new Looker({ page, controls, locale: 'de-AT', onWarning: (code, _, details) => warnings.push([code, details]) })
  const shows = await looker.look(Object.keys(controls))
  await looker.look(['leave'])
  const plain = Object.fromEntries([...shows].map(([key, { clue, text, enabled }]) => [key, [clue, text, enabled]]))
  expect(plain).toEqual({
    ask: [1, expect.stringContaining('Ask to join'), true],
    leave: [2, 'call_end', true],
    here: [0, 'Switch here', false],
    raised: [0, 'Hand up', false],
    code: [0, '', true],
  })
  expect(warnings).toEqual([
    ['fallback_selector', { control: 'leave', used: 'css=button:has(i:text-is("call_end"))', expected: 'css=[data-hangup]' }],
  ])
})

const HIDDEN: readonly [string, string][] = [
  ['one pixel for screen readers', '<p style="position:absolute;width:1px;height:1px;overflow:hidden;white-space:nowrap">IT</p>'],
  ['in one pixel for screen readers', '<div style="position:absolute;width:1px;height:1px;overflow:hidden"><p>IT</p></div>'],
  ['clipped away', '<p style="position:absolute;clip:rect(0 0 0 0)">IT</p>'],
  ['clipped away by a path', '<div style="clip-path:inset(50%)"><p>IT</p></div>'],
  ['left of the page', '<p style="position:absolute;left:-9999px">IT</p>'],
  ['above the page', '<div style="position:absolute;top:-500px;height:20px"><p>IT</p></div>'],
  ['moved out of the window', '<p style="position:fixed;left:0;bottom:0;transform:translateY(200%)">IT</p>'],
  ['transparent', '<div style="opacity:0"><p>IT</p></div>'],
  ['cut off by its box', '<div style="height:20px;overflow:hidden;position:relative"><p style="position:absolute;top:40px">IT</p></div>'],
  ['folded up', '<div style="height:0;overflow:hidden"><p>IT</p></div>'],
]
const SHOWN: readonly [string, string][] = [
  ['plainly', '<p>IT</p>'],
  ['below the window', '<div style="height:3000px"></div><p>IT</p>'],
  ['further down in a list', '<div style="height:50px;overflow:auto"><div style="height:500px"></div><p>IT</p></div>'],
  ['fixed, in a folded box', '<div style="height:0;overflow:hidden"><p style="position:fixed;top:9px">IT</p></div>'],
  [
    'absolute, in a folded box that does not hold it',
    '<div style="height:0;overflow:hidden"><p style="position:absolute;top:9px">IT</p></div>',
  ],
  ['half transparent', '<div style="opacity:.5"><p>IT</p></div>'],
  ['in a shadow', '<div id="host"></div><script>host.attachShadow({ mode: "open" }).innerHTML = "<p>IT</p>"</script>'],
]

it.each([...HIDDEN.map((one) => [...one, false] as const), ...SHOWN.map((one) => [...one, true] as const)])(
  'knows of a text %s whether a person sees it',
  async (_, html, visible) => {
    await page.setContent(`<!doctype html><body>${html}</body>`)
    const looker = new Looker({ page, controls: { it: { clues: [{ text: 'IT' }] } }, locale: 'en', onWarning: () => {} })
    expect((await looker.look(['it'])).has('it')).toBe(visible)
  },
)

it('judges a control by what stands around it', async () => {
  await page.setContent(`<!doctype html><body>
    <div role="dialog" aria-label="Notes"><p>Take notes</p><div><button>No</button></div></div>
    <section><p>Join <b>your</b></p><p>team</p><button>No</button></section>
    <div class="sole"><p>Read this</p><a href="#x">More</a><button>\u00a0Right </button></div>
    <div class="two"><button>Yes</button><div role="button">Never</div></div></body>`)
  const controls: ControlMap = {
    near: { clues: [{ role: 'button', name: 'No', near: /your team/i }] },
    unless: { clues: [{ role: 'button', name: 'No', unless: /your team|take notes/i }] },
    inside: { clues: [{ role: 'button', name: 'No', inside: '[role=dialog]', near: /^notes take/i }] },
    says: { clues: [{ css: 'button', says: /^right$/i }] },
    only: { clues: [{ only: '.sole' }] },
    choice: { clues: [{ only: '.two' }] },
  }
  const warned: unknown[] = []
  const looker = new Looker({ page, controls, locale: 'en', onWarning: (_code, _message, details) => warned.push(details?.['control']) })
  expect([...(await looker.look(Object.keys(controls))).keys()]).toEqual(['near', 'inside', 'says', 'only'])
  expect(warned).toEqual(['only'])
})

it('takes, of several that show, the one that nothing lies over; of one, that one', async () => {
  const layer = (depth: number, inner: string) => `<div style="position:fixed;inset:0;background:#fff;z-index:${depth}">${inner}</div>`
  await page.setContent(`<!doctype html><body>
    ${layer(1, '<button>Not now</button><button>Under</button>')}
    ${layer(3, '<div id="top"></div>')}
    ${layer(2, '<button>Not now</button>')}
    <script>document.getElementById('top').attachShadow({ mode: 'open' }).innerHTML = '<p>New</p><button>Dismiss <b>it</b></button>'</script></body>`)
  const controls: ControlMap = {
    away: { clues: [{ role: 'button', name: /^(dismiss it|not now)$/i }] },
    under: { clues: [{ role: 'button', name: 'Under' }] },
  }
  const looker = new Looker({ page, controls, locale: 'en', onWarning: () => {} })
  const words = async () => Object.fromEntries([...(await looker.look(Object.keys(controls)))].map(([key, { text }]) => [key, text]))
  expect(await words()).toEqual({ away: 'Dismiss it', under: 'Under' })
})
