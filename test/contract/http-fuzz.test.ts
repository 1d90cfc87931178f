import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHandler, OPERATIONS } from '../../src/http/handler.ts'
import { pathBelow, RouteTable } from '../../src/http/routing.ts'
import { FakeClock } from '../../src/lab/fakes/fake-clock.ts'
import { IN_THE_CALL, ScriptedBot } from '../../src/lab/fakes/scripted-bot.ts'
import { MeetingEngine } from '../../src/meeting-engine.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { Description } from './described.ts'
import { KEY, MEETING, NOBODY, OTHER_KEY } from './http-client.ts'

const SEED = 20_261_125
const ROUNDS = 20
const REQUESTS = 500

interface Asked {
  method: string
  path: string
  query: readonly (readonly [string, string])[]
  key: string | undefined
  headers: readonly (readonly [string, string])[]
  body: string | Uint8Array<ArrayBuffer> | undefined
}

const hostile = fc.constantFrom(
  '',
  ' ',
  'null',
  'true',
  '-1',
  '0',
  '1e309',
  '../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '<script>',
  "' or 1=1 --",
  '${7*7}',
  '{{7*7}}',
  '\r\nx: y',
  '😀'.repeat(200),
  'a'.repeat(5_000),
  '0x10',
  'NaN',
  '٣',
)
const text = fc.oneof({ weight: 3, arbitrary: hostile }, fc.string({ unit: 'binary' }), fc.webUrl())
const scalar = fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer(), fc.double(), fc.maxSafeNat())
const anything = fc.oneof({ weight: 3, arbitrary: scalar }, fc.jsonValue({ maxDepth: 6 }), fc.array(scalar), fc.dictionary(text, scalar))

const word = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 30, arbitrary: good as fc.Arbitrary<unknown> }, anything)
const meeting = fc.stringMatching(/^https:\/\/meet\.google\.com\/[a-c]{3}-[a-c]{4}-[a-c]{3}$/)
const speech = fc.oneof(fc.constantFrom('Default', 'Gladia'), fc.record({ provider: fc.constantFrom('Runpod', 'x'), api_key: text }))
const joinBody = fc.record(
  {
    meeting_url: word(fc.oneof(meeting, fc.constant(MEETING))),
    bot_name: word(fc.constantFrom('Notes', 'Ada')),
    reserved: word(fc.boolean()),
    start_time: word(fc.nat()),
    recording_mode: word(fc.constantFrom('speaker_view', 'speaker_view', 'audio_only')),
    bot_image: word(fc.constant(null)),
    entry_message: word(fc.constantFrom(null, 'hello')),
    speech_to_text: word(fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, speech)),
    automatic_leave: word(fc.record({ waiting_room_timeout: word(fc.nat()), silence_timeout: word(fc.nat()) }, { requiredKeys: [] })),
    webhook_url: word(fc.constant('https://example.com/hook')),
    deduplication_key: word(fc.string()),
    streaming: word(
      fc.record(
        { output: word(fc.constant('wss://example.com/')), audio_frequency: word(fc.constantFrom('16khz', '24khz')) },
        { requiredKeys: [] },
      ),
    ),
    extra: anything,
    transcription_custom_parameters: anything,
    zoom_sdk_pwd: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, anything),
    surprise: anything,
  },
  { requiredKeys: ['meeting_url', 'bot_name'] },
)

/** How often a field nobody knows is left in: it would refuse nearly every body. */
const mostlyKnown = fc.tuple(joinBody, fc.nat(9)).map(([{ surprise, ...body }, dice]) => (dice === 0 ? { ...body, surprise } : body))

