import { defineControls } from '../../../src/platform/controls.ts'
import { ACCOUNTS, AGREE, CLOSE, DEVICES, DIALOG, FOR_PEOPLE, JOIN_NOW, NOTED, NOTES, RECORDS, WHETHER } from './dialog-words.ts'

const guess = 'guess, 2026-11'
const PERSISTENT = '[data-is-persistent="true"]'
/** Material's "yes" of a dialog (2026-08). */
const OK = 'button[data-mdc-dialog-action="ok"]'

/**
 * Dialogs that stand in the way, each by the button that answers it. None is pressed before it is known what it is: by its
 * words, or, in a language that is not ours, by a shape that leaves no choice. What people are to decide is not here.
 */
export const dialogControls = defineControls({
  toastClose: {
    clues: [
      { css: `${PERSISTENT} :is(button,[role=button])[aria-label="Close"]`, lang: 'en', note: 'device failure, ignores Escape' },
      { role: 'button', name: CLOSE, inside: PERSISTENT, note: guess },
      { icon: 'close', inside: PERSISTENT },
      { role: 'button', name: CLOSE, inside: DIALOG, near: DEVICES },
      { icon: 'close', inside: DIALOG, near: DEVICES },
      { only: PERSISTENT, unless: FOR_PEOPLE },
    ],
  },
  withoutMedia: {
    clues: [
      { role: 'button', name: /^continue without (microphone and camera|microphone|camera)$/i, lang: 'en' },
      { role: 'button', name: /^ohne (mikrofon und kamera|mikrofon|kamera) fortfahren$/i, note: 'de' },
      {
        role: 'button',
        name: /^((マイクとカメラ|マイク|カメラ)(なし|を使用せず|を使わず)(で|に)?(続行|続ける)|folytatás (mikrofon és kamera|mikrofon|kamera) nélkül|continuer sans (micro(phone)? ni caméra|micro(phone)?|caméra)|continuar sin (micrófono ni cámara|micrófono|cámara)|continuar sem (microfone e câmera|microfone|câmera)|продолжить без (микрофона и камеры|микрофона|камеры))$/i,
        note: guess,
      },
    ],
  },
  gotIt: {
    clues: [
      { role: 'button', name: /^(ok(ay)?, )?got it[.!]?$/i, lang: 'en', unless: FOR_PEOPLE },
      {
        role: 'button',
        name: /^(ok, )?(verstanden|alles klar|értem|rendben|了解|わかりました|entendi|entendido|j.ai compris|ho capito|понятно|begrepen|rozumiem|anladım)[.!]?$/i,
        unless: FOR_PEOPLE,
        note: guess,
      },
    ],
  },
  dismiss: {
    clues: [
      { role: 'button', name: /^(dismiss|not now|use without an account)$/i, lang: 'en', unless: FOR_PEOPLE },
      {
        role: 'button',
        name: /^(nicht jetzt|verwerfen|schließen|ohne konto (verwenden|nutzen|fortfahren))$/i,
        inside: DIALOG,
        outside: PERSISTENT, // that one has a control of its own
        unless: FOR_PEOPLE,
        note: guess,
      },
      {
        role: 'button',
        name: /^(most nem|később|elvetés|bezárás|(használat|folytatás) fiók nélkül|今はしない|後で|閉じる|アカウントなしで(使用|続行)|pas maintenant|plus tard|ignorer|utiliser sans compte|ahora no|descartar|usar sin (una )?cuenta|agora não|dispensar|usar sem (uma )?conta|не сейчас|закрыть)$/i,
        inside: DIALOG,
        outside: PERSISTENT, // that one has a control of its own
        unless: FOR_PEOPLE,
        note: guess,
      },
    ],
  },
  consent: {
    clues: [
      {
        css: OK,
        says: AGREE,
        inside: DIALOG,
        near: new RegExp(`${RECORDS.source}|${NOTED.source}`, 'i'),
        unless: WHETHER,
        note: 'what is being recorded, written down or noted, 2026-08; whether to is for people',
      },
      { css: OK, inside: DIALOG, near: RECORDS, unless: WHETHER },
      { role: 'button', name: AGREE, inside: DIALOG, near: RECORDS, unless: WHETHER },
      { role: 'button', name: JOIN_NOW, inside: DIALOG, near: NOTED, unless: WHETHER },
      { css: OK, says: JOIN_NOW, inside: '[role=dialog],[aria-modal="true"]', unless: WHETHER, shape: true },
      { only: `[aria-modal="true"]:has(${OK})`, unless: NOTES, note: 'a language that is not ours, and nothing else to choose' },
    ],
  },
  /** Before the knock only: a dialog over the door that has one button and nothing else to choose. */
  onlyAnswer: {
    clues: [{ only: DIALOG, unless: new RegExp(`${NOTES.source}|${FOR_PEOPLE.source}|${ACCOUNTS.source}`, 'i') }],
  },
  /** Anything that may lie over a door. */
  dialog: { clues: [{ css: DIALOG }] },
})
