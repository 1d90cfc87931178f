import type { PageFrame } from '../core/frame.ts'
import type { CaptureHealth } from '../media/capture-port.ts'

/** Reports come every second; three missing ones are no jitter. */
const HEALTHY_MS = 3_500
/** As many reports in a row that tell of nothing done. */
const STALLED_REPORTS = 2
/** Seconds in which packets came, nothing was heard, and somebody was shown as speaking: no pause, no lag of a meter. */
const DEAD_REPORTS = 5
/** Comfort noise of a silent microphone is two or three packets a second; a voice is twenty and more. */
const VOICE_PACKETS = 10
/** Samples no larger than this are digital silence. */
const SILENT = 2

/** Why capture is not well; details of the `capture_degraded` interruption. */
export type CaptureTrouble =
  | { why: 'no_reports' }
  | { why: 'audio_stalled' | 'video_stalled'; audioContext: string; error?: string }
  | { why: 'dead_track'; track: number; packets: number; participants: readonly string[] }

/**
 * Is capture well? The worklet and the encoder must have done something every second. Silence is healthy, unless packets
 * keep coming for somebody who is shown as speaking: then that track is dead.
 */
export class CaptureWatch {
  readonly #loud = new Set<number>()
  readonly #deadFor = new Map<number, number>()
  #reportAt: number | undefined
  #stalledFor = 0
  #trouble: CaptureTrouble | undefined

  /** Which tracks were heard at all since the last report. */
  frame({ tracks }: PageFrame): void {
    for (const { track, pcm } of tracks)
      if (!this.#loud.has(track) && pcm.some((sample) => Math.abs(sample) > SILENT)) this.#loud.add(track)
  }

  /** `unheard`: people shown as speaking of whom nothing is heard. */
  report(health: CaptureHealth, unheard: readonly string[], now: number): void {
    this.#reportAt = now
    const stalled = stallOf(health)
    this.#stalledFor = stalled === undefined ? 0 : this.#stalledFor + 1
    this.#trouble = this.#stalledFor >= STALLED_REPORTS ? stalled : this.#dead(health, unheard)
    this.#loud.clear()
  }

  /** What is wrong; 'well', or undefined before the first report. */
  state(now: number): CaptureTrouble | 'well' | undefined {
    if (this.#reportAt === undefined) return undefined
    if (now - this.#reportAt >= HEALTHY_MS) return { why: 'no_reports' }
    return this.#trouble ?? 'well'
  }

  #dead({ tracks }: CaptureHealth, unheard: readonly string[]): CaptureTrouble | undefined {
    for (const track of this.#deadFor.keys()) if (!tracks.some((one) => one.track === track)) this.#deadFor.delete(track)
    let worst: CaptureTrouble | undefined
    for (const { track, packets } of tracks) {
      const dead = packets >= VOICE_PACKETS && unheard.length > 0 && !this.#loud.has(track)
      const seconds = dead ? (this.#deadFor.get(track) ?? 0) + 1 : 0
      this.#deadFor.set(track, seconds)
      if (seconds >= DEAD_REPORTS) worst ??= { why: 'dead_track', track, packets, participants: unheard }
    }
    return worst
  }
}

function stallOf({ samples, pictures, encoding = true, audioContext, error }: CaptureHealth): CaptureTrouble | undefined {
  const details = { audioContext, ...(error === undefined ? {} : { error }) }
  if (samples === 0) return { why: 'audio_stalled', ...details }
  if (encoding && pictures === 0) return { why: 'video_stalled', ...details }
  return undefined
}
