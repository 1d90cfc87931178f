// Rare and invented turns of the look-alike that a bot must survive, looked at by a plain browser and not by our bot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FromServer } from '../../src/lab/protocol.ts'
import { type Guest, openPageBed, type PageBed } from './page-bed.ts'

let bed: PageBed
beforeAll(async () => {
  bed = await openPageBed()
})
afterAll(() => bed.close())

const open = (traps: readonly string[] = [], more: Record<string, unknown> = {}, query = '') =>
  bed.visit({ traps, skin: 'simple', ...more }, query)
const inCall = async (traps: readonly string[] = [], more: Record<string, unknown> = {}) => {
  const guest = await open(traps, { lobby: false, ...more })
  await guest.knock()
  await guest.told({ state: 'in_call' })
  return guest
}
const atDoor = async (traps: readonly string[], more: Record<string, unknown> = {}) => {
  const guest = await open(traps, more)
  await guest.knock()
  await guest.told({ state: 'knocking' })
  return guest
}
const tell = ({ room }: Guest, message: FromServer) => room.visitors.get('v1')?.tell(message)
const withCrowd = async (traps: readonly string[] = [], more: Record<string, unknown> = {}) => {
  const guest = await inCall(traps, { people: [{ name: 'Ada', host: true }, { name: 'Bob' }], ...more })
  for (const { id } of guest.room.actors) await guest.page.locator(`[data-participant-id="${id}"]`).first().waitFor({ state: 'attached' })
  return guest
}
const LOBBY = 'Please wait until a meeting host admits you to the call'
/** When the page first held each thing. */
const NOTES = `window.seenAt = {}
new MutationObserver(() => {
  const now = performance.now(), has = (text) => document.body.innerText.includes(text)
  if (has('Asking to join')) window.seenAt.flash ??= now
  if (document.querySelector('[aria-label="Turn on captions"]') !== null) window.seenAt.call ??= now
  if (document.querySelector('[aria-modal="true"]') !== null) window.seenAt.consent ??= now
  if (has('${LOBBY}')) window.seenAt.text ??= now
}).observe(document.getElementById('root'), { childList: true, subtree: true })`
/** From now on the page's time passes only when the test says so. */
const freeze = async ({ page }: Guest) => {
  await page.clock.install({ time: 0 })
  await page.clock.pauseAt(60_000)
}
const said = (guest: Guest) => guest.page.locator('.lobby-text', { hasText: LOBBY })
const state = ({ room }: Guest, visitor = 'v1') => room.visitors.get(visitor)?.state

