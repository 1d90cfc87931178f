import type { OpenPage } from '../browser/port.ts'
import { BotError, isBotError, toBotError } from '../core/errors.ts'
import type { Evidence } from '../core/events.ts'
import type { PlatformAdapter } from '../platform/adapter.ts'
import type { Observation } from '../platform/observation.ts'
import { AutoLeave } from './auto-leave.ts'
import type { CallRecording } from './call-recording.ts'
import { type Ending, endingOfLimit } from './ending.ts'
import type { Eyes } from './eyes.ts'
import type { Interruptions } from './interruptions.ts'
import type { BotLife } from './life.ts'
import { HUNG_MS, Remedy } from './remedy.ts'
import { settle } from './settle.ts'
import { type Lost, WayBack } from './way-back.ts'

export interface Attending {
  adapter: PlatformAdapter
  page: OpenPage
  recording: CallRecording
  eyes: Eyes
  interruptions: Interruptions
  /** Goes in again on another page; throws what `join` throws. */
  rejoin(signal: AbortSignal): Promise<OpenPage>
}

const TICK_MS = 1_000
/** A page is new for so long: what is known of reports is still of the one before. */
const NEW_MS = 5_000

/** From the running recording to the reason it ends. Facts, clock, caller and health in one place; the first reason wins. */
export async function attend(life: BotLife, call: Attending): Promise<Ending> {
  const policy = new AutoLeave(life.config.automaticLeave, life.parts.clock.now())
  const wayBack = new WayBack(life, { ...call, policy })
  let { page } = call
  for (;;) {
    const over = await watch(life, { ...call, page }, policy)
    if (!('lost' in over)) return over
    const back = await wayBack.take(over)
    if ('reason' in back) return back
    page = back
  }
}

/** One stretch on one page. */
async function watch(life: BotLife, call: Attending, policy: AutoLeave): Promise<Ending | Lost> {
  const { page, recording } = call
  const stop = new AbortController()
  const { signal } = stop
  return new Promise<Ending | Lost>((resolve) => {
    const end = (ending: Ending | Lost) => {
      resolve(ending)
      stop.abort(new Error('the call is over'))
    }
    const fail = (error: unknown) => {
      if (signal.aborted) return
      if (isBotError(error, 'BROWSER_CRASHED')) return // `gone` says it, and knows which kind
      const thrown = toBotError(error)
      end({ reason: thrown.code, error: thrown })
    }
    const onLeave = () => end({ reason: 'caller' })
    life.leave.addEventListener('abort', onLeave, { once: true, signal })
    if (life.leave.aborted) onLeave()
    recording.broken.addEventListener('abort', () => fail(recording.broken.reason), { once: true, signal })
    if (recording.broken.aborted) fail(recording.broken.reason)
    void settle(life, call.adapter, page, signal)
    void page.gone.then(({ kind }) => {
      if (!signal.aborted) end(kind === 'disconnected' ? { reason: 'browser_crashed' } : { lost: 'page_crashed' })
    })
    observe(call, life, signal, end).catch(fail)
    tick(life, call, policy, signal, end).catch(fail)
  })
}

async function observe(
  { adapter, page, eyes, interruptions }: Attending,
  life: BotLife,
  signal: AbortSignal,
  end: (e: Ending | Lost) => void,
): Promise<void> {
  for await (const seen of adapter.observe(page.stage, { signal, locale: life.config.locale })) {
    if (signal.aborted) return
    eyes.observe(seen)
    interruptions.observe(seen)
    if (seen.type === 'outside') {
      end({ lost: 'outside', evidence: await pictured(page, seen.evidence, 'outside') })
      return
    }
    if (seen.type === 'end') {
      end(endOf(seen, await pictured(page, seen.evidence, seen.reason)))
      return
    }
  }
  signal.throwIfAborted()
  throw new BotError('INTERNAL', 'The platform stopped observing without an end')
}

function endOf({ reason, code }: Extract<Observation, { type: 'end' }>, evidence: Evidence): Ending {
  if (code === undefined) return { reason, evidence }
  return { reason, evidence, error: new BotError(code, `The call ended: ${reason}`, { details: { ...evidence } }) }
}

/** Once a second: what is known is handed to the policy, and what is due is done. */
async function tick(
  life: BotLife,
  { eyes, interruptions, recording }: Attending,
  policy: AutoLeave,
  signal: AbortSignal,
  end: (e: Ending | Lost) => void,
): Promise<void> {
  const { clock } = life.parts
  const newUntil = clock.now() + NEW_MS
  const remedy = new Remedy()
  for (;;) {
    await clock.after(TICK_MS, signal)
    const now = clock.now()
    const capture = eyes.capture(now)
    const unreported = capture !== undefined && capture !== 'well' && capture.why === 'no_reports'
    if (!unreported || now >= newUntil) interruptions.health(capture, now)
    const due = remedy.due(capture, eyes.sound(now) !== undefined, now)
    if (due === 'restart') recording.restart()
    if (due === 'another page') {
      end({ lost: 'page_crashed', evidence: { text: `no reports and no frames for ${HUNG_MS} ms` } })
      return
    }
    const met = eyes.participants.map(({ joinedAt, leftAt }) => leftAt ?? joinedAt)
    if (met.length > 0) policy.metSomeone(Math.max(...met))
    policy.others(eyes.others, now)
    policy.sound(eyes.sound(now), now)
    const limit = policy.due(now)
    if (limit === undefined) continue
    end(endingOfLimit(limit, life.config.automaticLeave))
    return
  }
}

/** The evidence with a picture of that moment, where the page still gives one. */
export async function pictured(page: OpenPage, evidence: Evidence, label: string): Promise<Evidence> {
  const screenshot = evidence.screenshot ?? (await page.screenshot(label))
  return screenshot === undefined ? evidence : { ...evidence, screenshot }
}
