// What the look-alike shows after a knock, or instead of one, looked at by a plain browser and not by our bot.
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
const heading = ({ page }: Guest) => page.locator('h1.roSPhc[jsname="r4nke"]').innerText()
const body = async ({ page }: Guest) => page.locator('body').innerText()

describe.concurrent('the lobby', () => {
  it('shows its text at once in the simple skin', async () => {
    await using guest = await open(['lobby-host-admits'])
    await guest.knock()
    await shown(guest, 'Please wait until a meeting host admits you to the call')
    expect(await guest.page.getByLabel('Call controls').count()).toBe(0)
  })

  it.each([
    ['lobby-host-brings', 'Please wait until a meeting host brings you into the call'],
    ['lobby-host-let-in', 'Waiting for the host to let you in'],
    ['lobby-asking-to-join', 'Asking to join'],
    ['lobby-waiting-let-in', 'waiting to be let in'],
  ])('%s says "%s"', async (trap, text) => {
    await using guest = await open([trap])
    await guest.knock()
    await shown(guest, text)
  })

  it('can say it in a label alone', async () => {
    await using guest = await open(['lobby-text-in-label', 'lobby-host-admits'])
    await guest.knock()
    await guest.page.getByLabel('Please wait until a meeting host admits you to the call').waitFor()
    expect(await body(guest)).not.toContain('Please wait')
  })

  it('looks like a call before its text comes, in the host-managed skin', async () => {
    await using guest = await open(['lobby-host-admits'], { skin: 'host-managed' })
    await guest.knock()
    const { page } = guest
    await page.locator('[role="region"][aria-label="Call controls"] button[aria-label="Leave call"]:has-text("call_end")').waitFor()
    expect(await body(guest)).not.toContain('Please wait')
    expect(await page.locator('[aria-label="Backgrounds and effects"] [data-participant-id]').count()).toBe(1)
    expect(await page.locator('audio').count()).toBe(3)
    // The bar hides after 5 s without a pointer, as in a call.
    await page.getByText('Return to home screen').waitFor({ state: 'attached' })
    for (const absent of ['Turn on captions', 'Chat with everyone', 'People']) expect(await page.getByLabel(absent).count()).toBe(0)
    await shown(guest, 'Please wait until a meeting host admits you to the call')
    const late = guest.room.truth.now() - (await guest.told({ state: 'knocking' })).atMs
    expect(late).toBeGreaterThan(3_100)
  })

  it('can show captions, chat and people, with the text within a second', async () => {
    await using guest = await open(['lobby-exposes-more', 'people-nav', 'lobby-host-admits'], { skin: 'host-managed' })
    await guest.knock()
    await guest.page.getByLabel('Turn on captions').waitFor()
    await guest.page.locator('[data-panel-id="1"]').waitFor()
    await shown(guest, 'Please wait until a meeting host admits you to the call')
  })

  it('waits for the host to join, then to be let in', async () => {
    await using guest = await open(['host-absent', 'lobby-host-admits'])
    await guest.knock()
    await shown(guest, 'Waiting for the host to join')
    guest.room.visitors.get('v1')?.tell({ type: 'host_started' })
    await shown(guest, 'Please wait until a meeting host admits you to the call')
  })

  it('can show neither lobby nor call', async () => {
    await using guest = await open(['no-indicator-lobby'])
    await guest.knock()
    await guest.told({ state: 'knocking' })
    expect((await body(guest)).trim()).toBe('')
    guest.host('admit')
    await guest.page.getByLabel('Leave call').waitFor()
  })

  it('leaves its text for 1 to 2 s after admission, and switches both devices off', async () => {
    await using guest = await open(['stale-lobby-text', 'lobby-host-admits'])
    await guest.enter()
    const text = guest.page.getByText('Please wait until a meeting host admits you to the call')
    expect(await text.isVisible()).toBe(true)
    const { atMs } = await guest.told({ state: 'in_call' })
    await text.waitFor({ state: 'detached' })
    expect(guest.room.truth.now() - atMs).toBeGreaterThan(950)
    expect(guest.room.visitors.get('v1')).toMatchObject({ micOn: false, cameraOn: false })
  })

  it('gives up by itself when nobody answers', async () => {
    await using guest = await open(['no-answer-8s'], { locale: 'de' })
    await guest.knock()
    await guest.told({ state: 'no_answer' })
    expect(await heading(guest)).toBe('Niemand hat auf Ihre Teilnahmeanfrage geantwortet')
    expect((await guest.told({ state: 'no_answer' })).atMs - (await guest.told({ state: 'knocking' })).atMs).toBeGreaterThan(7_000)
  })
})

