import type { EndReason, ErrorCode } from '../core/outcomes.ts'

export interface LeaveLimits {
  nooneJoinedTimeoutMs: number | null
  everyoneLeftTimeoutMs: number | null
  silenceTimeoutMs: number | null
  maxDurationMs: number | null
}

/** yes, no, or not known. */
export type Known = boolean | undefined

export type LeaveVerdict = Extract<EndReason, 'everyone_left' | 'silence' | 'max_duration'> | Extract<ErrorCode, 'NOONE_JOINED'>

/**
 * When to leave by oneself. Pure: it is told what is known and when, and asked what is due. Each input is yes, no or
 * unknown, and unknown neither starts a countdown nor keeps one running.
 */
export class AutoLeave {
  readonly #limits: LeaveLimits
  readonly #startedAt: number
  #someoneCame = false
  #aloneSince: number | undefined
  #silentSince: number | undefined

  constructor(limits: LeaveLimits, startedAt: number) {
    this.#limits = limits
    this.#startedAt = startedAt
  }

  /** Somebody else was in the call at this time: between two looks somebody may come and go. */
  metSomeone(at: number): void {
    this.#someoneCame = true
    if (this.#aloneSince !== undefined && this.#aloneSince < at) this.#aloneSince = at
  }

  /** Is anybody else in the call? */
  others(known: Known, now: number): void {
    if (known === true) this.#someoneCame = true
    this.#aloneSince = known === false ? (this.#aloneSince ?? now) : undefined
  }

  /** Was anything heard just now? Silence counts only once someone was there. */
  sound(known: Known, now: number): void {
    this.#silentSince = known === false && this.#someoneCame ? (this.#silentSince ?? now) : undefined
  }

  /** How much longer the bot may stay at most; negative once it is over. */
  leftMs(now: number): number {
    const { maxDurationMs } = this.#limits
    return maxDurationMs === null ? Number.POSITIVE_INFINITY : this.#startedAt + maxDurationMs - now
  }

  /** What is due at `now`, the one with the earliest deadline first. */
  due(now: number): LeaveVerdict | undefined {
    const past = this.#deadlines().filter(({ at }) => at <= now)
    return past.sort((a, b) => a.at - b.at)[0]?.verdict
  }

  #deadlines(): { verdict: LeaveVerdict; at: number }[] {
    const { nooneJoinedTimeoutMs, everyoneLeftTimeoutMs, silenceTimeoutMs, maxDurationMs } = this.#limits
    const rows: [LeaveVerdict, number | undefined, number | null][] = [
      ['max_duration', this.#startedAt, maxDurationMs],
      ['NOONE_JOINED', this.#someoneCame ? undefined : this.#aloneSince, nooneJoinedTimeoutMs],
      ['everyone_left', this.#someoneCame ? this.#aloneSince : undefined, everyoneLeftTimeoutMs],
      ['silence', this.#silentSince, silenceTimeoutMs],
    ]
    return rows.flatMap(([verdict, since, ms]) => (since === undefined || ms === null ? [] : [{ verdict, at: since + ms }]))
  }
}
