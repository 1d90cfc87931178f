/** A signal of one's own that another one aborts as well. */
export interface Following {
  readonly signal: AbortSignal
  /** Aborts it and lets go of the other one. */
  stop(): void
}

/**
 * Follows a signal that lives long for a wait that is short. `AbortSignal.any` would leave something behind in the long
 * one for every wait (nodejs/node issues 54614 and 64476): a call has thousands of them.
 */
export function follow(leader: AbortSignal | undefined): Following {
  const own = new AbortController()
  const abort = () => own.abort(leader?.reason)
  if (leader?.aborted === true) abort()
  leader?.addEventListener('abort', abort, { once: true })
  return {
    signal: own.signal,
    stop() {
      leader?.removeEventListener('abort', abort)
      own.abort()
    },
  }
}
