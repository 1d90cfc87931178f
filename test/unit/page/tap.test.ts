import { beforeEach, describe, expect, it } from 'vitest'
import { type RemoteTrack, type Tap, type TapScope, tapConnections } from '../../../src/page/tap.ts'

/** As much of a browser's connection as the tap and a site touch. */
class Track extends EventTarget {
  readyState = 'live'
  readonly kind = 'audio'
  readonly id: string
  constructor(id: string) {
    super()
    this.id = id
  }
}
class Channel extends EventTarget {
  readonly label: string
  constructor(label: string) {
    super()
    this.label = label
  }
  says(data: unknown) {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }
}
const native = () =>
  class RTCPeerConnection extends EventTarget {
    signalingState = 'stable'
    readonly configuration: unknown
    constructor(configuration?: unknown) {
      super()
      this.configuration = configuration
    }
    static generateCertificate() {
      return 'certificate'
    }
    close() {
      this.signalingState = 'closed'
      return 'native'
    }
    async setRemoteDescription() {}
    createDataChannel(label: string) {
      return new Channel(label)
    }
    announce(
      id: string,
      { track = new Track(id), receiver = {}, streams = [] }: { track?: Track; receiver?: object; streams?: object[] } = {},
    ) {
      this.dispatchEvent(Object.assign(new Event('track'), { track, receiver, streams, transceiver: { mid: '0' } }))
      return { track, receiver }
    }
    opened(label: string) {
      const channel = new Channel(label)
      this.dispatchEvent(Object.assign(new Event('datachannel'), { channel }))
      return channel
    }
  }
type Native = ReturnType<typeof native>

let scope: { RTCPeerConnection: Native; webkitRTCPeerConnection?: Native }
let original: Native
let tap: Tap
let told: string[]
const adopt = (one: object) => tap.adopt(one as TapScope)

beforeEach(() => {
  original = native()
  scope = { RTCPeerConnection: original, webkitRTCPeerConnection: original }
  told = []
  const say = (word: string) => (remote: RemoteTrack) => told.push(`${word} ${remote.number} ${remote.track.id} [${remote.streams.join()}]`)
  tap = tapConnections({
    channels: ['collections'],
    onTrack: say('on'),
    onEnded: say('off'),
    onMessage: (label, base64) => told.push(`${label} ${atob(base64)}`),
  })
  adopt(scope)
})

describe('a received track', () => {
  it('is told once, though it is announced again, and whether or not it is in a stream', () => {
    const { RTCPeerConnection } = scope
    const connection = new RTCPeerConnection()
    const one = connection.announce('a')
    connection.announce('a', one)
    connection.announce('b', { streams: [{ id: 's' }] })
    expect(told).toEqual(['on 1 a []', 'on 2 b [s]'])
  })

  it('of another connection is another one, though both have one id: a client moves before it leaves', () => {
    const { RTCPeerConnection } = scope
    const before = new RTCPeerConnection()
    const after = new RTCPeerConnection()
    before.announce('a')
    after.announce('a')
    before.close()
    expect(told).toEqual(['on 1 a []', 'on 2 a []', 'off 1 a []'])
  })

  it('is over when it ends, when its connection closes, and when the site stopped it or dropped its frame', () => {
    const { RTCPeerConnection } = scope
    const connection = new RTCPeerConnection()
    const ended = connection.announce('a').track
    const stopped = connection.announce('b').track
    connection.announce('c')
    ended.readyState = 'ended'
    ended.dispatchEvent(new Event('ended'))
    ended.dispatchEvent(new Event('ended'))
    expect(told.slice(3)).toEqual(['off 1 a []'])
    stopped.readyState = 'ended'
    tap.sweep()
    expect(told.slice(4)).toEqual(['off 2 b []'])
    connection.signalingState = 'closed'
    tap.sweep()
    expect(told.slice(5)).toEqual(['off 3 c []'])
  })

  it('that is back in a later transceiver has a number of its own', () => {
    const { RTCPeerConnection } = scope
    const connection = new RTCPeerConnection()
    const { track } = connection.announce('a')
    track.readyState = 'ended'
    connection.announce('a')
    expect(told).toEqual(['on 1 a []', 'off 1 a []', 'on 2 a []'])
  })

  it.each<[string, (made: Native) => InstanceType<Native>]>([
    ['by a subclass', (made) => new (class extends made {})()],
    ['by Reflect.construct', (made) => Reflect.construct(made, [])],
    ['by Reflect.construct for a subclass', (made) => Reflect.construct(made, [], class extends made {})],
    ['under its old name', () => new (scope.webkitRTCPeerConnection ?? original)()],
    ['by what the prototype calls its constructor', (made) => new (made.prototype.constructor as Native)()],
  ])('is heard of a connection made %s', (_, make) => {
    const connection = make(scope.RTCPeerConnection)
    connection.announce('a')
    expect(told).toEqual(['on 1 a []'])
    expect(connection).toBeInstanceOf(scope.RTCPeerConnection)
  })

  it('is heard of a connection whose constructor was taken before', async () => {
    const connection = new original()
    await connection.setRemoteDescription()
    connection.announce('a')
    expect(told).toEqual(['on 1 a []'])
  })

  it('is heard of another frame, and once where both meet', () => {
    const frame = { RTCPeerConnection: native() }
    adopt(frame)
    adopt(frame)
    new frame.RTCPeerConnection().announce('a')
    expect(told).toEqual(['on 1 a []'])
  })
})

