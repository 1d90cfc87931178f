// The look-alike's call: bar, people, chat, captions and dialogs, looked at by a plain browser and not by our bot.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FromServer, PersonView } from '../../src/lab/protocol.ts'
import { type Guest, openPageBed, type PageBed } from './page-bed.ts'

let bed: PageBed
beforeAll(async () => {
  bed = await openPageBed()
})
afterAll(() => bed.close())

const open = async (traps: readonly string[] = [], more: Record<string, unknown> = {}) => {
  const guest = await bed.visit({ traps, skin: 'simple', lobby: false, ...more })
  await guest.knock()
  await guest.told({ state: 'in_call' })
  await guest.stayAwake()
  return guest
}
const tell = ({ room }: Guest, message: FromServer) => room.visitors.get('v1')?.tell(message)
const person = (id: number, name: string, more: Partial<PersonView> = {}): PersonView => ({
  id: `spaces/abc/devices/${id}`,
  name,
  host: false,
  self: false,
  camera: false,
  muted: false,
  ...more,
})
const CROWD = [
  person(1, 'Ada', { host: true }),
  person(2, 'Bob', { muted: true }),
  person(3, 'Stranger', { self: true }),
  person(4, 'Ada', { parent: 'spaces/abc/devices/1' }),
]
const withCrowd = async (traps: readonly string[] = [], more: Record<string, unknown> = {}) => {
  const guest = await open(traps, more)
  // The server's own word about the people comes first, then this one stays.
  await guest.page.locator('[data-participant-id^="spaces/"]').first().waitFor({ state: 'attached' })
  tell(guest, { type: 'people', people: CROWD })
  return guest
}
const chat = (id: number, from: string, text: string, self = false): FromServer => ({
  type: 'chat',
  message: { id: String(1_700_000_000_000_000 + id), from, fromId: `spaces/abc/devices/${from}`, text, self },
})
const caption = (id: number, name: string, text: string): FromServer => ({
  type: 'caption',
  caption: { id, personId: `spaces/abc/devices/${name}`, name, text, version: 1, final: false },
})

describe.concurrent('the bar', () => {
  it('has the labels of the sheet in its order, and is no toolbar', async () => {
    await using guest = await open([], { seed: 163 })
    const labels = await guest.page.evaluate(
      `[...document.querySelectorAll('#root button[aria-label], [role=group][aria-label]')].map((one) => one.getAttribute('aria-label').replace(/[’]/g, "'").replace(/ \\(ctrl.*/, '').replace('Present now', 'Share screen').replace(/^Turn off (microphone|camera)$/, 'Turn on $1'))`, // a label turns late
    )
    expect(
      (labels as string[]).filter((label) => !/People|Show everyone|Jump|Captions settings|More options for|Close|Copy link/.test(label)),
    ).toEqual([
      'Backgrounds and effects',
      "Can't remove your tile in this layout",
      'This call is open to anyone',
      'Audio settings',
      'Turn on microphone',
      'Video settings',
      'Turn on camera',
      'Share screen',
      'Send a reaction',
      'Turn on captions',
      'Raise hand (Ctrl + alt + h)',
      'More options',
      'Leave call',
      'Meeting details',
      'Chat with everyone',
      'Meeting tools',
      'Host controls',
      'Your call is ending soon',
    ])
    expect(await guest.page.locator('[role="toolbar"]').count()).toBe(0)
    await guest.page.locator('[aria-label="Audio settings"] [jsname="QgSmzd"]').waitFor({ state: 'attached' })
  })

  it.each([
    ['of the sheet', [], 'gjg47c', 'wEsLMd'],
    ['of other names', ['meters-renamed'], undefined, undefined],
  ])('has a meter %s that follows one’s own microphone', async (_, traps, idle, loud) => {
    await using guest = await open(traps, { classes: 'sheet' })
    const meter = guest.page.locator('[aria-label="Audio settings"] [jsname="QgSmzd"]')
    const level = async () => (await meter.getAttribute('class'))?.split(' ').find((name) => !['IisKdb', 'GF8M7d', 'YFyDbd'].includes(name))
    await meter.waitFor({ state: 'attached' })
    const [first = ''] = [await level()]
    tell(guest, { type: 'own-level', step: 3 })
    await guest.page.locator(`[aria-label="Audio settings"] [jsname="QgSmzd"]:not(.${first})`).waitFor({ state: 'attached' })
    const second = await level()
    if (traps.length === 0) expect([first, second]).toEqual([idle, loud])
    else for (const name of [first, second]) expect(name).not.toMatch(/^(gjg47c|HX2H7|Oaajhc|wEsLMd|OgVli)$/)
  })

  it('hides 5 s after the pointer rests, and comes back when it moves', async () => {
    await using guest = await bed.visit({ skin: 'simple', lobby: false })
    await guest.knock()
    await guest.told({ state: 'in_call' })
    const leave = guest.page.locator('button[jsname="CQylAd"][aria-label="Leave call"]')
    const from = guest.room.truth.now()
    await guest.page.mouse.move(200, 200)
    await leave.waitFor()
    await leave.waitFor({ state: 'hidden' })
    expect(guest.room.truth.now() - from).toBeGreaterThan(4_900)
    await guest.page.mouse.move(300, 300)
    await leave.waitFor()
  })

  it('has switches that are buttons', async () => {
    await using guest = await open()
    await guest.page.locator('button[aria-label^="Turn on microphone"][data-is-muted="true"]').click()
    await guest.page.locator('button[aria-label^="Turn off microphone"][data-is-muted="false"]').waitFor()
    await guest.told({ type: 'click', control: 'microphone', trusted: true })
  })

  it('speaks German', async () => {
    await using guest = await open([], { locale: 'de' })
    await guest.page.locator('button[aria-label="Anruf verlassen"]').click()
    await guest.told({ state: 'left' })
  })
})

