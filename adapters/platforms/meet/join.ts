import { BotError, isBotError } from '../../../src/core/errors.ts'
import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Sight, Stage } from '../../../src/platform/stage.ts'
import { admission } from './admission.ts'
import { type MeetKey, POPUPS } from './controls.ts'
import { dismissPopups, refusal } from './trouble.ts'
import { withLanguage } from './url.ts'

export type MeetStage = Stage<MeetKey>

const TRIES = 3
const PREJOIN_MS = 60_000
const DOORS = ['askToJoin', 'joinNow', 'joinHereToo'] as const
const BEFORE = [
  ...DOORS,
  'nameBox',
  'startupCode',
  'badCode',
  'denied',
  'cantJoin',
  'problem',
  'signIn',
  'captcha',
  'noAnswer',
  'hostEnded',
  ...POPUPS,
] as const

/** Goes in as a guest (or signed in, where there is no name box). Retries by itself what the client itself calls a problem. */
export async function join(stage: MeetStage, options: JoinOptions): Promise<Evidence> {
  const startedAt = stage.clock.now()
  for (let failed = 0; ; ) {
    try {
      const evidence = await attempt(stage, options, startedAt)
      if (evidence !== 'reload') return evidence // a knock nobody answered is no failure: the waiting budget bounds those
    } catch (error) {
      if (!isBotError(error, 'PLATFORM_ERROR') || options.signal.aborted) throw error
      if (++failed >= TRIES) throw lastWord(error)
    }
  }
}

async function attempt(stage: MeetStage, options: JoinOptions, startedAt: number): Promise<Evidence | 'reload'> {
  const { ref, locale, signal } = options
  await stage.goto(withLanguage(ref.joinUrl, locale), { signal })
  const door = await prejoin(stage, options)
  await stage.press(door, { signal })
  return admission(stage, { ...options, knockedAt: stage.clock.now(), startedAt })
}

/** Being sent away once may be a hiccup; every time it is the platform's no. */
function lastWord(error: BotError): BotError {
  const details: Readonly<Record<string, unknown>> = { ...error.details, tries: TRIES }
  if (details['sentAway'] === true)
    return new BotError('PLATFORM_BLOCKED', `Sent away to a marketing page ${TRIES} times`, { details, cause: error })
  return new BotError(error.code, error.message, { details, cause: error })
}

/** Waits for the screen, answers what is in the way, types the name, switches microphone and camera off. */
async function prejoin(stage: MeetStage, { botName, signal }: JoinOptions): Promise<(typeof DOORS)[number]> {
  const deadline = stage.clock.now() + PREJOIN_MS
  let named = false
  for (;;) {
    const sight = await stage.look(BEFORE, { signal })
    await refusal(stage, sight, 'prejoin', signal)
    await dismissPopups(stage, sight, signal)
    if (sight.shows.has('nameBox') && !named) {
      await stage.type('nameBox', botName, { signal })
      named = true
      continue
    }
    const door = DOORS.find((key) => sight.shows.get(key)?.enabled === true)
    if (door !== undefined) {
      await silence(stage, signal)
      return door
    }
    if (stage.clock.now() >= deadline) throw await lost(stage, sight)
    await stage.pulse({ atLeastMs: 200, atMostMs: 1_000, signal })
  }
}

/** Microphone and camera off. The label turns late: press, look, press again if it still says on. */
async function silence(stage: MeetStage, signal: AbortSignal): Promise<void> {
  for (const key of ['micOn', 'cameraOn'] as const) {
    for (let tried = 0; tried < 5; tried++) {
      const sight = await stage.look([key], { signal })
      if (!sight.shows.has(key)) break
      // A dialog may cover the button: the join goes on, and what others hear of a bot is silence anyway.
      const pressed = await stage.press(key, { signal, timeoutMs: 3_000 }).then(
        () => true,
        (error: unknown) => {
          if (isBotError(error, 'PAGE_CHANGED')) return false
          throw error
        },
      )
      if (!pressed) break
      const until = stage.clock.now() + 2_000
      while (stage.clock.now() < until && (await stage.look([key], { signal })).shows.has(key)) {
        await stage.pulse({ atLeastMs: 100, atMostMs: 300, signal })
      }
    }
  }
}

async function lost(stage: MeetStage, sight: Sight<MeetKey>): Promise<BotError> {
  const evidence = await stage.evidence(sight, { picture: true, absent: [...DOORS] })
  return new BotError('PAGE_CHANGED', `No join button within ${PREJOIN_MS} ms`, {
    details: { ...evidence, control: 'askToJoin', tried: DOORS },
  })
}