const bodyOf = fc.oneof(
  { weight: 6, arbitrary: mostlyKnown.map((body) => JSON.stringify(body)) },
  anything.map((body) => JSON.stringify(body) ?? ''),
  fc
    .record({ webhook_url: word(fc.webUrl()), bot_uuid: word(fc.constantFrom('$known', '$other', NOBODY)) }, { requiredKeys: [] })
    .map((body) => JSON.stringify(body)),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc.constantFrom('{"a":', '[1,]', '"\\ud800"', '{"__proto__":{"polluted":true}}', `{"extra":${'{"a":'.repeat(80)}1${'}'.repeat(80)}}`),
)

const patterns = [...new Set(OPERATIONS.map(({ path }) => path))]
const part = fc.oneof(fc.constantFrom('$known', '$other', NOBODY), fc.uuid(), hostile.map(encoded), fc.webSegment())
const path = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...patterns), fc.array(part, { minLength: 2, maxLength: 2 }), fc.constantFrom('', '', '/', '//'))
      .map(([pattern, parts, end]) => pattern.replace('{uuid}', parts[0] ?? '').replace('{sequence}', parts[1] ?? '') + end),
  },
  fc.constantFrom(
    '/',
    '',
    '/health',
    '/openapi.json',
    '/calendars/raw',
    '/calendar_events',
    '/%',
    '/%ff',
    '//bots',
    '/bots/../bots',
    '/bots/%2e%2e',
  ),
  fc.webPath(),
)
const query = fc.array(
  fc.tuple(
    fc.constantFrom(
      'bot_id',
      'include_transcripts',
      'limit',
      'cursor',
      'bot_name',
      'created_after',
      'ended_after',
      'filter_by_extra',
      'sort_by_extra',
      'x',
    ),
    fc.oneof(text, fc.constantFrom('$known', '10', 'true', 'a:b', 'a:desc', '2026-01-01T00:00:00'), fc.nat(60).map(String)),
  ),
  { maxLength: 4 },
)
const method = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('GET', 'POST', 'DELETE') },
  fc.constantFrom('PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY'),
)
const chaos = fc.record({ method, path, body: fc.oneof({ weight: 4, arbitrary: bodyOf }, fc.constant(undefined)) })

/** Requests that mean something, with bodies that are mostly right: they get past the first checks. */
const join = mostlyKnown.map((body) => ({ method: 'POST', path: '/bots/', body: JSON.stringify(body) }))
const known = fc.constantFrom('$known', '$known', '$other', NOBODY)
const meant = fc.oneof(
  { weight: 3, arbitrary: join },
  fc.tuple(fc.constantFrom(...OPERATIONS), known, fc.constantFrom('', '/')).map(([row, uuid, end]) => ({
    method: row.method as string,
    path: row.path.replace('{uuid}', uuid).replace('{sequence}', '1') + end,
    body: row.body === undefined ? undefined : JSON.stringify({ bot_uuid: uuid }),
  })),
)
const rest = fc.record({
  query,
  key: fc.oneof({ weight: 12, arbitrary: fc.constant(KEY as string | undefined) }, fc.constantFrom(OTHER_KEY, '', 'wrong', undefined)),
  headers: fc.array(
    fc.tuple(
      fc.constantFrom('content-type', 'content-length', 'x-request-id', 'accept', 'host', 'x-forwarded-for', 'cookie', 'x-spoke-api-key'),
      fc.oneof(fc.constantFrom('application/json', '-1', '99999999999', '*/*', '<script>'), fc.webSegment()),
    ),
    { maxLength: 3 },
  ),
})
const asked: fc.Arbitrary<Asked> = fc.tuple(fc.oneof(chaos, meant), rest).map(([what, how]) => ({ ...what, ...how }))

/** A lone half of a pair cannot be written in a URL. */
const wellFormed = (value: string) => Buffer.from(value).toString()

function encoded(value: string): string {
  return encodeURIComponent(wellFormed(value))
}

const table = new RouteTable(OPERATIONS)

function operationAt(method: string, pathname: string): string | undefined {
  try {
    const { row } = table.find(method, pathBelow(pathname, '') ?? '')
    return method === 'HEAD' ? undefined : `${row.method} ${row.path}`
  } catch {
    return undefined // no operation of the document
  }
}

