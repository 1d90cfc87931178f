import { z } from 'zod'
import { BotError } from '../core/errors.ts'
import type { WebhookEvent } from './events.ts'
import { keysOf, type SignatureHeaders } from './signature.ts'

/** How far a sender's clock may be from ours, either way. */
const TOLERANCE_S = 5 * 60
const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

const eventSchema = z.looseObject({ event: z.string(), data: z.looseObject({}) })

/** Headers as `node:http`, Express, Fastify or the web's `Headers` give them. */
export type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Checks that a webhook was sent by who knows a secret, within the last five minutes, and reads it. `body` must be the bytes
 * as received, not parsed and written again. Secrets: `whsec_` and base64, or any other text; one that fits is enough.
 * Throws `CONFIG_INVALID` with the field at fault.
 *
 * @example
 * app.post('/hook', express.raw({ type: '*\/*' }), (req, res) => {
 *   const { event, data } = verifyWebhook(req.body, req.headers, process.env.WEBHOOK_SECRET)
 *   res.sendStatus(204)
 * })
 */
export function verifyWebhook(body: string | Uint8Array, headers: ReceivedHeaders, secrets: string | readonly string[]): WebhookEvent {
  const keys = keysOf(typeof secrets === 'string' ? [secrets] : secrets, 'secrets')
  const signed = signatureOf(headers)
  const seconds = Number(signed['webhook-timestamp'])
  if (!(Math.abs(Date.now() / 1_000 - seconds) <= TOLERANCE_S)) {
    throw refused('webhook-timestamp', signed['webhook-timestamp'], `Unix seconds within ${TOLERANCE_S} of now`)
  }
  const text = typeof body === 'string' ? body : textOf(body)
  if (!keys.some((key) => isSignedBy(() => key.verify(text, { ...signed }, { jsonParse: false })))) {
    throw refused('webhook-signature', '(hidden)', 'a signature of this body by one of the secrets')
  }
  return eventOf(text)
}

function signatureOf(headers: ReceivedHeaders): SignatureHeaders {
  const given = headers instanceof Headers ? Object.fromEntries(headers) : headers
  const lower = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]))
  const [id, timestamp, signature] = NAMES.map((name) => {
    const value = lower.get(name)
    if (typeof value !== 'string' || value === '') throw refused(name, value, 'a header of the webhook')
    return value
  }) as [string, string, string]
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
}

function isSignedBy(verify: () => unknown): boolean {
  try {
    verify()
    return true
  } catch {
    // It throws for every key that does not fit; only whether one does is of interest.
    return false
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch (error) {
    throw refused('body', '(bytes)', 'UTF-8', error)
  }
}

function eventOf(text: string): WebhookEvent {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw refused('body', '(text)', 'JSON', error)
  }
  const parsed = eventSchema.safeParse(value)
  if (!parsed.success) throw refused('body', '(JSON)', 'an object with event and data', parsed.error)
  // Signed by someone who knows the secret: its details are believed.
  return value as WebhookEvent
}

function refused(field: string, value: unknown, allowed: string, cause?: unknown): BotError {
  return new BotError('CONFIG_INVALID', `${field} is not allowed; allowed: ${allowed}`, { details: { field, value, allowed }, cause })
}
