import type { OpenPage } from '../browser/port.ts'
import { within } from '../core/deadline.ts'
import { type BotError, toBotError } from '../core/errors.ts'
import type { Evidence } from '../core/events.ts'
import type { EndReason, ErrorCode } from '../core/outcomes.ts'
import type { AutoLeave } from './auto-leave.ts'
import { type Ending, endingOfLimit } from './ending.ts'
import type { Interruptions } from './interruptions.ts'
import type { BotLife } from './life.ts'

/** The call goes on without the bot: its page died, or stands before the call again. */
export interface Lost {
  lost: 'page_crashed' | 'outside'
  evidence?: Evidence
}

/** Ways back taken in one call. */
const MOST = 3
/** What a call ends with that could not be entered again. */
const LOST_FOR: Readonly<Record<Lost['lost'], EndReason>> = { page_crashed: 'browser_crashed', outside: 'connection_lost' }
/** Failures of a page, which another page need not have. */
const PAGES_OWN: readonly ErrorCode[] = ['BROWSER_CRASHED', 'CAPTURE_FAILED']
/** What the door says to a bot that found itself before it: why it was put there. */
const SAID_AT_DOOR: Partial<Record<ErrorCode, EndReason>> = {
  MEETING_OVER: 'meeting_ended',
  NOT_ACCEPTED: 'removed',
  REMOVED_EARLY: 'removed',
}

export interface WayBackOptions {
  interruptions: Interruptions
  policy: AutoLeave
  /** Goes in again on another page; throws what `join` throws. */
  rejoin(signal: AbortSignal): Promise<OpenPage>
}

/** Into a call again that goes on without the bot, a few times in its life; the longest a recording may last is not waited past. */
export class WayBack {
  readonly #life: BotLife
  readonly #options: WayBackOptions
  #taken = 0

  constructor(life: BotLife, options: WayBackOptions) {
    this.#life = life
    this.#options = options
  }

  /** The page it is in the call on, or why the call ends. */
  async take({ lost, evidence }: Lost): Promise<OpenPage | Ending> {
    const { leave, parts } = this.#life
    const { interruptions, policy, rejoin } = this.#options
    let ending: Ending = { reason: LOST_FOR[lost], ...(evidence === undefined ? {} : { evidence }) }
    while (this.#taken < MOST) {
      this.#taken++
      interruptions.lost()
      const back = interruptions.start('rejoining', { attempt: this.#taken, why: lost, ...evidence })
      try {
        const ms = policy.leftMs(parts.clock.now())
        return await within({ ms, code: 'WAITING_ROOM_TIMEOUT', what: 'the way back', signal: leave, clock: parts.clock }, rejoin)
      } catch (thrown) {
        if (leave.aborted) return { reason: 'caller' }
        if (policy.leftMs(parts.clock.now()) <= 0) return endingOfLimit('max_duration', this.#life.config.automaticLeave)
        const error = toBotError(thrown)
        const said = lost === 'outside' ? SAID_AT_DOOR[error.code] : undefined
        if (said !== undefined) return { reason: said, evidence: evidenceOf(error) }
        ending = { ...ending, error }
        if (!PAGES_OWN.includes(error.code)) return ending
      } finally {
        back()
      }
    }
    return ending
  }
}

const PARTS = ['signs', 'absent', 'url', 'text', 'screenshot'] as const satisfies readonly (keyof Evidence)[]

/** What was seen when it was thrown. */
function evidenceOf({ details }: BotError): Evidence {
  return Object.fromEntries(PARTS.flatMap((part) => (details[part] === undefined ? [] : [[part, details[part]]])))
}
