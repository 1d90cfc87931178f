import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Room } from '../../src/lab/room.ts'
import { type Lab, startLab } from '../../src/lab/server.ts'
import { becomes, enter, happened, strangersBrowser } from './lab-visitor.ts'

let lab: Lab
let browser: Browser
beforeAll(async () => {
  lab = await startLab()
  browser = await strangersBrowser(lab)
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})

const QUICK = 94 // a seed whose page renders at once
const open = (plan: Record<string, unknown>) => lab.room({ platform: 'meet', lobby: false, speech: 'none', seed: QUICK, ...plan } as never)
const visitorOf = async (room: Room) =>
  ((await (await fetch(`${lab.controlUrl}/rooms/${room.id}`)).json()) as { visitors: Record<string, unknown>[] }).visitors[0]
/** Which source each audio receiver heard last. */
const sources = (page: Page) =>
  page.evaluate(
    `pcs.at(-1).getReceivers().filter((r) => r.track.kind === 'audio').map((r) => r.getContributingSources()[0]?.source ?? null)`,
  )
const shownVideos = "[...document.querySelectorAll('[data-participant-id] video')].filter((v) => v.srcObject && v.videoWidth > 0).length"

it('carries four speakers over three slots, with the person as the source of each packet', async () => {
  const people = ['A', 'B', 'C', 'D'].map((name, place) => ({ name, voice: { hz: 400 + 300 * place }, camera: 'off' }))
  const room = await open({ people })
  const { page } = await enter(browser, room)
  const heard = new Map<string, number>()
  for (const { name, csrc } of room.actors) {
    await room.say(name, { ms: 300 })
    const { slot } = await happened(room, { type: 'speaking', name, on: true })
    await becomes(
      page,
      `pcs.at(-1).getReceivers().some((r) => r.track.kind === 'audio' && r.getContributingSources().some((c) => c.source === ${csrc}))`,
    )
    heard.set(name, Number(slot))
    await happened(room, { type: 'speaking', name, on: false })
  }
  expect(new Set([...heard.values()]).size).toBe(3)
  expect(heard.get('D')).toBe(heard.get('A'))
  expect(((await sources(page)) as unknown[]).length).toBe(3)
  const ssrcs = await page.evaluate(
    `pcs.at(-1).getReceivers().flatMap((r) => r.getSynchronizationSources()).filter((s) => s.audioLevel !== undefined).map((s) => s.source)`,
  )
  for (const ssrc of ssrcs as number[]) expect([6_666, 6_667, 6_668]).toContain(ssrc)
  expect(
    await page.evaluate(`[...document.querySelectorAll('audio')].map((a) => [a.id, a.src, a.paused, a.srcObject.getTracks().length])`),
  ).toEqual(Array.from({ length: 3 }, () => ['', '', true, 1]))
  await page.close()
})

it('sends the pictures the layout asks for and no more; a share is a tile of its own', async () => {
  const room = await open({ people: ['A', 'B', 'C'].map((name) => ({ name })) })
  const { page } = await enter(browser, room)
  await becomes(page, `${shownVideos} === 3`)
  expect((await visitorOf(room))?.['requested']).toEqual({ video: 3 })
  const [ada] = room.actors
  if (ada === undefined) throw new Error('nobody')
  await room.patchPerson(ada, { sharing: true })
  const { screenId } = await happened(room, { type: 'person', change: 'share', on: true })
  await becomes(page, `document.querySelector('[data-participant-id="${screenId}"] video')?.videoWidth === 1280`)
  expect(await page.evaluate(`document.querySelector('[data-participant-id="${screenId}"]').closest('.dkjMxf') !== null`)).toBe(true)
  await room.patchPerson(ada, { sharing: false, name: 'Ada' })
  await room.patchPerson(ada, { sharing: true })
  const again = await happened(room, { type: 'person', change: 'share', on: true, name: 'Ada' })
  expect(again['screenId']).not.toBe(screenId)
  await becomes(page, `document.body.innerText.includes('Ada')`)
  await room.patchPerson(ada, { camera: 'off', sharing: false })
  await becomes(
    page,
    `[...document.querySelectorAll('[data-participant-id="${ada.id}"] video')].every((v) => v.style.display === 'none' && v.srcObject === null)`,
  )
  expect((await visitorOf(room))?.['requested']).toEqual({ video: 2 })
  await page.close()
})