describe('a data channel', () => {
  it.each<[string, (connection: InstanceType<Native>, label: string) => Channel]>([
    ['opened by the other side', (connection, label) => connection.opened(label)],
    ['opened by the page', (connection, label) => connection.createDataChannel(label)],
  ])('is heard when %s, in order whatever its messages come in', async (_, open) => {
    const connection = new scope.RTCPeerConnection()
    const channel = open(connection, 'collections')
    open(connection, 'other').says('no')
    channel.says(new Blob(['one']))
    channel.says('two')
    channel.says(new TextEncoder().encode('three').buffer)
    await expect.poll(() => told).toEqual(['collections one', 'collections two', 'collections three'])
  })

  it('is heard once, though it is both made and announced', async () => {
    const connection = new scope.RTCPeerConnection()
    const channel = connection.createDataChannel('collections')
    connection.dispatchEvent(Object.assign(new Event('datachannel'), { channel }))
    channel.says('one')
    channel.says('two')
    await expect.poll(() => told).toContain('collections two')
    expect(told).toEqual(['collections one', 'collections two'])
  })
})

describe('what a site sees', () => {
  it('is the constructor it knows: name, source, statics, arguments, identity', () => {
    const { RTCPeerConnection, webkitRTCPeerConnection } = scope
    const connection = new RTCPeerConnection({ iceServers: [] })
    expect(RTCPeerConnection.name).toBe('RTCPeerConnection')
    expect(RTCPeerConnection.generateCertificate()).toBe('certificate')
    expect(String(RTCPeerConnection)).toContain('[native code]')
    expect(String(RTCPeerConnection.prototype.close)).toContain('[native code]')
    expect(connection.configuration).toEqual({ iceServers: [] })
    expect(connection.constructor).toBe(RTCPeerConnection)
    expect(webkitRTCPeerConnection).toBe(RTCPeerConnection)
    expect(RTCPeerConnection.prototype).toBe(original.prototype)
    expect(connection).toBeInstanceOf(original)
    expect(Object.keys(connection)).toEqual(['signalingState', 'configuration'])
    expect(connection.close()).toBe('native')
  })

  it('is no error of ours, and every error of its own', async () => {
    const { RTCPeerConnection } = scope
    const call = RTCPeerConnection as unknown as () => void
    expect(() => call()).toThrow(TypeError)
    await expect(RTCPeerConnection.prototype.setRemoteDescription.call(undefined as never)).resolves.toBeUndefined()
    const failing = { RTCPeerConnection: native() }
    const broken = tapConnections({
      channels: [],
      onTrack: () => {
        throw new Error('ours')
      },
      onEnded: () => {},
      onMessage: () => {},
    })
    broken.adopt(failing as unknown as TapScope)
    expect(() => new failing.RTCPeerConnection().announce('a')).not.toThrow()
  })
})
