import { el, FLOATING, on, root, textButton } from './dom.ts'
import type { CallUi } from './meet-call-ui.ts'
import { consentDialog, geminiPill, isConsent, takeNotesPrompt, wantedConsents } from './meet-consent.ts'
import type { Toasts } from './meet-toasts.ts'
import { draw, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface InterruptionOptions {
  ui(): CallUi | undefined
  leave(): void
  network(offlineMs: number): void
}

const PEOPLE_KNOWN_MS = 2_000
const OVERLAY_AFTER_MS = 3_000

/** What comes between a visitor and the call: consents that hold the media back, prompts, pills, toasts, a lost connection. */
export class Interruptions {
  readonly #wire: Wire
  readonly #options: InterruptionOptions
  readonly #shown = new Set<HTMLElement>()
  #timers: number[] = []
  #consents = 0
  #held: (() => void) | undefined

  constructor(wire: Wire, options: InterruptionOptions) {
    this.#wire = wire
    this.#options = options
  }

  /** Media waits until every consent was given. */
  media(flow: () => void): void {
    if (this.#consents > 0) this.#held = flow
    else flow()
  }

  /** Before the call is told of: the consents of the room hold back what comes next. */
  admitted(): void {
    this.close()
    for (const kind of wantedConsents()) this.popup(kind)
    if (this.#consents > 0) this.#wire.send({ type: 'consent', pending: true })
  }

  /** The rest of what the room's traps bring into a call. */
  begin(): void {
    if (has('take-notes-prompt') || has('take-notes-not-now')) this.popup('take-notes-prompt')
    if (has('gemini-pill')) this.popup('gemini-pill')
    if (draw('joined note') < 0.5) this.#options.ui()?.toasts.say(t.joinedNote)
    if (has('reconnect-5s')) this.#later(OVERLAY_AFTER_MS, () => this.#options.network(5_000))
    if (has('reconnect-30s')) this.#later(OVERLAY_AFTER_MS, () => this.#options.network(30_000))
    if (has('chat-quotes-end')) this.#later(PEOPLE_KNOWN_MS, () => this.#quote())
  }

  popup(kind: string): void {
    if (isConsent(kind)) {
      this.#consents++
      this.#show(
        consentDialog(kind, this.#wire, {
          accepted: () => this.#accepted(),
          refused: () => {
            this.#wire.send({ type: 'leave' })
            this.#options.leave()
          },
        }),
      )
      return
    }
    const popups: Record<string, () => void> = {
      'take-notes-prompt': () => this.#show(takeNotesPrompt(this.#wire)),
      'gemini-pill': () => this.#show(geminiPill(this.#wire)),
      'got-it': () => this.#show(this.#notice('got-it', t.othersMaySee, t.gotIt)),
      talking: () => this.#show(this.#notice('talking', t.talking, t.close)),
      'raised-hand': () => this.#toast(kind, (toasts) => toasts.raisedHand()),
      alert: () => this.#toast(kind, (toasts) => toasts.alert()),
    }
    popups[kind]?.()
  }

  close(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer)
    for (const element of this.#shown) element.remove()
    this.#shown.clear()
    this.#consents = 0
    this.#held = undefined
  }

  #accepted(): void {
    this.#consents--
    if (this.#consents > 0) return
    this.#wire.send({ type: 'consent', pending: false })
    this.#held?.()
    this.#held = undefined
  }

  #notice(kind: string, text: string, label: string): HTMLElement {
    const button = textButton(label)
    const dialog = el('div', { role: 'dialog', style: FLOATING }, [el('div', {}, [text]), button])
    on(button, 'click', (event) => {
      this.#wire.clicked(kind)(event)
      dialog.remove()
    })
    this.#wire.popup(kind)
    return dialog
  }

  #toast(kind: string, say: (toasts: Toasts) => void): void {
    const toasts = this.#options.ui()?.toasts
    if (toasts === undefined) return
    say(toasts)
    this.#wire.popup(kind)
  }

  /** Somebody writes a sentence that the end screens have as well. */
  #quote(): void {
    const id = String(Date.now() * 1_000).padStart(16, '0')
    const ui = this.#options.ui()
    ui?.chat({ id, from: ui.toasts.somebody, fromId: 'quote', text: t.removed, self: false })
  }

  #show(element: HTMLElement): void {
    this.#shown.add(element)
    root.append(element)
  }

  #later(ms: number, does: () => void): void {
    this.#timers.push(window.setTimeout(does, ms))
  }
}
