import type { CaptionView, ChatView, PersonView } from '../protocol.ts'
import type { Devices } from './devices.ts'
import { el, labelOf, on, root } from './dom.ts'
import { AloneHint } from './meet-alone.ts'
import { Bar } from './meet-bar.ts'
import { Captions } from './meet-captions.ts'
import { ChatPanel, chatButton, chatToast, hostPanel } from './meet-chat-panel.ts'
import type { LayoutChoice } from './meet-layout.ts'
import { layoutDialog } from './meet-layout-dialog.ts'
import { type MenuItem, openMenu } from './meet-menu.ts'
import { PeopleButton } from './meet-people-button.ts'
import { PeopleList } from './meet-people-panel.ts'
import { settingsDialog } from './meet-settings-dialog.ts'
import { SidePanel } from './meet-side-panel.ts'
import { Toasts } from './meet-toasts.ts'
import { config, fill, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

export interface CallUiOptions {
  /** False = the host-managed lobby: the same interface without captions, chat and people. */
  full: boolean
  wire: Wire
  devices: Devices
  layout(): LayoutChoice
  audioOnly(): boolean
  setLayout(choice: LayoutChoice): void
  setAudioOnly(on: boolean): void
  /** Takes one's own tile out of the others, or puts it back. */
  setMinimised(is: boolean): void
  onLeave(): void
  /** Captions were switched: the client opens a channel of its own for them. */
  onCaptions(on: boolean): void
}

/** Everything of a call's interface that is not a picture: the bar that hides, and the panels and dialogs it opens. */
export class CallUi {
  /** To be put in the document, after the tiles. */
  readonly elements: readonly HTMLElement[]
  readonly toasts: Toasts
  readonly #options: CallUiOptions
  readonly #bar: Bar
  readonly #peopleButton: PeopleButton
  readonly #list: PeopleList
  readonly #chat: ChatPanel
  readonly #chatButton = chatButton()
  readonly #alone = new AloneHint()
  readonly #captions: Captions
  readonly #side: SidePanel
  readonly #minimised = el('div', { jsname: 'Qiayqc', style: 'position:fixed;right:16px;bottom:110px;z-index:3' })
  #people: readonly PersonView[] = []

  constructor(options: CallUiOptions) {
    this.#options = options
    const { wire, devices, full, onLeave } = options
    this.toasts = new Toasts(wire)
    this.#captions = new Captions(wire, options.onCaptions)
    this.#list = new PeopleList(wire)
    this.#chat = new ChatPanel({
      wire,
      space: () => this.#space(),
      onUnread: (message) => {
        this.#chatButton.unread(true)
        this.toasts.say(chatToast(message))
      },
    })
    this.#side = new SidePanel(wire, [
      { id: '1', title: t.people, body: () => this.#list.root },
      { id: '2', title: t.inCallMessages, body: () => this.#chat.root, onOpen: () => this.#openedChat() },
      { id: '5', title: t.details, body: () => el('div', {}, [`meet.google.com/${config.room}`]) },
      { id: '16', title: t.hostControls, body: hostPanel },
    ])
    this.#peopleButton = new PeopleButton({ wire, open: () => this.#side.toggle('1') })
    on(this.#chatButton.element, 'click', (event) => {
      wire.clicked('chat')(event)
      this.#side.toggle('2')
    })
    this.#bar = new Bar({
      full,
      wire,
      devices,
      captions: this.#captions.button,
      people: this.#peopleButton.element,
      chat: this.#chatButton.element,
      onLeave,
      onMore: (button) => openMenu(button, this.#menu()),
      onPanel: (id) => this.#side.toggle(id),
    })
    const panels = full ? [this.#captions.region, this.#side.root, this.toasts.root, this.#alone.element] : []
    this.elements = [...this.#bar.elements, ...panels]
    if (!full) return
    document.addEventListener('keydown', this.#key)
    document.addEventListener('click', this.#tileMenu)
  }

  /** The panel that is open, if any. */
  get panel(): string | undefined {
    return this.#side.open
  }

  people(people: readonly PersonView[]): void {
    this.#people = people
    this.#peopleButton.count(String(people.filter(({ parent }) => parent === undefined).length))
    this.#list.show(people)
    this.#captions.self(this.#self()?.id ?? '')
    this.#alone.show(people)
    this.toasts.people(people)
  }

  levels(levels: Record<string, number>, _dominant: string | null): void {
    this.#list.levels(levels)
  }

  /** How loud the visitor's own microphone is. */
  ownLevel(step: number): void {
    this.#bar.level(step)
  }

  chat(message: ChatView): void {
    this.#chat.add(message, this.#side.open === '2')
  }

  caption(caption: CaptionView): void {
    this.#captions.show(caption)
  }

  close(): void {
    this.#bar.close()
    this.#captions.close()
    this.toasts.close()
    document.removeEventListener('keydown', this.#key)
    document.removeEventListener('click', this.#tileMenu)
  }

  #openedChat(): void {
    this.#chatButton.unread(false)
    this.#chat.opened()
  }

  #self(): PersonView | undefined {
    return this.#people.find(({ self }) => self)
  }

  #space(): string {
    return this.#self()?.id.split('/')[1] ?? ''
  }

  readonly #key = (event: KeyboardEvent) => {
    this.#captions.key(event)
    if (!event.ctrlKey || !event.altKey) return
    const id = event.code === 'KeyP' ? '1' : event.code === 'KeyC' ? '2' : undefined
    if (id === undefined) return
    this.#options.wire.clicked(id === '1' ? 'people-key' : 'chat-key')(event)
    this.#side.toggle(id)
  }

  #menu(): MenuItem[] {
    const { wire, layout, audioOnly, setLayout, setAudioOnly } = this.#options
    const open = (control: string, dialog: () => HTMLElement) => (event: Event) => {
      wire.clicked(control)(event)
      root.append(dialog())
    }
    const label = pick('layout label', [t.changeLayout, t.adjustView])
    return [
      { label, attributes: { jsname: 'WZerud' }, choose: open('menu-layout', () => layoutDialog(layout(), wire, setLayout)) },
      { label: t.fullScreen, choose: wire.clicked('menu-full-screen') },
      { label: t.effects, choose: wire.clicked('menu-effects') },
      {
        label: t.settings,
        choose: open('menu-settings', () => settingsDialog({ wire, audioOnly: audioOnly(), setAudioOnly })),
      },
    ]
  }

  /** "More options for …" of a tile; one's own can be made small. */
  readonly #tileMenu = (event: MouseEvent) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    const tile = button?.closest('[data-participant-id]')
    if (button === null || tile === null || tile === undefined) return
    const person = this.#people.find(({ id }) => id === tile.getAttribute('data-participant-id'))
    if (person === undefined || labelOf(button) !== fill(t.moreOptionsFor, { name: person.name })) return
    this.#options.wire.clicked('tile-more')(event)
    if (!person.self) return
    const label = t.minimize === 'Minimize' ? pick('minimise', ['Minimize', 'Minimise']) : t.minimize
    const choose = (chosen: Event) => {
      this.#options.wire.clicked('tile-minimise')(chosen)
      this.#options.setMinimised(true)
      root.append(this.#minimised)
      this.#minimised.textContent = person.name
    }
    openMenu(button, [{ label, attributes: { 'aria-label': label }, choose }])
  }
}
