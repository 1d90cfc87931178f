import type { CaptureTrouble } from './capture-watch.ts'

/** A page that gives neither reports nor frames for so long has not crashed, and never comes back all the same. */
export const HUNG_MS = 60_000
/** A worklet or an encoder that does nothing for so long does not begin again by itself. */
const STALLED_MS = 15_000
/** Between two restarts that change nothing: one costs a moment of whatever still works. Twice as long after each. */
const AGAIN_MS = 60_000

type Ill = 'hung' | 'stalled'
// biome-ignore format: a table
const ILL: Readonly<Record<CaptureTrouble['why'], Ill | undefined>> = {
  no_reports:    'hung',
  audio_stalled: 'stalled',
  video_stalled: 'stalled',
  dead_track:    undefined,
}

/** What is done about a capture that stays unwell on one page. Pure: told every second how it is, it answers with what is due. */
export class Remedy {
  #ill: Ill | undefined
  #since = 0
  #restartAt = 0
  #againMs = AGAIN_MS

  /** `heard`: frames come, whatever is reported. */
  due(capture: CaptureTrouble | 'well' | undefined, heard: boolean, now: number): 'restart' | 'another page' | undefined {
    const ill = this.#illOf(capture, heard)
    if (ill !== this.#ill) this.#since = now
    this.#ill = ill
    if (capture === 'well') this.#againMs = AGAIN_MS
    const forMs = now - this.#since
    if (ill === 'hung' && forMs >= HUNG_MS) return 'another page'
    if (ill !== 'stalled' || forMs < STALLED_MS || now < this.#restartAt) return undefined
    this.#restartAt = now + this.#againMs
    this.#againMs *= 2
    return 'restart'
  }

  #illOf(capture: CaptureTrouble | 'well' | undefined, heard: boolean): Ill | undefined {
    if (capture === undefined || capture === 'well') return undefined
    const ill = ILL[capture.why]
    return ill === 'hung' && heard ? undefined : ill
  }
}
