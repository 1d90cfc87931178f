import type { FromPage } from '../protocol.ts'
import type { Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'
import { deviceButton } from './meet-device-button.ts'

interface PrejoinOptions {
  devices: Devices
  send(message: FromPage): void
  clicked(control: string): (event: Event) => void
  toast: boolean
  knocks: boolean
  onKnock(name: string, trusted: boolean): void
}

/** The pre-join screen of a guest: name box, join button grey until typed, devices whose labels turn late, and decoys. */
export class Prejoin {
  constructor(root: HTMLElement, options: PrejoinOptions) {
    const name = el('input', { type: 'text', 'aria-label': 'Your name', jsname: 'YPqjbf', placeholder: 'Your name', maxlength: '60' })
    const join = el('button', { jsname: 'Qx7uuf', class: 'UywwFc-LgbsSe' }, [
      el('span', { jsname: 'V67aGc', class: 'UywwFc-vQzf8d' }, [options.knocks ? 'Ask to join' : 'Join now']),
    ])
    join.disabled = true
    on(name, 'input', () => {
      join.disabled = name.value.trim() === ''
      options.send({ type: 'typed', control: 'name', text: name.value })
    })
    on(join, 'click', (event) => {
      options.clicked('join')(event)
      options.onKnock(name.value.trim(), event.isTrusted)
    })
    const decoys = [
      el('button', {}, [el('span', { jsname: 'V67aGc' }, ['Other ways to join'])]),
      el('button', { 'aria-label': 'Cast this meeting' }, [icon('cast')]),
      el('button', { jsname: 'NakZHc', 'aria-label': 'More options' }, [icon('more_vert')]),
    ]
    const { devices: switches, clicked } = options
    const devices = (['microphone', 'camera'] as const).map((kind) =>
      deviceButton({ kind, tag: 'div', devices: switches, clicked, random: Math.random }),
    )
    root.replaceChildren(el('main', {}, [el('h1', {}, ['What’s your name?']), name, el('div', {}, devices), join, ...decoys]))
    if (options.toast) root.append(toast(options))
  }
}

/** A dialog that covers the button and ignores Escape. */
function toast({ clicked }: PrejoinOptions): HTMLElement {
  const close = el('button', { 'aria-label': 'Close' }, [icon('close')])
  const dialog = el('div', { role: 'dialog', 'data-is-persistent': 'true', class: 'dialog', style: 'inset:0;position:fixed' }, [
    el('div', {}, ['Microphone not found']),
    el('div', {}, ['Make sure your microphone is plugged in']),
    close,
  ])
  on(close, 'click', (event) => {
    clicked('toast-close')(event)
    dialog.remove()
  })
  return dialog
}
