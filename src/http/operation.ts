import type { z } from 'zod'
import type { ArtifactStore } from '../artifacts/port.ts'
import type { Clock } from '../core/clock.ts'
import type { EngineService } from '../engine/port.ts'
import { Problem, type ProblemWord } from './problems.ts'
import { readQuery } from './query.ts'
import type { RateLimit } from './rate-limit.ts'

/** What the service needs behind it: an engine, and the store its files are linked from. */
export interface HttpEngine extends EngineService {
  /** Where links to recordings and pictures come from; without one every link is empty. */
  readonly artifacts?: ArtifactStore & {
    /** Answers the signed links themselves, where the store needs this service for that; undefined: not one of its paths. */
    handle?(request: Request): Promise<Response | undefined>
  }
}

/** What every operation may use. */
export interface Parts {
  engine: HttpEngine
  clock: Clock
  /** Calls of `delete_data` by account. */
  deletions: RateLimit
  strictTimeouts: boolean
  /** Whether this account may send another bot. */
  quota: (accountId: number) => boolean | Promise<boolean>
}

export interface Call<Q = unknown, B = unknown> {
  parts: Parts
  accountId: number
  /** The ids in the path, checked. */
  path: Readonly<Record<string, string>>
  query: Q
  body: B
}

export type Method = 'GET' | 'POST' | 'DELETE' | 'PATCH'

interface Spec<Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> {
  method: Method
  /** `{name}` is one part of the path. No final slash. */
  path: string
  id: string
  summary: string
  query?: Q
  body?: B
  answer: A
  /** Default 200. */
  status?: 200 | 202
  /** What can be refused, apart from the key, the limits and our own failures. */
  problems?: readonly ProblemWord[]
  run(call: Call<z.output<Q>, z.output<B>>): Promise<z.output<A>>
}

/** One row of the route table, with its types erased. */
export interface Operation {
  method: Method
  path: string
  id: string
  summary: string
  query?: z.ZodObject
  body?: z.ZodType
  answer: z.ZodType
  status: 200 | 202
  problems: readonly ProblemWord[]
  /** `json` is what the body held, undefined where there was none. */
  answerTo(call: Omit<Call, 'query' | 'body'> & { url: URL; json: unknown }): Promise<Response>
}

/** Ten are enough to see what is wrong. */
const MOST_ISSUES = 10

/** Checks one border, and names the field, what is allowed, never the value: it may be a secret. */
function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues
    .slice(0, MOST_ISSUES)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.').slice(0, 100), message: 'no such field' }))
        : [{ field: issue.path.map(String).join('.'), message: issue.message }],
    )
  const [first] = issues
  const where = first === undefined || first.field === '' ? 'the body' : first.field
  throw new Problem('ValidationError', `${where}: ${first?.message ?? 'not allowed'}`, { details: { field: first?.field ?? '', issues } })
}

/** Makes a row: the schemas of both directions and the function keep each other honest. */
export function operation<Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(spec: Spec<Q, B, A>): Operation {
  const { run, status = 200, problems = [], query, body, ...row } = spec
  const known = query === undefined ? [] : Object.keys(query.shape)
  return {
    ...row,
    status,
    problems,
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    async answerTo({ url, json, ...call }) {
      const checked = {
        query: (query === undefined ? {} : check(query, readQuery(url, known))) as z.output<Q>,
        body: (body === undefined ? undefined : check(body, json)) as z.output<B>,
      }
      return Response.json(await run({ ...call, ...checked }), { status })
    },
  }
}
