import { askingFlash, emptyWait, FLASH_MS, knockScreen, LobbyText, lobbyHome, lobbyLate } from './meet-lobby.ts'
import { config, has } from './setting.ts'
import type { Wire } from './wire.ts'

interface LobbyOptions {
  root: HTMLElement
  wire: Wire
  /** Something that happens unless the wait is over first. */
  later(ms: number, does: () => void): void
  /** Draws the call's interface, which the host-managed lobby stands in. */
  showCall(): void
}

/** The wait for somebody to let the visitor in: when which part of the room's lobby comes. */
export class Lobby {
  readonly #options: LobbyOptions
  #hostStarted = config.hostStarted
  #text: LobbyText | undefined
  /** The lobby's words for screen readers, which outlive it. */
  #readers: HTMLElement | undefined

  constructor(options: LobbyOptions) {
    this.#options = options
  }

  /** Another wait begins. */
  begin(): void {
    const { root, later } = this.#options
    const text = new LobbyText(this.#hostStarted)
    this.#text = text
    this.#readers?.remove()
    const { screenMs } = lobbyLate()
    if (screenMs === 0) {
      this.#show(text)
      return
    }
    root.replaceChildren(has('asking-flash') ? askingFlash() : emptyWait())
    later(FLASH_MS, () => root.replaceChildren(emptyWait()))
    later(screenMs, () => this.#show(text))
  }

  /** Whether the host has come; otherwise nobody is let in. */
  get hasHost(): boolean {
    return this.#hostStarted
  }

  /** The host has come, perhaps before there is a lobby. */
  hostStarted(): void {
    this.#hostStarted = true
    this.#text?.hostStarted()
  }

  /** What stays on the screen for a moment after the lobby has gone. */
  leftover(): HTMLElement | undefined {
    return this.#text?.leftover()
  }

  /** Nothing of it is left, for screen readers neither. */
  close(): void {
    this.#readers?.remove()
  }

  #show(text: LobbyText): void {
    const { root, wire, later, showCall } = this.#options
    if (has('no-indicator-lobby')) {
      root.replaceChildren(emptyWait(), ...lobbyHome(wire))
      return
    }
    if (config.skin === 'simple') {
      root.replaceChildren(knockScreen(text), ...lobbyHome(wire))
      this.#read(text)
      return
    }
    showCall()
    later(lobbyLate().textMs, () => {
      root.append(text.element)
      this.#read(text)
    })
  }

  #read(text: LobbyText): void {
    if (!has('live-region')) return
    this.#readers = text.forReaders()
    this.#options.root.after(this.#readers)
  }
}
