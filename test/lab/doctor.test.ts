import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { meet } from '../../adapters/platforms/meet/index.ts'
import { type Examination, examine } from '../../src/bot/doctor.ts'
import type { Lab } from '../../src/lab/server.ts'
import { type PlatformAdapter, withControls } from '../../src/platform/adapter.ts'
import { parseMeetingUrl } from '../../src/platform/meeting-url.ts'
import { newFolder, PEOPLE, quickLab, SANDBOX, sharedBrowser } from './meeting.ts'

let lab: Lab
beforeAll(async () => {
  lab = await quickLab()
})
afterAll(() => lab.close())

const room = (more: Record<string, unknown> = {}) => lab.room({ platform: 'meet', people: PEOPLE, ...more } as never)

async function doctor(url: string, ...more: string[]): Promise<{ code: number | null; stdout: string; out: string }> {
  const out = newFolder()
  const args = ['src/cli/main.ts', 'doctor', url, '--out', out, ...(SANDBOX ? [] : ['--no-sandbox']), ...more]
  const child = spawn(process.execPath, ['--import', 'tsx', ...args, ...lab.chromiumArgs.flatMap((arg) => ['--browser-arg', arg])])
  let stdout = ''
  child.stdout.on('data', (data) => {
    stdout += String(data)
  })
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, stdout, out }
}

describe('remora doctor', () => {
  it('tells the clue of every control, keeps a picture and an extract, and never knocks', async () => {
    const meeting = await room()
    const { code, stdout } = await doctor(meeting.url, '--json', '--name', 'Doctor Who')
    const report: Examination & { extract: string } = JSON.parse(stdout)
    expect({ code, ok: report.ok, error: report.error }).toEqual({ code: 0, ok: true, error: undefined })
    const found = report.controls.filter((control) => control.found).map(({ control }) => control)
    expect(found).toEqual(expect.arrayContaining(['askToJoin', 'nameBox', 'toggle']))
    for (const { found: there, by } of report.controls) expect(there).toBe(by !== undefined)
    expect(report.page).toBe('https://meet.google.com/[meeting]')
    expect(existsSync(report.screenshot ?? '')).toBe(true)
    const extract = readFileSync(report.extract, 'utf8')
    expect(JSON.parse(extract).length).toBeGreaterThan(3)
    expect(extract).not.toMatch(/Doctor Who|Ada\b|spaces\//)
    const truth = meeting.truth.events
    expect(truth.filter(({ type, control }) => type === 'click' && /ask|join/i.test(String(control)))).toEqual([])
    expect(truth.some(({ state }) => state === 'knocking' || state === 'entering' || state === 'in_call')).toBe(false)
  })

  it('says what stands in the way, as a table, with the exit code of the failure', async () => {
    const meeting = await room({ traps: ['not-found'] })
    const { code, stdout, out } = await doctor(meeting.url)
    expect(code).toBe(4)
    expect(stdout).toMatch(/NO WAY IN[\s\S]*INVALID_MEETING_URL[\s\S]*askToJoin +not found \(one of these is needed\)/)
    expect(existsSync(join(out, 'report.json'))).toBe(true)
  })

  it('names a control the page does not have', async () => {
    const meeting = await room()
    const { adapter, ref } = parseMeetingUrl(meeting.url, [meet as PlatformAdapter])
    const changed = withControls(adapter, {
      micOn: { clues: [{ css: '[data-microphone]' }] },
      nameBox: { clues: [{ css: '[data-name]' }, { css: 'input' }] },
    })
    const browser = sharedBrowser(lab)
    const { signal } = new AbortController()
    const found = await examine({ adapter: changed, ref, browser, botName: 'Doctor', locale: 'en', dir: newFolder(), signal })
    await browser.close()
    const controls = Object.fromEntries(found.controls.map((control) => [control.control, control]))
    expect(controls['micOn']).toMatchObject({ found: false, clues: [{ clue: 'css=[data-microphone]', matches: false }] })
    expect(controls['nameBox']).toMatchObject({ found: true, by: 'css=input', clues: [{ matches: false }, { matches: true }] })
    expect(found.ok).toBe(true)
  })
})
