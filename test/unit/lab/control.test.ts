import { Agent, Client, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import { type Lab, startLab } from '../../../src/lab/server.ts'

let lab: Lab
let room: string
beforeAll(async () => {
  lab = await startLab()
  const people = [
    { name: 'Ada', camera: 'off' },
    { name: 'Bo', camera: 'off', joinAfterMs: 60_000 },
  ]
  room = (await ask('POST', '/rooms', { platform: 'meet', people, speech: 'none' })).body.id
})
afterAll(() => lab.close())

// biome-ignore lint/suspicious/noExplicitAny: answers are checked by what they hold
async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${lab.controlUrl}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await answer.text()
  return {
    status: answer.status,
    body:
      path.includes('/truth') && answer.ok
        ? text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : JSON.parse(text),
  }
}

describe('the control API', () => {
  it('opens a room with its addresses', async () => {
    const { status, body } = await ask('POST', '/rooms', { platform: 'meet' })
    expect(status).toBe(201)
    expect(body.url).toMatch(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/)
    for (const url of Object.values(body.urls)) expect(String(url)).toContain(body.id)
  })

  it.each([
    ['an unknown field', { platform: 'meet', no: 1 }, 'no'],
    ['another platform', { platform: 'webex' }, 'platform'],
    ['a platform not built', { platform: 'zoom' }, 'not built yet'],
    ['teams', { platform: 'teams' }, 'not built yet'],
    ['a passcode', { platform: 'meet', passcode: '1' }, 'no passcodes'],
    ['a misspelt trap', { platform: 'meet', traps: ['late-loby'] }, 'traps'],
    ['an unknown voice', { platform: 'meet', people: [{ name: 'A', voice: 'nobody' }] }, 'voice'],
    ['a turn of nobody', { platform: 'meet', speech: [{ name: 'A', atMs: 0, hz: 440 }] }, 'nobody is called'],
    [
      'a person who leaves before they come',
      { platform: 'meet', people: [{ name: 'A', joinAfterMs: 9, leaveAfterMs: 5 }] },
      'leaveAfterMs',
    ],
    ['other classes', { platform: 'meet', classes: 'none' }, 'classes'],
  ])('refuses %s with 400 and says what', async (_, plan, says) => {
    const { status, body } = await ask('POST', '/rooms', plan)
    expect({ status, error: typeof body.error }).toEqual({ status: 400, error: 'string' })
    expect(body.message).toContain(says)
  })

  it.each([
    ['POST', '/popup', { kind: 'nothing' }],
    ['POST', '/network', { lossPct: 101 }],
    ['POST', '/network', { loss: 1 }],
    ['POST', '/chat', { from: 'Nobody', text: 'hi' }],
    ['POST', '/wait', { timeoutMs: 1 }],
    ['POST', '/wait', { state: 'admitted', timeoutMs: 1 }],
    ['POST', '/wait', { type: 'state' }],
    ['POST', '/wait', { type: 'state', since: -1, timeoutMs: 1 }],
    ['POST', '/admit', { who: 'v1' }],
    ['POST', '/people', { voice: 'jfk' }],
    ['POST', '/people/Ada/say', { voice: 'jfk', hz: 440 }],
    ['POST', '/people/Ada/say', {}],
    ['POST', '/people/Bo/say', { hz: 440 }],
    ['PATCH', '/people/Ada', { mute: true }],
    ['GET', '/truth?since=x', undefined],
  ])('refuses %s %s %j with 400', async (method, path, body) => {
    expect((await ask(method, `/rooms/${room}${path}`, body)).status).toBe(400)
  })

  it.each([
    ['GET', '/rooms/abc-defg-hij'],
    ['POST', '/rooms/abc-defg-hij/admit'],
    ['GET', '/nothing'],
    ['GET', '/rooms'],
  ])('answers %s %s with 404', async (method, path) => {
    expect((await ask(method, path)).status).toBe(404)
  })

  it('tells that nothing happened in time with 408', async () => {
    expect((await ask('POST', `/rooms/${room}/wait`, { state: 'in_call', timeoutMs: 5 })).status).toBe(408)
  })

  it('waits for what comes after the events a client has read, and not for what has been', async () => {
    const hears = (name: string) => ask('POST', `/rooms/${room}/chat`, { from: 'Ada', text: name })
    await hears('one')
    const { events } = (await ask('GET', `/rooms/${room}`)).body
    const wait = (more: object) => ask('POST', `/rooms/${room}/wait`, { type: 'chat', timeoutMs: 5, ...more })
    expect((await wait({})).body.text).toBe('one')
    expect((await wait({ since: events })).status).toBe(408)
    const waiting = wait({ since: events, timeoutMs: 5_000 })
    await hears('two')
    await hears('three')
    expect((await waiting).body.text).toBe('two')
    expect((await wait({ since: events })).body.text).toBe('two')
    expect((await wait({})).body.text).toBe('three')
  })

  it('gives the truth as lines with no empty one at the end, so that a program may split at line ends', async () => {
    const answer = await fetch(`${lab.controlUrl}/rooms/${room}/truth`)
    const lines = (await answer.text()).split('\n').map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ type: 'room', wallMs: expect.any(Number) })
  })

  it('lists every field of a room, and which of them the lab invents', async () => {
    const { fields } = (await ask('GET', '/catalogue')).body.meet
    expect(fields.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(roomSchema.shape).sort())
    expect(fields.filter(({ sourced }: { sourced: boolean }) => !sourced).map(({ name }: { name: string }) => name)).toEqual([
      'noAnswerAfterMs',
      'rosterLagMs',
      'seed',
    ])
  })

  it('changes people, and the truth says so', async () => {
    const before = (await ask('GET', `/rooms/${room}`)).body.events
    await ask('PATCH', `/rooms/${room}/people/Ada`, { name: 'Ada L', muted: true })
    expect((await ask('GET', `/rooms/${room}`)).body.people).toMatchObject([{ name: 'Ada L', muted: true, camera: false, sharing: false }])
    const said = (await ask('GET', `/rooms/${room}/truth?since=${before}`)).body
    expect(said.map(({ change }: { change: string }) => change)).toEqual(['renamed', 'muted'])
    expect((await ask('POST', `/rooms/${room}/people/Ada%20L/say`, { hz: 440 })).status).toBe(400)
    await ask('PATCH', `/rooms/${room}/people/Ada%20L`, { name: 'Ada', muted: false })
  })

  it('knows nobody any more who has left', async () => {
    await ask('POST', `/rooms/${room}/people`, { name: 'Zed', camera: 'off' })
    expect((await ask('DELETE', `/rooms/${room}/people/Zed`)).status).toBe(200)
    for (const [method, body] of [['DELETE'], ['PATCH', { muted: true }]] as const)
      expect(await ask(method, `/rooms/${room}/people/Zed`, body)).toMatchObject({ status: 404, body: { message: 'Zed has left' } })
  })

  it('keeps two people of one name apart by their ids', async () => {
    const twins = await Promise.all([1, 2].map(() => ask('POST', `/rooms/${room}/people`, { name: 'Sam', camera: 'off' })))
    const [first, second] = twins.map(({ body }) => body.id)
    expect(first).not.toBe(second)
    expect((await ask('DELETE', `/rooms/${room}/people/${encodeURIComponent(second)}`)).status).toBe(200)
    const left = (await ask('GET', `/rooms/${room}`)).body.people.filter(({ name }: { name: string }) => name === 'Sam')
    expect(left.map(({ id }: { id: string }) => id)).toEqual([first])
  })

  it('marks every skin, trap, popup and locale as sourced or invented', async () => {
    const { skins, traps, popups, locales } = (await ask('GET', '/catalogue')).body.meet
    for (const row of [...skins, ...traps, ...popups, ...locales]) expect(typeof row.sourced, JSON.stringify(row)).toBe('boolean')
  })
})

