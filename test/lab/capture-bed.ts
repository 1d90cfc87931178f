// A page of its own for capture: two connections within one page, tones as voices, painted canvases as cameras.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'
import { switchingOff } from '../../src/browser/flags.ts'
import { attachBridge, type PageBridge } from '../../src/browser/page-bridge.ts'
import type { PageFrame, VideoChunk, VideoPush } from '../../src/core/frame.ts'
import type { CaptureHealth, CaptureListener, TrackInfo } from '../../src/media/capture-port.ts'

const SITE = `<!doctype html><title>bed</title><body><script>
const native = window.RTCPeerConnection
const near = new RTCPeerConnection(), far = new RTCPeerConnection()
near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate)
far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate)
const sound = new AudioContext({ sampleRate: 48000 }), gains = {}
const voice = (hz, level) => {
  const tone = new OscillatorNode(sound, { frequency: hz }), gain = new GainNode(sound, { gain: level }), out = new MediaStreamAudioDestinationNode(sound, { channelCount: 1 })
  tone.connect(gain).connect(out); tone.start(); gains[hz] = gain
  far.addTrack(out.stream.getAudioTracks()[0], out.stream)
}
const camera = (width, height, colour) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height }), g = canvas.getContext('2d')
  let white = false, n = 0
  const paint = () => { g.fillStyle = white ? '#fff' : colour; g.fillRect(0, 0, width, height); g.fillStyle = '#888'; g.fillRect((n = n + 2) % width, 0, 4, 4) }
  setInterval(paint, 1000 / 20); paint()
  const stream = canvas.captureStream(20)
  far.addTrack(stream.getVideoTracks()[0], stream)
  return (on) => { white = on; paint() }
}
window.start = async () => {
  for (const [hz, level] of [[440, .2], [1000, .2], [10000, .1], [2500, 0]]) voice(hz, level)
  const flash = camera(640, 360, '#202020'); camera(320, 240, '#c00000')
  let on = false
  setInterval(() => { on = !on; flash(on); gains[2500].gain.setValueAtTime(on ? .2 : 0, sound.currentTime) }, 500)
  const collections = far.createDataChannel('collections'), other = far.createDataChannel('other')
  collections.onopen = () => collections.send(new Uint8Array([1, 2, 3])); other.onopen = () => other.send('no')
  await far.setLocalDescription(); await near.setRemoteDescription(far.localDescription)
  await near.setLocalDescription(); await far.setRemoteDescription(near.localDescription)
}
window.end = () => far.getTransceivers()[0].stop()
window.again = async () => { await far.setLocalDescription(); await near.setRemoteDescription(far.localDescription); await near.setLocalDescription(); await far.setRemoteDescription(near.localDescription) }
window.framed = async () => {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const inside = new frame.contentWindow.RTCPeerConnection(), outside = new RTCPeerConnection()
  inside.onicecandidate = ({ candidate }) => outside.addIceCandidate(candidate)
  outside.onicecandidate = ({ candidate }) => inside.addIceCandidate(candidate)
  const tone = new OscillatorNode(sound, { frequency: 1700 }), out = new MediaStreamAudioDestinationNode(sound, { channelCount: 1 })
  tone.connect(new GainNode(sound, { gain: .2 })).connect(out); tone.start()
  outside.addTrack(out.stream.getAudioTracks()[0])
  const [here, there] = [inside, outside].map((c) => c.createDataChannel('collections', { negotiated: true, id: 9 }))
  here.binaryType = 'blob'; there.onopen = () => there.send(new Uint8Array([7, 7, 7]))
  await outside.setLocalDescription(); await inside.setRemoteDescription(outside.localDescription)
  await inside.setLocalDescription(); await outside.setRemoteDescription(inside.localDescription)
  window.drop = () => frame.remove()
}
window.phone = () => {
  const made = new MediaStreamTrackGenerator({ kind: 'video' }), writer = made.writable.getWriter()
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 }), g = canvas.getContext('2d')
  let n = 0
  setInterval(() => {
    g.fillStyle = '#c00000'; g.fillRect(0, 0, 640, 360); g.fillStyle = '#888'; g.fillRect((n = n + 2) % 640, 0, 4, 4)
    const still = new VideoFrame(canvas, { timestamp: performance.now() * 1000 }), turned = new VideoFrame(still, { rotation: 90 })
    still.close(); writer.write(turned)
  }, 50)
  far.addTrack(made); return again()
}
window.checks = () => ({ name: RTCPeerConnection.name, statics: typeof RTCPeerConnection.generateCertificate, own: near instanceof RTCPeerConnection, tag: String(near), webkit: window.webkitRTCPeerConnection === undefined || window.webkitRTCPeerConnection === RTCPeerConnection, names: Object.keys(window).filter((k) => /remora|^[bk][0-9a-f]{24}$/.test(k)) })
</script></body>`

