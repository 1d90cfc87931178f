import type { OpenPage } from '../browser/port.ts'
import { within } from '../core/deadline.ts'
import { BotError, isBotError, toBotError } from '../core/errors.ts'
import type { Evidence, Participant, SpeakingInterval } from '../core/events.ts'
import type { RecordedFiles } from '../media/recorder-port.ts'
import type { MeetingRef, PlatformAdapter } from '../platform/adapter.ts'
import { parseMeetingUrl } from '../platform/meeting-url.ts'
import { attend, pictured } from './attend.ts'
import { CallRecording } from './call-recording.ts'
import { comesOut, type Ending, judge, whyOf } from './ending.ts'
import { Eyes } from './eyes.ts'
import { Interruptions } from './interruptions.ts'
import type { BotLife } from './life.ts'
import { Pages } from './pages.ts'
import { listenToPage } from './wires.ts'

/** What is left of a life: why it ended, and what was kept. */
export interface Lived {
  ending: Ending
  files?: RecordedFiles
  participants: readonly Participant[]
  speakers: readonly SpeakingInterval[]
}

const LEAVE_MS = 8_000
/** Own tries when the page dies before the bot is in. */
const TRIES = 3

/** One bot, top to bottom: the only place where a platform's verbs meet the bot's signals. */
export async function live(life: BotLife): Promise<Lived> {
  const { config, parts, lifecycle, scope } = life
  const { adapter, ref } = parseMeetingUrl(config.meetingUrl, parts.platforms)
  lifecycle.apply('start', { evidence: { url: ref.joinUrl.split(/[?#]/)[0] ?? ref.joinUrl } }) // there is no page to picture yet
  const interruptions = new Interruptions(life)
  const eyes = new Eyes(life, (view) => recording.show(view))
  const recording: CallRecording = new CallRecording(life, eyes, [life.audio, ...eyes.sinks, ...parts.sinks])
  scope.own('eyes', () => eyes.close())

  const listening = new AbortController()
  scope.own('wires', () => listening.abort())
  const listen = (to: OpenPage) =>
    void listenToPage({ adapter, page: to, botName: config.botName, eyes, onReload: () => recording.reloaded(to) }, listening.signal).catch(
      (error: unknown) => parts.logger.debug('the page is no longer listened to', { error: String(error) }),
    ) // `gone` tells of a dead one
  const pages = new Pages(life, adapter, listen)
  let ending: Ending
  try {
    const door = { adapter, ref, recording, pages }
    const rejoin = async (signal: AbortSignal) => {
      recording.pause()
      const fresh = await pages.next(signal)
      await knock(life, { ...door, page: fresh, signal })
      await recording.reattach(fresh, signal)
      return fresh
    }
    ending = await attend(life, { adapter, page: await enter(life, door), recording, eyes, interruptions, rejoin })
  } catch (error) {
    ending = await endingOf(error, life, pages.current)
  }
  interruptions.close()
  const page = pages.current
  if (page !== undefined) ending = await depart(life, { adapter, page, recording }, ending)
  if (comesOut(lifecycle.status, ending.reason)) lifecycle.apply('ended', whyOf(ending, judge(ending, recording.durationMs > 0)))
  const { files, unfinished } = (await recording.finish()) ?? {}
  return {
    ending: unfinished === undefined ? ending : { ...ending, unfinished },
    ...(files === undefined ? {} : { files }),
    participants: eyes.participants,
    speakers: eyes.speakers,
  }
}

interface Door {
  adapter: PlatformAdapter
  ref: MeetingRef
  recording: CallRecording
  pages: Pages
}

/** Through the door and into a running recording; the page it ended up on. */
async function enter(life: BotLife, door: Door): Promise<OpenPage> {
  const { lifecycle, leave } = life
  for (let tried = 1; ; tried++) {
    try {
      const page = await door.pages.next(leave)
      const evidence = await knock(life, { ...door, page, signal: leave })
      const admitted = await pictured(page, evidence, 'in_call_not_recording')
      lifecycle.apply('admitted', { evidence: admitted })
      const { startedAt } = await door.recording.commit(page)
      lifecycle.apply('recording', {
        startedAt,
        evidence: { ...admitted, text: `media time 0 at ${new Date(startedAt).toISOString()}` },
      })
      return page
    } catch (error) {
      const again = isBotError(error, 'BROWSER_CRASHED') && tried < TRIES && lifecycle.can('admitted') && !leave.aborted
      if (!again) throw error
      door.recording.discard()
    }
  }
}

/** One pass of the platform's `join`, with the recording armed and discarded by its signs. */
async function knock(
  life: BotLife,
  { adapter, ref, page, recording, signal }: Omit<Door, 'pages'> & { page: OpenPage; signal: AbortSignal },
): Promise<Evidence> {
  const { config, lifecycle } = life
  const gone = new AbortController()
  const watch = page.gone.then(({ kind }) =>
    gone.abort(new BotError('BROWSER_CRASHED', `The page ${kind} while joining`, { details: { kind } })),
  )
  void watch
  return adapter.join(page.stage, {
    ref,
    botName: config.botName,
    ...(config.passcode === undefined ? {} : { passcode: config.passcode }),
    locale: config.locale,
    waitingRoomTimeoutMs: config.automaticLeave.waitingRoomTimeoutMs,
    signal: AbortSignal.any([signal, gone.signal]),
    onLobby: (evidence) => {
      if (lifecycle.can('lobby')) lifecycle.apply('lobby', { evidence })
    },
    onSign: () => recording.arm(page),
    onContradiction: () => recording.discard(),
    onWarning: life.warn,
  })
}

/** Nothing is left to press or to picture. */
const DEAD: readonly Ending['reason'][] = ['browser_crashed', 'BROWSER_CRASHED']
/** Somebody or something else has put the bot out. */
const OUT: readonly Ending['reason'][] = [...DEAD, 'meeting_ended', 'removed', 'connection_lost']

/**
 * Out by the site's own button where there is still a page to press it on, then the page itself: after this the bot is not
 * in the call, whatever the site did. The ending with a picture of how that looked, unless it has one.
 */
async function depart(
  life: BotLife,
  { adapter, page, recording }: Pick<Door, 'adapter' | 'recording'> & { page: OpenPage },
  ending: Ending,
): Promise<Ending> {
  const { lifecycle, parts } = life
  if (!OUT.includes(ending.reason) && lifecycle.status !== 'joining_call') {
    await within({ ms: LEAVE_MS, code: 'PLATFORM_ERROR', what: 'leaving', clock: parts.clock }, (signal) =>
      adapter.leave(page.stage, signal),
    ).catch(
      () => {}, // closing the page leaves too; the reason it ended is the one that counts
    )
  }
  await recording.stop()
  const seen = { ...urlOf(page), ...ending.evidence }
  const evidence = DEAD.includes(ending.reason) ? seen : await pictured(page, seen, ending.reason)
  await page.close()
  return { ...ending, evidence }
}

function urlOf(page: OpenPage): Evidence {
  const url = page.stage.url().split(/[?#]/)[0] ?? ''
  return url === '' ? {} : { url }
}

/** What a throw means: told to leave is the caller's reason, everything else its own error, with a picture. */
async function endingOf(thrown: unknown, life: BotLife, page: OpenPage | undefined): Promise<Ending> {
  if (life.leave.aborted) return { reason: 'caller' }
  const error = toBotError(thrown)
  const screenshot = error.details['screenshot'] ?? (await page?.screenshot(error.code))
  const evidence = {
    ...(page === undefined ? {} : urlOf(page)),
    ...(typeof screenshot === 'string' ? { screenshot } : {}),
  }
  return {
    reason: error.code,
    error: new BotError(error.code, error.message, { details: { ...error.details, ...evidence }, cause: error.cause }),
    evidence,
  }
}
