import { el, icon, on, root, setLabel } from './dom.ts'
import { draw, fill, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface PeopleButtonOptions {
  wire: Wire
  open(): void
}

/** The button that leads to the people, in one of the client's three builds. */
export class PeopleButton {
  readonly element: HTMLElement
  readonly #paint: (count: string) => void

  constructor({ wire, open }: PeopleButtonOptions) {
    const build = has('people-nav')
      ? 'nav'
      : has('people-badge')
        ? 'badge'
        : has('people-jsname')
          ? 'jsname'
          : pick<keyof typeof BUILDS>('people button', ['nav', 'badge', 'jsname'])
    const made = BUILDS[build]()
    this.element = made.element
    this.#paint = made.paint
    on(this.element, 'click', (event) => {
      wire.clicked('people')(event)
      open()
    })
    if (build !== 'nav') hoverCard(this.element, () => this.#count)
    this.count('1')
  }

  #count = '1'

  count(count: string): void {
    this.#count = count
    this.#paint(count)
  }
}

type Made = { element: HTMLElement; paint(count: string): void }

const BUILDS = { nav, badge, jsname }

/** The older one: its label is fixed or holds the number, and the number stands in a badge as well. */
function nav(): Made {
  const label = pick<(n: string) => string>('people label', [() => t.people, () => t.showEveryone, (n) => fill(t.peopleJoined, { n })])
  const badge = draw('people badge') < 0.5 ? el('div', { class: 'egzc7c' }) : el('span')
  const element = el('button', { 'data-panel-id': '1', jsname: 'A5il2e' }, [icon('people'), badge])
  return {
    element,
    paint(count) {
      setLabel(element, label(count))
      badge.setAttribute('data-avatar-count', count)
      badge.textContent = count
    },
  }
}

/** Since Dec 2025. */
function badge(): Made {
  const count = el('div', { class: 'egzc7c' })
  const element = el('div', { role: 'button', tabindex: '0', 'aria-haspopup': 'dialog' }, [el('span', {}, [t.people]), count])
  return {
    element,
    paint(n) {
      count.textContent = n
    },
  }
}

/** Oct 2026: no label at all, text and count. */
function jsname(): Made {
  const count = el('span')
  const element = el('div', { role: 'button', tabindex: '0', jsname: 'ocqpFe' }, [el('span', {}, [t.people]), count])
  return {
    element,
    paint(n) {
      count.textContent = n
      count.setAttribute('data-avatar-count', n)
    },
  }
}

/** Hovering opens a dialog; Escape and any press close it. */
function hoverCard(element: HTMLElement, count: () => string): void {
  let card: HTMLElement | undefined
  const close = () => {
    card?.remove()
    card = undefined
    document.removeEventListener('keydown', onEscape)
    document.removeEventListener('pointerdown', close)
  }
  const onEscape = (event: KeyboardEvent) => event.key === 'Escape' && close()
  on(element, 'mouseenter', () => {
    if (card !== undefined) return
    const label = fill(t.peopleInCall, { n: count() })
    card = el(
      'div',
      { role: 'dialog', 'aria-label': label, style: 'position:fixed;right:360px;bottom:110px;background:#fff;color:#202124;padding:12px' },
      [label],
    )
    root.append(card)
    document.addEventListener('keydown', onEscape)
    document.addEventListener('pointerdown', close)
  })
}
