import type { FromPage, FromServer, VisitorState } from '../protocol.ts'

/** The page's end of the socket. What is said before it opens waits. */
export class Wire {
  readonly #socket: WebSocket
  readonly #waiting: FromPage[] = []

  constructor(room: string, hear: (message: FromServer) => void) {
    this.#socket = new WebSocket(`wss://${location.host}/__lab/ws?room=${encodeURIComponent(room)}`)
    this.#socket.onopen = () => {
      for (const message of this.#waiting.splice(0)) this.#socket.send(JSON.stringify(message))
    }
    this.#socket.onmessage = ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as FromServer)
  }

  readonly send = (message: FromPage): void => {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message))
    else if (this.#socket.readyState === WebSocket.CONNECTING) this.#waiting.push(message)
  }

  /** A listener that tells the truth log what was clicked, and whether a person could have done it. */
  readonly clicked = (control: string) => (event: Event) => {
    this.send({ type: 'click', control, trusted: event.isTrusted })
  }

  readonly state = (state: VisitorState): void => this.send({ type: 'state', state })

  /** Somebody did what only a bot that guesses does. */
  readonly trap = (trap: string): void => this.send({ type: 'trap', trap })

  /** A dialog was shown. */
  readonly popup = (kind: string): void => this.send({ type: 'popup', kind })
}
