import type { PersonView } from '../protocol.ts'
import { el, icon, iconButton, on, randomClass } from './dom.ts'
import { openMenu } from './meet-menu.ts'
import { draw, eitherApostrophe, fill, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface Row {
  element: HTMLElement
  name: HTMLElement
  /** Its colour, and the place of its second child's background, say that somebody speaks. */
  voice: HTMLElement
  bars: HTMLElement
  microphone: HTMLElement
  more: HTMLElement
  shown: string
}

const SPEAKING = pick('speaking colour', ['rgb(26, 115, 232)', 'rgb(11, 87, 208)', 'rgb(168, 199, 250)'])
const WAITING = ['Wanda Waiting', 'Wim Waiting'] as const

/** The list of who is in the call, with another list beside it that must not be counted. */
export class PeopleList {
  readonly root: HTMLElement
  readonly #wire: Wire
  readonly #list = el('div', { role: 'list', 'aria-label': t.participants })
  readonly #rows = new Map<string, Row>()
  #levels: Record<string, number> = {}

  constructor(wire: Wire) {
    this.#wire = wire
    const waiting = has('waiting-list') || has('waiting-list-plain') ? [this.#waiting()] : []
    if (has('merged-audio') || has('merged-row-id')) this.#list.append(merged())
    this.root = el('div', {}, [...waiting, this.#list])
  }

  show(people: readonly PersonView[]): void {
    const left = new Map(this.#rows)
    for (const person of people) {
      const row = this.#rows.get(person.id) ?? this.#make(person)
      left.delete(person.id)
      this.#paint(row, person)
      if (row.element.parentElement === null) this.#list.append(row.element)
    }
    for (const [id, { element }] of left) {
      element.remove()
      this.#rows.delete(id)
    }
  }

  levels(levels: Record<string, number>): void {
    this.#levels = levels
    for (const [id, row] of this.#rows) this.#level(id, row)
  }

  #level(id: string, { voice, bars }: Row): void {
    const level = this.#levels[id] ?? 0
    voice.style.backgroundColor = level > 0 ? SPEAKING : 'rgb(60, 64, 67)'
    bars.style.backgroundPositionX = level > 0 ? `${-16 * level}px` : '0px'
  }

  #make({ id }: PersonView): Row {
    const name = el('span', { class: 'zWGUib' })
    const bars = el('div', { style: 'width:16px;height:4px;background-position-x:0px' })
    const voice = el('div', { style: 'width:16px;height:16px;display:inline-block' }, [el('div'), bars])
    const microphone = el('div', { style: 'display:inline-block' })
    const more = iconButton(t.moreActions, 'more_vert')
    const element = el('div', { role: 'listitem', 'data-participant-id': id }, [
      el('img', { alt: '' }),
      el('div', {}, [name]),
      voice,
      microphone,
      more,
    ])
    const row: Row = { element, name, voice, bars, microphone, more, shown: '' }
    on(more, 'click', (event) => this.#actions(row, event))
    this.#rows.set(id, row)
    this.#level(id, row)
    return row
  }

  #paint(row: Row, { name, host, self, muted, parent }: PersonView): void {
    const now = JSON.stringify([name, host, self, muted, parent])
    if (row.shown === now) return
    row.shown = now
    row.element.setAttribute('aria-label', name)
    row.name.textContent = name
    const marks = [
      ...(self && parent === undefined ? [el('span', { class: 'NnTWjc' }, [t.you])] : []),
      ...(host && parent === undefined ? [el('div', { class: 'd93U2d' }, [t.meetingHost])] : []),
      ...(parent !== undefined ? [el('div', {}, [self ? t.yourPresentation : t.presentation])] : []),
      ...(host && draw('pinned') < 0.3 ? [icon('keep')] : []),
    ]
    row.name.parentElement?.replaceChildren(row.name, ...marks)
    row.microphone.replaceChildren(...(parent === undefined && !self ? [this.#microphone(name, muted)] : []))
  }

  /** "Unpin …", for who is pinned. */
  #actions({ name, more }: Row, event: Event): void {
    this.#wire.clicked('row-more')(event)
    const pin = [...(name.parentElement?.querySelectorAll('i') ?? [])].find(({ textContent }) => textContent === 'keep')
    if (pin === undefined) return
    const label = fill(t.unpin, { name: name.textContent ?? '' })
    const choose = (chosen: Event) => {
      this.#wire.clicked('unpin')(chosen)
      pin.remove()
    }
    openMenu(more, [{ label, attributes: { role: 'menuitem', 'aria-label': label }, choose }])
  }

  #microphone(name: string, muted: boolean): HTMLElement {
    const label = muted ? eitherApostrophe('cannot unmute', t.cantUnmute) : fill(eitherApostrophe('mute', t.muteOther), { name })
    const button = iconButton(label, muted ? 'mic_off' : 'mic')
    button.disabled = muted
    on(button, 'click', (event) => {
      this.#wire.clicked('mute-other')(event)
      this.#wire.trap('mute-other')
    })
    return button
  }

  /** Those at the door; letting them in is not a guest's business. */
  #waiting(): HTMLElement {
    const plain = has('waiting-list-plain')
    const rows = WAITING.map((name) => {
      const label = { 'aria-label': fill(t.admit, { name }) }
      const admit = plain
        ? el('div', { role: 'button', tabindex: '0', ...label }, [icon('person_add')])
        : el('button', label, [icon('person_add')])
      on(admit, 'click', (event) => {
        this.#wire.clicked('admit-other')(event)
        this.#wire.trap('admit-other')
      })
      const id = draw('waiting ids') < 0.5 ? { 'data-participant-id': `spaces/${randomClass()}/devices/${name.length}` } : {}
      return el('div', { role: 'listitem', 'aria-label': name, ...id }, [el('span', { class: 'zWGUib' }, [name]), admit])
    })
    return el('div', {}, [
      el('h3', {}, [t.waitingToJoin]),
      el('div', { role: 'list', ...(plain ? {} : { 'aria-label': t.waitingToJoin }) }, rows),
    ])
  }
}

/** Several laptops in one room: a row that is nobody. */
function merged(): HTMLElement {
  const id = has('merged-row-id') ? { 'data-participant-id': `spaces/${randomClass()}/devices/77` } : {}
  return el('div', { role: 'listitem', 'aria-label': t.audioGroup, 'data-cohort-id': 'cohort-1', ...id }, [el('span', {}, [t.mergedAudio])])
}
