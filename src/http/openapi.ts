import { z } from 'zod'
import { KEY_HEADERS } from './access.ts'
import type { Operation } from './operation.ts'
import { PROBLEMS, type ProblemWord } from './problems.ts'
import { ErrorBody } from './schemas.ts'
import { BOT_EVENTS } from './webhook-words.ts'

type JsonObject = Record<string, unknown>

/** Refusals every operation with a key can give. */
const ALWAYS: readonly ProblemWord[] = ['ValidationError', 'InvalidApiKey', 'TooManyRequests', 'InternalError']

const HEADERS = {
  'x-request-id': { description: 'the id given with the request, or a new one; also in the log', schema: { type: 'string' } },
}
const RETRY_AFTER = { 'retry-after': { description: 'seconds after which there is room again', schema: { type: 'integer' } } }

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Turns references inside one schema into references to the document's components. */
function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace('#/$defs/', '#/components/schemas/')]
        : [key, pointToComponents(inner)],
    ),
  )
}

/** Collects named schemas while the paths are written. */
class Components {
  readonly schemas: JsonObject = {}

  of(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const { $schema: _, $defs = {}, id, ...json } = z.toJSONSchema(schema, { io }) as JsonObject & { $defs?: JsonObject }
    for (const [name, inner] of Object.entries($defs)) {
      const { id: _name, ...rest } = isObject(inner) ? inner : {}
      this.schemas[name] = pointToComponents(rest)
    }
    const body = pointToComponents(json) as JsonObject
    if (typeof id !== 'string') return body
    this.schemas[id] = body
    return { $ref: `#/components/schemas/${id}` }
  }
}

const PATH_PARTS: Readonly<Record<string, JsonObject>> = {
  uuid: { type: 'string', format: 'uuid' },
  sequence: { type: 'integer', minimum: 1 },
}

function parametersOf({ path, query }: Operation): JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: PATH_PARTS[name] ?? {},
  }))
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { $schema: _, openapi, ...json } = z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as JsonObject
    return { name, in: 'query', required: !(schema as z.ZodType).safeParse(undefined).success, schema: openapi ?? json }
  })
  return [...inPath, ...inQuery]
}

function refusals(problems: readonly ProblemWord[], error: JsonObject): JsonObject {
  const byStatus = new Map<number, ProblemWord[]>()
  for (const word of new Set([...ALWAYS, ...problems])) {
    const { status } = PROBLEMS[word]
    byStatus.set(status, [...(byStatus.get(status) ?? []), word])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, words]) => [
      status,
      {
        description: words.map((word) => `\`${word}\`: ${PROBLEMS[word].when}`).join('. '),
        headers: status === 429 ? { ...HEADERS, ...RETRY_AFTER } : HEADERS,
        content: { 'application/json': { schema: { allOf: [error, { properties: { error: { enum: words } } }] } } },
      },
    ]),
  )
}

/** What the service says about itself. */
const SELF: Record<string, JsonObject> = {
  '/health': {
    get: {
      operationId: 'health',
      summary: 'Whether the service and its store answer',
      security: [],
      responses: Object.fromEntries(
        [200, 503].map((status) => [
          status,
          {
            description: status === 200 ? 'they do' : 'the store does not answer',
            headers: HEADERS,
            content: {
              'application/json': {
                schema: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean', const: status === 200 } } },
              },
            },
          },
        ]),
      ),
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      summary: 'This document',
      security: [],
      responses: { 200: { description: 'success', headers: HEADERS, content: { 'application/json': { schema: { type: 'object' } } } } },
    },
  },
}

/** The figures, for Prometheus; described apart because it is no JSON. */
const metricsPath = (error: JsonObject): JsonObject => ({
  get: {
    operationId: 'metrics',
    summary: 'Figures in the Prometheus text format',
    responses: {
      200: { description: 'success', headers: HEADERS, content: { 'text/plain': { schema: { type: 'string' } } } },
      ...refusals([], error),
    },
  },
})

const SIGNED = {
  [KEY_HEADERS[0]]: 'the key that sent the bot, unless the service is told to leave it out',
  'webhook-id': '<bot uuid>.<sequence>; the same over retries and resends',
  'webhook-timestamp': 'Unix seconds; with webhook-signature where a secret is set',
  'webhook-signature': 'Standard Webhooks signatures, one for each secret',
}

/** What the service sends, as OpenAPI 3.1 has it. */
const webhooks = (): JsonObject =>
  Object.fromEntries(
    BOT_EVENTS.map(({ event, description, data }) => [
      event,
      {
        post: {
          summary: description,
          security: [],
          parameters: Object.entries(SIGNED).map(([name, text]) => ({ name, in: 'header', description: text, schema: { type: 'string' } })),
          requestBody: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['event', 'data'],
                  properties: {
                    event: { const: event },
                    data: {
                      type: 'object',
                      properties: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, { description: text }])),
                    },
                  },
                },
              },
            },
          },
          responses: { '2XX': { description: 'received; anything else, or nothing within 10 s, is tried again' } },
        },
      },
    ]),
  )

/** The service as OpenAPI 3.1, from the same schemas that check every request. */
export function openApi(operations: readonly Operation[]): JsonObject {
  const components = new Components()
  const error = components.of(ErrorBody, 'output')
  const paths: Record<string, JsonObject> = {}
  for (const row of operations) {
    const { method, path, id, summary, body, answer, status, problems } = row
    const entry: JsonObject = paths[path] ?? {}
    paths[path] = entry
    entry[method.toLowerCase()] = {
      operationId: id,
      summary,
      parameters: parametersOf(row),
      ...(body === undefined
        ? {}
        : { requestBody: { required: true, content: { 'application/json': { schema: components.of(body, 'input') } } } }),
      responses: {
        [status]: {
          description: 'success',
          headers: HEADERS,
          content: { 'application/json': { schema: components.of(answer, 'output') } },
        },
        ...refusals(problems, error),
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Remora',
      version: 'v1',
      description:
        'Meeting bots over HTTP: the bots part of the hosted Meeting BaaS v1 contract. Every path also works with a final slash.',
    },
    security: KEY_HEADERS.map((name) => ({ [name]: [] })),
    paths: { ...paths, ...SELF, '/metrics': metricsPath(error) },
    webhooks: webhooks(),
    components: {
      schemas: components.schemas,
      securitySchemes: Object.fromEntries(KEY_HEADERS.map((name) => [name, { type: 'apiKey', in: 'header', name }])),
    },
  }
}
