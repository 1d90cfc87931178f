import { defineControls } from '../../../src/platform/controls.ts'
import { CHAT } from './call-controls.ts'
import { DIALOG, FOR_PEOPLE } from './dialog-words.ts'

const guest = 'guest, 2026-08'
/** A word nobody has seen in the client yet: the language's plain one. */
const guess = 'guess, 2026-11'

/** What belongs to other people: a row of a list, a tile. Their switches are not ours to press. */
const OTHERS = '[role=list],[role=listitem],[data-participant-id],[data-requested-participant-id]'

/** The screen before the call: name, doors, microphone and camera. A consent's "Join now" is no door. */
export const doorControls = defineControls({
  nameBox: {
    clues: [
      { css: 'input[aria-label="Your name"]', lang: 'en', note: guest },
      { css: 'input[aria-label="A neved"]', note: 'hu' },
      { css: 'input[aria-label="名前"]', note: 'ja' },
      { role: 'textbox', name: /^(your name|what.s your name)/i, lang: 'en' },
      { role: 'textbox', name: /^(dein|ihr) name/i, lang: 'de', note: guess },
      { css: 'input[type="text"][placeholder*="name" i]' },
      { css: 'input[type="text"][jsname="YPqjbf"]', note: guest },
      {
        css: 'input[type="text"]:not([placeholder*="code" i],[aria-label*="code" i],[role],[jsname])',
        note: 'any other single text box before the call',
      },
    ],
  },
  askToJoin: {
    clues: [
      { role: 'button', name: /^ask to join( anyway| without camera)?$/i, lang: 'en', note: guest, outside: DIALOG },
      { role: 'button', name: /^teilnahme erbitten$/i, note: 'de', outside: DIALOG },
      { role: 'button', name: /^参加をリクエスト$/, note: 'ja', outside: DIALOG },
      { role: 'button', name: /^kérvényezés a csatlakozásra$/i, note: 'hu', outside: DIALOG },
      {
        role: 'button',
        name: /^(demander à (participer|rejoindre)|solicitar unirse|pedir para participar|chiedi di partecipare)$/i,
        note: guess,
        outside: DIALOG,
      },
      {
        css: 'button',
        says: /^(ask to join|teilnahme erbitten)( anyway| without camera)?$/i,
        note: 'where a label says something else',
        outside: DIALOG,
      },
      { role: 'button', name: /^ask to join (anyway|without camera)$/i, lang: 'en', note: guess, inside: DIALOG, unless: FOR_PEOPLE },
    ],
  },
  joinNow: {
    clues: [
      { role: 'button', name: /^(join now|join anyway|join the call now|join|join meeting|enter meeting)$/i, lang: 'en', outside: DIALOG },
      { role: 'button', name: /^(jetzt|trotzdem) teilnehmen$/i, note: 'de', outside: DIALOG },
      { role: 'button', name: /^participar agora$/i, note: 'pt', outside: DIALOG },
      { role: 'button', name: /^今すぐ参加$/, note: 'ja', outside: DIALOG },
      { role: 'button', name: /^присоединиться$/i, note: 'ru', outside: DIALOG },
      { role: 'button', name: /^unirse( ahora)?$/i, note: 'es', outside: DIALOG },
      { role: 'button', name: /^participer( maintenant)?$/i, note: 'fr', outside: DIALOG },
      {
        css: 'button',
        says: /^(join now|join anyway|join the call now|join meeting|enter meeting|(jetzt|trotzdem) teilnehmen)$/i,
        note: 'where a label says something else',
        outside: DIALOG,
      },
      { role: 'button', name: /^(join anyway|trotzdem teilnehmen)$/i, note: guess, inside: DIALOG, unless: FOR_PEOPLE },
    ],
  },
  joinHereToo: {
    clues: [
      { role: 'button', name: /^(join here too|switch here)$/i, lang: 'en', note: 'the same account is in this call elsewhere, 2026-07' },
      {
        role: 'button',
        name: /^(auch hier teilnehmen|hier(her)? wechseln|(participer|rejoindre) ici aussi|passer ici|(unirse|participar) aquí también|cambiar aquí|participar aqui também|(mudar|trocar) para (cá|aqui)|partecipa anche qui|passa qui|csatlakozás itt is|váltás ide|ここでも参加|ここに切り替え(る)?|присоединиться и здесь|переключиться сюда)$/i,
        note: guess,
      },
    ],
  },
  /** The main button in whatever language: it knocks or enters, and which one the next screen says. */
  mainDoor: { clues: [{ css: 'button[jsname="Qx7uuf"]', note: '2026-08, any language', outside: DIALOG }] },
  askingNow: { clues: [{ text: /^asking to join/i, lang: 'en', note: 'the button after it was pressed', outside: CHAT }] },

  micOn: {
    clues: [
      {
        css: '[data-is-muted="false"][aria-label*="microphone" i],[data-is-muted="false"][aria-label*="mikrofon" i]',
        note: guest,
        outside: OTHERS,
      },
      { label: /^turn off microphone/i, lang: 'en', outside: OTHERS },
      { label: /^mikrofon (ausschalten|deaktivieren)/i, lang: 'de', note: guess, outside: OTHERS },
      {
        label:
          /^((a )?mikrofon kikapcsolása|マイクをオフにする|désactiver le micro|desactivar (el )?micrófono|desativar (o )?microfone|disattiva (il )?microfono|(выключить|отключить) микрофон)(?=\s*($|[(（]))/i,
        note: guess,
        outside: OTHERS,
      },
      { css: '[data-is-muted="false"]', says: /(^|\s)mic(\s|$)/, note: 'its icon', outside: OTHERS },
      { css: '[data-is-muted="false"][jsname="hw0c9"]' },
      { css: '[jsname="Dg9Wp"] [data-is-muted="false"]' },
    ],
  },
  cameraOn: {
    clues: [
      {
        css: '[data-is-muted="false"][aria-label*="camera" i],[data-is-muted="false"][aria-label*="kamera" i]',
        note: guest,
        outside: OTHERS,
      },
      { label: /^turn off camera/i, lang: 'en', outside: OTHERS },
      { label: /^kamera (ausschalten|deaktivieren)/i, lang: 'de', note: guess, outside: OTHERS },
      {
        label:
          /^((a )?kamera kikapcsolása|カメラをオフにする|désactiver la caméra|desactivar (la )?cámara|desativar (a )?câmera|disattiva (la )?(video|foto)camera|(выключить|отключить) камеру)(?=\s*($|[(（]))/i,
        note: guess,
        outside: OTHERS,
      },
      { css: '[data-is-muted="false"]', says: /(^|\s)videocam(\s|$)/, note: 'its icon', outside: OTHERS },
      { css: '[data-is-muted="false"][jsname="psRWwc"]' },
      { css: '[jsname="R3GXJb"] [data-is-muted="false"]' },
    ],
  },
  /** A microphone or camera switch, on or off: where one shows, the client has not crashed. */
  toggle: {
    clues: [
      { css: '[data-is-muted]' },
      { label: /^turn (on|off) (microphone|camera)/i, lang: 'en' },
      { label: /^(camera|microphone) (problem|not found)/i, lang: 'en' },
    ],
  },
  /** A picture that moves: one's own, while one waits. */
  selfView: { clues: [{ css: 'video' }] },
  gettingReady: { clues: [{ text: /^getting ready/i, lang: 'en', note: 'before the screen is there' }] },
  /** Anything a person could use. A page without any has not come up yet. */
  anything: { clues: [{ css: 'button,input,[role=button],a[href]' }] },
})
