import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BotError } from '../../src/core/errors.ts'
import { type Ask, Client, KEY, letters, MEETING, NOBODY, OTHER_KEY } from './http-client.ts'
import { MOUNTS, type Mounted } from './mounts.ts'
import { StoredEngine } from './stored-engine.ts'

const JOIN = { meeting_url: MEETING, bot_name: 'Notes' }
const QUIET = { requestsPerMinute: 1_000_000, failuresPerMinute: 1_000_000 }

type Row = [rule: string, method: string, path: string, ask: Ask, status: number, error: string]

/** Every refusal that needs no bot of its own. */
// biome-ignore format: a table
const REFUSALS: readonly Row[] = [
  ['no key',                          'GET',    '/bots/bots_with_metadata', { key: null }, 401, 'InvalidApiKey'],
  ['an empty key',                    'GET',    '/bots/bots_with_metadata', { key: '' }, 401, 'InvalidApiKey'],
  ['an unknown key',                  'POST',   '/bots/', { key: 'no such key', body: JOIN }, 401, 'InvalidApiKey'],
  ['a key as a bearer token',         'GET',    '/bots/bots_with_metadata', { key: null, headers: { authorization: `Bearer ${KEY}` } }, 401, 'InvalidApiKey'],
  ['a bad id without a key',          'GET',    '/bots/42', { key: null }, 401, 'InvalidApiKey'],
  ['an unknown route',                'GET',    '/nothing/here', {}, 404, 'NotFound'],
  ['the root of the collection read', 'GET',    '/bots/', {}, 404, 'NotFound'],
  ['a method a route does not have',  'PUT',    `/bots/${NOBODY}`, { body: {} }, 404, 'NotFound'],
  ['OPTIONS',                         'OPTIONS', '/bots/', {}, 404, 'NotFound'],
  ['a path with empty parts',         'GET',    '/bots//meeting_data', {}, 404, 'NotFound'],
  ['calendars',                       'GET',    '/calendars/', {}, 404, 'NotFound'],
  ['calendar events',                 'POST',   `/calendar_events/${NOBODY}/bot`, { body: {} }, 404, 'NotFound'],
  ['Zoom OAuth',                      'GET',    '/zoom_oauth_connections/', {}, 404, 'NotFound'],
  ['join without a body',             'POST',   '/bots/', {}, 400, 'ValidationError'],
  ['join with a list',                'POST',   '/bots/', { body: [] }, 400, 'ValidationError'],
  ['join without a name',             'POST',   '/bots/', { body: { meeting_url: MEETING } }, 400, 'ValidationError'],
  ['join with a blank name',          'POST',   '/bots/', { body: { ...JOIN, bot_name: ' ' } }, 400, 'ValidationError'],
  ['join with an unknown field',      'POST',   '/bots/', { body: { ...JOIN, colour: 'red' } }, 400, 'ValidationError'],
  ['reserved that is no boolean',     'POST',   '/bots/', { body: { ...JOIN, reserved: 'true' } }, 400, 'ValidationError'],
  ['a negative start_time',           'POST',   '/bots/', { body: { ...JOIN, start_time: -1 } }, 400, 'ValidationError'],
  ['a start_time with a fraction',    'POST',   '/bots/', { body: { ...JOIN, start_time: 1.5 } }, 400, 'ValidationError'],
  ['an unknown recording_mode',       'POST',   '/bots/', { body: { ...JOIN, recording_mode: 'grid' } }, 400, 'ValidationError'],
  ['a provider in small letters',     'POST',   '/bots/', { body: { ...JOIN, speech_to_text: 'gladia' } }, 400, 'ValidationError'],
  ['Gladia without its key',          'POST',   '/bots/', { body: { ...JOIN, speech_to_text: { provider: 'Gladia' } } }, 400, 'ValidationError'],
  ['speech to text before it exists', 'POST',   '/bots/', { body: { ...JOIN, speech_to_text: 'Default' } }, 400, 'ValidationError'],
  ['a timeout with a fraction',       'POST',   '/bots/', { body: { ...JOIN, automatic_leave: { silence_timeout: 0.5 } } }, 400, 'ValidationError'],
  ['a webhook_url of another scheme', 'POST',   '/bots/', { body: { ...JOIN, webhook_url: 'ftp://x.test' } }, 400, 'ValidationError'],
  ['a stream that is no ws URL',      'POST',   '/bots/', { body: { ...JOIN, streaming: { output: 'http://x.test' } } }, 400, 'ValidationError'],
  ['an unknown audio_frequency',      'POST',   '/bots/', { body: { ...JOIN, streaming: { audio_frequency: '48khz' } } }, 400, 'ValidationError'],
  ['a Zoom id without its secret',    'POST',   '/bots/', { body: { ...JOIN, zoom_sdk_id: 'id' } }, 400, 'ValidationError'],
  ['text with U+0000',                'POST',   '/bots/', { body: { ...JOIN, extra: { a: ['x\0'] } } }, 400, 'ValidationError'],
  ['a URL of no meeting platform',    'POST',   '/bots/', { body: { ...JOIN, meeting_url: 'https://example.com/abc' } }, 400, 'InvalidMeetingUrl'],
  ['a meeting_url that is no URL',    'POST',   '/bots/', { body: { ...JOIN, meeting_url: 'tomorrow at ten' } }, 400, 'InvalidMeetingUrl'],
  ['a bot id that is no UUID',        'GET',    '/bots/42', {}, 400, 'ValidationError'],
  ['leave with a bad id',             'DELETE', '/bots/meeting_data', {}, 400, 'ValidationError'],
  ['meeting data without a bot',      'GET',    '/bots/meeting_data', {}, 400, 'ValidationError'],
  ['meeting data with a bad id',      'GET',    '/bots/meeting_data?bot_id=1', {}, 400, 'ValidationError'],
  ['a flag that is no boolean',       'GET',    `/bots/meeting_data?bot_id=${NOBODY}&include_transcripts=yes`, {}, 400, 'ValidationError'],
  ['a limit of 0',                    'GET',    '/bots/bots_with_metadata?limit=0', {}, 400, 'ValidationError'],
  ['a limit of 51',                   'GET',    '/bots/bots_with_metadata?limit=51', {}, 400, 'ValidationError'],
  ['a cursor we did not make',        'GET',    '/bots/bots_with_metadata?cursor=garbage', {}, 400, 'ValidationError'],
  ['a date that is none',             'GET',    '/bots/bots_with_metadata?created_after=yesterday', {}, 400, 'ValidationError'],
  ['a filter without a colon',        'GET',    '/bots/bots_with_metadata?filter_by_extra=team', {}, 400, 'ValidationError'],
  ['a sort direction that is none',   'GET',    '/bots/bots_with_metadata?sort_by_extra=team:up', {}, 400, 'ValidationError'],
  ['a query value given twice',       'GET',    '/bots/bots_with_metadata?limit=1&limit=2', {}, 400, 'ValidationError'],
  ['an unknown bot',                  'GET',    `/bots/${NOBODY}`, {}, 404, 'BotNotFound'],
  ['leaving an unknown bot',          'DELETE', `/bots/${NOBODY}`, {}, 404, 'BotNotFound'],
  ['data of an unknown bot',          'GET',    `/bots/meeting_data?bot_id=${NOBODY}`, {}, 404, 'BotNotFound'],
  ['pictures of an unknown bot',      'GET',    `/bots/${NOBODY}/screenshots`, {}, 404, 'BotNotFound'],
  ['retranscribe without a bot',      'POST',   '/bots/retranscribe', { body: {} }, 400, 'ValidationError'],
  ['retranscribe an unknown bot',     'POST',   '/bots/retranscribe', { body: { bot_uuid: NOBODY } }, 404, 'BotNotFound'],
  ['resending an unknown event',      'POST',   `/bots/${NOBODY}/webhooks/1/resend`, {}, 404, 'NotFound'],
  ['resending event 0',               'POST',   `/bots/${NOBODY}/webhooks/0/resend`, {}, 400, 'ValidationError'],
  ['an account webhook without URL',  'POST',   '/accounts/webhook_url', { body: {} }, 400, 'ValidationError'],
  ['an account webhook that is none', 'POST',   '/accounts/webhook_url', { body: { webhook_url: 'here' } }, 400, 'ValidationError'],
  ['metrics without a key',           'GET',    '/metrics', { key: null }, 401, 'InvalidApiKey'],
]

