// What comes between a visitor and the look-alike's call, and how a call ends; looked at by a plain browser and not by our bot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VisitorState } from '../../src/lab/protocol.ts'
import { type Guest, openPageBed, type PageBed } from './page-bed.ts'

let bed: PageBed
beforeAll(async () => {
  bed = await openPageBed()
})
afterAll(() => bed.close())

const enter = async (guest: Guest) => {
  await guest.knock()
  await guest.told({ state: 'in_call' })
  return guest
}
const open = async (traps: readonly string[] = [], more: Record<string, unknown> = {}) =>
  enter(await bed.visit({ traps, skin: 'simple', lobby: false, ...more }))
const heading = ({ page }: Guest) => page.locator('h1.roSPhc[jsname="r4nke"]').innerText()
const state = ({ room }: Guest) => room.visitors.get('v1')?.state

describe.concurrent('after admission', () => {
  it.each([
    ['recording-consent', 'This video call is being recorded'],
    ['transcription-consent', 'This video call is being transcribed'],
    ['gemini-consent', 'Gemini is taking notes'],
  ])('%s says "%s", and media waits for it', async (trap, text) => {
    await using guest = await open([trap])
    const dialog = guest.page.locator('div[aria-modal="true"][role="dialog"]')
    expect(await dialog.innerText()).toContain(text)
    await guest.told({ type: 'popup', kind: trap })
    const connected = () => guest.room.truth.events.some(({ type }) => type === 'media-connected')
    // The bar's label turns in that time: the call has gone on without media.
    await guest.page.locator('button[aria-label^="Turn on microphone"]').waitFor({ state: 'attached' })
    expect(connected()).toBe(false)
    const ok = dialog.locator('button[data-mdc-dialog-action="ok"]')
    expect(await ok.innerText()).toBe('Join now')
    await ok.click()
    await guest.told({ type: 'click', control: 'consent', trusted: true })
    await guest.told({ type: 'media-connected' })
  })

  it('asks for one consent after the other', async ({ expect }) => {
    await using guest = await open(['recording-consent', 'gemini-consent'])
    for (const left of [1, 0]) {
      await guest.page.locator('button[data-mdc-dialog-action="ok"]').last().click()
      await expect.poll(() => guest.page.locator('button[data-mdc-dialog-action="ok"]').count()).toBe(left)
    }
    await guest.told({ type: 'media-connected' })
  })

  it('can ask a human whether to take notes: whoever presses that has been trapped', async () => {
    await using guest = await open(['take-notes-prompt'])
    const prompt = guest.page.locator('[role="dialog"][aria-label="Take notes for me"]')
    expect(await prompt.getAttribute('aria-modal')).toBe(null)
    await prompt.locator('button').click()
    await guest.told({ type: 'trap', trap: 'take-notes' })
  })

  it('can say in a pill that notes are taken, which asks nothing', async () => {
    await using guest = await open(['gemini-pill'])
    await guest.page.getByText('Gemini is taking notes', { exact: true }).waitFor()
    expect(await guest.page.locator('[role="dialog"]').count()).toBe(0)
  })

  it.each([
    ['got-it', 'Others may see your video differently'],
    ['talking', 'Are you talking? Your mic is off.'],
    ['raised-hand', 'Someone has raised a hand'],
    ['alert', /You[’']ve been removed|Your host ended|Your call is ending soon/],
    ['recording-consent', 'This video call is being recorded'],
  ])('shows the popup %s when the control API says so', async (kind, text) => {
    await using guest = await open()
    const answer = await fetch(`${bed.lab.controlUrl}/rooms/${guest.room.id}/popup`, { method: 'POST', body: JSON.stringify({ kind }) })
    expect(await answer.json()).toEqual({ applied: ['v1'] })
    await guest.page.getByText(text).filter({ visible: true }).first().waitFor()
    await guest.told({ type: 'popup', kind, visitor: 'v1' })
  })

  it('lets nobody raise a hand who is not there', async () => {
    await using guest = await open([], { people: [{ name: 'Zoe', camera: 'off' }] })
    await guest.page.locator(`[data-participant-id="${guest.room.actors[0]?.id}"]`).first().waitFor({ state: 'attached' })
    guest.room.popup('raised-hand')
    await guest.page.getByText('Zoe has raised a hand').waitFor()
  })

  it('has toasts and alerts that are no end', async () => {
    await using guest = await open(['alert-toasts'])
    await guest.page.locator('[role="alert"]').first().waitFor()
    expect(state(guest)).toBe('in_call')
  })
})

describe.concurrent('an end', () => {
  it.each([
    [[], /^You[’']ve been removed from the meeting$/],
    [['removed-old-text'], /^You were removed from the meeting$/],
  ])('by removal with %j says %s', async (traps, says) => {
    await using guest = await open(traps)
    guest.host('remove')
    await guest.told({ state: 'removed' })
    expect(await heading(guest)).toMatch(says)
    expect(await guest.page.locator('[aria-label="Leave call"], [data-participant-id], video').count()).toBe(0)
  })

  it('by removal can be a redirect without a screen', async () => {
    await using guest = await open(['removed-redirect'])
    guest.host('remove')
    await guest.page.waitForURL('https://workspace.google.com/**')
    await guest.told({ state: 'removed' })
  })

  it.each([
    [[], 'Your host ended the meeting for everyone'],
    [['ended-call-ended'], 'The call ended'],
  ])('by the host with %j says "%s"', async (traps, says) => {
    await using guest = await open(traps)
    guest.room.end()
    await guest.told({ state: 'ended' })
    expect(await heading(guest)).toBe(says)
  })

  it('by leaving offers to rejoin, which loads the page again', async () => {
    await using guest = await open()
    await guest.stayAwake()
    await guest.page.locator('button[jsname="CQylAd"]').click()
    await guest.told({ state: 'left' })
    expect(await heading(guest)).toBe('You left the meeting')
    await guest.page.getByText('Submit feedback').waitFor()
    await guest.page.locator('button[jsname="oI7Fj"]').click()
    await guest.cta.waitFor()
  })

  it('is not a network overlay of 5 s, though that has a button of the end screens', async ({ expect }) => {
    await using guest = await open(['reconnect-5s'])
    await guest.told({ state: 'reconnecting' })
    const overlay = guest.page.getByText('You lost your network connection. Trying to reconnect.')
    await overlay.waitFor()
    await guest.page.getByText('Return to home screen').waitFor()
    await overlay.waitFor({ state: 'detached' })
    await expect.poll(() => state(guest)).toBe('in_call')
    const [left, back] = guest.room.truth.events.filter(({ type }) => type === 'state').slice(-2)
    expect(Number(back?.atMs) - Number(left?.atMs)).toBeGreaterThan(4_500)
  })

  it('is a network overlay of 30 s', async () => {
    await using guest = await bed.visit({ traps: ['reconnect-30s'], skin: 'simple' })
    await guest.knock()
    await guest.told({ state: 'knocking' })
    await guest.page.clock.install()
    guest.host('admit')
    await guest.told({ state: 'in_call' })
    await guest.page.clock.runFor(3_100)
    await guest.told({ state: 'reconnecting' })
    await guest.page.clock.runFor(21_000)
    expect(state(guest)).toBe('reconnecting')
    await guest.page.clock.runFor(9_500)
    await guest.told({ state: 'gone' })
    await guest.page.locator('[data-call-ended="true"][data-is-connection-lost="true"]').waitFor()
  })

  it('is a network overlay after which the page says something else, and no word of the connection', async () => {
    await using guest = await open(['lost-without-flag', 'reconnect-5s'])
    await guest.told({ state: 'reconnecting' })
    await guest.told({ state: 'gone' })
    expect(await heading(guest)).toMatch(/^(The call ended|You left the meeting)$/)
    expect(await guest.page.locator('[data-call-ended="true"]').getAttribute('data-is-connection-lost')).toBe('false')
  })

  it('is not a network overlay that is built like an end', async ({ expect }) => {
    await using guest = await open(['overlay-as-end', 'reconnect-5s'])
    await guest.told({ state: 'reconnecting' })
    expect(await heading(guest)).toBe('You lost your network connection. Trying to reconnect.')
    await guest.page.locator('[jsname="WIVZEd"][data-call-ended="true"] button:has-text("Return to home screen")').waitFor()
    expect(await guest.page.locator('[data-participant-id^="spaces/"]').count()).toBe(1)
    await guest.page.locator('h1').waitFor({ state: 'detached' })
    await expect.poll(() => state(guest)).toBe('in_call')
  })

  it.each([
    ['removed', 'Sie wurden aus der Besprechung entfernt', false],
    ['denied', 'Jemand im Anruf hat Ihre Anfrage abgelehnt', true],
  ])('says in German that one was %s', async (wanted, says, lobby) => {
    await using guest = await bed.visit({ skin: 'simple', locale: 'de', lobby })
    await guest.knock()
    await guest.told({ state: lobby ? 'knocking' : 'in_call' })
    guest.host(lobby ? 'deny' : 'remove')
    await guest.told({ state: wanted as VisitorState })
    expect(await heading(guest)).toBe(says)
  })

  it('is not being sent back to the lobby', async ({ expect }) => {
    await using guest = await bed.visit({ skin: 'simple', traps: ['lobby-host-admits'] })
    await guest.enter()
    guest.host('move-to-lobby')
    await guest.page.getByText('Please wait until a meeting host admits you to the call').waitFor()
    expect(state(guest)).toBe('knocking')
    guest.host('admit')
    await expect.poll(() => state(guest)).toBe('in_call')
  })
})
