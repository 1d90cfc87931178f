import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { type ChromiumOptions, chromiumProvider } from '../../src/browser/chromium.ts'
import { findBrowser, thisMachine } from '../../src/browser/find.ts'
import { defineControls } from '../../src/platform/controls.ts'
import { processesWith } from './meeting.ts'

const ROOT = process.getuid?.() === 0
const controls = defineControls({ join: { clues: [{ role: 'button', name: 'Join' }] } })
const plan = { controls, wires: [], locale: 'de', viewport: { width: 640, height: 360 }, screenshotsDir: tmpdir(), onWarning: () => {} }
const PAGE = 'data:text/html,<button>Join</button>'
const signal = AbortSignal.timeout(600_000)

/** A provider whose processes can be counted: the mark is on the command line of each of its browsers. */
function marked(options: Partial<ChromiumOptions> = {}) {
  const mark = `--remora-mark=${randomUUID()}`
  const { args = [], ...rest } = options
  const provider = chromiumProvider({ sandbox: !ROOT, env: process.env, args: [mark, ...args], ...rest })
  onTestFinished(() => provider.close())
  return { mark, provider, mains: () => processesWith(mark).filter(({ command }) => !command.includes('--type=')) }
}

async function works(open: { stage: import('../../src/platform/stage.ts').Stage }) {
  await open.stage.goto(PAGE, { signal })
  return (await open.stage.look(['join'], { signal })).shows.has('join')
}

it('starts one browser for pages opened at once, another when it died, and leaves no process behind', async () => {
  const { provider, mains, mark } = marked()
  const [one, two] = await Promise.all([provider.open(plan, signal), provider.open(plan, signal)])
  expect(mains()).toHaveLength(1)
  process.kill(mains()[0]?.pid ?? 0, 'SIGKILL')
  expect(await Promise.all([one.gone, two.gone])).toMatchObject([{ kind: 'disconnected' }, { kind: 'disconnected' }])
  await expect(one.reopen(signal)).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
  await expect(one.stage.look(['join'], { signal })).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
  const three = await provider.open(plan, signal)
  expect(await works(three)).toBe(true)
  await Promise.all([one.close(), two.close(), three.close()])
  await provider.close()
  await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toEqual([])
})

/** What the last of its flags switches off; Chromium reads no other. */
const switchedOff = (command: string) => [...command.matchAll(/--disable-features=([^\s\0]+)/g)].at(-1)?.[1]?.split(',') ?? []

it('switches off what playwright does, what the caller asks, and the address bar nobody sees', async () => {
  const mark = `--remora-mark=${randomUUID()}`
  const { executablePath } = await findBrowser(undefined, thisMachine(process.env))
  const plain = await chromium.launch({ executablePath, chromiumSandbox: !ROOT, args: [mark] })
  const [theirs] = processesWith(mark).filter(({ command }) => !command.includes('--type='))
  await plain.close()
  const playwrights = switchedOff(theirs?.command ?? '')
  expect(playwrights.length).toBeGreaterThan(5)

  const { provider, mains, mark: ours } = marked({ args: ['--disable-features=SomethingOfTheirs'] })
  const open = await provider.open(plan, signal)
  expect(await works(open)).toBe(true)
  expect(switchedOff(mains()[0]?.command ?? '')).toEqual(expect.arrayContaining([...playwrights, 'SomethingOfTheirs']))
  expect(processesWith(ours).filter(({ command }) => command.includes('--top-chrome-webui'))).toEqual([])
  await open.close()
})

it('ends a browser that does not answer', async () => {
  const { provider, mains, mark } = marked()
  await provider.open(plan, signal)
  const [main] = mains()
  process.kill(main?.pid ?? 0, 'SIGSTOP')
  const from = Date.now()
  await provider.close()
  expect(Date.now() - from).toBeLessThan(8_000)
  await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toEqual([])
})

it('gives up an open at once when aborted, and closes what it had begun', async () => {
  const { provider, mark } = marked()
  const stop = new AbortController()
  const opening = provider.open(plan, stop.signal)
  stop.abort(new Error('enough'))
  await expect(opening).rejects.toThrow('enough')
  await provider.close()
  await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toEqual([])
})

it.runIf(ROOT)('says BROWSER_SANDBOX_UNAVAILABLE as root, with the fix, and starts nothing without a sandbox unasked', async () => {
  const { provider, mark } = marked({ sandbox: true })
  await expect(provider.open(plan, signal)).rejects.toMatchObject({
    code: 'BROWSER_SANDBOX_UNAVAILABLE',
    message: expect.stringContaining('another user than root'),
  })
  expect(processesWith(mark)).toEqual([])
})