it('measures what a visitor sends: a tone, a picture, its colour; and the host can mute it', async () => {
  const room = await open({ people: [{ name: 'Ada', camera: 'off' }] })
  const { page, visitor } = await enter(browser, room)
  await page.mouse.move(300, 300)
  await page.locator('button[aria-label^="Turn on microphone"]').first().click()
  await page.mouse.move(310, 300)
  await page.locator('button[aria-label^="Turn on camera"]').first().click()
  const sent = await happened(room, { type: 'sent-video', visitor })
  expect(Number(sent['width'])).toBeGreaterThan(0)
  expect(await happened(room, { type: 'seen', visitor })).toMatchObject({ colour: expect.stringMatching(/^#[0-9a-f]{6}$/) })
  // The first reports may hold only the beginning of the tone.
  const loud = ({ type, rms, ...more }: Readonly<Record<string, unknown>>) =>
    type === 'heard' && more['visitor'] === visitor && Number(rms) > 0.01
  expect(room.truth.events.find(loud) ?? (await room.truth.wait(loud, 10_000))).toBeDefined()
  expect(await visitorOf(room)).toMatchObject({ micOn: true, cameraOn: true, seen: { width: expect.any(Number) } })
  expect(room.command('mute')).toEqual([visitor])
  await happened(room, { type: 'heard', visitor, rms: 0 })
  expect((await visitorOf(room))?.['micOn']).toBe(false)
  expect(room.command('remove')).toEqual([visitor])
  await happened(room, { type: 'state', state: 'removed' })
  await page.close()
  await happened(room, { type: 'page-closed', visitor })
  expect((await visitorOf(room))?.['state']).toBe('removed')
})

it('says nothing of sources where the room wants none, and speaks on the newer arm’s channel', async () => {
  const room = await open({ people: [{ name: 'A', voice: { hz: 500 }, camera: 'off' }], traps: ['neteq', 'no-collections'] })
  const { page } = await enter(browser, room)
  expect(await page.evaluate(`document.querySelectorAll('audio').length`)).toBe(0)
  // Longer than a channel takes to open on a busy machine.
  await room.say('A', { ms: 8_000 })
  await becomes(
    page,
    `channels.dcrpc?.length > 0 && pcs.at(-1).getReceivers().some((r) => r.getSynchronizationSources().some((s) => s.audioLevel > 0.05))`,
  )
  expect(
    await page.evaluate(
      `[Object.keys(channels).includes('collections'), pcs.at(-1).getReceivers().flatMap((r) => r.getContributingSources()).length]`,
    ),
  ).toEqual([false, 0])
  await page.close()
})

it('makes another connection with the same track ids before it closes the first, and is heard and seen on it', async () => {
  const people = [{ name: 'Ada', voice: { hz: 440 } }]
  const room = await open({ people, traps: ['media-restart'] })
  const { page } = await enter(browser, room)
  await becomes(page, `${shownVideos} === 1`)
  const ids = `(pc) => pc.getReceivers().filter(({ track }) => track.kind === 'audio').map(({ track }) => track.id).sort().join()`
  // Both stand, each with the same tracks.
  await becomes(page, `pcs.length === 2 && pcs.every((pc) => pc.connectionState === 'connected') && new Set(pcs.map(${ids})).size === 1`)
  await happened(room, { type: 'media-connected', again: true })
  await becomes(page, `pcs[0].connectionState === 'closed' && pcs[1].connectionState === 'connected' && ${shownVideos} === 1`)
  const { csrc } = room.actors[0] ?? {}
  await room.say('Ada', { ms: 500 })
  await becomes(
    page,
    `pcs[1].getReceivers().some((r) => r.track.kind === 'audio' && r.getContributingSources().some((c) => c.source === ${csrc}))`,
  )
  await becomes(page, `channels.collections.length > 0 && document.querySelectorAll('audio').length === 3`)
  await page.close()
})
