import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { type Examination, type ExaminedControl, examine } from '../bot/doctor.ts'
import { chromiumProvider } from '../browser/chromium.ts'
import { readEnv } from '../config/env.ts'
import { ERROR_CODES, type ErrorCode } from '../core/outcomes.ts'
import { PLATFORMS } from '../defaults.ts'
import { parseMeetingUrl } from '../platform/meeting-url.ts'

interface DoctorFlags {
  name: string
  out: string
  json?: true
  locale: string
  sandbox: boolean
  headless: boolean
  browserArg: string[]
}

/** `remora doctor`: does a platform's entrance still look as the adapter expects? Goes up to the door, never knocks. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('walk up to a meeting without knocking, and tell by which clue each control was found')
    .argument('<url>', 'meeting URL')
    .option('--name <name>', 'display name to type', 'Remora')
    .option('--out <dir>', 'folder for the screenshot and the extract of the page', 'doctor')
    .option('--json', 'one JSON object instead of a table')
    .option('--locale <language>', 'language asked of the page', 'en')
    .option('--no-sandbox', 'start Chromium without its sandbox (as root it has none)')
    .option('--no-headless', 'show the browser (needs a display)')
    .option('--browser-arg <arg>', 'another argument for Chromium; may be repeated', (arg: string, all: string[]) => [...all, arg], [])
    .action(async (meetingUrl: string, { name, out, json, locale, sandbox, headless, browserArg }: DoctorFlags) => {
      const { adapter, ref } = parseMeetingUrl(meetingUrl, PLATFORMS)
      const dir = resolve(out)
      mkdirSync(dir, { recursive: true })
      const say = (line: string) => console.error(line)
      const browser = chromiumProvider({ sandbox, headless, args: browserArg, env: readEnv().all, onWarning: (_, message) => say(message) })
      const stop = new AbortController()
      const interrupt = () => stop.abort(new Error('interrupted'))
      process.once('SIGINT', interrupt)
      try {
        const found = await examine({ adapter, ref, browser, botName: name, locale, dir, signal: stop.signal })
        const { elements, ...report } = found
        const extract = join(dir, 'elements.json')
        writeFileSync(extract, `${JSON.stringify(elements, null, 2)}\n`)
        writeFileSync(join(dir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
        console.log(json === true ? JSON.stringify({ ...report, extract }) : tableOf(found, extract))
        process.exitCode = exitOf(found)
      } finally {
        process.off('SIGINT', interrupt)
        await browser.close()
      }
    })
}

/** 0 = a bot could go in from here; else the exit code of what stood in the way. */
function exitOf({ ok, error }: Examination): number {
  if (ok && error === undefined) return 0
  const code = (error?.code ?? 'PAGE_CHANGED') as ErrorCode
  return ERROR_CODES[code].exit
}

function tableOf(found: Examination, extract: string): string {
  const rows = found.controls.map((control) => [control.control, stateOf(control), control.by ?? ''])
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const lines = rows.map(([control = '', state = '', by = '']) =>
    `${control.padEnd(widths[0] ?? 0)}  ${state.padEnd(widths[1] ?? 0)}  ${by}`.trimEnd(),
  )
  return [
    `${found.platform}  ${found.page}  ${found.ok ? 'a bot could knock here' : 'NO WAY IN was found'}`,
    ...(found.error === undefined ? [] : [`${found.error.code}: ${found.error.message}`]),
    '',
    ...lines,
    '',
    ...(found.screenshot === undefined ? [] : [found.screenshot]),
    extract,
  ].join('\n')
}

function stateOf({ found, essential, enabled, by, clues }: ExaminedControl): string {
  if (!found) return essential ? 'not found (one of these is needed)' : 'not found'
  const place = clues.findIndex(({ clue }) => clue === by)
  const state = enabled === false ? 'found, greyed' : 'found'
  return `${state} by clue ${place + 1} of ${clues.length}`
}
