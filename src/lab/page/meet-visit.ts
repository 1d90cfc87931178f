import type { FromServer, VisitorState } from '../protocol.ts'
import { CREATE_DEVICE } from '../skins/meet/rpc.ts'
import { Devices } from './devices.ts'
import { el, icon } from './dom.ts'
import { Call } from './meet-call.ts'
import { AFTER_KNOCK, AT_LOAD, IN_CALL } from './meet-failures.ts'
import { Interruptions } from './meet-interruptions.ts'
import { returnHome } from './meet-lobby.ts'
import { Media } from './meet-media.ts'
import { showPrejoin } from './meet-prejoin.ts'
import { LOST_AFTER_MS, reconnectOverlay } from './meet-reconnect.ts'
import { leaveForMarketing, type ScreenName, showHome, showScreen, showStartupFailure, stateOf } from './meet-screens.ts'
import { Lobby } from './meet-waiting.ts'
import { between, config, draw, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

const SIGN_IN = 'https://accounts.google.com/v3/signin/identifier'
const TERMINAL = new Set<VisitorState>(['removed', 'ended', 'denied', 'no_answer', 'blocked', 'not_found', 'sign_in', 'left', 'gone'])
/** Time enough to believe in the lobby. */
const RELOAD_AFTER_MS = 4_000
/** How long a consent stands alone, in rooms where it comes before the call. */
const CONSENT_ALONE_MS = 2_000
/** Rendering takes 1.5 to 8 s; rooms that are quick are the more common ones. */
const RENDER_MS = 1_500 + 6_500 * draw('render') ** 2

/** One visitor's way through the pages: which screen follows which fact. */
export class Visit {
  readonly #root: HTMLElement
  readonly #wire: Wire
  readonly #devices: Devices
  readonly #media: Media
  readonly #interruptions: Interruptions
  readonly #lobby: Lobby
  #call: Call | undefined
  #phase: VisitorState = 'loading'
  #name = ''
  /** A consent stands alone: let in, and not there yet. */
  #consenting = false
  #timers: number[] = []

  constructor(root: HTMLElement, wire: Wire) {
    this.#root = root
    this.#wire = wire
    this.#devices = new Devices(wire.send)
    this.#media = new Media({ send: wire.send, devices: this.#devices, mixed: config.traps.includes('neteq') })
    this.#interruptions = new Interruptions(wire, {
      ui: () => this.#call?.ui,
      leave: () => this.#finish('left'),
      network: (ms) => this.#network(ms),
    })
    this.#lobby = new Lobby({
      root,
      wire,
      later: (ms, does) => this.#later(ms, does),
      showCall: () => {
        this.#call = this.#newCall(false)
      },
    })
  }

  open(): void {
    if (location.pathname === '/') {
      showHome({ root: this.#root, wire: this.#wire })
      return
    }
    if (!has('blank-render')) this.#root.append(el('main', {}, [t.gettingReady, icon('hourglass')]))
    this.#later(has('slow-render') ? 8_000 : RENDER_MS, () => this.#first())
  }

  hear(message: FromServer): void {
    // A visitor who has been told of an end hears nothing more of that meeting, but may ask again.
    if (TERMINAL.has(this.#phase) && message.type !== 'host_started') return
    this.#orders[message.type]?.(message as never)
  }

  readonly #orders: { [T in FromServer['type']]: (message: Extract<FromServer, { type: T }>) => void } = {
    admit: () => this.#enter(),
    deny: () => this.#denied(),
    no_answer: () => this.#finish('no_answer'),
    remove: () => (has('removed-redirect') ? this.#depart('removed', leaveForMarketing) : this.#finish('removed')),
    end: () => this.#finish('ended'),
    move_to_lobby: () => {
      this.#media.close()
      this.#wait()
    },
    host_started: () => this.#lobby.hostStarted(),
    mute: () => void this.#devices.set('microphone', false),
    offer: ({ sdp, again }) => this.#interruptions.media(() => void this.#media.offer(sdp, again === true)),
    people: ({ people }) => this.#call?.people(people),
    slots: ({ slots }) => this.#call?.slots(slots),
    levels: ({ levels, dominant }) => this.#call?.levels(levels, dominant),
    'own-level': ({ step }) => this.#call?.ui.ownLevel(step),
    chat: ({ message }) => this.#call?.ui.chat(message),
    caption: ({ caption }) => this.#call?.ui.caption(caption),
    network: ({ offlineMs }) => this.#network(offlineMs),
    popup: ({ kind }) => this.#interruptions.popup(kind),
  }

  /** What the first screen is. */
  #first(): void {
    const { loads } = config
    if (has('not-found') || has('startup-code-other')) {
      this.#startupFailure(has('not-found') ? 217 : 'other')
      return
    }
    const failing = AT_LOAD.find(([trap, , until]) => has(trap) && loads < until)
    if (failing !== undefined) {
      this.#finish(failing[1])
      return
    }
    this.#prejoin()
  }

  #prejoin(): void {
    void this.#devices.ask()
    this.#go('prejoin')
    showPrejoin({
      root: this.#root,
      wire: this.#wire,
      devices: this.#devices,
      knocks: config.lobby,
      onKnock: (name) => this.#knock(name),
    })
  }

  #knock(name: string): void {
    this.#name = name
    const answered = this.#ask()
    const { loads } = config
    const failing = AFTER_KNOCK.find(([trap, , until]) => has(trap) && loads < until)
    if (failing !== undefined) {
      // A device that is judged is so by the answer; whoever listens in has heard it before the screen says so.
      if (has('device-judged')) void answered.then(() => this.#finish(failing[1]))
      else this.#finish(failing[1])
    } else if (has('crash-at-knock') || (has('crash-at-knock-once') && loads < 1)) this.#crash()
    else if (has('sign-in-after-knock')) this.#depart('sign_in', () => location.assign(SIGN_IN))
    else if (has('workspace-after-knock')) this.#later(between('workspace', 1_000, 2_000), () => this.#depart('blocked', leaveForMarketing))
    else this.#asked()
  }

  #asked(): void {
    if (config.lobby || !this.#lobby.hasHost) this.#wait()
    else this.#go('entering')
  }

  #again(): void {
    if (has('ask-again-prejoin')) {
      this.#prejoin()
      return
    }
    void this.#ask()
    this.#asked()
  }

  /** The knock itself; ends when the client's own service has answered it. */
  async #ask(): Promise<void> {
    this.#wire.send({ type: 'knock', name: this.#name, trusted: true })
    const status = await fetch(CREATE_DEVICE, { method: 'POST', body: location.pathname })
      .then(async (answer) => (await answer.text(), answer.status))
      .catch(() => undefined) // offline, or the page has left for another
    // The room was closed since the page was loaded: nobody is there to answer a knock.
    if (status === 404 && (this.#phase === 'knocking' || this.#phase === 'entering')) {
      this.#stop()
      this.#startupFailure(217)
    }
  }

  #startupFailure(code: 217 | 'other'): void {
    this.#go(code === 217 ? 'not_found' : 'blocked')
    showStartupFailure(code, { root: this.#root, wire: this.#wire })
  }

  /** The lobby, in the room's skin. */
  #wait(): void {
    this.#go('knocking')
    this.#call?.close()
    this.#call = undefined
    this.#later(has('no-answer-8s') ? 8_000 : between('no answer', 600_000, 650_000), () => this.#finish('no_answer'))
    if (has('reload-in-lobby') && config.loads < 1) this.#later(RELOAD_AFTER_MS, () => location.reload())
    this.#lobby.begin()
  }

  #enter(): void {
    if (this.#consenting || (this.#phase !== 'knocking' && this.#phase !== 'entering')) return
    const leftover = this.#lobby.leftover()
    this.#call?.close()
    this.#call = undefined
    if (!has('consent-first')) {
      this.#arrive(leftover)
      return
    }
    this.#consenting = true
    this.#root.replaceChildren()
    this.#interruptions.admitted()
    this.#go('entering')
    this.#linger(leftover)
    this.#later(CONSENT_ALONE_MS, () => this.#arrive())
  }

  /** The call is there. */
  #arrive(leftover?: HTMLElement): void {
    this.#consenting = false
    const asked = [...this.#root.querySelectorAll('[role="dialog"]')]
    this.#call = this.#newCall(true)
    this.#root.append(...asked)
    this.#devices.reset() // admission switches both off
    if (!has('consent-first')) this.#interruptions.admitted()
    this.#go('in_call')
    this.#linger(leftover)
    this.#interruptions.begin()
    if (config.loads > 0) return
    for (const [trap, afterMs, what] of IN_CALL)
      if (has(trap)) this.#later(afterMs, () => (what === 'reload' ? location.reload() : this.#finish('connecting')))
  }

  #denied(): void {
    if (has('denied-redirect')) {
      this.#later(between('workspace', 1_000, 2_000), () => this.#depart('denied', leaveForMarketing))
      return
    }
    const leftover = this.#lobby.leftover()
    this.#finish(has('denied-left-screen') ? 'denied_left' : has('denied-not-allowed') ? 'not_allowed' : 'denied')
    this.#linger(leftover)
  }

  #linger(leftover: HTMLElement | undefined): void {
    if (leftover === undefined) return
    this.#root.append(leftover)
    setTimeout(() => leftover.remove(), between('stale lobby', 1_000, 2_000))
  }

  #finish(screen: ScreenName): void {
    this.#stop()
    this.#go(stateOf(screen))
    showScreen(screen, { root: this.#root, wire: this.#wire, askAgain: () => this.#again() })
  }

  /** Another host takes over. */
  #depart(state: VisitorState, leave: () => void): void {
    this.#stop()
    this.#go(state)
    this.#root.replaceChildren()
    leave()
  }

  #crash(): void {
    this.#go('loading')
    this.#later(500, () => {
      console.error('DisconnectedError')
      this.#root.replaceChildren(el('main', { style: 'position:fixed;inset:0;background:#000' }))
      this.#later(1_500, () => this.#root.append(el('div', { style: 'position:fixed;left:24px;top:24px' }, [returnHome(this.#wire)])))
    })
  }

  #network(offlineMs: number): void {
    if (this.#phase !== 'in_call') return
    const overlay = reconnectOverlay(this.#wire)
    this.#root.append(overlay)
    this.#go('reconnecting')
    this.#later(Math.min(offlineMs, LOST_AFTER_MS), () => {
      overlay.remove()
      if (offlineMs >= LOST_AFTER_MS || has('lost-without-flag')) this.#finish('lost')
      else this.#go('in_call')
    })
  }

  #newCall(full: boolean): Call {
    return new Call(this.#root, {
      full,
      name: this.#name,
      media: this.#media,
      devices: this.#devices,
      wire: this.#wire,
      onLeave: () => this.#finish('left'),
    })
  }

  #stop(): void {
    this.#consenting = false
    this.#lobby.close()
    this.#call?.close()
    this.#call = undefined
    this.#interruptions.close()
    this.#media.close()
    this.#devices.close()
  }

  #go(phase: VisitorState): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer)
    this.#phase = phase
    this.#wire.state(phase)
  }

  /** Something that happens unless the phase changes first. */
  #later(ms: number, does: () => void): void {
    this.#timers.push(window.setTimeout(does, ms))
  }
}
