import type { OpenPage } from '../browser/port.ts'
import { within } from '../core/deadline.ts'
import { BotError, isBotError } from '../core/errors.ts'
import type { PageFrame } from '../core/frame.ts'
import type { CaptureHealth, CaptureListener, MediaSink, TrackInfo, ViewPlan } from '../media/capture-port.ts'
import type { RecordedFiles, Recorder } from '../media/recorder-port.ts'
import { ArmedPage } from './armed-page.ts'
import type { BotLife } from './life.ts'
import { Sinks } from './sinks.ts'

const VIDEO = { width: 1280, height: 720, fps: 15, bitrate: 800_000, keyEveryMs: 1_000 } as const
/** Admitted, but nothing captured for this long: `CAPTURE_FAILED`. */
const FIRST_MEDIA_MS = 30_000

/** Why there is a stretch without media. */
const INTERRUPTED = { rejoin: 'the page had died', stalled: 'capture had stalled' } as const

/** Who else wants to know of the media, held or not. */
export interface MediaWatcher {
  frame(frame: PageFrame): void
  track(info: TrackInfo): void
  health(health: CaptureHealth): void
  /** Capture runs (held or kept), or what it took was thrown away. */
  armed(on: boolean): void
  /** It was an admission: what was held is kept from here on. */
  kept(): void
}

/**
 * The page's capture and the recorder, coupled: armed and held at the first sign of admission, then committed or thrown
 * away. Sinks (sockets, `audio()`) are fed only from the commit on.
 */
export class CallRecording {
  readonly #life: BotLife
  readonly #watcher: MediaWatcher
  readonly #recorder: Recorder
  readonly #sinks: Sinks
  readonly #broken = new AbortController()
  /** The one that counts: a capture that was let go may still push for a moment. */
  #armed: ArmedPage | undefined
  /** A page whose capture is being let go of. */
  #dropping: { page: OpenPage; done: Promise<void> } | undefined
  #committing = false
  #committed = false
  #view: ViewPlan | undefined
  #onFirstFrame: (() => void) | undefined
  #heard = false
  #interrupted: keyof typeof INTERRUPTED | undefined
  /** Page clock of the last sample captured. */
  #lastAtMs: number | undefined

