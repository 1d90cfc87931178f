/** A received track, from the moment the site's connection announced it. */
export interface RemoteTrack {
  number: number
  track: MediaStreamTrack
  receiver: RTCRtpReceiver
  streams: readonly string[]
  mid: string | undefined
}

export interface RemotesOptions {
  onTrack(remote: RemoteTrack): void
  onEnded(remote: RemoteTrack): void
}

interface Held {
  remote: RemoteTrack
  connection: RTCPeerConnection
}

/**
 * The tracks that are received now, over all connections, told apart by their receivers: an id is the sender's word, and
 * two connections may carry the same one while a client moves from the first to the second.
 */
export class Remotes {
  readonly #options: RemotesOptions
  readonly #held = new Map<RTCRtpReceiver, Held>()
  #numbers = 0

  constructor(options: RemotesOptions) {
    this.#options = options
  }

  /** A connection announces a track; one that is known already says nothing new. */
  announced(connection: RTCPeerConnection, { track, receiver, streams, transceiver }: RTCTrackEvent): void {
    this.sweep()
    if (this.#held.has(receiver) || track.readyState === 'ended') return
    const remote = { number: ++this.#numbers, track, receiver, streams: streams.map(({ id }) => id), mid: transceiver.mid ?? undefined }
    this.#held.set(receiver, { remote, connection })
    track.addEventListener('ended', () => this.#over(receiver, remote))
    this.#options.onTrack(remote)
  }

  /**
   * Tracks that ended without a word: those of a closed connection, those the site stopped itself, those of a frame that
   * is gone. A site that reconnects for hours would leave them all to us.
   */
  sweep(): void {
    for (const [receiver, { remote, connection }] of [...this.#held]) {
      if (remote.track.readyState === 'ended' || connection.signalingState === 'closed') this.#over(receiver, remote)
    }
  }

  #over(receiver: RTCRtpReceiver, remote: RemoteTrack): void {
    if (this.#held.get(receiver)?.remote !== remote) return
    this.#held.delete(receiver)
    this.#options.onEnded(remote)
  }
}
