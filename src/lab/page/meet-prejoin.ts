import type { FromPage } from '../protocol.ts'
import type { Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'

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
  readonly #options: PrejoinOptions

  constructor(root: HTMLElement, options: PrejoinOptions) {
    this.#options = options
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
    const devices = [this.#device('microphone', 'hw0c9', 'Dg9Wp'), this.#device('camera', 'psRWwc', 'R3GXJb')]
    root.replaceChildren(el('main', {}, [el('h1', {}, ['What’s your name?']), name, el('div', {}, devices), join, ...decoys]))
    if (options.toast) root.append(toast(options))
  }

  #device(kind: 'microphone' | 'camera', jsname: string, outer: string): HTMLElement {
    const button = el(
      'div',
      {
        role: 'button',
        tabindex: '0',
        jsname,
        'data-is-muted': 'false',
        'aria-label': `Turn off ${kind} (ctrl + ${kind === 'camera' ? 'e' : 'd'})`,
      },
      [icon(kind === 'camera' ? 'videocam' : 'mic')],
    )
    on(button, 'click', (event) => {
      this.#options.clicked(kind)(event)
      const { devices } = this.#options
      const muted = devices.isOn(kind)
      void devices.set(kind, !muted)
      // The label turns after the fact: a second click before that would switch it on again.
      setTimeout(
        () => {
          button.setAttribute('data-is-muted', String(muted))
          button.setAttribute('aria-label', `Turn ${muted ? 'on' : 'off'} ${kind}`)
        },
        300 + Math.random() * 600,
      )
    })
    return el('div', { jsname: outer }, [button])
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