  constructor(life: BotLife, watcher: MediaWatcher, sinks: readonly MediaSink[]) {
    this.#life = life
    this.#watcher = watcher
    this.#sinks = new Sinks(life, sinks)
    this.#recorder = life.parts.createRecorder({
      dir: life.dir,
      sampleRate: this.sampleRate,
      video: true,
      onWarning: life.warn,
      onError: (error) => this.#broken.abort(new BotError('STORAGE_FAILED', 'The recording cannot be written', { cause: error })),
    })
  }

  get sampleRate(): 16000 | 24000 {
    return this.#life.config.streaming.audioFrequency === '24khz' ? 24_000 : 16_000
  }

  /** Aborted with `STORAGE_FAILED` when the disk refuses. */
  get broken(): AbortSignal {
    return this.#broken.signal
  }

  /** Recorded milliseconds; 0 until something is kept. */
  get durationMs(): number {
    return this.#committed ? this.#recorder.durationMs : 0
  }

  /** Starts capture on this page, held back until `commit`. A page that dies meanwhile is somebody else's news. */
  arm(page: OpenPage): void {
    if (this.#armed?.page === page) return
    this.#watcher.armed(true)
    if (this.#recorder.state === 'idle') this.#recorder.hold()
    this.#arm(page)
  }

  #arm(page: OpenPage): void {
    this.#heard = false
    const { clock, logger } = this.#life.parts
    const armed: ArmedPage = new ArmedPage({
      page,
      options: { sampleRate: this.sampleRate, video: VIDEO },
      listener: this.#listener(() => (this.#armed === armed ? armed : undefined)),
      free: this.#dropping?.page === page ? this.#dropping.done : Promise.resolve(),
      clock,
      logger,
    })
    this.#armed = armed
    if (this.#view !== undefined) armed.show(this.#view)
  }

  /** It was no admission after all: nothing of it was kept. */
  discard(): void {
    const armed = this.#release()
    this.#watcher.armed(false)
    if (this.#committed) return
    this.#recorder.discard()
    if (armed === undefined) return
    const { page, settled } = armed
    this.#dropping = { page, done: settled.then(() => page.capture.disarm()).catch(() => {}) } // a dead page captures nothing
  }

  /**
   * The page has loaded another document: the capture went with the old one. What was held was of a call that is gone; a
   * recording goes on from whatever the new document plays.
   */
  reloaded(page: OpenPage): void {
    if (this.#armed?.page !== page) return
    if (this.#committed) {
      this.#release()
      this.#interrupted = 'rejoin'
      this.arm(page)
      return
    }
    this.discard()
    if (this.#committing) this.arm(page)
  }

  /** The page is well, and its capture does nothing any more: begun again there, into the same files. */
  restart(): void {
    if (!this.#committed) return
    const armed = this.#release()
    if (armed === undefined) return
    this.#interrupted = 'stalled'
    this.#arm(armed.page)
  }

  /** Waits for the first media, then keeps everything held and goes on. Throws `CAPTURE_FAILED`. */
  async commit(page: OpenPage): Promise<{ startedAt: number }> {
    this.#committing = true
    await this.#capturing(page, this.#life.leave)
    const { startedAt } = await this.#recorder.commit()
    this.#committed = true
    this.#watcher.kept()
    return { startedAt }
  }

  /** The page has died: what it still says no longer counts, and the next one is armed afresh. */
  pause(): void {
    this.#release()
    this.#interrupted = 'rejoin'
    this.#watcher.armed(false)
  }

  /** After a rejoin: capture goes on from the new page into the same files. Throws `CAPTURE_FAILED`. */
  async reattach(page: OpenPage, signal: AbortSignal): Promise<void> {
    await this.#capturing(page, signal)
    this.#watcher.kept()
  }

  /** What the picture shows from now on. */
  show(view: ViewPlan): void {
    this.#view = view
    this.#armed?.show(view)
  }

  /** Ends capture: the bot is on its way out, and nothing after this moment is of the call. */
  async stop(): Promise<void> {
    const armed = this.#release()
    if (armed === undefined) return
    const { clock } = this.#life.parts
    await within({ ms: 3_000, code: 'CAPTURE_FAILED', what: 'capture to stop', clock }, () => armed.page.capture.disarm()).catch(() => {}) // a dead page has stopped
  }

  /**
   * Finishes the files; undefined when nothing was recorded. Never throws: where they cannot be finished, `unfinished` says
   * so, and the files are those that stand on disk.
   */
  async finish(): Promise<{ files: RecordedFiles; unfinished?: BotError } | undefined> {
    await this.stop()
    const [kept] = await Promise.all([this.#finished(), this.#sinks.close()])
    return kept
  }

  async #finished(): Promise<{ files: RecordedFiles; unfinished?: BotError } | undefined> {
    if (!this.#committed) {
      this.#recorder.discard()
      return undefined
    }
    try {
      return { files: await this.#recorder.finish() }
    } catch (error) {
      const { dir, parts } = this.#life
      parts.logger.error('a recording could not be finished', { dir, error: String(error) })
      const command = `npx remora recover ${dir}`
      const why = error instanceof Error ? error.message : String(error)
      const unfinished = new BotError('STORAGE_FAILED', `The recording is on disk in parts; finish it with: ${command} (${why})`, {
        details: { dir, command },
        cause: error,
      })
      return { files: this.#recorder.kept(), unfinished }
    }
  }

  /** What is armed counts no longer. */
  #release(): ArmedPage | undefined {
    const armed = this.#armed
    armed?.end()
    this.#armed = undefined
    return armed
  }

  /** `armed` answers while the page that is listened to is the one that counts. */
  #listener(armed: () => ArmedPage | undefined): CaptureListener {
    return {
      frame: (frame) => {
        const current = armed()
        if (current === undefined) return
        this.#heard = true
        this.#onFirstFrame?.()
        current.frame()
        this.#noteGap(frame)
        this.#recorder.frame(frame)
        this.#watcher.frame(frame)
        if (this.#committed) this.#sinks.write(frame)
      },
      video: (push) => {
        if (armed() !== undefined) this.#recorder.video(push)
      },
      track: (info) => this.#watcher.track(info),
      health: (health) => {
        armed()?.health(health)
        this.#watcher.health(health)
      },
    }
  }

  /** Until this page is heard. Its first frame decides, not what it answers to being armed. */
  async #capturing(page: OpenPage, signal: AbortSignal): Promise<void> {
    this.arm(page)
    const { clock } = this.#life.parts
    const died = page.gone.then(({ kind }) => {
      throw new BotError('BROWSER_CRASHED', `The page ${kind} before anything was captured`, { details: { kind } })
    })
    try {
      await within({ ms: FIRST_MEDIA_MS, code: 'CAPTURE_FAILED', what: 'audio from the page', signal, clock }, () =>
        Promise.race([this.#firstFrame(), died]),
      )
    } catch (error) {
      if (!isBotError(error, 'CAPTURE_FAILED')) throw error
      throw new BotError('CAPTURE_FAILED', error.message, { details: { ...error.details, ...this.#armed?.account }, cause: error })
    }
  }

  /** The first frame after an interruption says how much of the call was missed. */
  #noteGap({ atMs, mix }: PageFrame): void {
    const startMs = this.#lastAtMs
    this.#lastAtMs = atMs + mix.length / 48
    const why = this.#interrupted
    if (why === undefined || startMs === undefined || !this.#committed) return
    this.#interrupted = undefined
    const ms = Math.round(atMs - startMs)
    this.#life.warn('capture_gap', `Nothing was captured for ${ms} ms: ${INTERRUPTED[why]}`, { ms, startMs, endMs: atMs, why })
  }

  #firstFrame(): Promise<void> {
    if (this.#heard) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onFirstFrame = resolve
    })
  }
}