const FLAGS = [
  '--autoplay-policy=no-user-gesture-required',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  switchingOff(),
]

/** Everything an armed capture said. */
export class Heard implements CaptureListener {
  readonly frames: PageFrame[] = []
  readonly pushes: VideoPush[] = []
  readonly tracks: TrackInfo[] = []
  readonly reports: CaptureHealth[] = []

  frame(frame: PageFrame): void {
    this.frames.push(frame)
  }
  video(push: VideoPush): void {
    this.pushes.push(push)
  }
  track(info: TrackInfo): void {
    this.tracks.push(info)
  }
  health(health: CaptureHealth): void {
    this.reports.push(health)
  }
  get chunks(): VideoChunk[] {
    return this.pushes.flatMap(({ chunks }) => chunks)
  }
  /** PCM of one track, or the mix, over all frames. */
  pcm(track?: number): Int16Array {
    return Int16Array.from(
      this.frames.flatMap((frame) => [...(track === undefined ? frame.mix : (frame.tracks.find((t) => t.track === track)?.pcm ?? []))]),
    )
  }
}

export interface Bed {
  browser: Browser
  bridge: PageBridge
  /** Evaluates in the site's page. */
  run(expression: string): Promise<unknown>
  reload(): Promise<void>
  close(): Promise<void>
}

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env['REMORA_BROWSER'] ?? '/usr/bin/chromium', chromiumSandbox: false, args: FLAGS })

/** What the site's client can ask its server for. */
const ANSWERS: Readonly<Record<string, { status: number; type: string; body: Buffer | string }>> = {
  '/roster/bytes': { status: 200, type: 'application/x-protobuf', body: Buffer.from([9, 200, 7]) },
  '/roster/words': { status: 200, type: 'text/plain', body: 'AbC=' },
  '/roster/none': { status: 404, type: 'text/plain', body: 'no' },
  '/others': { status: 200, type: 'text/plain', body: 'no' },
}

/** A page of this site with the capture in it; in a browser of its own, closed with it, unless one is lent. */
export async function openBed(platform?: string, site = SITE, lent?: Browser): Promise<Bed> {
  const server = createServer(({ url = '' }, response) => {
    const answer = ANSWERS[url]
    if (answer !== undefined) {
      response.writeHead(answer.status, { 'content-type': answer.type })
      response.end(answer.body)
      return
    }
    // A hard policy: blob workers run only because the context bypasses it.
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'; script-src 'unsafe-inline'" })
    response.end(site)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const browser = lent ?? (await openBrowser())
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 800, height: 600 } })
  const page = await context.newPage()
  const bridge = await attachBridge(page, {
    channels: ['collections'],
    answers: ['roster'],
    ...(platform === undefined ? {} : { platform }),
  })
  await page.goto(`http://127.0.0.1:${port}/`)
  return {
    browser,
    bridge,
    run: (expression) => page.evaluate(expression),
    reload: async () => {
      await page.reload()
    },
    close: async () => {
      bridge.close()
      await context.close()
      if (lent === undefined) await browser.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Amplitude of one frequency (Goertzel), 0 to 1. */
export function toneAt(pcm: Int16Array, rate: number, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let a = 0
  let b = 0
  for (const sample of pcm) [a, b] = [sample / 32_768 + turn * a - b, a]
  return (2 * Math.sqrt(Math.max(0, a * a + b * b - turn * a * b))) / Math.max(1, pcm.length)
}

/** AVC chunks as a byte stream any decoder reads: parameter sets first, then start codes for lengths. */
export function annexB(pushes: readonly VideoPush[]): Buffer {
  const mark = Buffer.from([0, 0, 0, 1])
  const parts: Uint8Array[] = []
  for (const { config, chunks } of pushes) {
    if (config !== undefined) {
      const bytes = Buffer.from(config.description)
      let at = 6
      for (const count of [(bytes[5] ?? 0) & 31, undefined]) {
        const sets = count ?? bytes[at++] ?? 0
        for (let i = 0; i < sets; i++) {
          const size = bytes.readUInt16BE(at)
          parts.push(mark, bytes.subarray(at + 2, at + 2 + size))
          at += 2 + size
        }
      }
    }
    for (const { data } of chunks) {
      const bytes = Buffer.from(data)
      for (let at = 0; at < bytes.length; ) {
        const size = bytes.readUInt32BE(at)
        parts.push(mark, bytes.subarray(at + 4, at + 4 + size))
        at += 4 + size
      }
    }
  }
  return Buffer.concat(parts)
}
