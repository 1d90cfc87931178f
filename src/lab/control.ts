import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { voiceNames } from './encoded.ts'
import { personSchema } from './people.ts'
import type { FromServer, VisitorState } from './protocol.ts'
import type { Room } from './room.ts'
import { POPUP_KINDS } from './skins/meet/catalogue.ts'
import { MEET_CATALOGUE } from './skins/meet.ts'
import type { Visitor } from './visitor.ts'

interface Context {
  rooms: ReadonlyMap<string, Room>
  open(plan: unknown): Promise<Room>
  chromiumArgs(): readonly string[]
  httpsPort(): number
}
type Answer = { status: number; body: unknown; lines?: true }

class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const target = z.strictObject({ visitor: z.string().optional() })
const saySchema = z.strictObject({
  voice: z.string().optional(),
  hz: z.number().optional(),
  ms: z.number().min(20).max(600_000).optional(),
})
const patchSchema = z.strictObject({ name: z.string().min(1).optional() })
const waitSchema = z.strictObject({
  visitor: z.string().optional(),
  state: z.string().optional(),
  type: z.string().optional(),
  timeoutMs: z.number().min(0).max(600_000),
})
const networkSchema = z.strictObject({ offlineMs: z.number().min(0) })
const popupSchema = z.strictObject({ kind: z.enum(POPUP_KINDS) })

/** Host actions: to whom they apply, and what the page is told. */
// biome-ignore format: a table
const ORDERS: Record<string, { states: readonly VisitorState[]; order: FromServer }> = {
  admit:           { states: ['knocking', 'entering'], order: { type: 'admit' } },
  deny:            { states: ['knocking'],             order: { type: 'deny' } },
  ignore:          { states: ['knocking'],             order: { type: 'no_answer' } },
  remove:          { states: ['in_call'],              order: { type: 'remove' } },
  'move-to-lobby': { states: ['in_call'],              order: { type: 'move_to_lobby' } },
}

/** Tells every visitor it applies to; who that was. The same verb as `POST /rooms/:id/<verb>`. */
export function command(room: Room, verb: keyof typeof ORDERS, visitor?: string): string[] {
  const row = ORDERS[verb]
  if (row === undefined) return []
  const chosen = [...room.visitors.values()].filter(
    (one) => one.connected && row.states.includes(one.state) && (visitor === undefined || one.id === visitor),
  )
  for (const one of chosen) one.tell(row.order)
  return chosen.map(({ id }) => id)
}

/** One request of the control API. */
export async function control(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let answer: Answer
  try {
    answer = await route(context, request)
  } catch (error) {
    if (error instanceof z.ZodError) answer = { status: 400, body: { error: 'ValidationError', message: z.prettifyError(error) } }
    else if (error instanceof SyntaxError) answer = { status: 400, body: { error: 'ValidationError', message: 'The body is not JSON' } }
    else if (error instanceof Refused)
      answer = { status: error.status, body: { error: error.status === 404 ? 'NotFound' : 'Refused', message: error.message } }
    else answer = { status: 500, body: { error: 'InternalError', message: String(error) } }
  }
  const text = answer.lines ? (answer.body as unknown[]).map((line) => JSON.stringify(line)).join('\n') : JSON.stringify(answer.body)
  response.writeHead(answer.status, { 'content-type': answer.lines ? 'application/x-ndjson' : 'application/json' })
  response.end(text)
}

