import type { PersonView, SlotView } from '../protocol.ts'
import { ROSTER } from '../skins/meet/rpc.ts'
import type { Devices } from './devices.ts'
import { randomClass } from './dom.ts'
import { CallUi } from './meet-call-ui.ts'
import { type LayoutChoice, layoutTiles } from './meet-layout.ts'
import type { Media } from './meet-media.ts'
import { Tiles } from './meet-tiles.ts'
import { config, has } from './setting.ts'
import type { Wire } from './wire.ts'

interface CallOptions {
  /** False = the host-managed lobby: the same interface without captions, chat and people. */
  full: boolean
  /** What the visitor calls themselves. */
  name: string
  media: Media
  devices: Devices
  wire: Wire
  onLeave(): void
}

const BAR_PX = 120
/** The server's clock and the page's need not agree. */
const ROSTER_MARGIN_MS = 500

/** The call: tiles with meters, and the interface around them. */
export class Call {
  readonly #options: CallOptions
  readonly ui: CallUi
  readonly #tiles: Tiles
  #people: PersonView[] = []
  #slots: SlotView[] = []
  #layout: LayoutChoice = { name: 'auto', max: 16 }
  #audioOnly = false
  #minimised = false
  #dominant: string | null = null
  #asked = ''
  readonly #timers = new Set<number>()

  constructor(root: HTMLElement, options: CallOptions) {
    this.#options = options
    const { media, devices } = options
    this.#tiles = new Tiles({ again: () => this.#draw(), stream: (mid) => media.video(mid), ownCamera: () => devices.track('camera') })
    this.ui = new CallUi({
      ...options,
      // What comes on it is drawn from the page's own wire; the channel is there for whoever listens in.
      onCaptions: (on) => on && media.captions(() => {}),
      layout: () => this.#layout,
      audioOnly: () => this.#audioOnly,
      setLayout: (choice) => this.setLayout(choice),
      setAudioOnly: (on) => this.setAudioOnly(on),
      setMinimised: (is) => {
        this.#minimised = is
        this.#draw()
      },
    })
    root.replaceChildren(this.#tiles.root, ...this.ui.elements)
    media.onVideo = () => this.#draw()
    devices.onChange(() => this.#draw())
    window.addEventListener('resize', this.#draw)
    if (!options.full && has('lobby-own-tile')) {
      this.#people = [ownTile(options.name)]
      this.#draw()
    }
    if (options.full) media.captions(() => {}) // rows come on the page's own wire; the channel is there for who listens
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
    const left = this.#people.some(({ id }) => !people.some((one) => one.id === id))
    this.#people = people
    if (!this.#options.full) return
    this.ui.people(people)
    // The client asks for the roster over HTTP too, which tells late that somebody left.
    askRoster()
    if (left) this.#later(config.rosterLagMs + ROSTER_MARGIN_MS, askRoster)
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
    this.ui.levels(levels, dominant)
    this.#tiles.levels(levels, dominant)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.ui.close()
    window.removeEventListener('resize', this.#draw)
  }

  #later(ms: number, does: () => void): void {
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer)
      does()
    }, ms)
    this.#timers.add(timer)
  }

  readonly #draw = () => {
    const { full } = this.#options
    if (!full && !has('lobby-own-tile')) return
    const people = this.#minimised ? this.#people.filter(({ self }) => !self) : this.#people
    const tiles = layoutTiles(people, this.#dominant, this.#layout, window.innerWidth, window.innerHeight - BAR_PX)
    this.#tiles.show(tiles, this.#people, this.#audioOnly ? [] : this.#slots)
    if (!full) return
    const message = { type: 'layout', tiles, audioOnly: this.#audioOnly } as const
    const asked = JSON.stringify(message)
    if (asked === this.#asked) return
    this.#asked = asked
    this.#options.wire.send(message)
  }
}

function askRoster(): void {
  void fetch(ROSTER, { method: 'POST', body: location.pathname }).catch(() => {}) // offline: the channel tells as well
}

/** Oneself, before the call knows of one. */
function ownTile(name: string): PersonView {
  return { id: `spaces/${randomClass()}/devices/1`, name, host: false, self: true, camera: true, muted: false }
}
