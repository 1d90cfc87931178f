import { describe, expect, it } from 'vitest'
import { findBrowser, type Machine } from '../../../src/browser/find.ts'

function machine(has: readonly string[], more: Partial<Machine> = {}): Machine {
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/a',
    runs: (path) => has.includes(path),
    list: () => [],
    sparticuz: async () => undefined,
    ...more,
  }
}
const CACHE = '/home/a/.cache/ms-playwright'
const cached = {
  list: (folder: string) => (folder === CACHE ? ['chromium-900', 'chromium-1200', 'chromium_headless_shell-1300', 'firefox-1'] : []),
}
const EVERYTHING = ['/opt/mine', '/opt/env', '/usr/bin/chromium', `${CACHE}/chromium-1200/chrome-linux/chrome`, '/tmp/packed']
const packed = async () => ({
  executablePath: '/tmp/packed',
  args: ['--single-process', '--no-zygote', '--headless=shell', '--no-sandbox', '--disable-gpu', '--window-size=1,1'],
})

describe('finding a browser', () => {
  it('goes by option, REMORA_BROWSER, installed, Playwright cache, packed browser, in this order', async () => {
    const env = { PATH: '/usr/bin', REMORA_BROWSER: '/opt/env' }
    const all = { env, ...cached, sparticuz: packed }
    expect(await findBrowser('/opt/mine', machine(EVERYTHING, all))).toMatchObject({ executablePath: '/opt/mine', source: 'option' })
    expect(await findBrowser(undefined, machine(EVERYTHING, all))).toMatchObject({ executablePath: '/opt/env', source: 'REMORA_BROWSER' })
    const plain = { ...all, env: { PATH: '/usr/bin' } }
    expect(await findBrowser(undefined, machine(EVERYTHING, plain))).toMatchObject({
      executablePath: '/usr/bin/chromium',
      source: 'installed',
    })
    expect(await findBrowser(undefined, machine(EVERYTHING.slice(3), plain))).toMatchObject({ source: 'playwright' })
    expect(await findBrowser(undefined, machine(EVERYTHING.slice(4), plain))).toMatchObject({ source: '@sparticuz/chromium' })
  })

  it('prefers Chrome to Chromium, whichever folder of PATH holds it', async () => {
    const found = await findBrowser(undefined, machine(['/usr/local/bin/chromium', '/usr/bin/google-chrome']))
    expect(found.executablePath).toBe('/usr/bin/google-chrome')
  })

  it('takes the newest of the Playwright cache that runs, and the folder PLAYWRIGHT_BROWSERS_PATH names', async () => {
    const old = `${CACHE}/chromium-900/chrome-linux/chrome`
    const both = [old, `${CACHE}/chromium-1200/chrome-linux64/chrome`]
    expect((await findBrowser(undefined, machine(both, cached))).executablePath).toBe(both[1])
    expect((await findBrowser(undefined, machine([old], cached))).executablePath).toBe(old)
    const moved = { env: { PLAYWRIGHT_BROWSERS_PATH: '/pw' }, list: (folder: string) => (folder === '/pw' ? ['chromium-7'] : []) }
    const found = await findBrowser(undefined, machine(['/pw/chromium-7/chrome-linux/chrome'], moved))
    expect(found.executablePath).toBe('/pw/chromium-7/chrome-linux/chrome')
  })

  it('keeps of the packed browser the flags it needs, not one process for all nor an open sandbox', async () => {
    const found = await findBrowser(undefined, machine(['/tmp/packed'], { sparticuz: packed }))
    expect(found).toEqual({ executablePath: '/tmp/packed', source: '@sparticuz/chromium', headlessOnly: true, args: ['--disable-gpu'] })
  })

  it('never replaces a browser that was asked for by another one', async () => {
    const asked = findBrowser('/opt/typo', machine(EVERYTHING))
    await expect(asked).rejects.toMatchObject({ code: 'BROWSER_NOT_FOUND', details: { value: '/opt/typo' } })
    const env = { PATH: '/usr/bin', REMORA_BROWSER: '/opt/typo' }
    await expect(findBrowser(undefined, machine(EVERYTHING, { env }))).rejects.toThrow(/REMORA_BROWSER.*\/opt\/typo/)
  })

  it.each([
    ['linux', 'sudo apt-get install -y chromium'],
    ['darwin', 'brew install --cask google-chrome'],
    ['win32', 'winget install Google.Chrome'],
    ['freebsd', 'npx remora browser install'],
  ] as const)('says on %s how to get one: %s', async (platform, command) => {
    await expect(findBrowser(undefined, machine([], { platform }))).rejects.toMatchObject({
      code: 'BROWSER_NOT_FOUND',
      message: expect.stringContaining(command),
    })
  })
})
