import { chromium } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { launchError, startBrowser } from '../../../src/browser/launch.ts'

// As playwright-core 1.6x says it.
const MISSING = `browserType.launch: Chromium distribution 'msedge' is not found at /opt/microsoft/msedge/msedge\nRun "npx playwright install msedge"`

it('a browser is started without our secrets', async () => {
  const launch = vi.spyOn(chromium, 'launch').mockRejectedValue(new Error('not today'))
  const env = { HOME: '/home/remora', REMORA_API_KEYS: 'key-one' }
  const plan = { locale: 'en', viewport: { width: 1280, height: 720 } }
  await expect(startBrowser({ executablePath: process.execPath, env }, plan as never)).rejects.toThrow('not today')
  expect(launch.mock.calls[0]?.[0]?.env).toEqual({ HOME: '/home/remora' })
  launch.mockRestore()
})

describe('a browser that does not start', () => {
  it('of a channel that is not installed is BROWSER_NOT_FOUND, with the command that installs it', () => {
    expect(launchError(new Error(MISSING), { channel: 'msedge' })).toMatchObject({
      code: 'BROWSER_NOT_FOUND',
      message: expect.stringContaining('npx playwright-core install msedge'),
      details: { field: 'browser.channel', value: 'msedge', command: 'npx playwright-core install msedge' },
    })
  })

  it('of a channel that does not exist is CONFIG_INVALID, with those that do', () => {
    expect(launchError(new Error('browserType.launch: Unsupported chromium channel "chrom"'), { channel: 'chrom' })).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { field: 'browser.channel', value: 'chrom' },
      message: expect.stringContaining('chrome'),
    })
  })

  it('for another reason is BROWSER_LAUNCH_FAILED, in its own words', () => {
    expect(launchError(new Error('spawn EACCES'), { channel: 'chrome' })).toMatchObject({
      code: 'BROWSER_LAUNCH_FAILED',
      message: expect.stringContaining('spawn EACCES'),
    })
  })
})
