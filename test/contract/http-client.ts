import { expect } from 'vitest'
import { Description } from './described.ts'
import type { Mounted } from './mounts.ts'

export const KEY = 'key-of-ada'
export const OTHER_KEY = 'key-of-jack'
export const MEETING = 'https://meet.google.com/abc-defg-hij'
export const NOBODY = '00000000-0000-4000-8000-000000000000'

export interface Ask {
  key?: string | null
  body?: unknown
  /** The body as it is, in place of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects; the shape is checked against the served document
export type Answer = { status: number; body: any; headers: Headers }

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

/** Which described operation a request is; undefined for routes outside the document. */
function operationOf(description: Description, method: string, path: string): string | undefined {
  const bare = (path.split('?')[0] ?? '').replace(/\/$/, '')
  const template = bare.replace(UUID, '{uuid}').replace(/webhooks\/\d+\/resend/, 'webhooks/{sequence}/resend')
  return description.operations.find((operation) => operation === `${method} ${template}`)
}

/** A client that holds every answer against the OpenAPI document the service itself serves. */
export class Client {
  readonly #mounted: Mounted
  readonly #description: Description

  private constructor(mounted: Mounted, description: Description) {
    this.#mounted = mounted
    this.#description = description
  }

  static async of(mounted: Mounted): Promise<Client> {
    const document = await mounted.fetch(`${mounted.base}/openapi.json`)
    return new Client(mounted, new Description(await document.json()))
  }

  get operations(): readonly string[] {
    return this.#description.operations
  }

  /** JSON type and no body unless one is given: what clients of the hosted service send. */
  async ask(method: string, path: string, { key = KEY, body, raw, headers = {} }: Ask = {}): Promise<Answer> {
    const response = await this.#mounted.fetch(`${this.#mounted.base}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'x-meeting-baas-api-key': key }), ...headers },
      ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
      redirect: 'manual',
    })
    const text = await response.text()
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('x-request-id')).toMatch(/./)
    expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d/)
    const answer = { status: response.status, body: JSON.parse(text), headers: response.headers }
    if (answer.status >= 400) expect(answer.body).toMatchObject({ error: expect.any(String), message: expect.any(String) })
    const operation = operationOf(this.#description, method, path)
    if (operation !== undefined) expect(this.#description.faults(operation, answer.status, answer.body)).toEqual([])
    return answer
  }

  async bot(more: Record<string, unknown> = {}, key = KEY): Promise<string> {
    const meeting = `https://meet.google.com/${letters(3)}-${letters(4)}-${letters(3)}`
    const { status, body } = await this.ask('POST', '/bots/', { key, body: { meeting_url: meeting, bot_name: 'Notes', ...more } })
    expect(status, JSON.stringify(body)).toBe(200)
    return body.bot_id
  }
}

export const letters = (count: number) =>
  Array.from({ length: count }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join('')