it('says BROWSER_LAUNCH_FAILED for a program that is no browser', async () => {
  const { provider } = marked({ executablePath: '/bin/true' })
  await expect(provider.open(plan, signal)).rejects.toMatchObject({ code: 'BROWSER_LAUNCH_FAILED' })
})

it('works in a profile, again after it died, and leaves the profile to the next', async () => {
  const profileDir = mkdtempSync(join(tmpdir(), 'remora-profile-'))
  const { provider, mains, mark } = marked({ profileDir })
  expect(await works(await provider.open(plan, signal))).toBe(true)
  const gone = (await provider.open(plan, signal)).gone
  process.kill(mains()[0]?.pid ?? 0, 'SIGKILL')
  expect(await gone).toMatchObject({ kind: 'disconnected' })
  expect(await works(await provider.open(plan, signal))).toBe(true)
  await provider.close()
  await expect.poll(() => processesWith(mark), { timeout: 5_000 }).toEqual([])
  expect(existsSync(join(profileDir, 'Default'))).toBe(true)
})

/** A browser of somebody else's, with its debugging address as it says it itself. */
async function theirBrowser(): Promise<{ process: ChildProcess; cdpUrl: string }> {
  const { executablePath } = await findBrowser(undefined, thisMachine(process.env))
  const profile = mkdtempSync(join(tmpdir(), 'remora-theirs-'))
  const args = [
    '--headless=new',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    ...(ROOT ? ['--no-sandbox'] : []),
  ]
  const child = spawn(executablePath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill())
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.stderr?.on('data', (data: Buffer) => {
      const found = /ws:\/\/([^/\s]+)/.exec(String(data))?.[1]
      if (found !== undefined) resolve({ process: child, cdpUrl: `http://${found}` })
    })
  })
}

it('uses a browser that runs already and never ends it', async () => {
  const { process: theirs, cdpUrl } = await theirBrowser()
  const { provider } = marked({ cdpUrl })
  const open = await provider.open(plan, signal)
  expect(await works(open)).toBe(true)
  await open.close()
  await provider.close()
  expect(theirs.exitCode).toBeNull()
  expect((await fetch(`${cdpUrl}/json/version`)).ok).toBe(true)
})

/** A site that knows who is signed in, under a policy no page script gets past. */
async function site() {
  const cookies: (string | undefined)[] = []
  const server = createServer((request, response) => {
    if (request.url === '/page') cookies.push(request.headers.cookie)
    response.setHeader('content-security-policy', "default-src 'none'")
    response.setHeader('content-type', 'text/html')
    if (request.url === '/login') response.setHeader('set-cookie', 'account=ada')
    response.end('<title>site</title><button>Join</button>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cookies }
}

it('is a tab in the profile of a browser that runs already: signed in there, captured, and gone without a trace', async () => {
  const { cdpUrl } = await theirBrowser()
  const { url, cookies } = await site()
  const tabs = async () => {
    const all = (await (await fetch(`${cdpUrl}/json/list`)).json()) as { url: string }[]
    return all.filter((tab) => tab.url.startsWith(url)).map((tab) => tab.url)
  }
  await fetch(`${cdpUrl}/json/new?${url}/login`, { method: 'PUT' })
  await expect.poll(tabs).toEqual([`${url}/login`])
  const { provider } = marked({ cdpUrl })
  const open = await provider.open(plan, signal)
  await open.stage.goto(`${url}/page`, { signal })
  expect(cookies).toEqual(['account=ada'])
  await new Promise<void>((resolve, reject) => {
    const listener = { frame: () => resolve(), video: () => {}, track: () => {}, health: () => {} }
    open.capture.arm({ sampleRate: 16_000 }, listener).catch(reject)
  })
  await open.close()
  await provider.close()
  expect(await tabs()).toEqual([`${url}/login`])
})

async function xvfb(): Promise<string> {
  const child: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  const pipe = child.stdio[3]
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    pipe?.once('data', (data: Buffer) => resolve(`:${String(data).trim()}`))
  })
}

it.runIf(existsSync('/usr/bin/Xvfb'))('works with a window under Xvfb', async () => {
  const { provider, mains } = marked({ headless: false, env: { ...process.env, DISPLAY: await xvfb() } })
  const open = await provider.open(plan, signal)
  expect(mains()[0]?.command).not.toContain('--headless')
  expect(await works(open)).toBe(true)
  expect(existsSync((await open.screenshot('window')) ?? '')).toBe(true)
  await open.close()
})
