import { z } from 'zod'
import type { Actor } from './crowd.ts'
import { voiceNames } from './encoded.ts'
import { type HostVerb, ORDERS } from './hosting.ts'
import { isSeen, patchSchema, personSchema, saySchema } from './people.ts'
import { VISITOR_STATES } from './protocol.ts'
import type { Room } from './room.ts'
import { POPUP_KINDS } from './skins/meet/catalogue.ts'
import { MEET_CATALOGUE } from './skins/meet.ts'
import { TRUTH_TYPES } from './truth.ts'
import type { Visitor } from './visitor.ts'

/** What the routes work on. */
export interface ControlContext {
  rooms: ReadonlyMap<string, Room>
  open(plan: unknown): Promise<Room>
  chromiumArgs(): readonly string[]
  httpsPort(): number
}

interface Asked {
  context: ControlContext
  parts: Readonly<Record<string, string>>
  query: URLSearchParams
  body: unknown
}

interface Answer {
  status: number
  body: unknown
  lines?: true
}

const WORDS: Readonly<Record<number, string>> = { 400: 'ValidationError', 404: 'NotFound', 408: 'Timeout', 413: 'TooLarge' }

/** A request that is turned away, with its HTTP status. */
export class Refused extends Error {
  readonly status: number
  readonly word: string
  constructor(status: number, message: string) {
    super(message)
    this.status = status
    this.word = WORDS[status] ?? 'Refused'
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body })
const nothing = z.strictObject({})
const target = z.strictObject({ visitor: z.string().optional() })
const chatSchema = z.strictObject({ from: z.string().min(1), text: z.string().min(1).max(500) })
const popupSchema = z.strictObject({ kind: z.enum(POPUP_KINDS) })
const networkSchema = z.strictObject({
  offlineMs: z.number().min(0).max(3_600_000).optional(),
  lossPct: z.number().min(0).max(100).optional(),
  jitterMs: z.number().min(0).max(10_000).optional(),
  kbps: z.number().positive().optional(),
})
const waitSchema = z
  .strictObject({
    visitor: z.string().optional(),
    state: z.enum(VISITOR_STATES).optional(),
    type: z.enum(TRUTH_TYPES).optional(),
    /** As in `GET …/truth?since=n`: only what comes after the first n events. Absent = the latest match that has been, or the next. */
    since: z.int().min(0).optional(),
    timeoutMs: z.number().min(0).max(600_000),
  })
  .refine(({ visitor, state, type }) => (visitor ?? state ?? type) !== undefined, { error: 'give visitor, state or type' })
const sinceSchema = z.coerce.number().int().min(0).default(0)

interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: RegExp
  answer(asked: Asked): Answer | Promise<Answer>
}

const ROOM = '/rooms/(?<id>[^/]+)'
const PERSON = `${ROOM}/people/(?<name>[^/]+)`
const at = (path: string) => new RegExp(`^${path}/?$`)
const roomed = (work: (room: Room, asked: Asked) => Answer | Promise<Answer>) => (asked: Asked) => work(roomOf(asked), asked)

/** Every route of the control API. */
// biome-ignore format: a table
export const ROUTES: readonly Route[] = [
  { method: 'GET',    path: at('/health'),             answer: ({ context }) => ok({ ok: true, httpsPort: context.httpsPort(), chromiumArgs: context.chromiumArgs(), platforms: ['meet'] }) },
  { method: 'GET',    path: at('/catalogue'),          answer: () => ok({ meet: { ...MEET_CATALOGUE, voices: voiceNames() } }) },
  { method: 'POST',   path: at('/rooms'),              answer: openRoom },
  { method: 'GET',    path: at(ROOM),                  answer: roomed((room) => ok(describe(room))) },
  { method: 'GET',    path: at(`${ROOM}/truth`),       answer: roomed((room, { query }) => ({ ...ok(room.truth.events.slice(sinceSchema.parse(query.get('since') ?? undefined))), lines: true })) },
  { method: 'POST',   path: at(`${ROOM}/people`),      answer: roomed(addPerson) },
  { method: 'PATCH',  path: at(PERSON),                answer: roomed(patchPerson) },
  { method: 'DELETE', path: at(PERSON),                answer: roomed((room, asked) => { room.setPresent(personOf(room, asked), false); return ok({ ok: true }) }) },
  { method: 'POST',   path: at(`${PERSON}/say`),       answer: roomed(say) },
  { method: 'POST',   path: at(`${ROOM}/chat`),        answer: roomed(chat) },
  { method: 'POST',   path: at(`${ROOM}/popup`),       answer: roomed((room, { body }) => ok({ applied: room.popup(popupSchema.parse(body).kind) })) },
  { method: 'POST',   path: at(`${ROOM}/network`),     answer: roomed((room, { body }) => ok({ applied: room.network(networkSchema.parse(body)) })) },
  { method: 'POST',   path: at(`${ROOM}/end`),         answer: roomed((room, { body }) => { nothing.parse(body); room.end(); return ok({ ok: true }) }) },
  { method: 'POST',   path: at(`${ROOM}/host-start`),  answer: roomed((room, { body }) => { nothing.parse(body); room.startHost(); return ok({ ok: true }) }) },
  { method: 'POST',   path: at(`${ROOM}/wait`),        answer: roomed(wait) },
  { method: 'POST',   path: at(`${ROOM}/(?<verb>${Object.keys(ORDERS).join('|')})`), answer: roomed(order) },
]