describe.concurrent('before the knock', () => {
  it.each([
    ['that is transparent', 98],
    ['that is off-screen', 29],
    ['that is clipped', 16],
  ])('a captcha frame %s asks for nothing', async (_, seed) => {
    await using guest = await open(['captcha-small'], { seed })
    await guest.cta.waitFor()
    const asks = await guest.page.evaluate(`(() => {
      const frame = document.querySelector('iframe[title="recaptcha challenge"]')
      const { width, height, right } = frame.getBoundingClientRect(), { opacity, clipPath } = getComputedStyle(frame.parentElement)
      return width >= 120 && height >= 40 && right > 0 && opacity !== '0' && clipPath === 'none'
    })()`)
    expect(asks).toBe(false)
    await guest.knock()
    await guest.told({ state: 'knocking' })
  })

  it('labels can have no-break spaces, and blanks around them', async () => {
    await using guest = await open(['label-spaces'])
    await guest.cta.waitFor()
    const labels = (await guest.page.evaluate(
      `[...document.querySelectorAll('#root [aria-label]')].map((one) => one.getAttribute('aria-label'))`,
    )) as string[]
    expect(labels.filter((label) => label === label.trim() && !label.includes('\u00a0'))).toEqual([])
    expect(labels.map((label) => label.replaceAll(/\s+/g, ' ').trim())).toContain('Your name')
  })

  it('a switch can hear only the second or third click', async ({ expect }) => {
    await using guest = await open(['deaf-switches'])
    const camera = guest.page.locator('[data-is-muted][aria-label*="camera"]')
    const clicks = () => guest.clicks().filter((control) => control === 'camera').length
    await camera.click()
    await guest.told({ type: 'click', control: 'camera' })
    expect(guest.room.visitors.get('v1')?.cameraOn).toBe(true)
    while ((guest.room.visitors.get('v1')?.cameraOn ?? false) && clicks() < 3) {
      const before = clicks()
      await camera.click()
      await expect.poll(clicks).toBe(before + 1)
    }
    expect([2, 3]).toContain(clicks())
    await guest.page.locator('[data-is-muted="true"][aria-label^="Turn on camera"]').waitFor()
  })

  it('a promotion can be headed like a wall', async () => {
    await using guest = await open(['popup-sign-in-heading'])
    await guest.page.locator('[role="dialog"] h2:text-is("Sign in")').waitFor()
    await guest.page.getByText('Use without an account').click()
    await guest.knock()
    await guest.told({ state: 'knocking' })
  })

  it('a meeting that is not there complains on the console', async ({ expect }) => {
    await using guest = await open(['not-found'])
    const lines: string[] = []
    guest.page.on('console', (message) => lines.push(`${message.type()} ${message.text()}`))
    await guest.page.locator('[data-startup-code="217"]').waitFor()
    await expect.poll(() => lines.filter((line) => line.includes('404')).length).toBe(1)
    expect(lines.filter((line) => line === 'error ConnectError')).toHaveLength(3)
    expect(lines.filter((line) => line === 'error DisconnectedError')).toHaveLength(5)
  })
})

describe.concurrent('at the door', () => {
  it('a lobby with everything of a call can come late, and say what it is 6 s after that', async () => {
    const traps = ['lobby-exposes-more', 'late-lobby-6s', 'late-lobby-screen', 'asking-flash', 'lobby-host-admits']
    await using guest = await open(traps, { skin: 'host-managed' })
    await guest.typeName()
    await guest.page.evaluate(NOTES)
    await guest.cta.click()
    await said(guest).waitFor()
    const { flash = 0, call = 0, text = 0 } = (await guest.page.evaluate('window.seenAt')) as Record<string, number>
    expect(flash).toBeGreaterThan(0)
    expect(call - flash).toBeGreaterThan(950)
    expect(text - call).toBeGreaterThan(5_900)
  })

  it('a region for screen readers says it as well, and goes on saying it in the call', async () => {
    await using guest = await atDoor(['live-region', 'lobby-host-admits'])
    const region = guest.page.locator('[aria-live="polite"][role="status"]', { hasText: LOBBY })
    await region.waitFor({ state: 'attached' })
    expect(await region.boundingBox()).toMatchObject({ width: 1, height: 1 })
    guest.host('admit')
    await guest.told({ state: 'in_call' })
    expect([await said(guest).count(), await region.count()]).toEqual([0, 1])
    guest.host('remove')
    await region.waitFor({ state: 'detached' })
  })

  it('"Ask to join again" can lead to an empty name box', async () => {
    await using guest = await atDoor(['ask-again-prejoin'])
    guest.host('deny')
    await guest.page.getByText('Ask to join again').click()
    await guest.cta.waitFor()
    expect([await guest.page.getByLabel('Your name').inputValue(), await guest.cta.isDisabled()]).toEqual(['', true])
    expect(state(guest)).toBe('prejoin')
    await guest.enter()
  })

  it('the page can load itself again in the lobby, once', async () => {
    await using guest = await atDoor(['reload-in-lobby'])
    await guest.told({ type: 'page-closed', visitor: 'v1' })
    await guest.typeName()
    await guest.page.clock.install()
    await guest.cta.click()
    await guest.told({ visitor: 'v2', state: 'knocking' })
    await guest.page.clock.runFor(5_000)
    const again = await guest.room.truth.wait(({ type, visitor }) => type === 'page-closed' && visitor === 'v2', 1_000)
    expect(again).toBe(undefined)
  })

  it.each([[[]], [['no-indicator-lobby']]])('a plain lobby with %j can have a way home', async (traps) => {
    await using guest = await atDoor(['lobby-home-button', ...traps])
    await guest.page.getByRole('button', { name: 'Return to home screen' }).click()
    await guest.page.waitForURL('https://meet.google.com/')
  })

  it('a host-managed lobby can have one’s own tile, and "Share screen"', async () => {
    await using guest = await atDoor(['lobby-own-tile', 'lobby-exposes-more', 'lobby-host-admits'], { skin: 'host-managed' })
    const tiles = guest.page.locator('.oZRSLe[data-participant-id^="spaces/"]')
    expect(await tiles.locator('.notranslate:text-is("Stranger")').count()).toBe(1)
    await guest.page.getByLabel(/^(Share screen|Present now)$/).waitFor({ state: 'attached' })
    await said(guest).waitFor()
    expect(await tiles.count()).toBe(1)
    guest.host('admit')
    await guest.told({ state: 'in_call' })
  })
})

