import { el, FLOATING, on, textButton } from './dom.ts'
import { modal } from './meet-menu.ts'
import { has, t } from './setting.ts'
import type { Wire } from './wire.ts'

/** What a visitor must agree to before media flows. */
// biome-ignore format: a table
const CONSENTS = {
  'recording-consent':     t.recorded,
  'transcription-consent': t.transcribed,
  'gemini-consent':        t.gemini,
} as const

type Consent = keyof typeof CONSENTS

export const isConsent = (kind: string): kind is Consent => Object.hasOwn(CONSENTS, kind)

/** Consents that the room's traps ask for on admission, in order. */
export function wantedConsents(): Consent[] {
  const asked = (Object.keys(CONSENTS) as Consent[]).filter((kind) => has(kind))
  return asked.length === 0 && (has('consent-decline') || has('consent-first')) ? ['recording-consent'] : asked
}

/** The dialog. Its accepting button reads like a join button; the other one leaves. */
export function consentDialog(kind: Consent, wire: Wire, answer: { accepted(): void; refused(): void }): HTMLElement {
  const ok = el('button', { 'data-mdc-dialog-action': 'ok' }, [el('span', { jsname: 'V67aGc' }, [t.joinNow])])
  const declines = has('consent-decline')
  const leave = el('button', { 'data-mdc-dialog-action': 'cancel' }, [
    el('span', { jsname: 'V67aGc' }, [declines ? t.decline : t.leaveCall]),
  ])
  // Whoever looks for a button that sends a dialog away finds the declining one first.
  const buttons = declines ? [leave, ok] : [ok, leave]
  const dialog = modal([el('h2', {}, [CONSENTS[kind]]), el('div', {}, [t.consentNote]), ...buttons])
  on(ok, 'click', (event) => {
    wire.clicked('consent')(event)
    dialog.remove()
    answer.accepted()
  })
  on(leave, 'click', (event) => {
    wire.clicked('consent-refused')(event)
    if (declines) wire.trap('consent-declined')
    dialog.remove()
    answer.refused()
  })
  wire.popup(kind)
  return dialog
}

/** "Take notes for me": a decision for a human. Whoever answers it, as if it were the consent or a promotion, has walked into a trap. */
export function takeNotesPrompt(wire: Wire): HTMLElement {
  const start = textButton(t.startNotes)
  const later = has('take-notes-not-now') ? [textButton(t.notNow)] : []
  const dialog = el('div', { role: 'dialog', 'aria-label': t.takeNotes, style: FLOATING }, [
    el('h2', {}, [t.takeNotes]),
    el('div', {}, [t.takeNotesNote]),
    start,
    ...later,
  ])
  on(start, 'click', (event) => {
    wire.clicked('take-notes')(event)
    wire.trap('take-notes')
    dialog.remove()
  })
  for (const button of later) {
    on(button, 'click', (event) => {
      wire.clicked('take-notes-not-now')(event)
      wire.trap('take-notes-answered')
      dialog.remove()
    })
  }
  wire.popup('take-notes-prompt')
  return dialog
}

/** The pill in the call that says notes are being taken. It asks nothing. */
export function geminiPill(wire: Wire): HTMLElement {
  wire.popup('gemini-pill')
  return el('div', { style: 'position:fixed;left:16px;top:16px;z-index:6;background:#3c4043;border-radius:16px;padding:8px' }, [t.gemini])
}
