import type { Clock } from '../core/clock.ts'
import type { EngineService } from '../engine/port.ts'
import { Problem } from './problems.ts'
import { RateLimit } from './rate-limit.ts'

/** Headers a key may come in; the second is what old clients send. */
export const KEY_HEADERS = ['x-meeting-baas-api-key', 'x-spoke-api-key'] as const

const MINUTE_MS = 60_000

export interface AccessOptions {
  requestsPerMinute: number
  failuresPerMinute: number
  clock: Clock
}

const later = (what: string, waitMs: number) =>
  new Problem('TooManyRequests', what, { headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } })

/** Tells whose request it is, within the limits of that key; wrong keys are limited by address. */
export class Access {
  readonly #engine: EngineService
  readonly #byKey: RateLimit
  readonly #failures: RateLimit

  constructor(engine: EngineService, { requestsPerMinute, failuresPerMinute, clock }: AccessOptions) {
    this.#engine = engine
    const now = () => clock.now()
    this.#byKey = new RateLimit({ limit: requestsPerMinute, windowMs: MINUTE_MS, now })
    this.#failures = new RateLimit({ limit: failuresPerMinute, windowMs: MINUTE_MS, now })
  }

  /** The account of the request's key. A right key always gets in, whatever others did from the same address. */
  async accountOf(request: Request, address: string): Promise<number> {
    const key = KEY_HEADERS.map((name) => request.headers.get(name)).find((value) => value !== null && value !== '')
    const accountId = key === undefined || key === null ? undefined : await this.#engine.account(key)
    if (accountId === undefined) {
      const waitMs = this.#failures.take(address)
      if (waitMs > 0) throw later('too many requests without a valid key', waitMs)
      throw new Problem('InvalidApiKey', `send a valid API key in the header ${KEY_HEADERS[0]}`)
    }
    const waitMs = this.#byKey.take(accountId)
    if (waitMs > 0) throw later('too many requests with this key', waitMs)
    return accountId
  }
}
