import type { MeetKey } from '../../../adapters/platforms/meet/controls.ts'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import { isBotError } from '../../../src/core/errors.ts'
import type { FakeStage } from '../../../src/lab/fakes/fake-stage.ts'
import type { JoinOptions } from '../../../src/platform/adapter.ts'
import type { Observation } from '../../../src/platform/observation.ts'

export const REF = { platform: 'meet', id: 'abc-defg-hij', joinUrl: 'https://meet.google.com/abc-defg-hij' }

interface Played {
  /** 'admitted', or the code of the refusal. */
  end: string
  details: Readonly<Record<string, unknown>>
  /** What was told on the way, with fake milliseconds. */
  told: { what: 'lobby' | 'sign' | 'contradiction'; atMs: number }[]
  atMs: number
  warned: { code: string; details: Readonly<Record<string, unknown>> }[]
}

/** Joins a scripted page, switches the devices off once inside, and tells what came of it. `atMs`: of the admission. */
export async function playJoin(
  stage: FakeStage<MeetKey>,
  { waitingRoomTimeoutMs = 600_000, locale = 'en', signal = new AbortController().signal }: JoinPlay = {},
): Promise<Played> {
  const told: Played['told'] = []
  const tell = (what: 'lobby' | 'sign' | 'contradiction') => () => void told.push({ what, atMs: stage.clock.elapsedMs })
  const warned: Played['warned'] = []
  let end = 'admitted'
  let details: Played['details'] = {}
  let atMs = 0
  const onWarning: JoinOptions['onWarning'] = (code, _, more = {}) => void warned.push({ code, details: more })
  try {
    details = {
      ...(await meet.join(stage, {
        ref: REF,
        botName: 'Notes',
        locale,
        waitingRoomTimeoutMs,
        signal,
        onLobby: tell('lobby'),
        onSign: tell('sign'),
        onContradiction: tell('contradiction'),
        onWarning,
      })),
    }
    atMs = stage.clock.elapsedMs
    await meet.devicesOff?.(stage, { signal, onWarning })
  } catch (error) {
    if (!isBotError(error)) throw error
    end = error.code
    details = error.details
    atMs = stage.clock.elapsedMs
  }
  return { end, details, told, atMs, warned }
}

interface JoinPlay {
  waitingRoomTimeoutMs?: number | null
  locale?: string
  signal?: AbortSignal
}

/** Observes a scripted call until it ends or `forMs` have passed. Times are fake milliseconds since the start. */
export async function playCall(stage: FakeStage<MeetKey>, forMs = 120_000): Promise<Observation[]> {
  const stop = new AbortController()
  const seen: Observation[] = []
  const startedAt = stage.clock.now()
  const late = stage.clock.after(forMs, stop.signal).then(
    () => stop.abort(new Error('seen enough')),
    () => {},
  )
  try {
    for await (const one of meet.observe(stage, { signal: stop.signal, locale: 'en' })) {
      seen.push({ ...one, atMs: one.atMs - startedAt })
    }
  } catch (error) {
    if (!stop.signal.aborted || error !== stop.signal.reason) throw error
  } finally {
    stop.abort()
    await late
  }
  return seen
}
