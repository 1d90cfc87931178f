import type { Webhook } from 'standardwebhooks'
import type { Clock } from '../core/clock.ts'
import { isBotError } from '../core/errors.ts'
import type { OutgoingHttp } from '../net/outgoing-http.ts'
import type { Delivery, DeliveryAttempt } from '../store/port.ts'
import { sign } from './signature.ts'

/** Everything that sends; a test brings its own. */
export type Transport = Pick<OutgoingHttp, 'request' | 'close'>

/** What an attempt needs besides the event. */
export interface AttemptPlan {
  url: string
  /** Goes into the contract's header; undefined leaves it out. */
  apiKey: string | undefined
  keys: readonly Webhook[]
  transport: Transport
  clock: Clock
  timeoutMs: number
  signal: AbortSignal
}

/** The id on the wire: unchanged over retries, restarts and resends. */
export function wireId({ botUuid, sequence }: Pick<Delivery, 'botUuid' | 'sequence'>): string {
  return `${botUuid}.${sequence}`
}

/** The bytes of an event. JSON keeps the order of keys and the store keeps `data`, so they never change. */
export function bodyOf({ event, data }: Pick<Delivery, 'event' | 'data'>): string {
  return JSON.stringify({ event, data })
}

/** Whether the receiver has it. */
export function hasArrived({ status }: DeliveryAttempt): boolean {
  return status !== null && status >= 200 && status < 300
}

/** Sends an event once. Never throws: whatever happens is what the attempt says. */
export async function attemptOnce(delivery: Delivery, plan: AttemptPlan): Promise<DeliveryAttempt> {
  const { url, apiKey, keys, transport, clock, timeoutMs, signal } = plan
  const at = clock.now()
  const body = bodyOf(delivery)
  const id = wireId(delivery)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'remora',
    ...(apiKey === undefined ? {} : { 'x-meeting-baas-api-key': apiKey }),
    ...(keys.length === 0 ? { 'webhook-id': id } : sign(keys, { id, at, body })),
  }
  try {
    const { status } = await transport.request(url, { method: 'POST', headers, body, timeoutMs, signal })
    return { at, durationMs: clock.now() - at, status, error: null }
  } catch (error) {
    return { at, durationMs: clock.now() - at, status: null, error: wordsOf(error) }
  }
}

/** What went wrong, without the URL: secrets travel there. */
function wordsOf(error: unknown): string {
  if (isBotError(error) && typeof error.details['allowed'] === 'string') {
    return `The URL is not allowed; allowed: ${error.details['allowed']}`
  }
  if (isBotError(error) || !(error instanceof Error)) return error instanceof Error ? error.message : String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return error.message === '' || error.message.includes(code) ? error.message || code : `${code}: ${error.message}`
}
