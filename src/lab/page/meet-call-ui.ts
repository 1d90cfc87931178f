import type { FromPage, PersonView } from '../protocol.ts'
import type { Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'
import { deviceButton } from './meet-device-button.ts'
import type { LayoutChoice } from './meet-layout.ts'

export interface CallUiOptions {
  /** False = the host-managed lobby: the same interface without captions, chat and people. */
  full: boolean
  devices: Devices
  send(message: FromPage): void
  clicked(control: string): (event: Event) => void
  onLeave(): void
  setLayout(choice: LayoutChoice): void
  setAudioOnly(on: boolean): void
}

const HIDE_MS = 5_000

/** Everything of a call's interface that is not a picture: the bar that hides, and the panels and dialogs it opens. */
export class CallUi {
  /** To be put in the document, after the tiles. */
  readonly elements: readonly HTMLElement[]
  readonly #options: CallUiOptions
  readonly #bar: HTMLElement
  readonly #badge = el('span', { class: 'egzc7c' }, ['1'])
  #hide = 0

  constructor(options: CallUiOptions) {
    this.#options = options
    this.#bar = el('div', { role: 'region', 'aria-label': 'Call controls' }, this.#controls())
    const effects = el('div', { 'aria-label': 'Backgrounds and effects', style: 'display:none' }, [
      el('div', { 'data-participant-id': 'visual_effects' }),
    ])
    this.elements = [this.#bar, effects]
    document.addEventListener('pointermove', this.#show)
    this.#show()
  }

  people(people: readonly PersonView[]): void {
    const count = String(people.filter(({ parent }) => parent === undefined).length)
    this.#badge.textContent = count
    this.#badge.setAttribute('data-avatar-count', count)
  }

  levels(_levels: Record<string, number>, _dominant: string | null): void {}

  close(): void {
    clearTimeout(this.#hide)
    document.removeEventListener('pointermove', this.#show)
  }

  readonly #show = () => {
    this.#bar.style.visibility = 'visible'
    clearTimeout(this.#hide)
    this.#hide = window.setTimeout(() => {
      this.#bar.style.visibility = 'hidden'
    }, HIDE_MS)
  }

  #controls(): HTMLElement[] {
    const { clicked, devices, full, onLeave, send } = this.#options
    const button = (label: string, glyph: string, more: Record<string, string> = {}) => {
      const made = el('button', { 'aria-label': label, ...more }, [icon(glyph)])
      on(made, 'click', clicked(label))
      return made
    }
    const leave = button('Leave call', 'call_end', { jsname: 'CQylAd' })
    on(leave, 'click', (event) => {
      if (!event.isTrusted) return
      send({ type: 'leave' })
      onLeave()
    })
    // The extra meter is the local microphone's, not a person's.
    const meter = el('div', { jsname: 'QgSmzd', class: 'gjg47c' })
    const always = [
      button('Audio settings', 'keyboard_arrow_up'),
      meter,
      deviceButton({ kind: 'microphone', tag: 'button', devices, clicked, random: Math.random }),
      deviceButton({ kind: 'camera', tag: 'button', devices, clicked, random: Math.random }),
      button('Send a reaction', 'mood'),
      button('More options', 'more_vert'),
      leave,
    ]
    if (!full) return always
    return [
      ...always,
      button('Share screen', 'present_to_all'),
      button('Turn on captions', 'closed_caption_off', { jsname: 'RrG0hf' }),
      button('Meeting details', 'info', { 'data-panel-id': '5' }),
      el('button', { 'aria-label': 'People', 'data-panel-id': '1', jsname: 'A5il2e' }, [icon('people'), this.#badge]),
      button('Chat with everyone', 'chat', { 'data-panel-id': '2' }),
      button('Meeting tools', 'apps'),
    ]
  }
}
