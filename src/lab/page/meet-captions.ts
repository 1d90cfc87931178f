import type { CaptionView } from '../protocol.ts'
import { el, icon, iconButton, on, setLabel } from './dom.ts'
import { fill, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

const GAP_EVERY_MS = 8_000
const GAP_MS = 1_000
/** The client only ever appends; a lab that runs for hours keeps the newest. */
const KEPT = 400

interface Build {
  item: string
  who: string
  text: Record<string, string>
}

const BUILDS = {
  now: { item: 'nMcdL bj4p3b', who: 'NWpY1d', text: { class: 'ygicle VbkSUe' } },
  old: { item: 'nMcdL bj4p3b', who: 'NWpY1d', text: { class: 'bh44bd', jsname: 'tgaKEf' } },
  oldest: { item: 'TBMuR', who: 'NWpY1d', text: { class: 'iTTPOb' } },
} satisfies Record<string, Build>

interface Item {
  element: HTMLElement
  text: Text
}

/** Captions: a switch of the bar, and a region to which items are only ever appended; the text of an item changes in place. */
export class Captions {
  readonly button: HTMLButtonElement
  readonly region: HTMLElement
  readonly #wire: Wire
  readonly #onSwitch: (on: boolean) => void
  readonly #build: Build = BUILDS[has('captions-oldest') ? 'oldest' : has('captions-old') ? 'old' : 'now']
  readonly #list = el('div', { jsname: 'dsyhDe' })
  readonly #items = new Map<number, Item>()
  /** The two last children of the list are no items. */
  readonly #ends = [el('div', { 'aria-hidden': 'true' }), el('div', { 'aria-hidden': 'true' })] as const
  #on = false
  #gap = 0
  #selfId = ''

  constructor(wire: Wire, onSwitch: (on: boolean) => void) {
    this.#wire = wire
    this.#onSwitch = onSwitch
    this.button = el('button', { jsname: pick('captions jsname', ['RrG0hf', 'r8qRAd']) }, [icon('closed_caption_off')])
    on(this.button, 'click', (event) => {
      wire.clicked('captions')(event)
      this.#switch()
    })
    const jump = iconButton(t.jump, 'arrow_downward')
    const settings = iconButton(fill(t.captionsSettings, { language: t.language }), 'settings')
    on(jump, 'click', wire.clicked('captions-jump'))
    on(settings, 'click', wire.clicked('captions-settings'))
    this.#list.append(...this.#ends)
    this.region = el(
      'div',
      {
        role: 'region',
        'aria-label': t.captions,
        tabindex: '0',
        class: 'a4cQT',
        jscontroller: pick('captions controller', ['D1tHje', 'KPn5nb']),
        style: 'position:fixed;left:40px;right:400px;bottom:100px;max-height:160px;overflow:auto;z-index:3;background:#202124;display:none',
      },
      [this.#list, jump, settings],
    )
    this.#paint()
  }

  /** Hotkey c, outside of inputs. */
  readonly key = (event: KeyboardEvent): void => {
    const typing = event.target instanceof HTMLElement && /^(input|textarea)$/i.test(event.target.tagName)
    if (event.key !== 'c' || typing || event.ctrlKey || event.altKey || event.metaKey) return
    this.#wire.clicked('captions-key')(event)
    this.#switch()
  }

  self(id: string): void {
    this.#selfId = id
  }

  show({ id, personId, name, text }: CaptionView): void {
    if (!this.#on) return
    const known = this.#items.get(id)
    if (known !== undefined) {
      if (known.text.data !== text) known.text.data = text
      return
    }
    const words = document.createTextNode(text)
    const who = el('span', { class: this.#build.who }, [personId === this.#selfId ? t.ownCaption : name])
    const element = el('div', { class: this.#build.item }, [
      el('div', { class: 'adE6rb' }, [el('img', { 'data-iml': String(id), alt: '' }), el('div', { class: 'KcIKyf' }, [who])]),
      el('div', this.#build.text, [words]),
    ])
    this.#items.set(id, { element, text: words })
    this.#list.insertBefore(element, this.#ends[0])
    const [oldest] = this.#items.keys()
    if (this.#items.size > KEPT && oldest !== undefined) {
      this.#items.get(oldest)?.element.remove()
      this.#items.delete(oldest)
    }
  }

  close(): void {
    clearInterval(this.#gap)
  }

  #switch(): void {
    this.#on = !this.#on
    this.#onSwitch(this.#on)
    this.#wire.send({ type: 'captions', on: this.#on })
    this.region.style.display = this.#on ? '' : 'none'
    clearInterval(this.#gap)
    if (this.#on && has('captions-gap')) this.#gap = window.setInterval(() => this.#vanish(), GAP_EVERY_MS)
    this.#paint()
  }

  #paint(): void {
    setLabel(this.button, this.#on ? t.captionsOff : t.captionsOn)
    this.button.setAttribute('aria-pressed', String(this.#on))
  }

  /** A re-render: every row goes, and comes back a second later. */
  #vanish(): void {
    for (const { element } of this.#items.values()) element.remove()
    setTimeout(() => {
      for (const { element } of this.#items.values()) this.#list.insertBefore(element, this.#ends[0])
    }, GAP_MS)
  }
}
