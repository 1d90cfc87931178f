import { z } from 'zod'

interface Described {
  responses: Record<string, { content?: Record<string, { schema: unknown }>; headers?: Record<string, unknown> }>
}

/** Holds answers against a served OpenAPI document. */
export class Description {
  readonly #paths: Record<string, Record<string, Described>>
  readonly #definitions: unknown
  readonly #schemas = new Map<string, z.ZodType>()

  constructor(document: unknown) {
    const local = JSON.parse(JSON.stringify(document).replaceAll('#/components/schemas/', '#/$defs/')) as {
      paths: Record<string, Record<string, Described>>
      components: { schemas: unknown }
    }
    this.#paths = local.paths
    this.#definitions = local.components.schemas
  }

  get operations(): readonly string[] {
    return Object.entries(this.#paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  }

  /** What is wrong with an answer; empty if nothing is. `operation` is `GET /bots/{uuid}`. */
  faults(operation: string, status: number, body: unknown): readonly string[] {
    const [method = '', path = ''] = operation.split(' ')
    const described = this.#paths[path]?.[method.toLowerCase()]
    if (described === undefined) return [`${operation} is not described`]
    const answer = described.responses[status]
    if (answer === undefined) return [`${operation} may not answer ${status}`]
    const key = `${operation} ${status}`
    const schema = this.#schemas.get(key) ?? this.#build(answer.content?.['application/json']?.schema)
    this.#schemas.set(key, schema)
    const result = schema.safeParse(body)
    return result.success ? [] : [`${key}: ${z.prettifyError(result.error)}`]
  }

  #build(schema: unknown): z.ZodType {
    return z.fromJSONSchema({ ...(schema as object), $defs: this.#definitions } as Parameters<typeof z.fromJSONSchema>[0])
  }
}