it('tells of a visitor who was sent to sign in before seeing the page', async () => {
  const away = await lab.room({ platform: 'meet', traps: ['sign-in'] })
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  await request(`https://127.0.0.1:${lab.httpsPort}/${away.id}`, { dispatcher, headers: { host: 'meet.google.com' } })
  await dispatcher.close()
  const { body } = await ask('GET', `/rooms/${away.id}`)
  expect(body.visitors).toMatchObject([{ state: 'sign_in', page: 'closed' }])
})

it.each([
  [[], 0],
  [['device-judged'], 1],
])('answers the knock’s call for a device, in a room with %j with field 36 = %i', async (traps, judged) => {
  const { id, space } = await lab.room({ platform: 'meet', traps } as never)
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  const asks = (body: string) =>
    request(`https://127.0.0.1:${lab.httpsPort}/$rpc/google.rtc.meetings.v1.MeetingDeviceService/CreateMeetingDevice`, {
      dispatcher,
      method: 'POST',
      headers: { host: 'meet.google.com' },
      body,
    })
  const answer = Buffer.from(await (await asks(`/${id}`)).body.text(), 'base64')
  expect(answer.toString('latin1')).toContain(`spaces/${space}`)
  expect([...answer.subarray(-3)]).toEqual([0xa0, 0x02, judged]) // 36 * 8 as a varint
  const unknown = await asks('/nothing')
  await unknown.body.dump()
  expect(unknown.statusCode).toBe(404)
  await dispatcher.close()
})

it.each([
  ['an address without a host', '//', 'meet.google.com'],
  ['a host that is none', '/abc-defg-hij', 'no host'],
])('refuses %s with 400, and goes on', async (_, path, host) => {
  const client = new Client(`https://127.0.0.1:${lab.httpsPort}`, { connect: { rejectUnauthorized: false } })
  const asks = async (asked: { path: string; headers: { host: string } }) => {
    const { statusCode, body } = await client.request({ method: 'GET', ...asked })
    await body.dump()
    return statusCode
  }
  expect(await asks({ path, headers: { host } })).toBe(400)
  expect(await asks({ path: '/abc-defg-hij', headers: { host: 'meet.google.com' } })).toBe(200)
  await client.close()
})

it('refuses what is no address on its own port too', async () => {
  const client = new Client(lab.controlUrl)
  const { statusCode, body } = await client.request({ method: 'GET', path: '//' })
  expect([statusCode, await body.json()]).toEqual([400, { error: 'ValidationError', message: '"//" is no address' }])
  await client.close()
})

it('knows nothing of a room that was closed, and lets nobody speak in one whose meeting is over', async () => {
  const gone = await lab.room({ platform: 'meet', people: [{ name: 'Ada', camera: 'off' }] })
  expect((await ask('POST', `/rooms/${gone.id}/end`, {})).status).toBe(200)
  expect(await ask('POST', `/rooms/${gone.id}/people/Ada/say`, { hz: 440 })).toMatchObject({
    status: 400,
    body: { message: 'The meeting is over' },
  })
  await gone.close()
  expect((await ask('GET', `/rooms/${gone.id}`)).status).toBe(404)
})