describe.concurrent('people', () => {
  it('are behind a nav button with their number', async () => {
    await using guest = await withCrowd(['people-nav'])
    const button = guest.page.locator('nav button[data-panel-id="1"][jsname="A5il2e"]')
    await button.locator('[data-avatar-count="3"]').waitFor()
    expect(await button.getAttribute('aria-label')).toMatch(/^(People|Show everyone|People - 3 joined)$/)
    await button.click()
    await guest.page.locator('aside[aria-label="Side panel"] [role="list"][aria-label="Participants"]').waitFor()
  })

  it.each([
    ['people-badge', '[role="button"][aria-haspopup="dialog"]:has(span:text-is("People"))'],
    ['people-jsname', 'div[role="button"][jsname="ocqpFe"]'],
  ])('are behind a badge without a label with %s, whose hover opens a dialog', async (trap, selector) => {
    await using guest = await withCrowd([trap])
    const button = guest.page.locator(selector)
    await button.filter({ hasText: /^People\s*3$/ }).waitFor()
    expect(await button.getAttribute('aria-label')).toBe(null)
    await button.hover()
    const card = guest.page.locator('[role="dialog"][aria-label="3 people in the call"]')
    await card.waitFor()
    await guest.page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    await button.click()
    await guest.page.locator('[role="list"][aria-label="Participants"]').waitFor()
  })

  it('are rows with marks, and a presentation is a row of its own', async ({ expect }) => {
    await using guest = await withCrowd()
    await guest.page.keyboard.press('Control+Alt+KeyP')
    const rows = guest.page.locator('[role="list"][aria-label="Participants"] [role="listitem"]')
    await expect.poll(() => rows.count()).toBe(4)
    expect(await rows.nth(0).getAttribute('data-participant-id')).toBe('spaces/abc/devices/1')
    expect(await rows.nth(0).locator('span.zWGUib').innerText()).toBe('Ada')
    expect(await rows.nth(0).locator('div.d93U2d').innerText()).toBe('Meeting host')
    expect(await rows.nth(0).locator('button').first().getAttribute('aria-label')).toMatch(/^Mute Ada[’']s microphone$/)
    expect(await rows.nth(1).locator('button:disabled').getAttribute('aria-label')).toMatch(/^You can[’']t unmute someone else$/)
    expect(await rows.nth(2).locator('span.NnTWjc').innerText()).toBe('(You)')
    expect(await rows.nth(3).innerText()).toContain('Presentation')
  })

  it('colour while they speak', async ({ expect }) => {
    await using guest = await withCrowd()
    await guest.page.keyboard.press('Control+Alt+KeyP')
    await guest.page.locator('[role="listitem"]').first().waitFor()
    tell(guest, { type: 'levels', levels: { 'spaces/abc/devices/1': 2 }, dominant: 'spaces/abc/devices/1' })
    const speaking = () =>
      guest.page.evaluate(`[...document.querySelectorAll('[role=listitem]')].map((row) => [...row.querySelectorAll('div')].some((one) =>
        ['rgb(26, 115, 232)', 'rgb(11, 87, 208)', 'rgb(168, 199, 250)'].includes(one.style.backgroundColor) && one.children[1]?.style.backgroundPositionX !== '0px'))`)
    // The server says every 100 ms that nobody speaks.
    await expect
      .poll(
        () => {
          tell(guest, { type: 'levels', levels: { 'spaces/abc/devices/1': 2 }, dominant: 'spaces/abc/devices/1' })
          return speaking()
        },
        { interval: 5 },
      )
      .toEqual([true, false, false, false])
  })

  it('can wait at the door in a list of their own, and a merged room is nobody', async () => {
    await using guest = await withCrowd(['waiting-list', 'merged-audio', 'people-nav'])
    await guest.page.locator('nav button[data-panel-id="1"] [data-avatar-count="3"]').waitFor()
    await guest.page.keyboard.press('Control+Alt+KeyP')
    const waiting = guest.page.locator('[role="list"]:not([aria-label="Participants"])')
    expect(await waiting.locator('[role="listitem"]').count()).toBe(2)
    expect(await guest.page.locator('[aria-label="Participants"] [data-cohort-id]').innerText()).toBe('Merged audio')
    await waiting.locator('button').first().click()
    await guest.told({ type: 'trap', trap: 'admit-other' })
  })

  it('can wait in a list without a label, and a merged room can look like a person', async () => {
    await using guest = await withCrowd(['waiting-list-plain', 'merged-row-id'])
    await guest.page.keyboard.press('Control+Alt+KeyP')
    const waiting = guest.page.locator('[role="list"]:not([aria-label])')
    expect(await waiting.locator('[role="listitem"]').count()).toBe(2)
    const merged = guest.page.locator('[aria-label="Participants"] [data-cohort-id]')
    expect(await merged.getAttribute('data-participant-id')).toMatch(/^spaces\/\w+\/devices\/\d+$/)
    await waiting.locator('div[role="button"][aria-label^="Admit"]').first().click()
    await guest.told({ type: 'trap', trap: 'admit-other' })
  })

  it('are said to be missing for as long as one is alone', async ({ expect }) => {
    await using guest = await open()
    const hint = guest.page.locator('#root > div', { hasText: /^No one else is here$/ })
    await hint.waitFor()
    const zoe = await guest.room.addPerson({ name: 'Zoe', camera: 'off' } as never)
    await hint.waitFor({ state: 'hidden' })
    expect(await guest.page.getByText('No one else is here').count()).toBe(0)
    guest.room.setPresent(zoe, false)
    await hint.waitFor()
  })

  it('come and go with a toast', async () => {
    await using guest = await withCrowd()
    tell(guest, { type: 'people', people: [...CROWD.slice(1), person(9, 'Eve')] })
    await guest.page.getByText('Eve joined', { exact: true }).waitFor()
    await guest.page.getByText('Ada left', { exact: true }).waitFor()
  })
})

describe.concurrent('the chat', () => {
  it('is not in the document before its panel was opened, says that something is new, then has it all', async () => {
    await using guest = await withCrowd()
    tell(guest, chat(1, 'Bob', 'hello'))
    const button = guest.page.locator('button[data-panel-id="2"][aria-label="Chat with everyone - New message"]')
    await button.waitFor()
    await guest.page.getByText('Bob says in chat: hello').waitFor()
    expect(await guest.page.locator('[data-message-id]').count()).toBe(0)
    await button.click()
    const row = guest.page.locator('.aops0b > .RLrADb[data-message-id="spaces/abc/messages/1700000000000001"]')
    expect(await row.locator('div[jsname="dTKtvb"]').innerText()).toBe('hello')
    expect(await guest.page.locator('.aops0b .HNucUd .poVWob').innerText()).toBe('Bob')
    expect(await row.locator('[data-message-id="spaces/abc/messages/1700000000000001"]').count()).toBe(1)
    await guest.page.locator('button[aria-label="Chat with everyone"]').waitFor()
  })

  it('sends by button and by Enter, clears its box on success, and shows own rows without a sender', async ({ expect }) => {
    await using guest = await withCrowd()
    await guest.page.keyboard.press('Control+Alt+KeyC')
    const box = guest.page.locator('textarea[aria-label="Send a message"][jsname="YPqjbf"]')
    const send = guest.page.locator('button[aria-label="Send a message"][jsname="SoqoBf"]')
    expect(await box.getAttribute('maxlength')).toBe('500')
    expect(await send.isDisabled()).toBe(true)
    await box.fill('from me')
    await send.click()
    await guest.told({ type: 'click', control: 'chat-send', trusted: true })
    tell(guest, chat(2, 'Stranger', 'from me', true))
    await expect.poll(() => box.inputValue()).toBe('')
    const own = guest.page.locator('.RLrADb.jO4O1.chmVPb').first()
    expect(await own.innerText()).toContain('from me')
    expect(await own.locator('xpath=..').locator('.poVWob').count()).toBe(0)
    await box.fill('once more')
    await box.press('Enter')
    await expect.poll(() => guest.clicks().filter((control) => control === 'chat-send').length).toBe(2)
  })

  it('has rows and labels of 2024 and 2025', async () => {
    await using guest = await withCrowd(['chat-old-rows', 'chat-old-labels'])
    await guest.page.getByLabel('In-call messages').click()
    tell(guest, chat(3, 'Bob', 'an old row'))
    const row = guest.page.locator('div[jsname="xySENc"][aria-live="polite"].Ge9Kpc > .Ss4fHf[jsname="Ypafjf"]')
    expect(await row.innerText()).toContain('an old row')
    await guest.page.locator('textarea[aria-label="Send a message to everyone"]').waitFor()
  })

  it('can be switched off by the host', async () => {
    await using guest = await withCrowd(['chat-disabled'])
    await guest.page.keyboard.press('Control+Alt+KeyC')
    expect(await guest.page.locator('textarea').isDisabled()).toBe(true)
    expect(await guest.page.getByRole('switch', { name: 'Let participants send messages' }).getAttribute('aria-checked')).toBe('false')
  })

  it('can quote an end, which ends nothing', async () => {
    await using guest = await withCrowd(['chat-quotes-end'])
    await guest.page.keyboard.press('Control+Alt+KeyC')
    await guest.page.locator('[data-message-id]', { hasText: 'You’ve been removed from the meeting' }).first().waitFor()
    expect(guest.room.visitors.get('v1')?.state).toBe('in_call')
    expect(await guest.page.locator('h1.roSPhc').count()).toBe(0)
  })
})

describe.concurrent('captions', () => {
  it('are items that are only appended, whose text changes in place', async ({ expect }) => {
    await using guest = await withCrowd()
    await guest.page.locator('button[aria-label="Turn on captions"]:has-text("closed_caption_off")').click()
    await guest.page.locator('button[aria-label="Turn off captions"]').waitFor()
    const list = guest.page.locator('div[role="region"][aria-label="Captions"][tabindex="0"].a4cQT > div[jsname="dsyhDe"]')
    tell(guest, caption(1, 'Ada', 'hello whirled'))
    tell(guest, caption(2, 'Bob', 'yes'))
    tell(guest, caption(1, 'Ada', 'hello world again'))
    const items = list.locator('div.nMcdL.bj4p3b')
    await expect.poll(() => items.nth(0).locator('div.ygicle.VbkSUe').innerText()).toBe('hello world again')
    expect(await items.nth(0).locator('.adE6rb .KcIKyf > span.NWpY1d').innerText()).toBe('Ada')
    expect(await items.count()).toBe(2)
    expect(await list.locator('> div').count()).toBe(4)
    for (const decoy of ['Jump to most recent captions', 'English Captions settings']) await guest.page.getByLabel(decoy).waitFor()
  })

  it('call oneself "You", and answer to the key c outside of inputs', async () => {
    await using guest = await withCrowd(['captions-old'])
    await guest.page.keyboard.press('Control+Alt+KeyC')
    await guest.page.locator('textarea').fill('')
    await guest.page.locator('textarea').press('c')
    await guest.page.locator('textarea').blur()
    await guest.page.keyboard.press('c')
    await guest.told({ type: 'click', control: 'captions-key' })
    expect(guest.clicks().filter((control) => control === 'captions-key')).toHaveLength(1)
    tell(guest, {
      type: 'caption',
      caption: { id: 5, personId: 'spaces/abc/devices/3', name: 'Stranger', text: 'mine', version: 1, final: true },
    })
    expect(await guest.page.locator('div[jsname="tgaKEf"].bh44bd').innerText()).toBe('mine')
    expect(await guest.page.locator('span.NWpY1d').innerText()).toBe('You')
  })

  it('can vanish for a second, in the oldest build', async () => {
    await using guest = await withCrowd(['captions-gap', 'captions-oldest'])
    await guest.page.keyboard.press('c')
    await guest.told({ type: 'click', control: 'captions-key' })
    tell(guest, caption(1, 'Ada', 'still here'))
    const text = guest.page.locator('.TBMuR .iTTPOb')
    await text.waitFor()
    await text.waitFor({ state: 'detached' })
    await text.waitFor()
  })
})

describe.concurrent('layout and settings', () => {
  it('has four layouts, and shows what is chosen', async ({ expect }) => {
    await using guest = await withCrowd()
    const tiles = guest.page.locator('div.oZRSLe[data-participant-id]')
    await expect.poll(() => tiles.count()).toBeGreaterThan(1)
    await guest.page.locator('button[aria-label="More options"]').click()
    const item = guest.page.locator('li[jsname="WZerud"]')
    expect(await item.innerText()).toMatch(/^(Change layout|Adjust view)$/)
    await item.click()
    expect(await guest.page.locator('[aria-modal="true"] label').allInnerTexts()).toEqual(['Auto', 'Tiled', 'Spotlight', 'Sidebar'])
    await guest.page.locator('.ByPkaf .gyG0mb-zD2WHb-SYOSDb-OWXEXe-mt1Mkb').waitFor()
    await guest.page.getByLabel('Spotlight').check()
    await expect.poll(() => tiles.count()).toBe(1)
    await guest.page.locator('[aria-modal="true"] button[aria-label="Close"]').click()
    await guest.told({ type: 'click', control: 'layout-close' })
  })

  it('can have menu entries without a role, and radios that cannot be seen', async ({ expect }) => {
    await using guest = await withCrowd(['menu-without-roles', 'layout-radios-clear'])
    await guest.page.locator('button[aria-label="More options"]').click()
    const item = guest.page.locator('li[jsname="WZerud"]')
    expect(await item.getAttribute('role')).toBe(null)
    await item.click()
    const radio = guest.page.getByRole('radio', { name: 'Spotlight' })
    expect(await radio.getAttribute('style')).toContain('opacity: 0')
    await guest.page.locator('span.xo15nd:text-is("Spotlight")').click({ force: true })
    expect(await radio.isChecked()).toBe(true)
    await guest.told({ type: 'click', control: 'layout-spotlight' })
    await expect.poll(() => guest.page.locator('div.oZRSLe[data-participant-id]').count()).toBe(1)
  })

  it('has "Audio only" among the settings, and a note', async () => {
    await using guest = await withCrowd()
    await guest.page.locator('button[aria-label="More options"]').click()
    await guest.page.locator('li', { hasText: 'Settings' }).click()
    for (const tab of ['Audio', 'Captions', 'Reactions', 'Video'])
      await guest.page.locator(`[aria-modal="true"] button[aria-label="${tab}"]`).click()
    await guest.page.locator('li[aria-label="Audio only"]').click()
    await guest.page.getByText('Incoming video is set to audio only').waitFor()
    await guest.page.locator('button[jsname="z4Tpl"]').click()
    await guest.page.locator('ul[aria-label="Meeting language"] li[data-value="de-DE"]').click()
    expect(await guest.page.evaluate(`localStorage.getItem('meet-preferences')`)).toContain('de-DE')
    await guest.page.locator('[aria-label="Close dialog"], [aria-label="Close dialogue"]').click()
    expect(await guest.page.locator('[aria-modal="true"]').count()).toBe(0)
  })

  it('makes one’s own tile small', async () => {
    await using guest = await withCrowd()
    await guest.page.locator('button[aria-label="More options for Stranger"]').click()
    await guest.page.locator('li[aria-label="Minimize"], li[aria-label="Minimise"]').click()
    await guest.page.locator('div[jsname="Qiayqc"]').waitFor()
    expect(await guest.page.locator('[data-participant-id="spaces/abc/devices/3"].oZRSLe').count()).toBe(0)
  })
})
