import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expressRouter } from '../../adapters/http/express.ts'
import { LocalArtifacts } from '../../src/artifacts/local.ts'
import { findBrowser, thisMachine } from '../../src/browser/find.ts'
import type { Lab } from '../../src/lab/server.ts'
import { MeetingEngine } from '../../src/meeting-engine.ts'
import { newFolder, PEOPLE, quickLab, SANDBOX } from './meeting.ts'

const KEY = 'key-of-the-page'

let lab: Lab
let engine: MeetingEngine
let server: Server
let browser: Browser
let base = ''
beforeAll(async () => {
  lab = await quickLab()
  const dataDir = newFolder()
  engine = new MeetingEngine({
    apiKeys: [KEY],
    dataDir,
    artifacts: new LocalArtifacts({ dir: join(dataDir, 'recordings'), secret: 'a secret of this test', baseUrl: () => base }),
    browser: { sandbox: SANDBOX, args: [...lab.chromiumArgs] },
  })
  await engine.start()
  server = createServer(express().use('/bots-here', expressRouter(engine))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bots-here`
  const { executablePath } = await findBrowser(undefined, thisMachine(process.env))
  browser = await chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), chromiumSandbox: SANDBOX })
})
afterAll(async () => {
  await browser.close()
  await engine.stop({ graceMs: 5_000 })
  server.closeAllConnections()
  server.close()
  await lab.close()
})

/** A fresh tab, with everything its console complains about. */
async function tab(): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  return { page, complaints }
}

it('asks for the key, and again when it is wrong', async () => {
  const { page } = await tab()
  await page.goto(base)
  await page.getByPlaceholder('API key').fill('wrong')
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByText('That key is not known here.').waitFor()
  expect(await page.evaluate('sessionStorage.length')).toBe(0)
  await page.close()
})

it('shows a bot from its sending to its recording: status, picture, speakers, player', async () => {
  const { page, complaints } = await tab()
  await page.goto(`${base}/`)
  await page.getByPlaceholder('API key').fill(KEY)
  await page.keyboard.press('Enter')
  await page.getByText('No bots yet.').waitFor()
  const room = await lab.room({ platform: 'meet', people: PEOPLE, lobby: false } as never)
  await page.getByPlaceholder('https://meet.google.com/').fill(room.url)
  await page.getByTitle('name of the bot').fill('Notes <b>of</b> the page')
  await page.getByRole('button', { name: 'Send a bot' }).click()
  const card = page.locator('.card')
  await card.getByRole('heading', { name: 'Notes <b>of</b> the page' }).waitFor()
  await page.locator('.card[data-status=in_call_recording]').waitFor({ timeout: 40_000 })
  await card.locator('.pill.live').waitFor()
  await card.locator('.speakers li').first().waitFor({ timeout: 20_000 })
  expect(['Ada', 'Jack']).toContain(await card.locator('.speakers li').first().textContent())
  const picture = card.locator('.picture img')
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image: { naturalWidth?: number }) => image.naturalWidth)).toBeGreaterThan(100)

  await card.getByRole('button', { name: 'Leave' }).click()
  await card.getByRole('button', { name: 'Watch' }).click({ timeout: 30_000 })
  const video = card.locator('video')
  await expect
    .poll(() => video.evaluate((player: { duration?: number; videoWidth?: number }) => (player.duration ?? 0) > 0 && player.videoWidth))
    .toBe(1280)
  expect(await card.locator('.ending').textContent()).toContain('caller')
  await page.screenshot({ path: join(newFolder(), 'page.png') })
  // Its own policy lets it do all of this, and nothing was refused on the way.
  expect(complaints).toEqual([])

  await page.reload()
  await card.waitFor()
  await page.getByRole('button', { name: 'Forget key' }).click()
  await page.getByPlaceholder('API key').waitFor()
  await page.reload()
  await page.getByPlaceholder('API key').waitFor()
  await page.close()
})