describe.concurrent('a refusal', () => {
  it.each([
    [[], /^Someone in the call denied your request to join$/],
    [['denied-not-allowed'], /^You weren[’']t allowed to join$/],
    [['denied-left-screen'], /^You left the meeting$/],
  ])('with %j says %s', async (traps, says) => {
    await using guest = await open(traps)
    await guest.knock()
    await guest.told({ state: 'knocking' })
    expect(guest.host('deny')).toEqual(['v1'])
    await guest.told({ state: 'denied' })
    expect(await heading(guest)).toMatch(says)
    await guest.page.getByText('Return to home screen').waitFor()
  })

  it('can be answered by knocking again, which is a knock', async ({ expect }) => {
    await using guest = await open()
    await guest.knock()
    await guest.told({ state: 'knocking' })
    guest.host('ignore')
    await guest.told({ state: 'no_answer' })
    expect(await heading(guest)).toBe('No one responded to your request to join the call')
    await guest.page.getByText('Ask to join again').click()
    await expect.poll(() => guest.room.visitors.get('v1')?.state).toBe('knocking')
    guest.host('admit')
    await guest.told({ state: 'in_call' })
  })

  it('can lead to the marketing site after 1 to 2 s', async () => {
    await using guest = await open(['denied-redirect'])
    await guest.knock()
    await guest.told({ state: 'knocking' })
    guest.host('deny')
    await guest.page.waitForURL('https://workspace.google.com/products/meet/')
    await guest.told({ state: 'denied' })
    expect(await body(guest)).toContain('Video meetings for business')
  })
})

describe.concurrent('a failure', () => {
  it.each([
    ['cant-join', 'You can’t join this video call'],
    ['cant-join-straight', "You can't join this video call"],
  ])('%s says "%s" after the knock and leaves for the marketing site', async (trap, says) => {
    await using guest = await open([trap])
    await guest.knock()
    await guest.told({ state: 'blocked' })
    expect(await heading(guest)).toBe(says)
    await guest.page.waitForURL('https://workspace.google.com/**')
  })

  it.each([
    ['cant-join-at-load', /^You can’t join this video call$/],
    ['invalid-call-name', /^Invalid video call name$/],
    ['code-expired', /^Your meeting code has expired$/],
    ['code-doesnt-work', /^The meeting code you entered doesn[’']t work$/],
    ['problem-connecting', /^There is a problem connecting to this video call$/],
  ])('%s says %s instead of the pre-join screen', async (trap, says) => {
    await using guest = await open([trap])
    await guest.page.locator('h1').waitFor()
    expect(await heading(guest)).toMatch(says)
    expect(await guest.cta.count()).toBe(0)
  })

  it.each([
    ['problem-connecting-once', 1],
    ['problem-connecting-twice', 2],
  ])('%s works on load %i + 1', async (trap, failures) => {
    await using guest = await open([trap])
    for (let load = 0; load < failures; load++) {
      await shown(guest, 'There is a problem connecting to this video call')
      await guest.page.reload()
    }
    await guest.cta.waitFor()
  })

  it('can come at the first knock, and not at the second', async () => {
    await using guest = await open(['problem-joining-once'])
    await guest.knock()
    expect(await heading(guest)).toContain('we encountered a problem joining')
    await guest.page.getByText('Try again').click()
    await guest.knock()
    await guest.told({ state: 'knocking' })
  })

  it('can be that the device is judged: the answer to the knock says so, then the screen', async () => {
    await using guest = await open(['device-judged'])
    const [answer] = await Promise.all([guest.page.waitForResponse(/CreateMeetingDevice$/), guest.knock()])
    expect(Buffer.from(await answer.text(), 'base64').at(-1)).toBe(1)
    await guest.told({ state: 'blocked' })
    expect(await heading(guest)).toBe('You can’t join this video call')
  })

  it('says another sentence for another call', async () => {
    await using guest = await open(['cant-join-call'])
    await guest.knock()
    expect(await heading(guest)).toMatch(/^You can[’']t join this call$/)
  })

  it('can crash at the knock: black, then "Return to home screen", and no refusal', async () => {
    await using guest = await open(['crash-at-knock-once'])
    await guest.knock()
    await guest.page.getByText('Return to home screen').waitFor()
    expect(await guest.page.locator('h1').count()).toBe(0)
    expect(await guest.page.locator('main').getAttribute('style')).toContain('background: rgb(0, 0, 0)')
    await guest.page.goto(guest.room.url)
    await guest.knock()
    await guest.told({ state: 'knocking' })
  })

  it('is the 404 screen of startup code 217, which counts down to the home page', async ({ expect }) => {
    await using guest = await open(['not-found'])
    const { page } = guest
    await guest.told({ state: 'not_found' })
    const screen = page.locator('div[data-startup-code="217"][data-timeout="60000"].Fi0Gqc')
    await screen.waitFor()
    expect(await heading(guest)).toBe('Check your meeting code')
    expect(await screen.innerText()).toMatch(/xxx-yyyy-zzz[\s\S]*Learn more[\s\S]*Your meeting is safe/)
    await page.locator('[jsname="WIVZEd"][data-call-ended="true"][data-is-connection-lost="false"] [jsname="dqt8Pb"]').waitFor()
    await page.locator('[jsname="rhHFf"]', { hasText: 'Submit feedback' }).waitFor()
    expect(await page.locator('input').count()).toBe(0)
    const timer = page.locator('[role="timer"][aria-label="Returning to home screen"]')
    expect(Number(await timer.innerText())).toBeGreaterThan(50)
    await expect.poll(async () => Number(await timer.innerText())).toBeLessThan(60)
  })

  it('ends on the home page after 60 s, with its box for a code', async () => {
    await using context = await bed.browser.newContext()
    const page = await context.newPage()
    await page.clock.install()
    await page.goto('https://meet.google.com/aaa-bbbb-ccc')
    await page.clock.runFor(9_000)
    await page.locator('[data-startup-code="217"]').waitFor()
    await page.clock.runFor(61_000)
    await page.waitForURL('https://meet.google.com/')
    await page.getByPlaceholder('Enter a code or link').waitFor()
  })

  it('can have another startup code', async () => {
    await using guest = await open(['startup-code-other'])
    const screen = guest.page.locator('[data-startup-code]')
    await screen.waitFor()
    expect(await screen.getAttribute('data-startup-code')).not.toBe('217')
  })

  it.each([
    ['sign-in', 'accounts.google.com', 'to continue to Google Meet'],
    ['sign-in-choose', 'accounts.google.com', 'Choose an account'],
    ['sign-in-changed', 'accounts.google.com', 'Your sign-in credentials might have changed'],
    ['workspace-at-load', 'workspace.google.com', 'Video meetings for business'],
  ])('%s leads to %s at once', async (trap, host, text) => {
    await using guest = await open([trap])
    expect(new URL(guest.page.url()).host).toBe(host)
    expect(await body(guest)).toContain(text)
  })

  it.each([
    ['sign-in-after-knock', 'https://accounts.google.com/**', 'sign_in'],
    ['workspace-after-knock', 'https://workspace.google.com/**', 'blocked'],
  ])('%s leads to %s', async (trap, url, state) => {
    await using guest = await open([trap])
    await guest.knock()
    await guest.page.waitForURL(url)
    await guest.told({ state })
  })
})
