import type { PersonView } from '../protocol.ts'
import { el, FLOATING, iconButton, on, textButton } from './dom.ts'
import { fill, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

const SHOWN_MS = 4_000
const ALERT_EVERY_MS = 6_000

/** Short notices in the corner. None of them says that a call has ended, whatever its words. */
export class Toasts {
  readonly root = el('div', { 'aria-live': 'polite', style: `${FLOATING};bottom:auto;top:16px;padding:0;background:none` })
  readonly #wire: Wire
  readonly #timers = new Set<number>()
  #known: ReadonlyMap<string, PersonView> | undefined
  #turn = 0

  constructor(wire: Wire) {
    this.#wire = wire
    if (has('alert-toasts')) this.#every()
  }

  /** Says who came and who went since the last time. */
  people(people: readonly PersonView[]): void {
    const now = new Map(people.filter(({ parent, self }) => parent === undefined && !self).map((person) => [person.id, person]))
    const before = this.#known
    this.#known = now
    if (before === undefined) return
    for (const [id, { name }] of now) if (!before.has(id)) this.say(fill(t.toastJoined, { name }))
    for (const [id, { name }] of before) if (!now.has(id)) this.say(fill(t.toastLeft, { name }))
    if (now.size === 0 && before.size > 0) this.say(t.noOneElse)
  }

  say(text: string, buttons: readonly HTMLElement[] = []): void {
    const toast = el(
      'div',
      { ...(has('alert-toasts') ? { role: 'alert' } : {}), style: 'background:#fff;color:#202124;padding:12px;margin:4px' },
      [el('div', {}, [text]), ...buttons],
    )
    this.root.append(toast)
    this.#later(SHOWN_MS, () => toast.remove())
  }

  /** One of those who are there; nobody is made up. */
  get somebody(): string {
    const [first] = this.#known?.values() ?? []
    return first?.name ?? t.someone
  }

  /** "… has raised a hand" with its two buttons. */
  raisedHand(name = this.somebody): void {
    const queue = textButton(t.openQueue)
    const close = iconButton(t.close, 'close')
    for (const [button, control] of [
      [queue, 'open-queue'],
      [close, 'toast-dismiss'],
    ] as const) {
      on(button, 'click', (event) => {
        this.#wire.clicked(control)(event)
        button.closest('div[style]')?.remove()
      })
    }
    this.say(fill(t.toastHand, { name }), [queue, close])
  }

  /** A role=alert that sounds like an end. */
  alert(): void {
    const name = this.somebody
    const text = pick(`alert ${this.#turn++}`, [
      fill(t.toastChat, { name, text: t.removed }),
      fill(t.toastChat, { name, text: t.ended }),
      t.endingSoon,
    ])
    const alert = el('div', { role: pick('alert role', ['alert', 'alertdialog']), style: 'background:#fff;color:#202124;padding:12px' }, [
      text,
    ])
    this.root.append(alert)
    this.#later(SHOWN_MS, () => alert.remove())
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #every(): void {
    this.#later(ALERT_EVERY_MS, () => {
      const name = this.somebody
      const turns = [
        () => this.raisedHand(name),
        () => this.say(fill(t.toastReacted, { name })),
        () => this.say(t.toastPanel),
        () => this.say(t.toastMic),
        () => this.alert(),
      ]
      turns[this.#turn++ % turns.length]?.()
      this.#every()
    })
  }

  #later(ms: number, does: () => void): void {
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer)
      does()
    }, ms)
    this.#timers.add(timer)
  }
}
