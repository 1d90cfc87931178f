// What the look-alike shows before a knock, looked at by a plain browser and not by our bot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Guest, openPageBed, type PageBed } from './page-bed.ts'

let bed: PageBed
beforeAll(async () => {
  bed = await openPageBed()
})
afterAll(() => bed.close())

const open = (traps: readonly string[] = [], more: Record<string, unknown> = {}, query = '') =>
  bed.visit({ traps, skin: 'simple', ...more }, query)
const shown = async ({ page }: Guest, text: string) => page.getByText(text, { exact: true }).first().waitFor()
const body = async ({ page }: Guest) => page.locator('body').innerText()

describe.concurrent('the first screen', () => {
  it('takes 1.5 to 8 s', async () => {
    await using guest = await open()
    const tookMs = await guest.renderedMs()
    expect(tookMs).toBeGreaterThan(1_490)
    expect(tookMs).toBeLessThan(9_000)
  })

  it('says "Getting ready…" and nothing else meanwhile', async () => {
    await using guest = await open(['slow-render'])
    expect(await guest.page.title()).toBe('Meet')
    expect(await body(guest)).toMatch(/^Getting ready…\s*hourglass$/)
    expect(await guest.renderedMs()).toBeGreaterThan(7_990)
  })

  it('can be blank meanwhile', async () => {
    await using guest = await open(['blank-render', 'slow-render'])
    expect((await body(guest)).trim()).toBe('')
  })

  it('has a hard policy, says that it is the lab, and writes no foreign language into the page', async () => {
    await using guest = await open([], {}, `?hl=${encodeURIComponent('"><script>alert(1)</script>')}`)
    const answer = await guest.page.reload()
    expect(answer?.headers()['content-security-policy']).toContain("script-src 'nonce-")
    const html = (await answer?.text()) ?? ''
    expect(html).toContain('<html lang="en">')
    expect(html).not.toContain('alert(1)')
    expect(html).toContain('name="remora-lab"')
  })

  it('always holds a hidden captcha frame', async () => {
    await using guest = await open()
    await guest.cta.waitFor()
    const frame = guest.page.locator('iframe[src*="/recaptcha/"]')
    expect(await frame.count()).toBe(1)
    expect(await frame.isVisible()).toBe(false)
  })
})

