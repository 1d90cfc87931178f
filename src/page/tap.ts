import { toBase64 } from './outlet.ts'
import { Remotes, type RemotesOptions } from './remotes.ts'

export type { RemoteTrack } from './remotes.ts'

export interface TapOptions extends RemotesOptions {
  /** Labels of data channels whose messages are wanted. */
  channels: readonly string[]
  onMessage(label: string, base64: string): void
}

/** The part of a window that connections are made with; each frame has its own. */
export interface TapScope {
  RTCPeerConnection?: typeof RTCPeerConnection
}

/** Ears on the connections of a page. */
export interface Tap {
  /** Listens on the connections of one more frame of the same page. */
  adopt(scope: TapScope): void
  /** Looks for tracks that ended without a word. */
  sweep(): void
}

/** The site may put its own in place of these. */
const { addEventListener } = EventTarget.prototype

/**
 * Listens on every RTCPeerConnection of the page. The constructor is replaced before the site's code runs (sites keep
 * their own reference from load), by a proxy: subclasses, `Reflect.construct`, statics, `instanceof` and the printed
 * source stay what they are. The prototype is the native one, so that a connection made without the proxy is found too,
 * by its first word.
 */
export function tapConnections({ channels, onMessage, ...told }: TapOptions): Tap {
  const remotes = new Remotes(told)
  const connections = new WeakSet<RTCPeerConnection>()
  const heard = new WeakSet<RTCDataChannel>()
  const adopted = new WeakSet<object>()

  const hear = (channel: RTCDataChannel) => {
    if (!channels.includes(channel.label) || heard.has(channel)) return
    heard.add(channel)
    // One after the other: a Blob takes a while, and what came behind it must stay behind it.
    let before: Promise<void> = Promise.resolve()
    addEventListener.call(channel, 'message', (event) => {
      const bytes = bytesOf((event as MessageEvent<unknown>).data)
      before = before.then(async () => onMessage(channel.label, toBase64(await bytes))).catch(() => {}) // a Blob that is gone holds nothing
    })
  }

  const listen = (connection: RTCPeerConnection) => {
    if (connections.has(connection)) return
    connections.add(connection)
    addEventListener.call(connection, 'track', (event) => quietly(() => remotes.announced(connection, event as RTCTrackEvent)))
    addEventListener.call(connection, 'datachannel', (event) => quietly(() => hear((event as RTCDataChannelEvent).channel)))
  }

  const adopt = (scope: TapScope) => {
    const Native = scope.RTCPeerConnection
    if (Native === undefined || adopted.has(Native)) return
    const Tapped: typeof RTCPeerConnection = new Proxy(Native, {
      construct(target, args, made) {
        const connection: RTCPeerConnection = Reflect.construct(target, args, made === Tapped ? target : made)
        quietly(() => listen(connection))
        return connection
      },
    })
    adopted.add(Native)
    adopted.add(Tapped)
    const { prototype } = Native
    after(prototype, 'setRemoteDescription', listen) // before any track is announced
    after(prototype, 'createDataChannel', (connection, channel: RTCDataChannel) => {
      listen(connection)
      hear(channel)
    })
    after(prototype, 'close', () => remotes.sweep()) // ends its tracks without an event
    redefine(prototype, 'constructor', Tapped)
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) redefine(scope, name, Tapped)
  }
  return { adopt, sweep: () => remotes.sweep() }
}

/** What goes wrong in our own work is not the site's to see: it would find it in a call of its own, or among its page's errors. */
function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // one track or message less; reports of health tell of a capture that stands still
  }
}

/** Does something after a method of this prototype has done its own work. */
function after<R>(prototype: RTCPeerConnection, name: string, then: (connection: RTCPeerConnection, result: R) => void): void {
  const native: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value
  if (typeof native !== 'function') return
  const wrapped = new Proxy(native, {
    apply(target, connection, args) {
      const result = Reflect.apply(target as (...args: unknown[]) => unknown, connection, args)
      quietly(() => then(connection, result as R))
      return result
    },
  })
  redefine(prototype, name, wrapped)
}

/** Another value in the same place, with the same attributes; nothing where there was nothing. */
function redefine(owner: object, name: string, value: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name)
  if (descriptor !== undefined) Object.defineProperty(owner, name, { ...descriptor, value })
}

/** By its tag: an ArrayBuffer or Blob of another frame is no instance of ours. */
function bytesOf(data: unknown): Uint8Array | Promise<Uint8Array> {
  const tag = Object.prototype.toString.call(data)
  if (tag === '[object ArrayBuffer]') return new Uint8Array(data as ArrayBuffer)
  if (tag === '[object Blob]') return (data as Blob).arrayBuffer().then((bytes) => new Uint8Array(bytes))
  return new TextEncoder().encode(String(data))
}
