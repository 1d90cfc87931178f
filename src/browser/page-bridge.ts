import { randomBytes } from 'node:crypto'
import type { CDPSession, Page } from 'playwright-core'
import { systemClock } from '../core/clock.ts'
import { decodeFrame, decodeVideo } from '../core/frame.ts'
import { pageScript } from '../generated/page-script.ts'
import type { Capture, CaptureListener, CaptureOptions } from '../media/capture-port.ts'
import type { PageFact } from '../platform/stage.ts'
import { hearAnswers } from './answers.ts'
import { FactFan } from './facts.ts'
import { healthOf, trackOf } from './page-words.ts'

export interface BridgeOptions {
  /** Data channels whose messages are wanted as `wire:<label>` facts. */
  channels: readonly string[]
  /** Words of the URLs whose answers are wanted as `wire:<word>` facts. */
  answers: readonly string[]
  /** The platform's own page code. */
  platform?: string
}

/** What the page script says, decoded; and the few words back. */
export interface PageBridge {
  readonly capture: Capture
  facts(signal: AbortSignal): AsyncIterable<PageFact>
  onDirty(listener: () => void): () => void
  say(name: string, data: unknown): Promise<void>
  close(): void
}

/** A page that has not answered a call of ours by then is taken as not answering. */
const CALL_MS = 10_000

/** Puts the page script into every load of this page and listens to its one binding. Call before the first navigation. */
export async function attachBridge(page: Page, { channels, answers, platform = '' }: BridgeOptions): Promise<PageBridge> {
  const key = `k${randomBytes(12).toString('hex')}`
  const binding = `b${randomBytes(12).toString('hex')}`
  const session = await page.context().newCDPSession(page)
  const bridge = new Bridge(session, key)
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === binding) bridge.hear(payload)
  })
  await hearAnswers(session, answers, (word, body) => bridge.tell(`wire:${word}`, systemClock.now(), body))
  await session.send('Runtime.enable')
  await session.send('Runtime.addBinding', { name: binding })
  const config = JSON.stringify({ key, binding, channels })
  await page.addInitScript({
    content: `{const remoraConfig=${config};${pageScript};const remoraPlatform=(run)=>remoraConfig.platform?.(run);${platform}}`,
  })
  return bridge
}

class Bridge implements PageBridge {
  readonly #session: CDPSession
  readonly #key: string
  readonly #fan = new FactFan()
  readonly #dirty = new Set<() => void>()
  #listener: CaptureListener | undefined
  #epoch = 0
  /** What the page does of arming and disarming, over when it is over there, however long anybody waited for it. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly capture: Capture = {
    arm: async (options, listener) => {
      this.#listener = listener
      await this.#inTurn('arm', this.#plain(options))
      for (const info of this.#fan.kept('track')) this.#hearTrack(info)
    },
    disarm: async () => {
      const listener = this.#listener
      await this.#inTurn('disarm')
      if (this.#listener === listener) this.#listener = undefined
    },
    show: (view) => this.#call('show', view),
  }

  constructor(session: CDPSession, key: string) {
    this.#session = session
    this.#key = key
  }

  facts(signal: AbortSignal): AsyncIterable<PageFact> {
    return this.#fan.open(signal)
  }

  onDirty(listener: () => void): () => void {
    this.#dirty.add(listener)
    return () => this.#dirty.delete(listener)
  }

  say(name: string, data: unknown): Promise<void> {
    return this.#call('say', name, data)
  }

  /** A fact that did not come by the page's own script: what an answer to the site's client held. */
  tell(name: string, atMs: number, data: unknown): void {
    this.#fan.push({ name, atMs, epoch: this.#epoch, data })
  }

  close(): void {
    this.#listener = undefined
    this.#fan.close()
    void this.#session.detach().catch(() => {}) // the page may be gone already
  }

  /** Never throws: what a page sends is not trusted to be well formed. */
  hear(payload: string): void {
    try {
      const body = payload.slice(1)
      if (payload[0] === 'f') this.#listener?.frame({ ...decodeFrame(Buffer.from(body, 'base64')), epoch: this.#epoch })
      else if (payload[0] === 'v') this.#listener?.video({ ...decodeVideo(Buffer.from(body, 'base64')), epoch: this.#epoch })
      else if (payload[0] === 'j') this.#hearFact(JSON.parse(body))
    } catch {
      // a malformed message carries nothing to act on
    }
  }

  #hearFact(said: unknown): void {
    if (typeof said !== 'object' || said === null || !('name' in said) || !('atMs' in said) || !('data' in said)) return
    const { name, atMs, data } = said
    if (typeof name !== 'string' || typeof atMs !== 'number') return
    if (name === 'hello') {
      this.#epoch++
      this.#fan.forget()
    }
    const fact: PageFact = { name, atMs, epoch: this.#epoch, data }
    if (name === 'dirty' || name === 'hello') for (const listener of this.#dirty) listener()
    if (name === 'track') this.#hearTrack(fact)
    if (name === 'health') {
      const health = healthOf(fact)
      if (health !== undefined) this.#listener?.health(health)
    }
    this.#fan.push(fact)
  }

  #hearTrack(fact: PageFact): void {
    const info = trackOf(fact)
    if (info !== undefined) this.#listener?.track(info)
  }

  #plain({ sampleRate, video }: CaptureOptions): CaptureOptions {
    return { sampleRate, ...(video === undefined ? {} : { video }) }
  }

  /** One after the other: arming takes the page several steps, and a second one in between would leave two encoders at work. */
  #inTurn(name: string, ...args: readonly unknown[]): Promise<void> {
    const answer = this.#turn.then(() => this.#ask(name, args))
    this.#turn = answer.catch(() => {}) // said to whoever asked
    return this.#inTime(name, answer)
  }

  #call(name: string, ...args: readonly unknown[]): Promise<void> {
    return this.#inTime(name, this.#ask(name, args))
  }

  /** One of the inlet's functions, by an expression: a function passed to `evaluate` would be rewritten by the runner. */
  async #ask(name: string, args: readonly unknown[]): Promise<void> {
    const list = args.map((arg) => JSON.stringify(arg ?? null)).join(',')
    const expression = `window[${JSON.stringify(this.#key)}].${name}(${list})`
    const asked = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
    const { exceptionDetails } = await this.#session.send('Runtime.evaluate', asked)
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }

  async #inTime(name: string, answer: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the page did not answer "${name}" within ${CALL_MS} ms`)), CALL_MS)
    })
    try {
      await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
      answer.catch(() => {}) // a late refusal has nobody waiting
    }
  }
}
