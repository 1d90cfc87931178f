import { wordsOf } from '../browser/clues.ts'
import type { BrowserProvider, OpenPage } from '../browser/port.ts'
import { BotError, toBotError } from '../core/errors.ts'
import type { Entrance, MeetingRef, PlatformAdapter } from '../platform/adapter.ts'
import type { Control, ControlMap } from '../platform/controls.ts'
import type { ElementFacts, Sight } from '../platform/stage.ts'
import { redact } from './redact.ts'

export interface ExamineOptions {
  adapter: PlatformAdapter
  ref: MeetingRef
  browser: BrowserProvider
  botName: string
  /** BCP 47 language asked of the page. */
  locale: string
  /** Folder for the screenshot. */
  dir: string
  signal: AbortSignal
}

/** One clue of a control, and whether it alone finds the control now. */
export interface ExaminedClue {
  clue: string
  lang?: string
  note?: string
  matches: boolean
}

export interface ExaminedControl {
  control: string
  found: boolean
  /** Without one of its row no bot gets in. */
  essential: boolean
  /** Can it be pressed or typed into? Absent where it was not found. */
  enabled?: boolean
  /** The clue the bot would use, in words. */
  by?: string
  clues: readonly ExaminedClue[]
}

/** An element a person could use, without anybody's name, address or code. */
export interface ExaminedElement {
  tag: string
  text: string
  attributes: Readonly<Record<string, string>>
  visible: boolean
  enabled: boolean
}

/** What a page's entrance looked like to the adapter. */
export interface Examination {
  platform: string
  /** Page URL without its query; the meeting's code taken out. */
  page: string
  /** Is at least one control of each essential row there? */
  ok: boolean
  /** Why the screen was not reached, where it was not. */
  error?: { code: string; message: string }
  controls: readonly ExaminedControl[]
  screenshot?: string
  elements: readonly ExaminedElement[]
}

const INTERACTIVE = 'remoraInteractive'
const MOST_ELEMENTS = 150
/** A page that is busy for longer tells nothing: its controls are neither there nor gone. */
const LOOK_MS = 10_000
/** What says how an element is recognised; all else may hold anything. */
const KEPT =
  /^(role|type|aria-(label|disabled|pressed|checked|expanded|haspopup|hidden|modal)|placeholder|title|alt|jsname|class|disabled|data-[\w-]+)$/

/** Walks up to the entrance of a meeting, never knocks, and tells what each control was found by. */
export async function examine({ adapter, ref, browser, botName, locale, dir, signal }: ExamineOptions): Promise<Examination> {
  const { entrance } = adapter
  if (entrance === undefined || adapter.approach === undefined)
    throw new BotError('NOT_SUPPORTED', `Nothing is known yet of the entrance of ${adapter.id}`)
  const page = await browser.open(
    {
      controls: { ...adapter.controls, ...singleClues(adapter), ...interactive() },
      wires: [],
      locale,
      viewport: { width: 1280, height: 720 },
      screenshotsDir: dir,
      onWarning: () => {},
    },
    signal,
  )
  try {
    const failed = await adapter.approach(page.stage, { ref, botName, locale, signal }).then(
      () => undefined,
      (error: unknown) => {
        signal.throwIfAborted()
        return toBotError(error)
      },
    )
    return await report(page, entrance, { adapter, ref, botName, signal }, failed)
  } finally {
    await page.close()
  }
}

async function report(
  page: OpenPage,
  entrance: Entrance,
  { adapter, ref, botName, signal }: Pick<ExamineOptions, 'adapter' | 'ref' | 'botName' | 'signal'>,
  failed: BotError | undefined,
): Promise<Examination> {
  const { stage } = page
  const needed = new Set(entrance.essential.flat())
  const keys = [...needed, ...entrance.others]
  const everyClue = (key: string) => (adapter.controls[key]?.clues ?? []).map((_, at) => single(key, at))
  const { answered, shows } = await stage.look([...keys, ...keys.flatMap(everyClue)], { signal, timeoutMs: LOOK_MS })
  if (!answered) throw failed ?? new BotError('PLATFORM_ERROR', `The page did not answer for ${LOOK_MS / 1_000} s`)
  const controls = keys.map((key) => examineControl(shows, adapter, key, needed.has(key)))
  const ok = entrance.essential.every((row) => controls.some(({ control, found }) => found && row.includes(control)))
  const screenshot = await page.screenshot('entrance')
  const elements = (await stage.read(INTERACTIVE, { signal })).slice(0, MOST_ELEMENTS).map((facts) => plain(facts, botName))
  return {
    platform: adapter.id,
    page: bare(stage.url()).replaceAll(ref.id, '[meeting]'),
    ok,
    ...(failed === undefined ? {} : { error: { code: failed.code, message: failed.message } }),
    controls,
    ...(screenshot === undefined ? {} : { screenshot }),
    elements,
  }
}

function examineControl(shows: Sight['shows'], adapter: PlatformAdapter, key: string, essential: boolean): ExaminedControl {
  const clues = adapter.controls[key]?.clues ?? []
  const seen = shows.get(key)
  const used = seen === undefined ? undefined : clues[seen.clue]
  return {
    control: key,
    found: seen !== undefined,
    essential,
    ...(seen === undefined ? {} : { enabled: seen.enabled }),
    ...(used === undefined ? {} : { by: wordsOf(used) }),
    clues: clues.map((clue, at) => ({
      clue: wordsOf(clue),
      ...(clue.lang === undefined ? {} : { lang: clue.lang }),
      ...(clue.note === undefined ? {} : { note: clue.note }),
      matches: shows.has(single(key, at)),
    })),
  }
}

const single = (key: string, at: number) => `${key}#${at}`

/** Every clue as a control of its own, so that each is asked alone. */
function singleClues(adapter: PlatformAdapter): ControlMap {
  const rows = Object.entries(adapter.controls).flatMap(([key, control]) =>
    control.clues.map((clue, at): [string, Control] => [single(key, at), { ...control, clues: [clue] }]),
  )
  return Object.fromEntries(rows)
}

function interactive(): ControlMap {
  return {
    [INTERACTIVE]: {
      clues: [
        {
          css: 'button,input,select,textarea,iframe,a[href],[role=button],[role=menuitem],[role=dialog],[role=tab],[role=switch],[data-startup-code]',
        },
      ],
      attached: true,
    },
  }
}

function plain({ tag = '', text, attributes, visible, enabled }: ElementFacts, botName: string): ExaminedElement {
  const kept = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
    KEPT.test(name) ? [[name, redact(value, [botName])]] : [],
  )
  const holder = /^(iframe|input|textarea|select)$/.test(tag) || attributes['role'] === 'dialog' // what is in them is no label
  return { tag, text: holder ? '' : redact(text, [botName]), attributes: Object.fromEntries(kept), visible, enabled }
}

function bare(url: string): string {
  return url.split(/[?#]/)[0] ?? url
}
