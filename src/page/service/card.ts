import { el, fill } from './dom.ts'
import type { Details, Entry, Files, Service, Shot } from './service.ts'

/** How each status is called for people, and its colour. */
const WORDS: Readonly<Record<string, readonly [words: string, tone: 'idle' | 'busy' | 'live' | 'done' | 'bad']>> = {
  queued: ['waiting', 'idle'],
  joining_call: ['joining', 'busy'],
  in_waiting_room: ['in the waiting room', 'busy'],
  in_call_not_recording: ['in the call', 'busy'],
  in_call_recording: ['recording', 'live'],
  recording_paused: ['paused', 'busy'],
  call_ended: ['ended', 'done'],
  bot_rejected: ['not admitted', 'bad'],
  bot_removed: ['removed', 'bad'],
  waiting_room_timeout: ['nobody let it in', 'bad'],
  invalid_meeting_url: ['no such meeting', 'bad'],
  meeting_error: ['failed', 'bad'],
}

const time = (iso: string) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = (iso: string) => new Date(iso).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })

function length(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  return `${minutes}:${String(rest).padStart(2, '0')}`
}

const spoken = (value: string) => value.replaceAll('_', ' ').toLowerCase()

/** One bot on the page. It asks for more only when its status has changed. */
export class Card {
  readonly node: HTMLElement
  readonly #service: Service
  readonly #picture = el('div', { className: 'picture' })
  readonly #head = el('div', { className: 'head' })
  readonly #facts = el('p', { className: 'facts' })
  readonly #speakers = el('ul', { className: 'speakers' })
  readonly #story = el('ol', { className: 'story' })
  readonly #player = el('div', { className: 'player' })
  readonly #buttons = el('div', { className: 'buttons' })
  #asked = ''

  constructor(service: Service, uuid: string) {
    this.#service = service
    const text = el('div', { className: 'text' }, this.#head, this.#facts, this.#speakers, this.#story, this.#buttons)
    this.node = el('article', { className: 'card', data: { bot: uuid } }, this.#picture, text, this.#player)
  }

  show(entry: Entry): void {
    const { uuid, bot_name: name, meeting_url: meeting, status, speakers, duration, created_at: created, ended_at: ended } = entry
    const [words, tone] = WORDS[status.code] ?? [spoken(status.code), 'idle']
    this.node.dataset['status'] = status.code
    fill(this.#head, `${name} ${status.code}`, () => [
      el('h2', { textContent: name }),
      el('span', { className: `pill ${tone}`, textContent: words }),
    ])
    const facts = [meeting.replace(/^https?:\/\//, ''), day(created), ...(duration == null ? [] : [length(duration)])].join('  ·  ')
    fill(this.#facts, facts, () => [facts])
    fill(this.#speakers, speakers.join('\n'), () => speakers.map((speaker) => el('li', { textContent: speaker })))
    const over = ended != null
    if (!over) fill(this.#buttons, 'leave', () => [this.#leaveButton(uuid)])
    const wanted = `${status.code} ${status.created_at} ${over}`
    if (this.#asked === wanted) return
    this.#asked = wanted
    void this.#more(uuid, over).catch(() => {
      this.#asked = '' // asked again with the next list
    })
  }

  #leaveButton(uuid: string): HTMLElement {
    const button = el('button', { type: 'button', textContent: 'Leave', className: 'quiet leave' })
    button.addEventListener('click', () => {
      button.disabled = true
      void this.#service.leave(uuid).catch(() => {
        button.disabled = false
      })
    })
    return button
  }

  async #more(uuid: string, over: boolean): Promise<void> {
    const [details, shots, files] = await Promise.all([
      this.#service.details(uuid),
      this.#service.shots(uuid),
      over ? this.#service.files(uuid) : undefined,
    ])
    this.#showStory(details)
    this.#showPicture(shots)
    if (over) this.#buttons.querySelector('.leave')?.remove()
    if (files !== undefined) this.#showPlayer(files)
  }

  #showStory({ history, ending }: Details): void {
    fill(this.#story, JSON.stringify([history, ending]), () => [
      ...history.map(({ code, created_at: at }) =>
        el('li', {}, el('time', { textContent: time(at) }), ` ${(WORDS[code] ?? [spoken(code)])[0]}`),
      ),
      ending === null
        ? undefined
        : el('li', {
            className: 'ending',
            textContent: `${spoken(ending.reason)} (${ending.responsible})${ending.message === null ? '' : `: ${ending.message}`}`,
          }),
    ])
  }

  #showPicture(shots: readonly Shot[]): void {
    const last = shots.at(-1)
    fill(this.#picture, last?.date ?? '', () =>
      last === undefined ? [] : [el('img', { src: last.url, alt: `the page at ${time(last.date)}`, title: time(last.date) })],
    )
  }

  /** The player comes when it is asked for: a long list would load every recording. */
  #showPlayer({ mp4, audio }: Files): void {
    const source = mp4 || audio
    if (source === '') return
    const isSound = /\.(wav|mp3|m4a|aac)(\?|$)/.test(source)
    const button = el('button', { type: 'button', className: 'quiet', textContent: isSound ? 'Listen' : 'Watch' })
    button.addEventListener('click', () => {
      button.remove()
      this.#player.replaceChildren(el(isSound ? 'audio' : 'video', { src: source, controls: true, autoplay: true }))
    })
    fill(this.#buttons, `play ${new URL(source, location.href).pathname}`, () => [button])
  }
}