/** Bodies that are not JSON: a host with a parser of its own answers these before us. */
// biome-ignore format: a table
const NOT_JSON: readonly [rule: string, raw: string | Uint8Array<ArrayBuffer>][] = [
  ['cut off', '{"meeting_url": '],
  ['a bare word', 'hello'],
  ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ['nested without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['deeper than 64', `{"extra": ${'['.repeat(70)}${']'.repeat(70)}}`],
]

const PLACES = MOUNTS.flatMap((mount) => ['', '/meetings/v1'].map((prefix) => ({ mount, prefix, name: `${mount.name} at "${prefix}"` })))

describe.each(PLACES)('$name', ({ mount, prefix }) => {
  let engine: StoredEngine
  let mounted: Mounted
  let client: Client
  beforeAll(async () => {
    engine = new StoredEngine([KEY, OTHER_KEY])
    mounted = await mount.start(engine, { prefix, ...QUIET })
    client = await Client.of(mounted)
    await engine.account(KEY)
    await engine.account(OTHER_KEY)
  })
  afterAll(() => mounted.close())

  it.each(REFUSALS)('refuses %s and keeps nothing of it', async (_rule, method, path, ask, status, error) => {
    const before = await engine.footprint()
    const answer = await client.ask(method, path, ask)
    expect([answer.status, answer.body.error]).toEqual([status, error])
    expect(await engine.footprint()).toBe(before)
  })

  it.skipIf(mount.hostParsesJson).each(NOT_JSON)('refuses a body that is %s', async (_rule, raw) => {
    const answer = await client.ask('POST', '/bots/', { raw })
    expect([answer.status, answer.body.error]).toEqual([400, 'ValidationError'])
  })

  it('names the field in a refusal, and never its value', async () => {
    const body = { ...JOIN, zoom_sdk_pwd: 'geheim', speech_to_text: { provider: 'Runpod', api_key: 7 } }
    const answer = await client.ask('POST', '/bots/', { body })
    expect(answer.body.details.field).toBe('speech_to_text')
    expect(JSON.stringify(answer.body)).not.toContain('geheim')
    const unsupported = await client.ask('POST', '/bots/', { body: { ...JOIN, speech_to_text: 'Default' } })
    expect(unsupported.body.details.field).toBe('speech_to_text')
  })

  it.each(['/bots/', '/bots'])('joins at %s and answers a UUID', async (path) => {
    const meeting_url = `https://meet.google.com/${letters(3)}-${letters(4)}-${letters(3)}`
    const { status, body } = await client.ask('POST', path, { body: { ...JOIN, meeting_url } })
    expect([status, Object.keys(body)]).toEqual([200, ['bot_id']])
  })

  it.each(['', '/'])('serves every read with "%s" at the end', async (end) => {
    const uuid = await client.bot()
    for (const path of [`/bots/${uuid}`, `/bots/${uuid}/screenshots`, '/bots/webhooks', '/bots/webhooks/bot', '/bots/webhooks/calendar'])
      expect([path, (await client.ask('GET', `${path}${end}`)).status]).toEqual([path, 200])
    for (const path of [`/bots/meeting_data${end}?bot_id=${uuid}`, `/bots/bots_with_metadata${end}?limit=1`, `/accounts/webhook_url${end}`])
      expect([path, (await client.ask('GET', path)).status]).toEqual([path, 200])
  })

  it('takes the key from either header', async () => {
    const { status } = await client.ask('GET', '/bots/bots_with_metadata', { key: null, headers: { 'x-spoke-api-key': KEY } })
    expect(status).toBe(200)
  })

  it('echoes a bot in the words of the contract, without its secrets', async () => {
    const uuid = await client.bot({
      reserved: true,
      start_time: null,
      recording_mode: 'audio_only',
      entry_message: 'hello',
      automatic_leave: { waiting_room_timeout: 120, noone_joined_timeout: null, silence_timeout: 300 },
      streaming: { output: 'wss://x.test/out', audio_frequency: '24khz' },
      webhook_url: 'https://x.test/hook',
      deduplication_key: 'k',
      extra: { team: 'sales', deep: [1, null, { a: true }] },
      zoom_sdk_id: 'id',
      zoom_sdk_pwd: 'geheim',
      zoom_obf_token: 'geheim',
    })
    const { body } = await client.ask('GET', `/bots/${uuid}`)
    expect(JSON.stringify(body)).not.toContain('geheim')
    expect(body.bot).toMatchObject({ uuid, reserved: true, is_stopped: false, mp4_s3_path: '', ended_at: null, errors: null })
    expect(body.params).toMatchObject({
      bot_name: 'Notes',
      enter_message: 'hello',
      waiting_room_timeout: 120,
      noone_joined_timeout: null,
      streaming_input: null,
      streaming_output: 'wss://x.test/out',
      streaming_audio_frequency: '24khz',
      recording_mode: 'audio_only',
      webhook_url: 'https://x.test/hook',
      extra: { team: 'sales', deep: [1, null, { a: true }] },
      transcription_custom_parameters: null,
      zoom_sdk_id: 'id',
      zoom_sdk_pwd: null,
      zoom_obf_token: null,
    })
    expect(body.status).toEqual({ code: 'joining_call', created_at: body.bot.created_at })
    expect(body.duration).toBe(0)
    const data = await client.ask('GET', `/bots/meeting_data?bot_id=${uuid}`)
    expect(data.body.bot_data.bot).toMatchObject({ ...body.bot, ...body.params, silence_timeout: 300 })
  })

  it.each([
    ['seconds', 1_900_000_000],
    ['milliseconds', 1_900_000_000_000],
  ])('reads a start_time in %s', async (_unit, start_time) => {
    const uuid = await client.bot({ start_time })
    expect((await engine.store.get(uuid))?.joinAt).toBe(1_900_000_000_000)
  })

  it('gives a recorded bot its links, times and names', async () => {
    const uuid = await client.bot()
    await engine.recorded(uuid)
    const { body: data } = await client.ask('GET', `/bots/meeting_data?bot_id=${uuid.toUpperCase()}&include_transcripts=false`)
    expect(data).toMatchObject({
      mp4: `https://files.test/${uuid}/recording.mp4?signature=s`,
      audio: `https://files.test/${uuid}/recording.wav?signature=s`,
      speaker_diarization_file: '',
      speaker_diarization_file_network: '',
      meeting_participants_file: '',
      duration: 60,
      bot_data: { event_uuid: null, transcripts: [], bot: { mp4_s3_path: `${uuid}/recording.mp4` } },
    })
    const { body: details } = await client.ask('GET', `/bots/${uuid}`)
    expect(details).toMatchObject({
      status: { code: 'call_ended', created_at: '2026-11-25T10:01:01.000Z' },
      ending: { outcome: 'completed', reason: 'everyone_left' },
      participants: ['Ada'],
      speakers: ['Ada'],
      bot: { bot_joined_at: '2026-11-25T10:00:00.000Z', ended_at: '2026-11-25T10:01:01.400Z' },
    })
    const { body: shots } = await client.ask('GET', `/bots/${uuid}/screenshots`)
    expect(shots).toEqual(
      ['in_call_recording', 'call_ended'].map((status) => ({
        date: status === 'call_ended' ? '2026-11-25T10:01:01.000Z' : '2026-11-25T10:00:00.000Z',
        url: `https://files.test/${uuid}/${status}.jpg?signature=s`,
      })),
    )
  })

  it('leaves once: repeating it is fine and changes nothing', async () => {
    const uuid = await client.bot()
    expect((await client.ask('DELETE', `/bots/${uuid}`)).body).toEqual({ ok: true })
    const after = await engine.footprint()
    expect((await client.ask('DELETE', `/bots/${uuid}`)).body).toEqual({ ok: true })
    expect(await engine.footprint()).toBe(after)
    expect((await client.ask('GET', `/bots/${uuid}`)).body).toMatchObject({
      bot: { is_stopped: true, errors: 'CannotJoinMeeting' },
      status: { code: 'call_ended' },
      ending: { reason: 'LEFT_BEFORE_RECORDING', responsible: 'caller' },
    })
  })

  it('deletes data once, then says that nothing is left', async () => {
    const uuid = await client.bot()
    const remove = () => client.ask('POST', `/bots/${uuid}/delete_data`, { key: KEY })
    expect((await remove()).body).toEqual({ ok: true, status: 'noDataFound' })
    await engine.recorded(uuid)
    expect((await remove()).body).toEqual({ ok: true, status: 'deleted' })
    expect((await remove()).body).toEqual({ ok: true, status: 'alreadyDeleted' })
    const { body } = await client.ask('GET', `/bots/meeting_data?bot_id=${uuid}`)
    expect([body.mp4, body.audio, body.bot_data.bot.uuid]).toEqual(['', '', uuid])
    const states = [(await remove()).status, (await remove()).status]
    expect(states).toEqual([200, 200])
    const refused = await remove()
    expect([refused.status, refused.body.error]).toEqual([429, 'TooManyRequests'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it.each([
    ['unavailable', 403, 'Forbidden'],
    ['no_audio', 409, 'Conflict'],
    ['accepted', 202, undefined],
  ] as const)('answers retranscribe "%s" with %i', async (retranscription, status, error) => {
    const uuid = await client.bot()
    engine.says = { retranscription }
    const answer = await client.ask('POST', '/bots/retranscribe', { body: { bot_uuid: uuid, speech_to_text: null } })
    engine.says = {}
    expect([answer.status, answer.body.error]).toEqual([status, error])
  })

  it.each([
    ['CAPACITY', 429, 'TooManyRequests'],
    ['CONFIG_INVALID', 400, 'ValidationError'],
    ['INTERNAL', 500, 'InternalError'],
  ] as const)('says %s of the engine as %i', async (code, status, error) => {
    engine.says = { create: new BotError(code, 'webhookUrl: secret place', { details: { field: 'webhookUrl' } }) }
    const answer = await client.ask('POST', '/bots/', { body: JOIN })
    engine.says = {}
    expect([answer.status, answer.body.error]).toEqual([status, error])
    expect(answer.headers.has('retry-after')).toBe(status === 429)
    expect(answer.body.details?.field).toBe(status === 400 ? 'webhook_url' : undefined)
    if (status === 500) expect(answer.body.message).not.toContain('secret')
  })

  it('says busy files as 409', async () => {
    const uuid = await client.bot({}, OTHER_KEY)
    engine.says = { deletion: 'busy' }
    const answer = await client.ask('POST', `/bots/${uuid}/delete_data`, { key: OTHER_KEY })
    engine.says = {}
    expect([answer.status, answer.body.error]).toEqual([409, 'Conflict'])
  })

  it("answers another account's bot as unknown, everywhere", async () => {
    const uuid = await client.bot()
    await engine.recorded(uuid)
    const key = OTHER_KEY
    const answers = await Promise.all([
      client.ask('GET', `/bots/${uuid}`, { key }),
      client.ask('DELETE', `/bots/${uuid}`, { key }),
      client.ask('GET', `/bots/meeting_data?bot_id=${uuid}`, { key }),
      client.ask('GET', `/bots/${uuid}/screenshots`, { key }),
      client.ask('POST', '/bots/retranscribe', { key, body: { bot_uuid: uuid } }),
      client.ask('POST', `/bots/${uuid}/webhooks/1/resend`, { key }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404])
    const { body } = await client.ask('GET', '/bots/bots_with_metadata?limit=50', { key })
    expect(body.bots.map((bot: { uuid: string }) => bot.uuid)).not.toContain(uuid)
  })

  it('keeps an account webhook for each key', async () => {
    const webhook_url = 'https://x.test/account?a=1'
    await client.ask('POST', '/accounts/webhook_url/', { body: { webhook_url } })
    expect((await client.ask('GET', '/accounts/webhook_url')).body).toEqual({ webhook_url })
    expect((await client.ask('GET', '/accounts/webhook_url', { key: OTHER_KEY })).body).toEqual({ webhook_url: null })
    await client.ask('POST', '/accounts/webhook_url', { body: { webhook_url: null } })
    expect((await client.ask('GET', '/accounts/webhook_url')).body).toEqual({ webhook_url: null })
  })

  it('shows dead letters and sends one again under its own id', async () => {
    const uuid = await client.bot()
    await engine.recorded(uuid)
    const key = { botUuid: uuid, sequence: 1 }
    await engine.store.outbox.settle(key, { at: Date.now(), durationMs: 5, status: 500, error: null }, { state: 'dead' })
    const { body } = await client.ask('GET', '/bots/webhooks/dead_letters')
    expect(body.dead_letters).toMatchObject([{ webhook_id: `${uuid}.1`, event: 'complete', attempts: 1 }])
    expect((await client.ask('POST', `/bots/${uuid}/webhooks/1/resend`)).body).toEqual({ ok: true })
    expect((await client.ask('GET', '/bots/webhooks/dead_letters')).body.dead_letters).toEqual([])
  })

  it('lets exactly one of 100 parallel duplicates win', async () => {
    const meeting_url = `https://meet.google.com/${letters(3)}-${letters(4)}-${letters(3)}`
    const body = { ...JOIN, meeting_url }
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.ask('POST', '/bots/', { body })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status, body: { error } }) => status === 409 && error === 'BotAlreadyExists')).toHaveLength(99)
    expect((await client.ask('POST', '/bots/', { body: { ...body, deduplication_key: 'again' } })).status).toBe(200)
  })

  it('filters, sorts and pages the list while bots are added', async () => {
    const tag = letters(8)
    const uuids: string[] = []
    for (const at of [1, 2, 3, 4]) uuids.push(await client.bot({ bot_name: `Page ${at}`, extra: { tag, at: `${at}` } }))
    const list = (query: string) => client.ask('GET', `/bots/bots_with_metadata?filter_by_extra=tag:${tag}&${query}`)
    const first = await list('limit=2')
    expect(first.body.bots.map((bot: { uuid: string }) => bot.uuid)).toEqual([uuids[3], uuids[2]])
    expect(first.body.recent_bots).toEqual(first.body.bots)
    await client.bot({ extra: { tag } })
    const second = await list(`limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`)
    expect(second.body.bots.map((bot: { uuid: string }) => bot.uuid)).toEqual([uuids[1], uuids[0]])
    const named = await list('bot_name=page+2')
    expect(named.body.bots.map((bot: { uuid: string }) => bot.uuid)).toEqual([uuids[1]])
    const sorted = await list('sort_by_extra=at:desc&limit=50')
    expect(sorted.body.bots.slice(0, 4).map((bot: { uuid: string }) => bot.uuid)).toEqual([...uuids].reverse())
    const times = await list('created_after=2023-05-01T00:00:00+02:00&created_before=2023-05-31T23:59:59')
    expect(times.body.bots).toEqual([])
  })

  it('gives the request id back, and ignores a hostile one', async () => {
    const given = await client.ask('GET', '/health', { headers: { 'x-request-id': 'trace-1' } })
    expect(given.headers.get('x-request-id')).toBe('trace-1')
    const hostile = await client.ask('GET', '/health', { headers: { 'x-request-id': '<script>' } })
    expect(hostile.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('answers HEAD as GET without a body', async () => {
    const response = await mounted.fetch(`${mounted.base}/bots/webhooks`, { method: 'HEAD', headers: { 'x-meeting-baas-api-key': KEY } })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('counts requests by route in /metrics, never by id', async () => {
    await client.ask('GET', `/bots/${NOBODY}`)
    const response = await mounted.fetch(`${mounted.base}/metrics`, { headers: { 'x-meeting-baas-api-key': KEY } })
    const text = await response.text()
    expect(text).toMatch(/remora_http_requests_total\{method="GET",route="\/bots\/\{uuid\}",status="404"\} \d/)
    expect(text).toMatch(/remora_bots\{kind="waiting"\} \d/)
    expect(text).not.toContain(NOBODY)
  })
})
