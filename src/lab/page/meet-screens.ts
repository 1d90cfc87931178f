import type { VisitorState } from '../protocol.ts'
import { ROSTER } from '../skins/meet/rpc.ts'
import { el, on, textButton } from './dom.ts'
import { homeBox } from './meet-lobby.ts'
import { between, draw, eitherApostrophe, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface Screen {
  state: VisitorState
  says: () => string
  /** Further buttons of the screen. */
  buttons?: readonly ('ask-again' | 'rejoin' | 'try-again')[]
  /** It leaves for the marketing site after a while. */
  marketing?: true
  lost?: true
}

/** The full-page screens with one heading. */
// biome-ignore format: a table
const SCREENS = {
  denied:        { state: 'denied',    says: () => t.denied, buttons: ['ask-again'] },
  not_allowed:   { state: 'denied',    says: () => eitherApostrophe('not allowed', t.notAllowed), buttons: ['ask-again'] },
  denied_left:   { state: 'denied',    says: () => t.left, buttons: ['rejoin'] },
  no_answer:     { state: 'no_answer', says: () => t.noAnswer, buttons: ['ask-again'] },
  cant_join:     { state: 'blocked',   says: () => (has('cant-join-straight') ? t.cantJoin.replaceAll('’', "'") : t.cantJoin), marketing: true },
  cant_join_call:{ state: 'blocked',   says: () => eitherApostrophe('cant join call', t.cantJoinCall), marketing: true },
  connecting:    { state: 'loading',   says: () => t.problemConnecting, buttons: ['try-again'] },
  joining:       { state: 'loading',   says: () => `Sorry, ${t.problemJoining}`, buttons: ['try-again'] },
  invalid_name:  { state: 'not_found', says: () => t.invalidName },
  expired:       { state: 'not_found', says: () => t.expired },
  doesnt_work:   { state: 'not_found', says: () => eitherApostrophe('does not work', t.doesntWork) },
  removed:       { state: 'removed',   says: () => (has('removed-old-text') ? t.removedOld : eitherApostrophe('removed', t.removed)), buttons: ['rejoin'] },
  ended:         { state: 'ended',     says: () => (has('ended-call-ended') ? t.callEnded : t.ended) },
  left:          { state: 'left',      says: () => t.left, buttons: ['rejoin'] },
  lost:          { state: 'gone',      says: () => pick('lost', [t.callEnded, t.left]), buttons: ['rejoin'], lost: true },
} satisfies Record<string, Screen>

export type ScreenName = keyof typeof SCREENS

interface ScreenOptions {
  root: HTMLElement
  wire: Wire
  /** Knocks once more, as the button promises. */
  askAgain(): void
}

const MARKETING = 'https://workspace.google.com/products/meet/'

/** What a screen means for the truth log. */
export const stateOf = (name: ScreenName): VisitorState => SCREENS[name].state

/** Leaves for the site that explains the product. */
export const leaveForMarketing = (): void => location.assign(MARKETING)

/** A full-page end or failure: a heading, text buttons, and "Return to home screen", which proves nothing. */
export function showScreen(name: ScreenName, { root, wire, askAgain }: ScreenOptions): void {
  const { says, buttons = [], marketing, lost }: Screen = SCREENS[name]
  const made = {
    'ask-again': () => act(textButton(t.askAgain), 'ask-again', askAgain),
    rejoin: () => act(textButton(t.rejoin, { jsname: 'oI7Fj' }), 'rejoin', () => location.reload()),
    'try-again': () => act(textButton(t.tryAgain), 'try-again', () => location.reload()),
  }
  function act(button: HTMLElement, control: string, does: () => void): HTMLElement {
    on(button, 'click', (event) => {
      wire.clicked(control)(event)
      if (event.isTrusted) does()
    })
    return button
  }
  const feedback = act(textButton(t.feedback, { jsname: 'rhHFf' }), 'feedback', () => {})
  const home = homeBox(wire, lost === true && !has('lost-without-flag'))
  const children = [el('h1', { jsname: 'r4nke', class: 'roSPhc' }, [says()]), ...buttons.map((button) => made[button]()), home, feedback]
  root.replaceChildren(el('div', { class: 'Fi0Gqc', style: 'padding:24px' }, [el('main', {}, children)]))
  if (marketing) setTimeout(leaveForMarketing, between('marketing', 5_000, 12_000))
}

/** What the console of a meeting that is not there was seen to hold. */
function complain(): void {
  void fetch(ROSTER, { method: 'POST', body: 'nothing' }).catch(() => {}) // a 404, which the browser itself reports
  for (const [error, times] of [['ConnectError', 3] as const, ['DisconnectedError', 5] as const])
    for (let time = 0; time < times; time++) console.error(error)
}

/** How a start fails by its code: 217 is a meeting that is not there, the others are unmapped. */
export function showStartupFailure(code: 217 | 'other', { root, wire }: Pick<ScreenOptions, 'root' | 'wire'>): void {
  const known = code === 217
  if (known) complain()
  const timer = el('div', { role: 'timer', 'aria-label': t.returningHome }, ['60'])
  const feedback = textButton(t.feedback, { jsname: 'rhHFf' })
  on(feedback, 'click', wire.clicked('feedback'))
  const main = el('main', {}, [
    el('h1', { jsname: 'r4nke', class: 'roSPhc' }, [known ? t.checkCode : t.startupFailed]),
    ...(known ? [el('div', {}, [t.codeHelp, ' ', el('span', {}, ['xxx-yyyy-zzz'])]), el('a', { href: '#' }, [t.learnMore])] : []),
    homeBox(wire, false),
    feedback,
    el('div', {}, [el('div', {}, [t.safe]), el('div', {}, [t.safeNote])]),
    timer,
  ])
  const startup = known ? '217' : String(300 + Math.floor(draw('startup code') * 600))
  root.replaceChildren(el('div', { class: 'Fi0Gqc', 'data-startup-code': startup, 'data-timeout': '60000', style: 'padding:24px' }, [main]))
  const since = performance.now()
  const count = setInterval(() => {
    const left = 60 - Math.floor((performance.now() - since) / 1_000)
    timer.textContent = String(Math.max(0, left))
    if (left > 0) return
    clearInterval(count)
    location.assign('/')
  }, 1_000)
}

/** The product's own home page: no meeting, a box for a code. */
export function showHome({ root, wire }: Pick<ScreenOptions, 'root' | 'wire'>): void {
  const box = el('input', { type: 'text', 'aria-label': t.enterCode, placeholder: t.enterCode })
  const join = textButton(t.join)
  on(box, 'input', () => wire.send({ type: 'typed', control: 'home-code', text: box.value }))
  on(join, 'click', () => location.assign(`/${encodeURIComponent(box.value.trim())}`))
  root.replaceChildren(el('main', { style: 'padding:24px' }, [el('h1', {}, ['Meet']), box, join]))
}
