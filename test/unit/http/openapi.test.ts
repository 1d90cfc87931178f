import { expect, it } from 'vitest'
import { OPERATIONS } from '../../../src/http/handler.ts'
import { openApi } from '../../../src/http/openapi.ts'
import { PROBLEMS } from '../../../src/http/problems.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document is read by its paths
const document = openApi(OPERATIONS) as any

it('describes every operation of the bots part of the contract', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  )
  expect(described.toSorted()).toEqual(
    [
      'post /bots',
      'get /bots/{uuid}',
      'delete /bots/{uuid}',
      'get /bots/meeting_data',
      'get /bots/bots_with_metadata',
      'post /bots/{uuid}/delete_data',
      'get /bots/{uuid}/screenshots',
      'post /bots/retranscribe',
      'get /bots/webhooks',
      'get /bots/webhooks/bot',
      'get /bots/webhooks/calendar',
      'get /bots/webhooks/dead_letters',
      'post /bots/{uuid}/webhooks/{sequence}/resend',
      'get /accounts/webhook_url',
      'post /accounts/webhook_url',
      'get /health',
      'get /openapi.json',
      'get /metrics',
    ].toSorted(),
  )
})

it('points only at components that are there', () => {
  const text = JSON.stringify(document)
  for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)"/g)) expect(document.components.schemas).toHaveProperty(name)
  expect(text).not.toContain('$defs')
})

it('closes the join request, and asks for its two required fields', () => {
  const { additionalProperties, required, properties } = document.components.schemas.JoinRequest
  expect([additionalProperties, required]).toEqual([false, ['meeting_url', 'bot_name']])
  expect(Object.keys(properties)).toHaveLength(20)
})

it('asks for all keys the contract requires of a bot in meeting data', () => {
  expect(document.components.schemas.BotWithParams.required).toHaveLength(17)
  expect(document.components.schemas.Metadata.required).toHaveLength(7)
})

it('gives every refusal its words, and 429 its retry-after', () => {
  const { responses } = document.paths['/bots'].post
  const words = Object.values(responses).flatMap(
    // biome-ignore lint/suspicious/noExplicitAny: a document is read by its paths
    (answer: any) => answer.content['application/json'].schema.allOf?.[1].properties.error.enum ?? [],
  )
  for (const word of words) expect(PROBLEMS).toHaveProperty(word)
  expect(words).toEqual(expect.arrayContaining(['InvalidMeetingUrl', 'BotAlreadyExists', 'InvalidApiKey']))
  expect(responses[429].headers).toHaveProperty('retry-after')
})

it('describes the webhooks it sends', () => {
  expect(Object.keys(document.webhooks)).toEqual(['bot.status_change', 'complete', 'failed', 'transcription_complete'])
})
