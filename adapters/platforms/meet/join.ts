import { BotError, isBotError } from '../../../src/core/errors.ts'
import type { Evidence } from '../../../src/core/events.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Stage } from '../../../src/platform/stage.ts'
import { admission } from './admission.ts'
import { WaitingBudget } from './budget.ts'
import type { MeetKey } from './controls.ts'
import { type Door, prejoin } from './prejoin.ts'
import { type Switch, silence, tellOn } from './switches.ts'
import { tryPress, uncover } from './trouble.ts'
import { withLanguage } from './url.ts'

export type MeetStage = Stage<MeetKey>

const TRIES = 3
/** A moment before another try, for what went wrong to pass. */
const AGAIN_MS = 1_000

/** Goes in as a guest (or signed in, where there is no name box). Retries by itself what the client itself calls a problem. */
export async function join(stage: MeetStage, options: JoinOptions): Promise<Evidence> {
  const budget = new WaitingBudget(options.waitingRoomTimeoutMs)
  const said = new Set<string>()
  const onWarning: JoinOptions['onWarning'] = (code, message, details) => {
    if (!said.has(message)) options.onWarning(code, message, details) // once, however often the page is loaded
    said.add(message)
  }
  for (let failed = 0; ; ) {
    try {
      const evidence = await attempt(stage, { ...options, onWarning }, budget)
      if (evidence !== 'reload') return evidence // a knock nobody answered is no failure: the waiting budget bounds those
    } catch (error) {
      if (!isBotError(error, 'PLATFORM_ERROR') || options.signal.aborted) throw error
      const last = ++failed >= TRIES || error.details['final'] === true || budget.spent(stage.clock.now())
      if (last) throw lastWord(error, failed)
      await stage.clock.after(AGAIN_MS * failed, options.signal)
    }
  }
}

async function attempt(stage: MeetStage, options: JoinOptions, budget: WaitingBudget): Promise<Evidence | 'reload'> {
  const { ref, locale, signal } = options
  await stage.goto(withLanguage(ref.joinUrl, locale), { signal })
  let door: Door
  let on: readonly Switch[]
  // A dialog may come over the button meanwhile: look again, answer it, press again.
  for (let tried = 0; ; tried++) {
    door = await prejoin(stage, options, budget)
    on = await silence(stage, signal)
    if (await tryPress(stage, door, signal)) break
    await uncover(stage, options)
    if (tried < TRIES) continue
    await stage.press(door, { signal }) // says PAGE_CHANGED in its own words
    break
  }
  tellOn(on, 'prejoin', options.onWarning)
  const knockedAt = stage.clock.now()
  budget.knocked(knockedAt)
  return admission(stage, { ...options, door, knockedAt, budget })
}

/** Being sent away once may be a hiccup; every time it is the platform's no. */
function lastWord(error: BotError, tries: number): BotError {
  const details: Readonly<Record<string, unknown>> = { ...error.details, tries }
  if (details['sentAway'] === true) return new BotError('PLATFORM_BLOCKED', `${error.message}, ${tries} times`, { details, cause: error })
  return new BotError(error.code, error.message, { details, cause: error })
}
