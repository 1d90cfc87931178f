import { accessSync, constants, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { BotError } from '../core/errors.ts'

/** Where a browser came from. */
export type BrowserSource = 'option' | 'REMORA_BROWSER' | 'installed' | 'playwright' | '@sparticuz/chromium' | 'channel'
export interface FoundBrowser {
  executablePath: string
  source: BrowserSource
  /** Flags this build cannot do without. */
  args?: readonly string[]
  /** Built without a window. */
  headlessOnly?: true
}

/** What `@sparticuz/chromium` offers. */
export interface PackedBrowser {
  executablePath: string
  args: readonly string[]
}

/** What finding looks at; a test brings its own machine. */
export interface Machine {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  home: string
  runs(path: string): boolean
  list(folder: string): readonly string[]
  /** `@sparticuz/chromium`'s browser, unpacked, if the app installed that package. */
  sparticuz(): Promise<PackedBrowser | undefined>
}

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser']
// biome-ignore format: a table
const PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'],
  linux: ['/opt/google/chrome/chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'],
}
// biome-ignore format: a table
const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'sudo apt-get install -y chromium   (Debian; elsewhere: npx remora browser install)',
  darwin: 'brew install --cask google-chrome',
  win32: 'winget install Google.Chrome',
}

/** Of the packed browser's own flags: one process for all would end with its first page; the rest is decided by options. */
const NOT_OURS = /^--(single-process|no-zygote|no-sandbox|disable-setuid-sandbox|headless|window-size|user-agent)\b/

export function thisMachine(env: Readonly<Record<string, string | undefined>>): Machine {
  return {
    platform: process.platform,
    env,
    home: homedir(),
    runs(path) {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false // not there, or not ours to run: the same to us
      }
    },
    list(folder) {
      try {
        return readdirSync(folder)
      } catch {
        return [] // no such folder: nothing in it
      }
    },
    async sparticuz() {
      const name = '@sparticuz/chromium' // in a variable: an optional package the app may or may not have
      const loaded: unknown = await import(name).catch(() => undefined)
      if (typeof loaded !== 'object' || loaded === null || !('default' in loaded)) return undefined
      const { executablePath, args = [] } = loaded.default as { executablePath?: () => Promise<string>; args?: readonly string[] }
      const path = await executablePath?.()
      return path === undefined ? undefined : { executablePath: path, args }
    },
  }
}

/** Playwright's own downloads, newest first. */
function* playwrightCache({ env, home, platform, list }: Machine): Generator<string> {
  const folders: Partial<Record<NodeJS.Platform, string>> = {
    linux: join(home, '.cache/ms-playwright'),
    darwin: join(home, 'Library/Caches/ms-playwright'),
    win32: join(env['LOCALAPPDATA'] ?? home, 'ms-playwright'),
  }
  const root = env['PLAYWRIGHT_BROWSERS_PATH'] ?? folders[platform] ?? ''
  const inside: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    linux: ['chrome-linux64/chrome', 'chrome-linux/chrome'],
    darwin: [
      'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
      'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    ],
    win32: ['chrome-win64/chrome.exe', 'chrome-win/chrome.exe'],
  }
  const versions = list(root).filter((name) => /^chromium-\d+$/.test(name))
  for (const version of versions.sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))) {
    for (const path of inside[platform] ?? []) yield join(root, version, path)
  }
}

/** The browser to use: option, REMORA_BROWSER, installed, Playwright's cache, `@sparticuz/chromium`; else `BROWSER_NOT_FOUND`. */
export async function findBrowser(executablePath: string | undefined, machine: Machine): Promise<FoundBrowser> {
  const { env, platform, runs } = machine
  const tried: string[] = []
  const asked: readonly [BrowserSource, string | undefined][] = [
    ['option', executablePath],
    ['REMORA_BROWSER', env['REMORA_BROWSER']],
  ]
  for (const [source, path] of asked) {
    if (path === undefined || path === '') continue
    if (runs(path)) return { executablePath: path, source }
    throw new BotError(
      'BROWSER_NOT_FOUND',
      `${source === 'option' ? 'browser.executablePath' : source} names no program that can be run: ${path}`,
      {
        details: { field: source, value: path },
      },
    )
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const installed = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...(PLACES[platform] ?? [])]
  for (const path of installed) if (runs(path)) return { executablePath: path, source: 'installed' }
  tried.push('PATH and the usual places', 'the Playwright cache', '@sparticuz/chromium')
  for (const path of playwrightCache(machine)) if (runs(path)) return { executablePath: path, source: 'playwright' }
  const packed = await machine.sparticuz()
  if (packed !== undefined && runs(packed.executablePath)) {
    return { ...packed, args: packed.args.filter((arg) => !NOT_OURS.test(arg)), source: '@sparticuz/chromium', headlessOnly: true }
  }
  const command = INSTALL[platform] ?? 'npx remora browser install'
  throw new BotError('BROWSER_NOT_FOUND', `No Chrome or Chromium found. Install one: ${command}`, { details: { tried, command } })
}
