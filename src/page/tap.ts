import { toBase64 } from './outlet.ts'

/** A received track, from the moment the site's connection announced it. */
export interface RemoteTrack {
  number: number
  track: MediaStreamTrack
  receiver: RTCRtpReceiver
  streams: readonly string[]
  mid: string | undefined
}

export interface TapOptions {
  onTrack(remote: RemoteTrack): void
  onEnded(remote: RemoteTrack): void
  /** Labels of data channels whose messages are wanted. */
  channels: readonly string[]
  onMessage(label: string, base64: string): void
}

/**
 * Listens on every RTCPeerConnection of the page by replacing the constructor before the site's code runs (sites keep
 * their own reference from load). The site's own listeners, statics and `instanceof` keep working.
 */
export function tapConnections({ onTrack, onEnded, channels, onMessage }: TapOptions): void {
  const Native = window.RTCPeerConnection
  if (Native === undefined) return
  let numbers = 0
  const known = new Set<string>()

  const listen = (channel: RTCDataChannel) => {
    if (!channels.includes(channel.label)) return
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) onMessage(channel.label, toBase64(new Uint8Array(data)))
      else if (data instanceof Blob) void data.arrayBuffer().then((bytes) => onMessage(channel.label, toBase64(new Uint8Array(bytes))))
      else if (typeof data === 'string') onMessage(channel.label, toBase64(new TextEncoder().encode(data)))
    })
  }

  class Tapped extends Native {
    readonly #remotes = new Map<string, RemoteTrack>()

    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('track', ({ track, receiver, streams, transceiver }) => {
        if (known.has(track.id)) return
        known.add(track.id)
        const remote = { number: ++numbers, track, receiver, streams: streams.map(({ id }) => id), mid: transceiver.mid ?? undefined }
        this.#remotes.set(track.id, remote)
        track.addEventListener('ended', () => this.#over(track.id))
        onTrack(remote)
      })
      this.addEventListener('datachannel', ({ channel }) => listen(channel))
    }

    /** Closing a connection ends its tracks without an event: a site that reconnects for hours would leave them all to us. */
    override close(): void {
      super.close()
      for (const id of [...this.#remotes.keys()]) this.#over(id)
    }

    #over(id: string): void {
      const remote = this.#remotes.get(id)
      if (remote === undefined) return
      this.#remotes.delete(id)
      known.delete(id)
      onEnded(remote)
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options)
      listen(channel)
      return channel
    }
  }
  Object.defineProperty(Tapped, 'name', { value: 'RTCPeerConnection' })
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
    if (name in window) Object.defineProperty(window, name, { value: Tapped, writable: true, configurable: true, enumerable: false })
  }
}
