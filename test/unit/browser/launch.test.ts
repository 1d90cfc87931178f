import { describe, expect, it } from 'vitest'
import { launchError } from '../../../src/browser/launch.ts'

// As playwright-core 1.6x says it.
const MISSING = `browserType.launch: Chromium distribution 'msedge' is not found at /opt/microsoft/msedge/msedge\nRun "npx playwright install msedge"`

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
