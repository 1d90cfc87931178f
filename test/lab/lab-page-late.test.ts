// What reaches a page before or after the moment it is meant for, looked at by a plain browser and not by our bot.
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Actor } from '../../src/lab/crowd.ts'
import { ROSTER } from '../../src/lab/skins/meet/rpc.ts'
import { type Guest, openPageBed, type PageBed } from './page-bed.ts'

let bed: PageBed
beforeAll(async () => {
  bed = await openPageBed()
})
afterAll(() => bed.close())

const open = (plan: Record<string, unknown>) => bed.visit({ skin: 'simple', traps: ['lobby-host-admits'], ...plan })
const said = ({ page }: Guest, text: string) => page.getByText(text, { exact: true }).first().waitFor()
const ADMITS = 'Please wait until a meeting host admits you to the call'

describe.concurrent('a host who comes', () => {
  it('before the knock is not waited for any more', async () => {
    await using guest = await open({ hostStarted: false })
    await guest.typeName()
    guest.room.startHost()
    await guest.cta.click()
    await said(guest, ADMITS)
  })

  it('while one reads that nobody answered is not waited for at the next knock', async () => {
    await using guest = await open({ hostStarted: false })
    await guest.knock()
    await said(guest, 'Waiting for the host to join')
    guest.host('ignore')
    await guest.told({ state: 'no_answer' })
    guest.room.startHost()
    await guest.page.getByText('Ask to join again').click()
    await said(guest, ADMITS)
  })

  it('lets in at once who waits in a room without a lobby', async () => {
    await using guest = await open({ hostStarted: false, lobby: false })
    await guest.knock()
    await said(guest, 'Waiting for the host to join')
    guest.room.startHost()
    await guest.told({ state: 'in_call' })
  })
})

describe.concurrent('in the call', () => {
  it('the roster over HTTP is asked for again when it tells that somebody left', async ({ expect }) => {
    await using guest = await open({ lobby: false, people: [{ name: 'Ada', camera: 'off' }], rosterLagMs: 1_500 })
    const rosters: string[] = []
    guest.page.on('response', async (answer) => {
      if (answer.url().endsWith(ROSTER)) rosters.push(Buffer.from(await answer.text(), 'base64').toString('latin1'))
    })
    /** What the latest says of Ada, in field 4 after her picture: 1 = in, 6 = out. */
    const status = () => /\/a\/100 (.)/s.exec(rosters.at(-1) ?? '')?.[1]?.charCodeAt(0)
    await guest.knock()
    await expect.poll(status).toBe(1)
    const asked = rosters.length
    guest.room.setPresent(guest.room.actors[0] as Actor, false)
    await expect.poll(() => rosters.length).toBeGreaterThan(asked)
    expect(status()).toBe(1)
    await expect.poll(status, { timeout: 5_000 }).toBe(6)
  })

  it('somebody who speaks evenly has a lively meter for who comes later', async () => {
    await using guest = await open({ lobby: false, people: [{ name: 'Ada', camera: 'off', voice: { hz: 440 } }] })
    await guest.page.locator('input[jsname="YPqjbf"]').waitFor()
    await guest.room.say('Ada', { ms: 30_000 })
    await guest.told({ type: 'speaking', name: 'Ada', on: true })
    await guest.knock()
    const [ada] = guest.room.actors
    const meter = guest.page.locator(`.oZRSLe[data-participant-id="${ada?.id}"] [jsname="QgSmzd"]:not(.gjg47c)`)
    await meter.first().waitFor({ state: 'attached' })
    await guest.page.locator(`.kssMZb .oZRSLe[data-participant-id="${ada?.id}"]`).waitFor({ state: 'attached' })
  })
})

it('a knock at a room that was closed since the page was loaded finds no meeting', async () => {
  await using guest = await open({})
  await guest.typeName()
  await guest.room.close()
  await guest.cta.click()
  await guest.page.locator('[data-startup-code="217"] h1:text-is("Check your meeting code")').waitFor()
})
