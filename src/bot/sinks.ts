import { within } from '../core/deadline.ts'
import type { PageFrame } from '../core/frame.ts'
import type { MediaSink } from '../media/capture-port.ts'
import type { BotLife } from './life.ts'

/** Time to flush and close. A sink may be anybody's code, and the finished files wait for no longer. */
const CLOSE_MS = 5_000

/** Where the call's audio goes beside the recording. One that fails is told of, and harms neither the files nor the others. */
export class Sinks {
  readonly #life: BotLife
  readonly #all: readonly MediaSink[]
  readonly #fed: Set<MediaSink>

  constructor(life: BotLife, sinks: readonly MediaSink[]) {
    this.#life = life
    this.#all = sinks
    this.#fed = new Set(sinks)
  }

  write(frame: PageFrame): void {
    for (const sink of this.#fed) {
      try {
        sink.write(frame)
      } catch (error) {
        this.#fed.delete(sink)
        this.#tell(sink, 'failed and is no longer fed', error)
      }
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#fed.clear()
    const { clock } = this.#life.parts
    await Promise.all(
      this.#all.map((sink) =>
        within({ ms: CLOSE_MS, code: 'INTERNAL', what: `the sink "${sink.name}" to close`, clock }, () => sink.close()).catch(
          (error: unknown) => this.#tell(sink, 'was not closed', error),
        ),
      ),
    )
  }

  #tell({ name }: MediaSink, what: string, error: unknown): void {
    this.#life.warn('stream_dropped', `The sink "${name}" ${what}`, { sink: name, error: String(error) })
  }
}
