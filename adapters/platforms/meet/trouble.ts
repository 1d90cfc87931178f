import { BotError, isBotError } from '../../../src/core/errors.ts'
import type { ErrorCode } from '../../../src/core/outcomes.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight } from '../../../src/platform/stage.ts'
import { DOOR_POPUPS, type MeetKey, POPUPS } from './controls.ts'
import type { MeetStage } from './join.ts'

type Phase = 'prejoin' | 'knock'

/** What a screen means before admission. `problem` and a redirect are tried again by `join`; the last one is what is said. */
// biome-ignore format: a table
const MEANS: readonly [control: MeetKey, code: ErrorCode, says: string][] = [
  ['denied',   'NOT_ACCEPTED',        'Someone in the call denied the request'],
  ['badCode',  'INVALID_MEETING_URL', 'The client knows no such meeting'],
  ['hostEnded','MEETING_OVER',        'The meeting is over'],
  ['callEnded','MEETING_OVER',        'The meeting is over'],
  ['problem',  'PLATFORM_ERROR',      'The client reports a problem connecting'],
  ['cantJoin', 'PLATFORM_BLOCKED',    'The client does not let this guest join'],
  ['signIn',   'SIGN_IN_REQUIRED',    'The meeting is for signed-in people'],
]
/** What only one phase can tell. */
// biome-ignore format: a table
const MEANS_IN: Readonly<Record<Phase, readonly [control: MeetKey, code: ErrorCode, says: string][]>> = {
  prejoin: [['homePage', 'INVALID_MEETING_URL', 'The client went to its start page: it knows no such meeting']],
  knock: [
    ['removed',  'NOT_ACCEPTED',   'Put out before being let in'],
    ['youLeft',  'NOT_ACCEPTED',   'Put out before being let in'],
    ['homePage', 'PLATFORM_ERROR', 'The client went to its start page after the knock'],
  ],
}
/** Every control that `refusal` reads. */
export const TROUBLES = [
  ...MEANS.map(([control]) => control),
  ...Object.values(MEANS_IN).flatMap((rows) => rows.map(([control]) => control)),
  'startupCode',
  'captcha',
] as const satisfies readonly MeetKey[]

const NOT_FOUND_CODE = '217'
const CHALLENGE = { width: 120, height: 40 }
const SIZED_MS = 1_000
const MEET = /(^|\.)meet\.google\.com$/
/** A page on the way to another is gone by then. */
const PASSING_MS = 2_000

/** Throws what the page says, with its evidence; says nothing where it says nothing. True: it is on its way to another site, and nothing of it is ours. `asked`: the lobby was seen, a host knows of us; `inside`: so was the call, twice. */
export async function refusal(
  stage: MeetStage,
  sight: Sight<MeetKey>,
  phase: Phase,
  signal: AbortSignal,
  { asked = false, inside = false }: { asked?: boolean; inside?: boolean } = {},
): Promise<boolean> {
  if (!sight.answered) return false
  const thrown = (code: ErrorCode, says: string) => fail(stage, sight, code, says, phase)
  if (await elsewhere(stage, sight, phase, signal, asked)) return true
  if (sight.url.startsWith('chrome-error:')) throw await thrown('PLATFORM_ERROR', 'The page could not be loaded')
  for (const [control, code, says] of MEANS) if (sight.shows.has(control)) throw await thrown(code, says)
  if (sight.shows.has('startupCode')) {
    const codes = (await stage.read('startupCode', { signal })).map(({ attributes }) => attributes['data-startup-code'] ?? '')
    if (codes.some((code) => code === NOT_FOUND_CODE)) throw await thrown('INVALID_MEETING_URL', 'The client knows no such meeting')
    if (codes.length > 0) throw await thrown('PLATFORM_ERROR', `The client failed to start with code ${codes.join(', ')}`)
  }
  for (const [control, code, says] of MEANS_IN[phase]) {
    if (!sight.shows.has(control) && !(control === 'homePage' && isStart(sight.url))) continue
    if (inside && control === 'removed') throw await thrown('REMOVED_EARLY', 'Removed before anything was recorded')
    throw await fail(stage, sight, code, says, phase, asked && code === 'PLATFORM_ERROR' ? { final: true } : {})
  }
  if (sight.shows.has('captcha') && (await challenged(stage, signal)))
    throw await thrown('PLATFORM_BLOCKED', 'The client asks for a captcha')
  return false
}