async function route(context: Context, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://lab')
  const [top, id, verb, name, act] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent)
  const method = request.method ?? 'GET'
  const { chromiumArgs, httpsPort, rooms, open } = context
  if (method === 'GET' && top === 'health')
    return ok({ ok: true, httpsPort: httpsPort(), chromiumArgs: chromiumArgs(), platforms: ['meet'] })
  if (method === 'GET' && top === 'catalogue') return ok({ meet: { ...MEET_CATALOGUE, voices: voiceNames() } })
  if (top !== 'rooms') throw new Refused(404, `No ${method} ${url.pathname}`)
  if (id === undefined) {
    if (method !== 'POST') throw new Refused(404, `No ${method} ${url.pathname}`)
    const room = await open(await bodyOf(request))
    return {
      status: 201,
      body: {
        id: room.id,
        url: room.url,
        urls: { plain: room.url, language: `${room.url}?hl=en`, www: room.url.replace('://', '://www.') },
      },
    }
  }
  const room = rooms.get(id)
  if (room === undefined) throw new Refused(404, `No room ${id}`)
  if (method === 'GET' && verb === undefined) return ok(describe(room))
  if (method === 'GET' && verb === 'truth')
    return { ...ok(room.truth.events.slice(Number(url.searchParams.get('since') ?? 0))), lines: true }
  const body = await bodyOf(request)
  if (verb === 'people') return people(room, method, name, act, body)
  if (method !== 'POST' || verb === undefined) throw new Refused(404, `No ${method} ${url.pathname}`)
  if (Object.hasOwn(ORDERS, verb)) return ok({ applied: command(room, verb, target.parse(body).visitor) })
  switch (verb) {
    case 'end':
      room.end()
      return ok({ ok: true })
    case 'network':
      return ok({ applied: tellAll(room, { type: 'network', ...networkSchema.parse(body) }) })
    case 'popup':
      return ok({ applied: tellAll(room, { type: 'popup', ...popupSchema.parse(body) }) })
    case 'wait': {
      const { timeoutMs, ...wanted } = waitSchema.parse(body)
      const matches = (event: Record<string, unknown>) => Object.entries(wanted).every(([key, value]) => event[key] === value)
      const event = room.truth.events.findLast(matches) ?? (await room.truth.wait((seen) => matches(seen), timeoutMs))
      if (event === undefined) throw new Refused(408, `Nothing like it within ${timeoutMs} ms`)
      return ok(event)
    }
    default:
      throw new Refused(404, `No ${verb}`)
  }
}

async function people(room: Room, method: string, name: string | undefined, act: string | undefined, body: unknown): Promise<Answer> {
  if (method === 'POST' && name === undefined) {
    const actor = await room.addPerson(personSchema.parse(body))
    return { status: 201, body: { id: actor.id, name: actor.name } }
  }
  const actor = room.actors.find((one) => one.name === name && one.present)
  if (actor === undefined) throw new Refused(404, `Nobody called ${name}`)
  if (method === 'DELETE') {
    room.setPresent(actor, false)
    return ok({ ok: true })
  }
  if (method === 'PATCH') {
    const { name: next } = patchSchema.parse(body)
    if (next !== undefined) room.rename(actor, next)
    return ok({ ok: true })
  }
  if (method === 'POST' && act === 'say') {
    const { voice, hz, ms } = saySchema.parse(body)
    const said = await room.say(actor.name, { voice: voice ?? (hz === undefined ? undefined : { hz }), ms })
    if (said === undefined) throw new Refused(400, `${actor.name} has no voice: give voice or hz`)
    return ok(said)
  }
  throw new Refused(404, `No ${method} on people`)
}

function describe(room: Room): unknown {
  const visitors = [...room.visitors.values()].map((visitor: Visitor) => {
    const { id, name, state, connected, micOn, cameraOn } = visitor
    return { id, name, state, page: connected ? 'open' : 'closed', micOn, cameraOn }
  })
  const present = room.actors.filter((actor) => actor.present).map(({ id, name, host = false }) => ({ id, name, host }))
  return { platform: 'meet', visitors, people: present, chat: [], events: room.truth.events.length }
}

function tellAll(room: Room, order: FromServer): string[] {
  const chosen = [...room.visitors.values()].filter((visitor) => visitor.inCall)
  for (const visitor of chosen) visitor.tell(order)
  return chosen.map(({ id }) => id)
}

const ok = (body: unknown): Answer => ({ status: 200, body })

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > 1_000_000) throw new Refused(413, 'The body is too large')
  }
  return text.trim() === '' ? {} : JSON.parse(text)
}