describe.concurrent('the pre-join screen', () => {
  it('has a name box for guests, and a join button that is grey until something is typed', async () => {
    await using guest = await open()
    await guest.cta.waitFor()
    expect(await guest.cta.isDisabled()).toBe(true)
    await guest.page.locator('input[type="text"][aria-label="Your name"][jsname="YPqjbf"]').fill('Nia')
    expect(await guest.cta.isEnabled()).toBe(true)
    expect(await guest.cta.locator('> span[jsname="V67aGc"]').innerText()).toBe('Ask to join')
    expect(await guest.cta.getAttribute('aria-label')).toBe(null)
    await guest.told({ type: 'typed', control: 'name', text: 'Nia' })
  })

  it('answers no click that a script made', async () => {
    await using guest = await open()
    await guest.typeName()
    await guest.page.evaluate(`document.querySelector('button[jsname="Qx7uuf"]').click()`)
    expect(await guest.told({ type: 'click', control: 'join' })).toMatchObject({ trusted: false })
    expect(guest.room.truth.events.some(({ state }) => state === 'knocking')).toBe(false)
    await guest.cta.click()
    await guest.told({ state: 'knocking' })
  })

  it('knocks for nobody whose name it was never told', async () => {
    await using guest = await open()
    await guest.cta.waitFor()
    await guest.page.evaluate(`document.querySelector('input[jsname="YPqjbf"]').value = 'Nia'
      document.querySelector('button[jsname="Qx7uuf"]').disabled = false`)
    await guest.cta.click()
    await guest.told({ type: 'click', control: 'join', trusted: true })
    expect(guest.room.truth.events.some(({ state }) => state === 'knocking')).toBe(false)
    await guest.knock()
    await guest.told({ state: 'knocking' })
  })

  it.each([
    ['cta-ask-anyway', 'Ask to join anyway'],
    ['cta-join-now', 'Join now'],
    ['cta-join-anyway', 'Join anyway'],
    ['cta-join-call-now', 'Join the call now'],
    ['cta-join', 'Join'],
    ['cta-join-meeting', 'Join meeting'],
    ['cta-enter-meeting', 'Enter meeting'],
    ['cta-without-camera', 'Ask to join without camera'],
    ['cta-switch-here', 'Switch here'],
    ['cta-join-here-too', 'Join here too'],
  ])('%s reads "%s"', async (trap, text) => {
    await using guest = await open([trap])
    expect(await guest.cta.innerText()).toBe(text)
  })

  it('reads "Join now" where nobody has to be asked', async () => {
    await using guest = await open([], { lobby: false })
    expect(await guest.cta.innerText()).toBe('Join now')
    await guest.knock()
    await guest.told({ state: 'in_call' })
  })

  it.each([
    ['de', 'Teilnahme erbitten', undefined],
    ['hu', 'Kérvényezés a csatlakozásra', 'A neved'],
    ['ja', '参加をリクエスト', '名前'],
    ['nl', 'Ask to join', 'Your name'],
  ])('speaks %s by hl', async (hl, text, label) => {
    await using guest = await open([], {}, `?hl=${hl}`)
    expect(await guest.cta.innerText()).toBe(text)
    const name = guest.page.locator('input[jsname="YPqjbf"]')
    if (label !== undefined) expect(await name.getAttribute('aria-label')).toBe(label)
  })

  it('speaks the room’s language without hl', async () => {
    await using guest = await open(['cta-join-anyway'], { locale: 'de' })
    expect(await guest.cta.innerText()).toBe('Trotzdem teilnehmen')
  })

  it('asks an account for no name', async () => {
    await using guest = await open(['signed-in'])
    await guest.cta.waitFor()
    expect(await guest.page.locator('input').count()).toBe(0)
    expect(await guest.page.locator('.awLEm').innerText()).not.toBe('')
    await guest.cta.click()
    await guest.told({ state: 'knocking' })
  })

  it('tells the truth of every decoy that is pressed', async () => {
    await using guest = await open()
    await guest.page.getByText('Other ways to join').click()
    await guest.page.getByText('Join and use a phone for audio').click()
    await guest.page.getByLabel('Cast this meeting').click()
    await guest.page.locator('button[jsname="NakZHc"][aria-label="More options"]').click()
    await guest.told({ type: 'trap', trap: 'prejoin-more-options' })
    expect(guest.room.truth.events.filter(({ type }) => type === 'trap').map(({ trap }) => trap)).toEqual([
      'other-ways',
      'phone-audio',
      'cast',
      'prejoin-more-options',
    ])
  })

  it('turns the label of a switch 300 to 900 ms after the click', async () => {
    await using guest = await open(['shortcut-labels'])
    const microphone = guest.page.locator('div[role="button"][aria-label^="Turn off microphone"]')
    expect(await microphone.getAttribute('aria-label')).toBe('Turn off microphone (ctrl + d)')
    expect(await guest.page.locator('[data-tooltip="Turn off camera (CTRL + E)"]').getAttribute('data-is-muted')).toBe('false')
    const turned = Number(
      await guest.page.evaluate(`new Promise((resolve) => {
        const button = document.querySelector('[data-is-muted]'), from = performance.now()
        new MutationObserver(() => resolve(performance.now() - from)).observe(button, { attributes: true, attributeFilter: ['data-is-muted'] })
        button.click()
      })`),
    )
    expect(turned).toBeGreaterThan(290)
    expect(turned).toBeLessThan(1_500)
    expect(await guest.page.locator('[data-is-muted="true"]').getAttribute('aria-label')).toBe('Turn on microphone (ctrl + d)')
  })

  it.each([
    ['device-toast', 'Microphone not found'],
    ['camera-toast', 'Camera not found'],
  ])('%s covers the join button, ignores Escape and goes by its Close', async (trap, text) => {
    await using guest = await open([trap])
    await guest.typeName()
    const toast = guest.page.locator('[role="dialog"][data-is-persistent="true"]')
    await shown(guest, text)
    await guest.page.keyboard.press('Escape')
    expect(await toast.isVisible()).toBe(true)
    const { x = 0, y = 0 } = (await guest.cta.boundingBox()) ?? {}
    expect(await guest.page.evaluate(`document.elementFromPoint(${x + 5}, ${y + 5}).closest('[role="dialog"]') !== null`)).toBe(true)
    await toast.getByLabel('Close').click()
    await guest.cta.click()
    await guest.told({ state: 'knocking' })
    expect(guest.clicks()).toContain('toast-close')
  })

  it('says that a device has a problem in the place of its switch', async () => {
    await using guest = await open(['device-problem'])
    await guest.page.getByLabel('Camera problem. Show more info').waitFor()
    await shown(guest, 'Microphone problem')
  })

  it.each([
    ['media-choice', 'Continue without microphone and camera', 'media-without'],
    ['popup-got-it', 'Got it', 'got-it'],
    ['popup-dismiss', 'Dismiss', 'dismiss'],
    ['popup-without-account', 'Use without an account', 'without-account'],
    ['popup-not-now', 'Not now', 'not-now'],
  ])('%s goes by "%s"', async (trap, text, control) => {
    await using guest = await open([trap])
    await guest.told({ type: 'popup', kind: trap })
    await guest.page.getByText(text, { exact: true }).click()
    await guest.told({ type: 'click', control, trusted: true })
    expect(await guest.page.locator('[role="dialog"]').count()).toBe(0)
  })

  it('asks in German whether to go on without devices', async () => {
    await using guest = await open(['media-choice'], { locale: 'de' })
    await shown(guest, 'Ohne Mikrofon und Kamera fortfahren')
  })

  it('can have a captcha that is a challenge', async () => {
    await using guest = await open(['captcha-visible'])
    const frame = guest.page.locator('iframe[title="recaptcha challenge"]')
    await frame.waitFor()
    const { width = 0, height = 0 } = (await frame.boundingBox()) ?? {}
    expect(width >= 120 && height >= 40).toBe(true)
  })
})