/** Throws where the client has led to another site: a sign-in page, its marketing page, or one we do not know. True: it is on its way. */
async function elsewhere(stage: MeetStage, sight: Sight<MeetKey>, phase: Phase, signal: AbortSignal, asked: boolean): Promise<boolean> {
  const host = foreign(sight.url)
  if (host === undefined) return false
  const marketing = host === 'workspace.google.com'
  if (!marketing) {
    // A way that leads through other sites shows each for a moment; only where it ends counts.
    await stage.pulse({ atLeastMs: PASSING_MS, atMostMs: PASSING_MS, signal })
    if (foreign(stage.url()) !== host) return true
  }
  if (host.startsWith('accounts.')) throw await fail(stage, sight, 'SIGN_IN_REQUIRED', 'Sent to the sign-in page', phase)
  const to = marketing ? 'a marketing page' : host
  // Seen a second or two after a refused knock: asking again would be asking against a no.
  if (asked) throw await fail(stage, sight, 'NOT_ACCEPTED', `Sent away to ${to} from the lobby`, phase)
  throw await fail(stage, sight, 'PLATFORM_ERROR', `Sent away to ${to}`, phase, { sentAway: true })
}

/** The host of a site that is not the client's; undefined where we are still there, and on pages of the browser's own. */
export function foreign(url: string): string | undefined {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' }
  return /^https?:$/.test(protocol) && !MEET.test(hostname) ? hostname : undefined
}

/** The client's start page by its address, in any language: a meeting has a path. */
export function isStart(url: string): boolean {
  const { hostname, pathname } = URL.canParse(url) ? new URL(url) : { hostname: '', pathname: '' }
  return MEET.test(hostname) && /^\/(landing\/?)?$/.test(pathname)
}

/** A frame has a size of its own until its page gives it another: only one that keeps it asks for something. */
async function challenged(stage: MeetStage, signal: AbortSignal): Promise<boolean> {
  if (!(await large(stage, signal))) return false
  await stage.pulse({ atLeastMs: SIZED_MS, atMostMs: SIZED_MS, signal })
  return large(stage, signal)
}

/** An invisible frame is on every join page; only a visible one of some size is a challenge. */
async function large(stage: MeetStage, signal: AbortSignal): Promise<boolean> {
  const frames = await stage.read('captcha', { signal })
  return frames.some(({ visible, attributes, width, height }) => {
    const said = (side: 'width' | 'height') =>
      Number.parseInt(attributes[side] ?? new RegExp(`${side}:\\s*(\\d+)`).exec(attributes['style'] ?? '')?.[1] ?? '0', 10)
    return visible && (width ?? said('width')) >= CHALLENGE.width && (height ?? said('height')) >= CHALLENGE.height
  })
}

/** The error of a row, with what was seen and a picture. */
export async function fail(
  stage: MeetStage,
  sight: Sight<MeetKey>,
  code: ErrorCode,
  says: string,
  phase: Phase,
  more: Readonly<Record<string, unknown>> = {},
): Promise<BotError> {
  const evidence = await stage.evidence(sight, { picture: true })
  return new BotError(code, says, { details: { ...evidence, phase, ...more } })
}

/** Presses a control that may be gone or covered by now; says whether it was pressed. */
export async function tryPress(stage: MeetStage, key: MeetKey, signal: AbortSignal, timeoutMs = 3_000): Promise<boolean> {
  try {
    await stage.press(key, { signal, timeoutMs })
    return true
  } catch (error) {
    signal.throwIfAborted()
    if (isBotError(error, 'PAGE_CHANGED')) return false // seen again next time, if it is still there
    throw error
  }
}

/** A dialog that no control of ours answers lies over the door: Escape closes it, and answers nothing. */
export async function uncover(stage: MeetStage, { signal, onWarning }: Pick<JoinOptions, 'signal' | 'onWarning'>): Promise<void> {
  const sight = await stage.look(['dialog', ...DOOR_POPUPS], { signal })
  const text = sight.shows.get('dialog')?.text
  if (text === undefined || DOOR_POPUPS.some((key) => sight.shows.has(key))) return
  await stage.key('Escape', { signal })
  onWarning('fallback_selector', 'A dialog in words that are not ours lies over the join button: closed by Escape', {
    control: 'dialog',
    used: 'Escape',
    text,
  })
}

/** Presses away whatever dialog shows; what was pressed. */
export async function dismissPopups(
  stage: MeetStage,
  sight: Sight<MeetKey>,
  signal: AbortSignal,
  popups: readonly MeetKey[] = POPUPS,
): Promise<readonly MeetKey[]> {
  const pressed: MeetKey[] = []
  for (const key of popups) if (sight.shows.has(key) && (await tryPress(stage, key, signal))) pressed.push(key)
  return pressed
}
