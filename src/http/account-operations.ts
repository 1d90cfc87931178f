import { z } from 'zod'
import { operation } from './operation.ts'
import { Problem } from './problems.ts'
import { WebhookUrlBody } from './requests.ts'
import { DeadLetters } from './schemas.ts'
import { BOT_EVENTS, CALENDAR_EVENTS } from './webhook-words.ts'
import { deadLetterWire } from './wire.ts'

const WebhookUrl = z.object({ webhook_url: z.string().nullable() })
const Documentation = z.looseObject({ events: z.array(z.looseObject({ event: z.string(), description: z.string() })) })

const getWebhookUrl = operation({
  method: 'GET',
  path: '/accounts/webhook_url',
  id: 'get_webhook_url',
  summary: 'Where the events of this key go, unless a bot names its own place',
  answer: WebhookUrl,
  run: async ({ parts, accountId }) => ({ webhook_url: await parts.engine.webhookUrl(accountId) }),
})

const setWebhookUrl = operation({
  method: 'POST',
  path: '/accounts/webhook_url',
  id: 'set_webhook_url',
  summary: 'Set that place; null clears it',
  body: WebhookUrlBody,
  answer: WebhookUrl,
  async run({ parts, accountId, body }) {
    await parts.engine.setWebhookUrl(accountId, body.webhook_url)
    return { webhook_url: body.webhook_url }
  },
})

const deadLetters = operation({
  method: 'GET',
  path: '/bots/webhooks/dead_letters',
  id: 'dead_letters',
  summary: 'Events that were given up after a day of attempts (not part of the hosted contract)',
  answer: DeadLetters,
  run: async ({ parts, accountId }) => ({ dead_letters: (await parts.engine.deadLetters(accountId)).map(deadLetterWire) }),
})

const resend = operation({
  method: 'POST',
  path: '/bots/{uuid}/webhooks/{sequence}/resend',
  id: 'resend_webhook',
  summary: 'Send one event of a bot again, under its own id (not part of the hosted contract)',
  answer: z.object({ ok: z.boolean() }),
  problems: ['NotFound'],
  async run({ parts, accountId, path: { uuid = '', sequence = '' } }) {
    const found = await parts.engine.resend(accountId, uuid, Number(sequence))
    if (!found) throw new Problem('NotFound', `no event ${sequence} of bot ${uuid}`)
    return { ok: true }
  },
})

/** The three documentation routes differ in their path and in what they list. */
const documentation = (path: string, id: string, events: readonly { event: string; description: string }[]) =>
  operation({
    method: 'GET',
    path,
    id,
    summary: 'What the webhooks look like',
    answer: Documentation,
    run: async () => ({ events: [...events] }),
  })

/** Everything about the account and its webhooks. */
export const ACCOUNT_OPERATIONS = [
  getWebhookUrl,
  setWebhookUrl,
  documentation('/bots/webhooks', 'webhook_documentation', [...BOT_EVENTS, ...CALENDAR_EVENTS]),
  documentation('/bots/webhooks/bot', 'bot_webhook_documentation', BOT_EVENTS),
  documentation('/bots/webhooks/calendar', 'calendar_webhook_documentation', CALENDAR_EVENTS),
  deadLetters,
  resend,
] as const
