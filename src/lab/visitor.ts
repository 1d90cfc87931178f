import { Forwarder } from './forwarder.ts'
import type { FromPage, FromServer, PersonView, VisitorState } from './protocol.ts'
import type { Room } from './room.ts'

/** The wire to a visitor's page. */
export interface VisitorLink {
  send(message: FromServer): void
  close(): void
}

/** Somebody who opened the meeting's page: what they did, and what they are shown and sent. */
export class Visitor {
  readonly id: string
  readonly #room: Room
  readonly #link: VisitorLink
  state: VisitorState = 'loading'
  name = ''
  micOn = true
  cameraOn = true
  connected = true
  forwarder: Forwarder | undefined

  constructor(id: string, room: Room, link: VisitorLink) {
    this.id = id
    this.#room = room
    this.#link = link
    room.truth.add('state', { visitor: id, state: 'loading' })
  }

  get inCall(): boolean {
    return this.connected && this.state === 'in_call'
  }

  get self(): PersonView {
    return {
      id: `spaces/${this.#room.space}/devices/9${this.id.slice(1)}`,
      name: this.name,
      host: false,
      self: true,
      camera: this.cameraOn,
      muted: !this.micOn,
    }
  }

  tell(message: FromServer): void {
    if (this.connected) this.#link.send(message)
  }

  async hear(message: FromPage): Promise<void> {
    const { truth, plan } = this.#room
    switch (message.type) {
      case 'state':
        this.#enter(message.state)
        break
      case 'click':
        truth.add('click', { visitor: this.id, control: message.control, trusted: message.trusted })
        break
      case 'trap':
        truth.add('trap', { visitor: this.id, trap: message.trap })
        break
      case 'popup':
        truth.add('popup', { visitor: this.id, kind: message.kind })
        break
      case 'typed':
        truth.add('typed', { visitor: this.id, control: message.control, text: message.text })
        break
      case 'devices':
        this.micOn = message.micOn
        this.cameraOn = message.cameraOn
        break
      case 'knock': {
        this.name = message.name
        if (this.#room.ended) this.tell({ type: 'end' })
        else if (plan.lobby === false) this.tell({ type: 'admit' })
        else if (typeof plan.lobby === 'object') setTimeout(() => this.tell({ type: 'admit' }), plan.lobby.admitAfterMs)
        break
      }
      case 'answer':
        await this.forwarder?.answer(message.sdp)
        this.#room.refresh(this)
        break
      case 'leave':
        this.#enter('left')
        break
    }
  }

  /** The page has gone. */
  async gone(): Promise<void> {
    this.connected = false
    if (!['left', 'removed', 'ended', 'denied', 'no_answer'].includes(this.state)) this.#enter('gone')
    this.#room.truth.add('page-closed', { visitor: this.id })
    await this.forwarder?.close()
    this.forwarder = undefined
  }

  async close(): Promise<void> {
    this.#link.close()
    await this.forwarder?.close()
  }

  #enter(state: VisitorState): void {
    if (state === this.state) return
    this.state = state
    this.#room.truth.add('state', { visitor: this.id, state })
    if (state === 'in_call') void this.#connect()
  }

  async #connect(): Promise<void> {
    await this.forwarder?.close()
    this.forwarder = new Forwarder()
    void this.forwarder.connected.then(() => this.#room.truth.add('media-connected', { visitor: this.id }))
    this.tell({ type: 'offer', sdp: await this.forwarder.offer() })
  }
}