function roomOf({ context, parts }: Asked): Room {
  const room = context.rooms.get(parts['id'] ?? '')
  if (room === undefined) throw new Refused(404, `No room ${parts['id']}`)
  return room
}

function personOf(room: Room, { parts }: Asked): Actor {
  const actor = room.crowd.find(parts['name'] ?? '')
  if (actor === undefined) throw new Refused(404, `Nobody called ${parts['name']}`)
  if (actor.leftAtMs !== undefined) throw new Refused(404, `${actor.name} has left`)
  return actor
}

async function openRoom({ context, body }: Asked): Promise<Answer> {
  const { id, url, plan } = await context.open(body)
  const urls = {
    plain: url,
    language: `${url}?hl=${plan.locale}`,
    account: `${url}?authuser=0&hs=122`,
    www: url.replace('://', '://www.'),
    slash: `${url}/`,
  }
  return { status: 201, body: { id, url, urls } }
}

function order(room: Room, { parts, body }: Asked): Answer {
  const { visitor } = target.parse(body)
  if (visitor !== undefined && !room.visitors.has(visitor)) throw new Refused(404, `No visitor ${visitor}`)
  return ok({ applied: room.command(parts['verb'] as HostVerb, visitor) })
}

async function addPerson(room: Room, { body }: Asked): Promise<Answer> {
  const { id, name } = await room.addPerson(personSchema.parse(body))
  return { status: 201, body: { id, name } }
}

async function patchPerson(room: Room, asked: Asked): Promise<Answer> {
  await room.patchPerson(personOf(room, asked), patchSchema.parse(asked.body))
  return ok({ ok: true })
}

async function say(room: Room, asked: Asked): Promise<Answer> {
  const { voice, hz, ms } = saySchema.parse(asked.body)
  const actor = personOf(room, asked)
  if (room.ended) throw new Refused(400, 'The meeting is over')
  if (!actor.present || actor.muted) throw new Refused(400, `${actor.name} is ${actor.present ? 'muted' : 'not there'}`)
  const said = await room.say(actor.id, { voice: voice ?? (hz === undefined ? undefined : { hz }), ms })
  if (said === undefined) throw new Refused(400, `${actor.name} has no voice: give voice or hz`)
  return ok(said)
}

function chat(room: Room, { body }: Asked): Answer {
  const { from, text } = chatSchema.parse(body)
  const actor = room.crowd.find(from)
  if (actor?.present !== true) throw new Refused(400, `from: nobody called "${from}" is there`)
  room.chatFrom(actor, text)
  return ok({ ok: true })
}

async function wait(room: Room, { body }: Asked): Promise<Answer> {
  const { timeoutMs, since, ...wanted } = waitSchema.parse(body)
  const matches = (event: Readonly<Record<string, unknown>>) => Object.entries(wanted).every(([key, value]) => event[key] === value)
  const { events } = room.truth
  const been = since === undefined ? events.findLast(matches) : events.slice(since).find(matches)
  const event = been ?? (await room.truth.wait(matches, timeoutMs))
  if (event === undefined) throw new Refused(408, `Nothing like it within ${timeoutMs} ms, or before the lab ended`)
  return ok(event)
}

function describe(room: Room): unknown {
  const speaking = new Set(room.talk.speaking.map(({ personId }) => personId))
  const people = room.actors
    .filter(({ present }) => present)
    .map(({ id, name, host = false, camera, muted, screenId }) => {
      return { id, name, host, muted, camera: isSeen(camera), sharing: screenId !== undefined, speaking: speaking.has(id) }
    })
  const visitors = [...room.visitors.values()].map(describeVisitor)
  return { platform: 'meet', visitors, people, chat: room.chat, events: room.truth.events.length }
}

function describeVisitor({ id, name, state, connected, micOn, cameraOn, meter, requestedVideo }: Visitor): unknown {
  return {
    id,
    name,
    state,
    page: connected ? 'open' : 'closed',
    micOn,
    cameraOn,
    heardRms: meter.heard.rms,
    heardHz: meter.heard.hz,
    seen: { width: meter.seen.width, height: meter.seen.height },
    requested: { video: requestedVideo },
  }
}
