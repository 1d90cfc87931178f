import type { Trap } from '../skins/meet/traps.ts'
import { el, on, textButton } from './dom.ts'
import { between, draw, eitherApostrophe, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

/** How long "Asking to join" is shown in rooms with that trap. */
export const FLASH_MS = 300

/** Lobby texts of the sheet; a trap asks for one, otherwise the room's seed does. */
// biome-ignore format: a table
const TEXTS: readonly (readonly [Trap, string])[] = [
  ['lobby-host-brings',    t.hostBrings],
  ['lobby-host-admits',    t.hostAdmits],
  ['lobby-host-let-in',    t.hostLetIn],
  ['lobby-asking-to-join', t.askingToJoin],
  ['lobby-waiting-let-in', t.waitingLetIn],
]

/** The lobby's words. While the host is absent they say so; afterwards they change in place. */
export class LobbyText {
  readonly element = el('div', { class: 'lobby-text', style: 'position:fixed;top:24px;left:24px;z-index:6' })
  #started: boolean

  constructor(hostStarted: boolean) {
    this.#started = hostStarted
    this.#say()
  }

  /** The host has come. */
  hostStarted(): void {
    this.#started = true
    this.#say()
  }

  /** The same words for a screen reader alone; nobody takes them away when the lobby is over. */
  forReaders(): HTMLElement {
    const style = 'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'
    return el('div', { 'aria-live': 'polite', role: 'status', style }, [this.#lines().join(' ')])
  }

  /** What stays on the screen for a moment after the lobby has gone. */
  leftover(): HTMLElement | undefined {
    if (!has('stale-lobby-text') || !this.element.isConnected) return undefined
    return this.element.cloneNode(true) as HTMLElement
  }

  #lines(): string[] {
    return this.#started ? lobbyLines() : [t.hostAbsent]
  }

  #say(): void {
    const lines = this.#lines()
    if (has('lobby-text-in-label'))
      this.element.replaceChildren(
        ...lines.map((line) => el('div', { 'aria-label': line, role: 'img', style: 'width:24px;height:24px;background:#8ab4f8' })),
      )
    else this.element.replaceChildren(...lines.map((line) => el('div', {}, [line])))
  }
}

/** How long after the knock the lobby's screen comes, and how long after that its text. */
export function lobbyLate(): { screenMs: number; textMs: number } {
  const screenMs = has('late-lobby-screen') ? between('lobby screen', 1_000, 2_000) : has('asking-flash') ? FLASH_MS : 0
  const textMs = has('late-lobby-6s') ? 6_000 : has('lobby-exposes-more') ? 500 : between('lobby lag', 3_200, 6_400)
  return { screenMs, textMs }
}

/** "Asking to join", which is gone again before the lobby comes. */
export const askingFlash = (): HTMLElement => el('main', { style: 'padding:24px' }, [el('div', {}, [t.askingToJoin])])

function lobbyLines(): string[] {
  const asked = TEXTS.find(([trap]) => has(trap))
  if (asked !== undefined) return [asked[1]]
  const dots = draw('lobby dots') < 0.5 ? '...' : ''
  const join = eitherApostrophe('lobby', t.youllJoin)
  return pick('lobby text', [
    [`${t.askingLetIn}${dots}`, join],
    [join],
    [`${t.askingLetIn}${dots}`, t.hostLetIn],
    [t.hostBrings],
    [t.hostAdmits],
  ])
}

/** The plain knock screen: a preview of oneself and, at once, the text. */
export function knockScreen(text: LobbyText): HTMLElement {
  const preview = el('div', { class: 'preview', style: 'width:480px;height:270px;margin:80px 24px 24px;background:#3c4043' })
  return el('main', { style: 'padding:24px' }, [preview, text.element])
}

/** A waiting visitor who is shown nothing at all. */
export function emptyWait(): HTMLElement {
  return el('main', { style: 'padding:24px' }, [el('div', { style: 'width:480px;height:270px;background:#3c4043' })])
}

/** What else the lobbies without a call's interface hold. */
export const lobbyHome = (wire: Wire): HTMLElement[] => (has('lobby-home-button') ? [returnHome(wire)] : [])

/** "Return to home screen" as the end screens and the 404 hold it. */
export function homeBox(wire: Wire, lost: boolean): HTMLElement {
  return el('div', { jsname: 'WIVZEd', 'data-call-ended': 'true', 'data-is-connection-lost': String(lost) }, [returnHome(wire)])
}

/** The lobby has it, and so have the end screens, the 404 and the reconnecting overlay: it proves nothing. */
export function returnHome(wire: Wire, jsname = 'dqt8Pb'): HTMLElement {
  const button = textButton(t.returnHome, { jsname })
  on(button, 'click', (event) => {
    wire.clicked('return-home')(event)
    if (event.isTrusted) location.assign('/')
  })
  return button
}
