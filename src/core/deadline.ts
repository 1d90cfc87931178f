import { type Clock, systemClock } from './clock.ts'
import { BotError } from './errors.ts'
import { follow } from './follow.ts'
import type { ErrorCode } from './outcomes.ts'

export interface DeadlineOptions {
  ms: number
  /** The code of the error when time runs out. */
  code: ErrorCode
  /** What was awaited, for the message: "the join button". */
  what: string
  signal?: AbortSignal | undefined
  clock?: Clock
}

/** Runs `work` under one deadline: one reason to stop, its own code, nothing left running. */
export async function within<T>(
  { ms, code, what, signal, clock = systemClock }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const following = follow(signal)
  const aborted = new Promise<never>((_, reject) => {
    following.signal.addEventListener('abort', () => reject(following.signal.reason), { once: true })
  })
  aborted.catch(() => {}) // also rejected when the work is done, and nobody waits any more
  const late = clock.after(ms, following.signal).then(
    () => Promise.reject(new BotError(code, `Nothing within ${ms} ms: ${what}`, { details: { ms, what } })),
    () => new Promise<never>(() => {}),
  )
  try {
    return await Promise.race([work(following.signal), late, aborted])
  } finally {
    following.stop()
  }
}