describe.concurrent('in the call', () => {
  it('a consent can be declined first, in German', async () => {
    await using guest = await inCall(['consent-decline'], { locale: 'de' })
    const buttons = guest.page.locator('[aria-modal="true"] button')
    expect(await buttons.allInnerTexts()).toEqual(['Ablehnen', 'Jetzt teilnehmen'])
    await buttons.first().click()
    await guest.told({ type: 'trap', trap: 'consent-declined' })
    await guest.told({ state: 'left' })
  })

  it('a consent can stand alone for 2 s before anything of the call is there', async () => {
    await using guest = await atDoor(['consent-first'])
    await guest.page.evaluate(NOTES)
    guest.host('admit')
    await guest.told({ state: 'entering' })
    guest.host('admit')
    await guest.page.getByLabel('Turn on captions').waitFor({ state: 'attached' })
    const { consent = 0, call = 0 } = (await guest.page.evaluate('window.seenAt')) as Record<string, number>
    expect(consent).toBeGreaterThan(0)
    expect(call - consent).toBeGreaterThan(1_950)
    expect(guest.room.truth.events.filter(({ type }) => type === 'popup')).toHaveLength(1)
    await guest.page.locator('[aria-modal="true"] button[data-mdc-dialog-action="ok"]').click()
    await guest.told({ type: 'media-connected' })
  })

  it('the question for notes can be put off, which is an answer too', async () => {
    await using guest = await inCall(['take-notes-not-now'])
    await guest.page.locator('[aria-label="Take notes for me"]').getByText('Not now').click()
    await guest.told({ type: 'trap', trap: 'take-notes-answered' })
  })

  it('a problem can take the first call away a second after admission', async () => {
    await using guest = await inCall(['problem-in-call-once'])
    await guest.page.locator('h1:text-is("There is a problem connecting to this video call")').waitFor()
    await guest.page.reload()
    await guest.knock()
    await guest.told({ visitor: 'v2', state: 'in_call' })
  })

  it('a problem can take the first call away late', async () => {
    await using guest = await atDoor(['problem-in-call-late'])
    await freeze(guest)
    guest.host('admit')
    await guest.told({ state: 'in_call' })
    await guest.page.clock.runFor(11_500)
    expect(state(guest)).toBe('in_call')
    await guest.page.clock.runFor(600)
    await guest.page.locator('h1:text-is("There is a problem connecting to this video call")').waitFor()
  })

  it('the page can load itself again, once, and stands before the meeting', async () => {
    await using guest = await atDoor(['reload-in-call'])
    await freeze(guest)
    guest.host('admit')
    await guest.told({ state: 'in_call' })
    await guest.page.clock.runFor(11_500)
    expect(state(guest)).toBe('in_call')
    await guest.page.clock.runFor(600)
    await guest.told({ type: 'page-closed', visitor: 'v1' })
    await guest.page.clock.resume()
    await guest.told({ visitor: 'v2', state: 'prejoin' })
  })

  it('the notice of a lost connection can be a heading and a sentence', async () => {
    await using guest = await inCall([], { seed: 69 })
    guest.room.network({ offlineMs: 5_000 })
    await guest.page.locator('[role="alert"] h2:text-is("You lost your network connection.")').waitFor()
    await guest.page.locator('[role="alert"] p:text-is("Trying to reconnect.")').waitFor()
  })

  it('the people badge has its number and none of the sheet’s classes, when all are random', async () => {
    await using guest = await withCrowd(['people-badge'], { classes: 'random' })
    await guest.stayAwake()
    const badge = guest.page.locator('[role="button"][aria-haspopup="dialog"]')
    await badge.filter({ hasText: /^People\s*3$/ }).waitFor()
    expect(await badge.locator('.egzc7c, [data-avatar-count]').count()).toBe(0)
  })

  it('a tile can read what is no name, for a moment', async ({ expect }) => {
    await using guest = await withCrowd(['odd-names'])
    await guest.page.evaluate(`window.read = []
      new MutationObserver(() => {
        for (const { textContent } of document.querySelectorAll('.oZRSLe > span.notranslate'))
          if (!window.read.includes(textContent)) window.read.push(textContent)
      }).observe(document.getElementById('root'), { childList: true, subtree: true, characterData: true })`)
    await guest.room.addPerson({ name: 'Zoe' })
    const read = async () => (await guest.page.evaluate('window.read')) as string[]
    await expect.poll(read, { timeout: 30_000 }).toContain('Zoe')
    const words = await read()
    const odd = words.findIndex((word) => /^(Google Participant \(|spaces\/|devices\/)/.test(word))
    expect(odd).toBeGreaterThanOrEqual(0)
    expect(odd).toBeLessThan(words.indexOf('Zoe'))
  })

  it('every tile can be marked as if it were one’s own', async ({ expect }) => {
    await using guest = await withCrowd(['self-name-everywhere'])
    const marks = guest.page.locator('.oZRSLe [data-self-name]')
    await expect
      .poll(() => marks.evaluateAll((all) => all.map((one) => one.getAttribute('data-self-name')).sort()))
      .toEqual(['Ada', 'Bob', 'Stranger'])
  })

  it('who is pinned can be unpinned from their row', async () => {
    await using guest = await withCrowd([], { seed: 304 })
    await guest.page.keyboard.press('Control+Alt+KeyP')
    const pinned = guest.page.locator('[role="listitem"]', { has: guest.page.locator('i[aria-hidden="true"]:text-is("keep")') })
    await pinned.getByLabel('More actions').click()
    await guest.page.locator('li[role="menuitem"][aria-label*="Unpin"]').click()
    await guest.told({ type: 'click', control: 'unpin' })
    await pinned.waitFor({ state: 'detached' })
  })

  it('"You have joined the call" is said on admission', async () => {
    await using guest = await inCall([], { seed: 102 })
    await guest.page.getByText('You have joined the call', { exact: true }).waitFor()
  })

  it('a meter can have the rarer class at its middle level', async ({ expect }) => {
    await using guest = await withCrowd([], { seed: 43 })
    const [ada] = guest.room.actors.map(({ id }) => id)
    const rare = guest.page.locator(`[data-participant-id="${ada}"] .OgVli`)
    // The server says every 60 ms that nobody speaks.
    await expect
      .poll(
        () => {
          tell(guest, { type: 'levels', levels: { [String(ada)]: 2 }, dominant: null })
          return rare.count()
        },
        { interval: 5 },
      )
      .toBe(2)
  })
})
