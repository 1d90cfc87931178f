import { Webhook } from 'standardwebhooks'
import { BotError } from '../core/errors.ts'

/** Standard Webhooks headers that prove who sent a body. */
export interface SignatureHeaders {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

/**
 * The keys of secrets: `whsec_` and base64, or any other text taken as it is. Throws `CONFIG_INVALID` for one that is none
 * of both, without repeating it.
 */
export function keysOf(secrets: readonly string[], field: string): readonly Webhook[] {
  return secrets.map((secret) => {
    try {
      return secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(new TextEncoder().encode(secret), { format: 'raw' })
    } catch (error) {
      const allowed = '"whsec_" and base64, or any other text that is not empty'
      throw new BotError('CONFIG_INVALID', `${field}: a secret is not allowed; allowed: ${allowed}`, {
        details: { field, value: '(hidden)', allowed },
        cause: error,
      })
    }
  })
}

/** Signs with every key, so that a receiver who has one of them, the old or the new, believes it. */
export function sign(keys: readonly Webhook[], { id, at, body }: { id: string; at: number; body: string }): SignatureHeaders {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': keys.map((key) => key.sign(id, new Date(at), body)).join(' '),
  }
}
