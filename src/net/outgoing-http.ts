import { Agent, buildConnector, type Dispatcher, request } from 'undici'
import { type Clock, systemClock } from '../core/clock.ts'
import { within } from '../core/deadline.ts'
import { BotError } from '../core/errors.ts'
import { follow } from '../core/follow.ts'
import type { OutgoingGuard } from './url-guard.ts'

/** A dispatcher of undici whose every connection has passed the guard, redirects and pooled ones included. */
export function guardedDispatcher(guard: OutgoingGuard): Dispatcher {
  const connect = buildConnector({ lookup: guard.lookup, timeout: 10_000 })
  return new Agent({
    connect(options, callback) {
      // A name is checked when it is resolved; an address is never resolved, so it is checked here.
      try {
        guard.checkHost(options.hostname)
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null)
        return
      }
      connect(options, callback)
    },
    maxHeaderSize: 16_384,
  })
}

export interface OutgoingHttpOptions {
  guard: OutgoingGuard
  clock?: Clock
}

export interface OutgoingRequest {
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** For everything together, redirects included. Default 10 000. */
  timeoutMs?: number
  /** More than this is an error; 0 (default) takes no body at all. */
  maxBytes?: number
  /** How many redirects of a GET are followed, each checked anew. Default 0: the redirect is the answer. */
  follow?: number
  signal?: AbortSignal
}

export interface OutgoingAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
}

/** Requests of the service to URLs that others gave: guarded, bounded in time and size. Anything but an answer throws. */
export class OutgoingHttp {
  readonly #guard: OutgoingGuard
  readonly #clock: Clock
  readonly #dispatcher: Dispatcher

  constructor({ guard, clock = systemClock }: OutgoingHttpOptions) {
    this.#guard = guard
    this.#clock = clock
    this.#dispatcher = guardedDispatcher(guard)
  }

  /** Any status is an answer. */
  async request(url: string, asked: OutgoingRequest = {}): Promise<OutgoingAnswer> {
    const { timeoutMs = 10_000, signal } = asked
    return within({ ms: timeoutMs, code: 'CONNECTION_LOST', what: 'an answer', signal, clock: this.#clock }, (until) =>
      this.#hops(url, asked, until),
    )
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy()
  }

  async #hops(from: string, asked: OutgoingRequest, signal: AbortSignal): Promise<OutgoingAnswer> {
    const { method = 'GET', body, maxBytes = 0, follow = 0 } = asked
    let url = from
    let headers = asked.headers ?? {}
    for (let hop = 0; ; hop++) {
      this.#guard.check(url, 'url', 'http')
      const answer = await request(url, {
        dispatcher: this.#dispatcher,
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
      })
      const to = method === 'GET' && follow > 0 ? redirectOf(answer, url) : undefined
      if (to === undefined) {
        const { statusCode: status, headers: got } = answer
        if (maxBytes > 0) return { status, headers: got, body: await taken(answer.body, maxBytes) }
        await this.#drop(answer.body, signal)
        return { status, headers: got, body: Buffer.alloc(0) }
      }
      await this.#drop(answer.body, signal)
      if (hop === follow) throw new BotError('CONNECTION_LOST', `More than ${follow} redirects`, { details: { follow } })
      // What was meant for one host is not told to the next.
      if (new URL(to).origin !== new URL(url).origin) headers = {}
      url = to
    }
  }

  /** A short body is read away so that the connection can be used again; a long or slow one costs the connection. */
  async #drop(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<void> {
    const enough = follow(signal)
    const waited = this.#clock.after(DRAIN_MS, enough.signal)
    // Nobody wants the body: how its reading ends is no matter.
    await Promise.race([body.dump({ limit: 16_384 }), waited]).catch(() => {})
    enough.stop()
    waited.catch(() => {}) // it was only waited for
  }
}

/** How long a body nobody wants may take. */
const DRAIN_MS = 250
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: string): string | undefined {
  const { location } = headers
  if (!REDIRECTS.includes(statusCode) || typeof location !== 'string' || !URL.canParse(location, from)) return undefined
  return new URL(location, from).href
}

async function taken(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBytes) throw new BotError('CONNECTION_LOST', `The answer is longer than ${maxBytes} bytes`, { details: { maxBytes } })
    parts.push(part)
  }
  return Buffer.concat(parts)
}
