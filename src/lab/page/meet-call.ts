import type { FromPage, PersonView } from '../protocol.ts'
import { el, icon, on, randomClass } from './dom.ts'

interface CallOptions {
  /** False = the host-managed lobby: the same interface without captions, chat and people. */
  full: boolean
  send(message: FromPage): void
  clicked(control: string): (event: Event) => void
  onLeave(): void
}

const METER = ['gjg47c', 'HX2H7', 'Oaajhc', 'wEsLMd']
const HIDE_MS = 5_000

/** The call's interface: a bar that hides, tiles with meters, and the three audio elements that belong to nobody. */
export class Call {
  readonly #options: CallOptions
  readonly #bar: HTMLElement
  readonly #tiles = el('div', { class: 'tiles' })
  readonly #badge = el('span', { class: 'egzc7c' }, ['1'])
  readonly #audios: HTMLAudioElement[]
  readonly #streams = new Map<string, MediaStream>()
  #people: PersonView[] = []
  #pc: RTCPeerConnection | undefined
  #hide = 0

  constructor(root: HTMLElement, options: CallOptions) {
    this.#options = options
    this.#bar = el('div', { role: 'region', 'aria-label': 'Call controls' }, this.#controls())
    this.#audios = Array.from({ length: 3 }, () => el('audio'))
    const effects = el('div', { 'aria-label': 'Backgrounds and effects', style: 'display:none' }, [
      el('div', { 'data-participant-id': 'visual_effects' }),
    ])
    root.replaceChildren(this.#tiles, this.#bar, effects, ...this.#audios)
    const show = () => {
      this.#bar.style.visibility = 'visible'
      clearTimeout(this.#hide)
      this.#hide = window.setTimeout(() => {
        this.#bar.style.visibility = 'hidden'
      }, HIDE_MS)
    }
    document.addEventListener('pointermove', show)
    show()
  }

  #controls(): HTMLElement[] {
    const button = (label: string, glyph: string, more: Record<string, string> = {}) => {
      const made = el('button', { 'aria-label': label, ...more }, [icon(glyph)])
      on(made, 'click', this.#options.clicked(label))
      return made
    }
    const leave = button('Leave call', 'call_end', { jsname: 'CQylAd' })
    on(leave, 'click', (event) => {
      if (!event.isTrusted) return
      this.#options.send({ type: 'leave' })
      this.#options.onLeave()
    })
    // Admission switches both devices off; the extra meter is the local microphone's, not a person's.
    const meter = el('div', { jsname: 'QgSmzd', class: 'gjg47c' })
    const always = [
      button('Audio settings', 'keyboard_arrow_up'),
      meter,
      button('Turn on microphone', 'mic_off', { 'data-is-muted': 'true' }),
      button('Turn on camera', 'videocam_off', { 'data-is-muted': 'true' }),
      button('Send a reaction', 'mood'),
      button('More options', 'more_vert'),
      leave,
    ]
    if (!this.#options.full) return always
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

  async answer(sdp: string): Promise<void> {
    this.#pc?.close()
    const pc = new RTCPeerConnection()
    this.#pc = pc
    let audios = 0
    pc.ontrack = ({ track, transceiver }) => {
      const stream = new MediaStream([track])
      if (track.kind === 'audio') {
        const element = this.#audios[audios++]
        if (element === undefined) return
        element.srcObject = stream
        void element.play()
      } else if (transceiver.mid !== null) {
        this.#streams.set(transceiver.mid, stream)
        this.people(this.#people)
      }
    }
    await pc.setRemoteDescription({ type: 'offer', sdp })
    await pc.setLocalDescription(await pc.createAnswer())
    await new Promise<void>((resolve) => {
      if (pc.iceGatheringState === 'complete') resolve()
      else pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve()
      setTimeout(resolve, 1_000)
    })
    this.#options.send({ type: 'answer', sdp: pc.localDescription?.sdp ?? '' })
  }

  people(people: PersonView[]): void {
    this.#people = people
    if (!this.#options.full) return
    this.#badge.textContent = String(people.length)
    this.#badge.setAttribute('data-avatar-count', String(people.length))
    const known = new Map([...this.#tiles.children].map((tile) => [tile.getAttribute('data-participant-id'), tile as HTMLElement]))
    for (const person of people) {
      const tile = known.get(person.id) ?? this.#tile(person)
      known.delete(person.id)
      const name = tile.querySelector('.name')
      if (name !== null && name.textContent !== person.name) name.textContent = person.name
      const video = tile.querySelector('video')
      const stream = person.mid === null ? undefined : this.#streams.get(person.mid)
      if (video !== null && stream !== undefined && video.srcObject !== stream) {
        video.srcObject = stream
        video.style.display = ''
        void video.play()
      }
      this.#tiles.append(tile)
    }
    for (const left of known.values()) left.remove()
  }

  levels(levels: Record<string, number>, dominant: string | null): void {
    for (const tile of this.#tiles.children) {
      const id = tile.getAttribute('data-participant-id') ?? ''
      const meter = tile.querySelector('[jsname="QgSmzd"]')
      if (meter !== null) {
        const level = METER[levels[id] ?? 0] ?? 'gjg47c'
        if (!meter.classList.contains(level)) {
          meter.classList.remove(...METER)
          meter.classList.add(level)
        }
      }
      tile.querySelector('.dkjMxf')?.classList.toggle('kssMZb', id === dominant)
    }
  }

  close(): void {
    clearTimeout(this.#hide)
    this.#pc?.close()
  }

  #tile({ id, name, self }: PersonView): HTMLElement {
    const video = el('video', { style: 'display:none' })
    video.muted = true
    return el('div', { class: 'tile oZRSLe', jsname: 'E2KThb', 'data-participant-id': id, 'data-requested-participant-id': id }, [
      el('div', { class: 'dkjMxf' }, [video]),
      el('div', { jsname: 'QgSmzd', class: `gjg47c ${randomClass()}` }),
      el('span', { class: 'notranslate' }),
      el('span', { class: 'notranslate' }, [icon('mic')]),
      el('span', { class: 'notranslate name', ...(self ? { 'data-self-name': name } : {}) }, [name]),
      el('button', { 'aria-label': `More options for ${name}` }, [icon('more_vert')]),
    ])
  }
}
