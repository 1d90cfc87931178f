import { el, iconButton, on } from './dom.ts'
import { modal } from './meet-menu.ts'
import { pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

const PREFERENCES = 'meet-preferences'
const LANGUAGES = [
  ['en-US', 'English'],
  ['de-DE', 'Deutsch'],
  ['fr-FR', 'Français'],
  ['hu-HU', 'Magyar'],
  ['ja-JP', '日本語'],
] as const

interface SettingsOptions {
  wire: Wire
  audioOnly: boolean
  setAudioOnly(on: boolean): void
}

/** The settings: four tabs; "Audio only" stands in the one for video, the caption language in the one for captions. */
export function settingsDialog({ wire, audioOnly, setAudioOnly }: SettingsOptions): HTMLElement {
  const body = el('div')
  const tabs = [
    [t.tabAudio, () => [el('div', {}, [t.tabAudio])]],
    [t.tabVideo, () => [incoming()]],
    [t.tabCaptions, () => [languages(wire)]],
    [t.tabReactions, () => [el('div', {}, [t.tabReactions])]],
  ] as const
  let chosen = audioOnly
  function incoming(): HTMLElement {
    const note = el('div', {}, [chosen ? t.audioOnlyNote : ''])
    const item = (label: string, only: boolean) => {
      const li = el('li', { role: 'option', tabindex: '0', 'aria-label': label, 'aria-selected': String(chosen === only) }, [label])
      on(li, 'click', (event) => {
        wire.clicked(only ? 'audio-only' : 'incoming-auto')(event)
        chosen = only
        setAudioOnly(only)
        note.textContent = only ? t.audioOnlyNote : ''
      })
      return li
    }
    const list = el('ul', { role: 'listbox', 'aria-label': t.incoming }, [item(t.incomingAuto, false), item(t.audioOnly, true)])
    return el('div', {}, [list, note])
  }
  const buttons = tabs.map(([label, content]) => {
    const tab = el('button', { 'aria-label': label, ...(label === t.tabCaptions ? { jsname: 'z4Tpl' } : {}) }, [label])
    on(tab, 'click', (event) => {
      wire.clicked(`settings-tab-${label}`)(event)
      body.replaceChildren(...content())
    })
    return tab
  })
  body.append(...tabs[0][1]())
  const label = t.closeDialog === 'Close dialog' ? pick('close dialog', ['Close dialog', 'Close dialogue']) : t.closeDialog
  const close = iconButton(label, 'close')
  const dialog = modal([el('h2', {}, [t.settings]), ...buttons, body, close])
  on(close, 'click', (event) => {
    wire.clicked('settings-close')(event)
    dialog.remove()
  })
  return dialog
}

function languages(wire: Wire): HTMLElement {
  const items = LANGUAGES.map(([code, name]) => {
    const li = el('li', { role: 'option', tabindex: '0', 'data-value': code }, [name])
    on(li, 'click', (event) => {
      wire.clicked(`caption-language-${code}`)(event)
      localStorage.setItem(PREFERENCES, JSON.stringify({ captionLanguage: code }))
    })
    return li
  })
  return el('ul', { role: 'listbox', 'aria-label': t.meetingLanguage }, items)
}