/** A service over the real engine, whose bots live by a script on a clock of ours. */
async function service() {
  const clock = new FakeClock()
  const store = new MemoryStore()
  const engine = new MeetingEngine({
    apiKeys: [KEY, OTHER_KEY],
    store,
    clock,
    dataDir: '/nowhere/remora-fuzz',
    createBot: ({ uuid }) => new ScriptedBot(uuid, { steps: IN_THE_CALL }, clock),
  })
  await engine.start()
  const handle = createHandler(engine, { clock, requestsPerMinute: 1_000_000, failuresPerMinute: 1_000_000 })
  const description = new Description(await (await handle(new Request('http://service.test/openapi.json'))).json())
  /** What callers can change; what bots do by themselves meanwhile is not in it. */
  const footprint = async () => {
    const bots = await Promise.all([1, 2].map(async (accountId) => (await store.list({ accountId, limit: 50 })).bots))
    const facts = bots.flat().map(({ uuid, isStopped, dataDeleted }) => [uuid, isStopped, dataDeleted])
    const { waiting, running, ended } = await store.counts()
    return JSON.stringify([facts, waiting + running + ended, await engine.webhookUrl(1), await engine.webhookUrl(2)])
  }
  return { engine, handle, description, footprint }
}

describe('the handler under 10,000 random requests', () => {
  it('answers each with a described status below 500, and a refused one leaves nothing behind', { timeout: 120_000 }, async () => {
    const statuses = new Map<number, number>()
    let joined = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { engine, handle, description, footprint } = await service()
      let known = NOBODY
      let other = NOBODY
      let last: string | undefined
      await fc.assert(
        fc.asyncProperty(asked, async ({ method, path: pattern, query: pairs, key, headers, body }) => {
          const named = (value: string) => value.replace('$known', known).replace('$other', other)
          const search = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, wellFormed(named(value))])).toString()
          const url = `http://service.test${named(pattern)}${search === '' ? '' : `?${search}`}`
          const all: [string, string][] = [['content-type', 'application/json'], ...(headers as [string, string][])]
          if (key !== undefined) all.push(['x-meeting-baas-api-key', key])
          const bare = body === undefined || method === 'GET' || method === 'HEAD'
          const request = new Request(url, {
            method,
            headers: all,
            ...(bare ? {} : { body: typeof body === 'string' ? named(body) : body }),
          })
          const before: string = last ?? (await footprint())
          const response = await handle(request, { address: '127.0.0.1' })
          const { status } = response
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          expect(status).toBeLessThan(500)
          const answer = await response.text()
          expect(answer).not.toMatch(/\n\s+at |node_modules|\.ts:\d/)
          last = undefined
          if (status >= 400) {
            last = await footprint()
            expect(last).toBe(before)
            if (method !== 'HEAD') expect(JSON.parse(answer)).toMatchObject({ error: expect.any(String), message: expect.any(String) })
          }
          const operation = operationAt(method, new URL(url).pathname)
          if (operation !== undefined) expect(description.faults(operation, status, JSON.parse(answer))).toEqual([])
          if (status === 200 && method === 'POST' && answer.includes('bot_id')) {
            joined++
            if (key === KEY) known = JSON.parse(answer).bot_id
            else other = JSON.parse(answer).bot_id
          }
        }),
        { numRuns: REQUESTS, seed: SEED + round, endOnFailure: true },
      )
      await engine.stop({ graceMs: 0 })
    }
    expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(ROUNDS * REQUESTS)
    expect('polluted' in {}).toBe(false)
    expect(joined).toBeGreaterThan(150)
    // The requests reach every kind of answer: fuzz that only sees 404 would prove little.
    for (const status of [200, 400, 401, 404, 409, 429]) expect([status, (statuses.get(status) ?? 0) > 5]).toEqual([status, true])
  })
})
