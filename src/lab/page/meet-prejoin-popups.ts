import type { Trap } from '../skins/meet/traps.ts'
import type { Devices } from './devices.ts'
import { COVERING, el, FLOATING, iconButton, on, textButton } from './dom.ts'
import { draw, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface Popup {
  kind: Trap
  heading?: string
  lines: readonly string[]
  buttons: (press: (control: string) => (element: HTMLElement) => HTMLElement) => HTMLElement[]
  /** Ignores Escape and lies over the whole screen. */
  persistent?: true
}

const question = draw('media choice') < 0.5
const TOAST_CLOSE = 'toast-close'
const WITHOUT = 'media-without'

/** What can stand in front of the pre-join screen. */
const POPUPS: readonly Popup[] = [
  {
    kind: 'device-toast',
    lines: [t.micNotFound, t.micPlugged],
    persistent: true,
    buttons: (press) => [press(TOAST_CLOSE)(iconButton(t.close, 'close'))],
  },
  {
    kind: 'camera-toast',
    lines: [t.camNotFound, t.camPlugged],
    persistent: true,
    buttons: (press) => [press(TOAST_CLOSE)(iconButton(t.close, 'close'))],
  },
  {
    kind: 'media-choice',
    lines: [question ? t.hearQuestion : t.seeQuestion],
    buttons: (press) => [press('media-use')(textButton(question ? t.useMic : t.useMicCam)), press(WITHOUT)(textButton(t.continueWithout))],
  },
  { kind: 'popup-got-it', lines: [t.othersMaySee], buttons: (press) => [press('got-it')(textButton(t.gotIt))] },
  {
    kind: 'popup-dismiss',
    lines: [t.signInPromo],
    buttons: (press) => [press('dismiss')(el('div', { role: 'button', tabindex: '0' }, [t.dismiss]))],
  },
  {
    kind: 'popup-without-account',
    lines: [t.signInPromo],
    buttons: (press) => [press('without-account')(textButton(t.useWithoutAccount))],
  },
  {
    kind: 'popup-sign-in-heading',
    heading: t.signIn,
    lines: [t.signInPromo],
    buttons: (press) => [press('without-account')(textButton(t.useWithoutAccount))],
  },
  { kind: 'popup-not-now', lines: [t.notify], buttons: (press) => [press('not-now')(textButton(t.notNow))] },
]

/** The dialogs the room's traps put before the screen, the first in front. Each covers the join button until its own button is pressed. */
export function prejoinPopups(wire: Wire, devices: Devices): HTMLElement[] {
  const shown = POPUPS.filter(({ kind }) => has(kind)).map((popup) => show(popup, wire, devices))
  return [...shown.reverse(), ...captcha(wire)]
}

function show({ kind, heading, lines, buttons, persistent }: Popup, wire: Wire, devices: Devices): HTMLElement {
  const dialog = el('div', { role: 'dialog', style: COVERING, ...(persistent ? { 'data-is-persistent': 'true' } : {}) })
  const onEscape = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !persistent) close()
  }
  const close = () => {
    document.removeEventListener('keydown', onEscape)
    dialog.remove()
  }
  document.addEventListener('keydown', onEscape)
  const press = (control: string) => (element: HTMLElement) => {
    on(element, 'click', (event) => {
      wire.clicked(control)(event)
      if (control === WITHOUT) devices.reset()
      close()
    })
    return element
  }
  if (heading !== undefined) dialog.append(el('h2', {}, [heading]))
  dialog.append(...lines.map((line) => el('div', {}, [line])), ...buttons(press))
  wire.popup(kind)
  return dialog
}

const LARGE = ['300', '150'] as const
/** Frames that ask for nothing: too small, or of a good size and not to be seen. */
const HARMLESS: readonly [Harmless, ...Harmless[]] = [
  { size: ['100', '34'], box: 'right:8px;bottom:8px' },
  { size: LARGE, box: 'right:8px;bottom:8px;opacity:0;pointer-events:none' },
  { size: LARGE, box: 'left:-9999px;top:0' },
  { size: LARGE, box: 'right:0;bottom:0;clip-path:inset(100%);pointer-events:none' },
  { size: ['0', '0'], box: 'right:8px;bottom:8px' },
]

interface Harmless {
  size: readonly [width: string, height: string]
  box: string
}

/** Only a visible frame of at least 120 by 40 px asks for something. */
function captcha(wire: Wire): HTMLElement[] {
  const frame = (width: string, height: string) =>
    el('iframe', { src: '/recaptcha/enterprise/bframe', title: 'recaptcha challenge', width, height })
  if (has('captcha-small')) {
    const { size, box } = pick('harmless captcha', HARMLESS)
    return [el('div', { style: `position:fixed;${box}` }, [frame(...size)])]
  }
  if (!has('captcha-visible')) return []
  wire.popup('captcha-visible')
  return [el('div', { style: FLOATING.replace('left:40px;bottom:110px', 'left:0;top:0;right:0;bottom:0') }, [frame('400', '580')])]
}
