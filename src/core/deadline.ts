import { type Clock, systemClock } from './clock.ts'
import { BotError } from './errors.ts'
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
  const stop = new AbortController()
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true, signal: stop.signal })
  })
  const late = clock.after(ms, both).then(
    () => Promise.reject(new BotError(code, `Nothing within ${ms} ms: ${what}`, { details: { ms, what } })),
    () => new Promise<never>(() => {}),
  )
  try {
    return await Promise.race([work(both), late, aborted])
  } finally {
    stop.abort()
  }
}
