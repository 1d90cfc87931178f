import type { FromPage, PersonView, SlotView } from '../protocol.ts'
import type { DeviceKind, Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'
import { type LayoutChoice, layoutTiles } from './meet-layout.ts'
import type { Media } from './meet-media.ts'
import { Tiles } from './meet-tiles.ts'

interface CallOptions {
  /** False = the host-managed lobby: the same interface without captions, chat and people. */
  full: boolean
  media: Media
  devices: Devices
  send(message: FromPage): void
  clicked(control: string): (event: Event) => void
  onLeave(): void
}

const HIDE_MS = 5_000
const BAR_PX = 90

/** The call's interface: a bar that hides, tiles with meters. */
export class Call {
  readonly #options: CallOptions
  readonly #bar: HTMLElement
  readonly #tiles: Tiles
  readonly #badge = el('span', { class: 'egzc7c' }, ['1'])
  #people: PersonView[] = []
  #slots: SlotView[] = []
  #layout: LayoutChoice = { name: 'auto', max: 16 }
  #audioOnly = false
  #dominant: string | null = null
  #asked = ''
  #hide = 0

  constructor(root: HTMLElement, options: CallOptions) {
    this.#options = options
    const { media, devices } = options
    this.#tiles = new Tiles({ stream: (mid) => media.video(mid), ownCamera: () => devices.track('camera') })
    this.#bar = el('div', { role: 'region', 'aria-label': 'Call controls' }, this.#controls())
    const effects = el('div', { 'aria-label': 'Backgrounds and effects', style: 'display:none' }, [
      el('div', { 'data-participant-id': 'visual_effects' }),
    ])
    root.replaceChildren(this.#tiles.root, this.#bar, effects)
    media.onVideo = () => this.#draw()
    devices.onChange(() => this.#draw())
    window.addEventListener('resize', this.#draw)
    document.addEventListener('pointermove', this.#show)
    this.#show()
  }

  /** What the visitor chose in the layout dialog; the lab sends what it asks for and no more. */
  setLayout(choice: LayoutChoice): void {
    this.#layout = choice
    this.#draw()
  }

  /** The "Audio only" setting: no picture is asked for. */
  setAudioOnly(on: boolean): void {
    this.#audioOnly = on
    this.#draw()
  }

  people(people: PersonView[]): void {
    this.#people = people
    if (!this.#options.full) return
    const count = String(people.filter(({ parent }) => parent === undefined).length)
    this.#badge.textContent = count
    this.#badge.setAttribute('data-avatar-count', count)
    this.#draw()
  }

  slots(slots: SlotView[]): void {
    this.#slots = slots
    this.#draw()
  }

  levels(levels: Record<string, number>, dominant: string | null): void {
    const turned = dominant !== this.#dominant
    this.#dominant = dominant
    if (turned) this.#draw()
    this.#tiles.levels(levels, dominant)
  }

  close(): void {
    clearTimeout(this.#hide)
    window.removeEventListener('resize', this.#draw)
    document.removeEventListener('pointermove', this.#show)
  }

  readonly #show = () => {
    this.#bar.style.visibility = 'visible'
    clearTimeout(this.#hide)
    this.#hide = window.setTimeout(() => {
      this.#bar.style.visibility = 'hidden'
    }, HIDE_MS)
  }

  readonly #draw = () => {
    if (!this.#options.full) return
    const tiles = layoutTiles(this.#people, this.#dominant, this.#layout, window.innerWidth, window.innerHeight - BAR_PX)
    this.#tiles.show(tiles, this.#people, this.#audioOnly ? [] : this.#slots)
    const message = { type: 'layout', tiles, audioOnly: this.#audioOnly } as const
    const asked = JSON.stringify(message)
    if (asked === this.#asked) return
    this.#asked = asked
    this.#options.send(message)
  }

  #controls(): HTMLElement[] {
    const { clicked, send, onLeave, full } = this.#options
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
      this.#device('microphone'),
      this.#device('camera'),
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

  /** A switch of the bar; its label turns after the fact. */
  #device(kind: DeviceKind): HTMLElement {
    const { devices, clicked } = this.#options
    const made = el('button', {})
    const paint = () => {
      const isOn = devices.isOn(kind)
      made.setAttribute('aria-label', `Turn ${isOn ? 'off' : 'on'} ${kind}`)
      made.setAttribute('data-is-muted', String(!isOn))
      const glyphs = kind === 'camera' ? ['videocam', 'videocam_off'] : ['mic', 'mic_off']
      made.replaceChildren(icon(glyphs[isOn ? 0 : 1] ?? ''))
    }
    on(made, 'click', (event) => {
      clicked(kind)(event)
      void devices.set(kind, !devices.isOn(kind))
    })
    devices.onChange(() => setTimeout(paint, 300 + Math.random() * 600))
    paint()
    return made
  }
}
