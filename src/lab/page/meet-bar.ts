import type { Devices } from './devices.ts'
import { el, iconButton, on } from './dom.ts'
import { deviceButton } from './meet-device-button.ts'
import { returnHome } from './meet-lobby.ts'
import { setLevel } from './meet-meter.ts'
import { draw, eitherApostrophe, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface BarOptions {
  /** False = the host-managed lobby: the same bar without captions, chat and people. */
  full: boolean
  wire: Wire
  devices: Devices
  captions: HTMLElement
  people: HTMLElement
  chat: HTMLElement
  onLeave(): void
  onMore(button: HTMLElement): void
  onPanel(id: '5' | '16'): void
}

const HIDE_MS = 5_000

/** The bar of a call. It hides when the pointer rests; it is a region and no toolbar. Order and labels: 6.1 of the sheet. */
export class Bar {
  readonly elements: readonly HTMLElement[]
  readonly #bar: HTMLElement
  /** The local microphone's, not a person's. */
  readonly #meter = el('div', { jsname: 'QgSmzd', class: 'IisKdb GF8M7d YFyDbd' })
  #hide = 0

  constructor(options: BarOptions) {
    this.#bar = el(
      'div',
      {
        role: 'region',
        'aria-label': t.callControls,
        style: 'position:fixed;left:0;right:0;bottom:0;min-height:64px;z-index:5;padding:8px',
      },
      controls(options, this.#meter),
    )
    this.level(0)
    this.elements = options.full ? [before(options.wire), this.#bar, after(options.wire)] : [this.#bar, effects()]
    document.addEventListener('pointermove', this.#show)
    this.#show()
  }

  /** How loud the visitor's own microphone is. */
  level(step: number): void {
    setLevel(this.#meter, step)
  }

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
}

function controls(options: BarOptions, meter: HTMLElement): HTMLElement[] {
  const { full, wire, devices, captions, people, chat, onLeave, onMore, onPanel } = options
  const button = (label: string, glyph: string, control: string, more: Record<string, string> = {}) => {
    const made = iconButton(label, glyph, more)
    on(made, 'click', wire.clicked(control))
    return made
  }
  const leave = button(t.leaveCall, 'call_end', 'leave', { jsname: 'CQylAd' })
  on(leave, 'click', (event) => {
    if (!event.isTrusted) return
    wire.send({ type: 'leave' })
    onLeave()
  })
  const more = button(t.moreOptions, 'more_vert', 'more-options')
  on(more, 'click', () => onMore(more))
  const panel = (label: string, glyph: string, id: '5' | '16') => {
    const made = button(label, glyph, `panel-${id}`, { 'data-panel-id': id })
    on(made, 'click', () => onPanel(id))
    return made
  }
  const audio = button(t.audioSettings, 'keyboard_arrow_up', 'audio-settings')
  audio.append(meter)
  const switches = [
    audio,
    deviceButton({ kind: 'microphone', tag: 'button', devices, wire }),
    button(t.videoSettings, 'keyboard_arrow_up', 'video-settings'),
    deviceButton({ kind: 'camera', tag: 'button', devices, wire }),
  ]
  const share = button(pick('share label', [t.shareScreen, t.shareScreen, 'Present now']), 'present_to_all', 'share')
  const reaction = button(t.reaction, 'mood', 'reaction')
  if (!full) {
    const exposed = has('lobby-exposes-more') ? [captions, nav([people, chat])] : []
    return [...switches, ...(has('lobby-own-tile') ? [share] : []), reaction, ...exposed, more, leave, returnHome(wire)]
  }
  return [
    ...switches,
    share,
    reaction,
    captions,
    button(t.raiseHand, 'back_hand', 'raise-hand'),
    more,
    leave,
    nav([
      panel(t.details, 'info', '5'),
      people,
      chat,
      button(t.tools, 'apps', 'tools', { 'data-panel-id': '10' }),
      panel(t.hostControls, 'lock_person', '16'),
    ]),
  ]
}

const nav = (children: readonly HTMLElement[]) => el('nav', { style: 'display:inline-block' }, children)

/** In the document before the bar. */
function before(wire: Wire): HTMLElement {
  const open = iconButton(t.effects, 'visual_effects')
  on(open, 'click', wire.clicked('effects'))
  const stays = iconButton(eitherApostrophe('remove tile', t.cantRemoveTile), 'grid_off')
  stays.disabled = true
  const anyone = iconButton(t.openToAnyone, 'public')
  on(anyone, 'click', wire.clicked('open-to-anyone'))
  return el('div', { style: 'position:fixed;right:16px;top:16px;z-index:3' }, [open, stays, anyone, effects()])
}

/** The effects panel holds something that looks like a participant. It is in the lobby, too. */
function effects(): HTMLElement {
  return el('div', { 'aria-label': t.effects, style: 'display:none' }, [
    el('div', { 'aria-label': 'visual_effects', 'data-participant-id': 'visual_effects' }),
  ])
}

/** In the document after the bar: a notice about an end that has not come. */
function after(wire: Wire): HTMLElement {
  const close = iconButton(t.close, 'close')
  const copy = iconButton(t.copyLink, 'content_copy')
  const shown = draw('ending soon') < 0.5
  const box = el(
    'div',
    { 'aria-label': t.endingSoon, role: 'group', style: `position:fixed;left:16px;bottom:110px;z-index:3;${shown ? '' : 'display:none'}` },
    [t.endingSoon, close, copy],
  )
  on(close, 'click', (event) => {
    wire.clicked('ending-soon-close')(event)
    box.style.display = 'none'
  })
  on(copy, 'click', wire.clicked('copy-link'))
  return box
}
