import type { ChatView } from '../protocol.ts'
import { el, iconButton, on, setLabel, textButton } from './dom.ts'
import { draw, fill, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

const LIMIT = 500
const GROUP_MS = 60_000
const HISTORY_MS = 300

interface ChatOptions {
  wire: Wire
  space(): string
  /** A message came while the panel was closed. */
  onUnread(message: ChatView): void
}

/** The chat: nothing is in the document before its panel was opened once; own rows have no sender. */
export class ChatPanel {
  readonly root = el('div')
  readonly #options: ChatOptions
  readonly #messages: ChatView[] = []
  readonly #rows = el('div', has('chat-old-rows') ? { jsname: 'xySENc', class: 'Ge9Kpc', 'aria-live': 'polite' } : {})
  readonly #input: HTMLTextAreaElement
  readonly #send: HTMLButtonElement
  #loaded = false
  #last: { fromId: string; at: number; group: HTMLElement } | undefined
  #sent: string | undefined

  constructor(options: ChatOptions) {
    this.#options = options
    const label = has('chat-old-labels') ? t.sendToEveryone : t.sendMessage
    this.#input = el('textarea', { 'aria-label': label, placeholder: label, jsname: 'YPqjbf', maxlength: String(LIMIT), rows: '2' })
    this.#send = iconButton(label, 'send', { jsname: 'SoqoBf' })
    this.#send.disabled = true
    on(this.#input, 'input', () => {
      this.#send.disabled = this.#input.value.trim() === ''
      options.wire.send({ type: 'typed', control: 'chat', text: this.#input.value })
    })
    on(this.#input, 'keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey) return
      event.preventDefault()
      this.#submit(event)
    })
    on(this.#send, 'click', (event) => this.#submit(event))
    const off = has('chat-disabled')
    this.#input.disabled = off
    const host = el('button', { role: 'switch', 'aria-checked': String(!off), 'aria-label': t.letSend, disabled: '' }, [t.letSend])
    const notes = [
      host,
      ...(draw('continuous chat') < 0.5 ? [el('div', {}, [t.continuousOff])] : []),
      ...(off ? [el('div', {}, [t.chatOff])] : []),
    ]
    this.root.append(...notes, this.#rows, this.#input, this.#send)
  }

  /** The panel was opened: the first time, the history comes a moment later. */
  opened(): void {
    if (this.#loaded) return
    this.#loaded = true
    setTimeout(() => {
      for (const message of this.#messages.splice(0)) this.#row(message)
    }, HISTORY_MS)
  }

  add(message: ChatView, panelOpen: boolean): void {
    if (this.#loaded) this.#row(message)
    else this.#messages.push(message)
    if (message.self && message.text === this.#sent) {
      this.#sent = undefined
      this.#input.value = '' // cleared on success only
      this.#send.disabled = true
    }
    if (!panelOpen && !message.self) this.#options.onUnread(message)
  }

  #submit(event: Event): void {
    const text = this.#input.value.trim()
    if (text === '' || has('chat-disabled')) return
    this.#options.wire.clicked('chat-send')(event)
    this.#sent = text
    this.#options.wire.send({ type: 'chat', text })
  }

  #row(message: ChatView): void {
    const id = `spaces/${this.#options.space()}/messages/${message.id}`
    const text = el('div', { jsname: 'dTKtvb' }, [message.text])
    this.#rows.append(has('chat-old-rows') ? oldRow(message, text) : this.#newRow(message, id, text))
  }

  #newRow({ from, fromId, self }: ChatView, id: string, text: HTMLElement): HTMLElement {
    const pin = iconButton(t.pin, 'keep', { 'data-message-id': id })
    on(pin, 'click', this.#options.wire.clicked('chat-pin'))
    const row = el('div', { class: self ? 'RLrADb jO4O1 chmVPb' : 'RLrADb', 'data-message-id': id }, [text, pin])
    const at = Date.now()
    const last = this.#last
    if (last !== undefined && last.fromId === fromId && at - last.at < GROUP_MS) {
      last.at = at
      last.group.append(row)
      return last.group
    }
    const group = el('div', { class: 'aops0b' }, [header(from, self), row])
    this.#last = { fromId, at, group }
    return group
  }
}

function header(from: string, self: boolean): HTMLElement {
  const time = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  return el('div', { class: 'HNucUd' }, [...(self ? [] : [el('div', { class: 'poVWob' }, [from])]), el('div', {}, [time])])
}

function oldRow({ from, self }: ChatView, text: HTMLElement): HTMLElement {
  return el('div', { class: 'Ss4fHf', jsname: 'Ypafjf' }, [header(from, self), text])
}

/** The button of the bar; it says when something new has come. */
export function chatButton(): { element: HTMLButtonElement; unread(is: boolean): void } {
  const label = has('chat-old-labels') ? t.inCallMessages : t.chat
  const element = iconButton(label, 'chat', { 'data-panel-id': '2' })
  return {
    element,
    unread: (is) => setLabel(element, is && !has('chat-old-labels') ? t.chatNew : label),
  }
}

/** What a toast says of a message. */
export const chatToast = ({ from, text }: ChatView): string => fill(t.toastChat, { name: from, text })

/** The panel of the host's switches, which a guest sees and cannot press. */
export const hostPanel = (): HTMLElement => el('div', {}, [textButton(t.letSend)])
