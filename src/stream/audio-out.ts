import { WebSocket } from 'ws'
import type { Clock } from '../core/clock.ts'
import type { PageFrame } from '../core/frame.ts'
import type { WarningCode } from '../core/outcomes.ts'
import type { MediaSink } from '../media/capture-port.ts'
import { mixTracks } from '../media/mixer.ts'
import { ANY_URL, type OutgoingGuard } from '../net/url-guard.ts'

export interface AudioOutOptions {
  url: string
  botId: string
  sampleRate: 16000 | 24000
  clock: Clock
  /** Where it may connect to. Default: anywhere. */
  guard?: OutgoingGuard
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
}

const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000
const TELL_AGAIN_MS = 10_000
/** Bytes the socket may owe: four seconds. Beyond it audio is dropped, never kept. */
const MOST_OWED_S = 4
/** A receiver that took nothing for so long is gone without a word: its machine lost its power, or its network. */
const STUCK_MS = 15_000

/**
 * Audio from the meeting to the user's server (contract v1, section 8): a hello, then raw s16le mono in 100 ms messages,
 * and who speaks as text. Reconnects for ever and buffers nothing meanwhile; the recording never waits for it.
 */
export class AudioOut implements MediaSink {
  readonly name = 'stream'
  readonly #options: AudioOutOptions
  readonly #guard: OutgoingGuard
  readonly #chunkBytes: number
  readonly #stop = new AbortController()
  #socket: WebSocket | undefined
  #rest = Buffer.alloc(0)
  #retryMs = FIRST_RETRY_MS
  /** Where the audio was when the receiver first was there: offset 0. */
  #zeroAtMs: number | undefined
  #atMs = 0
  /** What the socket owed after the last frame, and when it last had taken something. */
  #owed = 0
  #tookAt = 0
  #toldUntil = 0

  /** Throws `CONFIG_INVALID` if the guard refuses the URL. */
  constructor(options: AudioOutOptions) {
    this.#options = options
    this.#guard = options.guard ?? ANY_URL
    this.#guard.check(options.url, 'streaming.output', 'ws')
    this.#chunkBytes = (options.sampleRate / 10) * 2
  }

  write(frame: PageFrame): void {
    this.#atMs = frame.atMs
    const socket = this.#socket ?? this.#connect()
    if (socket.readyState !== WebSocket.OPEN || this.#isStuck(socket)) return
    const pcm = mixTracks(frame)
    const bytes = Buffer.concat([this.#rest, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)])
    let at = 0
    for (; bytes.length - at >= this.#chunkBytes; at += this.#chunkBytes) this.#send(socket, bytes.subarray(at, at + this.#chunkBytes))
    this.#rest = Buffer.from(bytes.subarray(at))
    this.#owed = socket.bufferedAmount
  }

  /** Someone started or stopped; `timestamp` in Unix milliseconds. */
  speaker({ name, isSpeaking, timestamp }: { name: string; isSpeaking: boolean; timestamp: number }): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    this.#socket.send(JSON.stringify([{ name, id: null, timestamp: Math.round(timestamp), isSpeaking }]))
  }

  async close(): Promise<void> {
    this.#stop.abort()
    const socket = this.#socket
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.close(1000)
    const cut = setTimeout(() => socket.terminate(), 2_000)
    await closed
    clearTimeout(cut)
  }

  /** Cut, it is connected to again. TCP by itself would believe in it for a quarter of an hour. */
  #isStuck(socket: WebSocket): boolean {
    const now = this.#options.clock.now()
    const owed = socket.bufferedAmount
    if (owed === 0 || owed < this.#owed) this.#tookAt = now
    if (now - this.#tookAt < STUCK_MS) return false
    socket.terminate()
    return true
  }

  #send(socket: WebSocket, chunk: Buffer): void {
    if (socket.bufferedAmount > this.#chunkBytes * 10 * MOST_OWED_S) {
      this.#drop()
      return
    }
    socket.send(chunk)
  }

  /** Told at most every ten seconds: a slow receiver is slow often. */
  #drop(): void {
    const { clock, url, onWarning } = this.#options
    const now = clock.now()
    if (now < this.#toldUntil) return
    this.#toldUntil = now + TELL_AGAIN_MS
    onWarning('stream_dropped', 'The stream receiver is too slow: audio is dropped', { url: bare(url) })
  }

  #connect(): WebSocket {
    const { url, botId, sampleRate } = this.#options
    const socket = new WebSocket(url, { handshakeTimeout: 10_000, maxPayload: 1024 * 1024, lookup: this.#guard.lookup })
    this.#socket = socket
    socket.on('open', () => {
      this.#retryMs = FIRST_RETRY_MS
      this.#rest = Buffer.alloc(0)
      this.#owed = 0
      this.#tookAt = this.#options.clock.now()
      this.#zeroAtMs ??= this.#atMs
      const offset = (this.#atMs - this.#zeroAtMs) / 1_000
      socket.send(JSON.stringify({ protocol_version: 1, bot_id: botId, offset, sample_rate: sampleRate }))
    })
    socket.on('error', () => {}) // 'close' follows and says it
    socket.on('message', () => {}) // this socket only gives
    socket.on('close', (code) => void this.#retry(code))
    return socket
  }

  async #retry(code: number): Promise<void> {
    const { signal } = this.#stop
    if (signal.aborted) return
    const waitMs = this.#retryMs
    this.#retryMs = Math.min(waitMs * 2, LAST_RETRY_MS)
    this.#options.onWarning('stream_reconnecting', `The stream receiver is gone; again in ${waitMs} ms`, {
      url: bare(this.#options.url),
      code,
    })
    await this.#options.clock.after(waitMs, signal).catch(() => {}) // closed meanwhile
    if (!signal.aborted) this.#connect()
  }
}

/** A URL without its query and credentials: secrets travel there. */
function bare(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
