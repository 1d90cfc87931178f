import { defineControls } from '../../../src/platform/controls.ts'
import { callControls, QUOTED } from './call-controls.ts'
import { dialogControls } from './dialog-controls.ts'
import { DIALOG, FOR_PEOPLE } from './dialog-words.ts'
import { doorControls } from './door-controls.ts'
import { endControls } from './end-controls.ts'

const guess = 'guess, 2026-11'
/** Where a button with three dots is somebody's, or a panel's: the bar's own stands in none of these. */
const ELSEWHERE = `[data-participant-id],[role=menu],${QUOTED},${DIALOG}`
// Words of the layout menu: English as seen, the others guessed. An item may begin with the name of its icon.
const LAYOUT = /(change layout|adjust view|layout ändern|ansicht anpassen|elrendezés módosítása|レイアウトを変更)$/i
const SIDEBAR = /^(sidebar|seitenleiste|oldalsáv|サイドバー)$/i
const TILED = /^(tiled|gekachelt|mozaik|タイル表示)$/i

/** Every control of the Meet client this adapter uses. Order of trust: data-*, role and label, icon ligature, text, jsname, class. */
export const controls = defineControls({
  ...doorControls,
  ...dialogControls,
  ...callControls,
  ...endControls,

  // The site's own view
  moreOptions: {
    clues: [
      { css: 'button[aria-label="More options"]', lang: 'en', note: 'not the one of a tile' },
      { css: 'button[jsname="NakZHc"]' },
      { icon: 'more_vert', outside: ELSEWHERE, note: 'in any language' },
    ],
  },
  changeLayout: {
    clues: [
      { role: 'menuitem', name: /^(change layout|adjust view)/i, lang: 'en' },
      { css: 'li[jsname="WZerud"]' },
      { css: 'li,[role=menuitem]', says: LAYOUT, outside: QUOTED, note: 'an item of no role, or in other words' },
    ],
  },
  layoutSidebar: {
    clues: [
      { role: 'radio', name: /^sidebar/i, lang: 'en', note: '2026-08' },
      { css: 'label', says: SIDEBAR, inside: DIALOG, note: 'its circle may be transparent' },
      { text: SIDEBAR, inside: DIALOG },
    ],
  },
  layoutTiled: {
    clues: [
      { role: 'radio', name: /^tiled/i, lang: 'en', note: '2026-08' },
      { css: 'label', says: TILED, inside: DIALOG, note: 'its circle may be transparent' },
      { text: TILED, inside: DIALOG },
    ],
  },
  settings: {
    clues: [
      { role: 'menuitem', name: /^settings$/i, lang: 'en' },
      { css: 'li', says: /settings$/i, lang: 'en' },
    ],
  },
  /** "Audio only" is one of the choices in here, and of a list that may have to be opened first. */
  videoTab: {
    clues: [
      {
        css: '[aria-modal=true] :is(button,[role=tab])[aria-label="Video"],[role=dialog] :is(button,[role=tab])[aria-label="Video"]',
        note: '2026-08',
      },
      { role: 'tab', name: /^video$/i },
    ],
  },
  resolutions: {
    clues: [
      { css: ':is([role=combobox],[aria-haspopup=listbox]):has(li[aria-label="Audio only"])', lang: 'en', note: guess },
      { css: ':is([role=combobox],[aria-haspopup=listbox]):has(~ [role=listbox] li[aria-label="Audio only"])', lang: 'en', note: guess },
      {
        css: ':has(> [role=listbox] li[aria-label="Audio only"]) > * > :is([role=combobox],[aria-haspopup=listbox])',
        lang: 'en',
        note: guess,
      },
      { label: /^receive resolution/i, lang: 'en', note: guess },
    ],
  },
  audioOnly: { clues: [{ css: 'li[aria-label="Audio only"]', lang: 'en', note: '2026-08' }] },
  closeDialog: {
    clues: [
      {
        css: '[aria-modal=true] :is(button[aria-label="Close"],button[aria-label="Close dialog"],button[aria-label="Close dialogue"])',
        inside: DIALOG,
        unless: FOR_PEOPLE,
        lang: 'en',
      },
    ],
  },
})

export type MeetKey = keyof typeof controls & string
/** Signs that no lobby has shown: one of them at least. */
export const CORE_SIGNS = ['captions', 'chat', 'people', 'joinedText'] as const satisfies readonly MeetKey[]
/** Signs of a call; several are needed. */
export const SIGNS = [...CORE_SIGNS, 'tile', 'share', 'details', 'tools', 'selfName'] as const satisfies readonly MeetKey[]
/** Dialogs answered by pressing the control itself. The "take notes for me" prompt is a human's decision and not here. */
export const POPUPS = ['toastClose', 'withoutMedia', 'gotIt', 'consent', 'dismiss'] as const satisfies readonly MeetKey[]
/** The same before the knock, where whatever lies over the door must go. */
export const DOOR_POPUPS = [...POPUPS, 'onlyAnswer'] as const satisfies readonly MeetKey[]