describe.concurrent('markup', () => {
  const used = ({ page }: Guest, attribute: string) =>
    page
      .locator(`#root [${attribute}]`)
      .evaluateAll((all, name) => all.flatMap((one) => (one.getAttribute(name) ?? '').split(' ')), attribute)

  it('has no class of the sheet when all are random, and other ones after a reload', async () => {
    await using guest = await open([], { classes: 'random' })
    await guest.cta.waitFor()
    const before = await used(guest, 'class')
    for (const name of ['UywwFc-LgbsSe', 'UywwFc-vQzf8d', 'google-symbols', 'notranslate']) expect(before).not.toContain(name)
    await guest.page.reload()
    await guest.cta.waitFor()
    const after = await used(guest, 'class')
    expect(after.filter((name) => before.includes(name))).toEqual([])
  })

  it('has those of the sheet alone, or both', async () => {
    await using sheet = await open([], { classes: 'sheet' })
    await using both = await open()
    await sheet.cta.waitFor()
    expect(await sheet.cta.getAttribute('class')).toBe('UywwFc-LgbsSe')
    await both.cta.waitFor()
    expect(await both.cta.getAttribute('class')).toMatch(/^UywwFc-LgbsSe [A-Za-z]{6}$/)
  })

  it('can do without any jsname', async () => {
    await using guest = await open(['no-jsnames'])
    await guest.page.getByRole('button', { name: 'Ask to join' }).waitFor()
    expect(await guest.page.locator('[jsname]').count()).toBe(0)
  })

  it('draws the same room for the same seed', async () => {
    const texts: string[] = []
    for (const _ of [1, 2]) {
      await using guest = await open([], { seed: 43 })
      await guest.cta.waitFor()
      texts.push(await body(guest))
    }
    expect(texts[0]).toBe(texts[1])
  })
})
