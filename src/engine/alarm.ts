import type { Clock } from '../core/clock.ts'

/** True when the time has come, false when aborted first. */
export function alarm(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.after(ms, signal).then(
    () => true,
    () => false,
  )
}

/** Whether it was done in that time. */
export async function inTime(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController()
  const done = work.then(() => true)
  const late = alarm(clock, ms, stop.signal).then((rang) => !rang)
  try {
    return await Promise.race([done, late])
  } finally {
    stop.abort()
  }
}

/** Does something now and again and again, so long after it was done. Answers how to stop it, which waits for its end. */
export function again(clock: Clock, everyMs: number, work: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const stop = new AbortController()
  const loop = (async () => {
    do await work(stop.signal)
    while (await alarm(clock, everyMs, stop.signal))
  })()
  return async () => {
    stop.abort()
    await loop
  }
}
