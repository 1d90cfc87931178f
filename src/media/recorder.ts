import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { BotError } from '../core/errors.ts'
import type { PageFrame, VideoPush } from '../core/frame.ts'
import type { WarningCode } from '../core/outcomes.ts'
import { AudioTrack } from './audio-track.ts'
import { finishFiles, standing } from './finish.ts'
import { Hold } from './hold.ts'
import { FILES, type Manifest, writeManifest } from './manifest.ts'
import { mixTracks } from './mixer.ts'
import type { MediaGap, RecordedFiles, Recorder } from './recorder-port.ts'
import { VideoTrack } from './video-track.ts'

const HOLD_MS = 30_000
const FPS = 15
const SLOW_AGAIN_MS = 60_000

export interface RecorderOptions {
  dir: string
  sampleRate: 16000 | 24000
  video: boolean
  ffmpegPath: string
  onWarning(code: WarningCode, message: string, details?: Record<string, unknown>): void
  onError(error: unknown): void
}

/** The recorder of the product: fragmented MP4, live AAC and PCM side by side, put together by copying at the end. */
export function createRecorder(options: RecorderOptions): Recorder {
  return new DiskRecorder(options)
}

class DiskRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #gaps: MediaGap[] = []
  #state: Recorder['state'] = 'idle'
  #hold = new Hold(HOLD_MS)
  #audio: AudioTrack | undefined
  #video: VideoTrack | undefined
  #startedAt = 0
  #failed = false
  #slowUntilMs = 0
  #finished: Promise<RecordedFiles> | undefined

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get state(): Recorder['state'] {
    return this.#state
  }

  get durationMs(): number {
    return this.#audio?.durationMs ?? 0
  }

  hold(): void {
    if (this.#state !== 'idle') return
    this.#hold = new Hold(HOLD_MS)
    this.#state = 'held'
  }

  discard(): void {
    if (this.#state !== 'held') return
    this.#hold = new Hold(HOLD_MS)
    this.#state = 'idle'
  }

  async commit(): Promise<{ startedAt: number }> {
    const { dir, video, sampleRate, ffmpegPath } = this.#options
    const { startedAt, frames, pushes } = this.#hold.take()
    if (this.#state !== 'held' || startedAt === undefined) throw new BotError('CAPTURE_FAILED', 'Nothing was captured to commit')
    const onError = (error: unknown) => this.#fail(error)
    try {
      mkdirSync(dir, { recursive: true })
      this.#audio = new AudioTrack({
        pcmPath: join(dir, FILES.pcm),
        aacPath: (piece) => join(dir, FILES.aac(piece)),
        ffmpegPath,
        sampleRate,
        onHole: (startMs, endMs, why) => this.#gap('audio', startMs, endMs, why),
        onPiece: () => this.#note('recording'),
        onSlow: (details) => this.#slow(details),
        onError,
      })
      if (video) {
        const onGap = (startMs: number, endMs: number) => this.#gap('video', startMs, endMs, 'page')
        this.#video = new VideoTrack(join(dir, FILES.video), { fps: FPS, onGap, onError })
      }
      this.#startedAt = startedAt
      this.#audio.start(startedAt)
      this.#video?.start(startedAt)
      this.#state = 'recording'
      this.#note('recording')
    } catch (error) {
      throw new BotError('STORAGE_FAILED', `The recording cannot be written to ${dir}`, { cause: error })
    }
    // Sound from before the first picture belongs to no picture: it is cut.
    for (const frame of frames) if (endOf(frame) > startedAt) this.frame(frame)
    for (const push of pushes) this.video(push)
    this.#hold = new Hold(0)
    return { startedAt }
  }

  frame(frame: PageFrame): void {
    if (this.#state === 'held') this.#hold.frame(frame)
    else if (this.#state === 'recording') this.#audio?.write(frame.atMs, frame.mix, mixTracks(frame))
  }

  video(push: VideoPush): void {
    if (this.#state === 'held') this.#hold.video(push)
    else if (this.#state === 'recording') this.#video?.write(push)
  }

  finish(): Promise<RecordedFiles> {
    this.#finished ??= this.#finish().catch((error: unknown) => {
      this.#finished = undefined // may be tried again: the parts are all there
      throw error
    })
    return this.#finished
  }

  kept(): RecordedFiles {
    return { startedAt: this.#startedAt, durationMs: this.durationMs, gaps: [...this.#gaps], ...standing(this.#options.dir) }
  }

  async #finish(): Promise<RecordedFiles> {
    if (this.#state === 'recording') {
      this.#state = 'finished'
      const endMs = Math.max(this.#audio?.durationMs ?? 0, this.#video?.durationMs ?? 0)
      this.#audio?.padTo(endMs)
      this.#note('recording')
      await Promise.all([this.#audio?.close(), this.#video?.close()])
    }
    if (this.#audio === undefined) throw new BotError('CAPTURE_FAILED', 'Nothing was recorded')
    return finishFiles(this.#options.dir, this.#options.ffmpegPath, this.#manifest('recording'))
  }

  /** Once a minute: a slow disk is slow often. */
  #slow(details: Record<string, unknown>): void {
    if (this.durationMs < this.#slowUntilMs) return
    this.#slowUntilMs = this.durationMs + SLOW_AGAIN_MS
    this.#options.onWarning('disk_slow', 'The disk takes the recording too slowly: silence where it fell behind', details)
  }

  #gap(kind: MediaGap['kind'], startMs: number, endMs: number, why: 'page' | 'encoder'): void {
    this.#gaps.push({ kind, startMs, endMs })
    const stretch = `from ${Math.round(startMs)} to ${Math.round(endMs)} ms`
    if (kind === 'video') this.#options.onWarning('capture_gap', `No picture ${stretch}`, { startMs, endMs })
    else this.#options.onWarning('audio_hole', `No audio ${stretch}: silence instead`, { startMs, endMs, why })
    this.#note('recording')
  }

  #fail(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#options.onError(error)
  }

  #manifest(state: Manifest['state']): Manifest {
    const audio = (this.#audio?.pieces ?? []).map(({ path, startMs }) => ({ path: basename(path), startMs }))
    const { sampleRate, video } = this.#options
    return { version: 1, state, sampleRate, startedAt: this.#startedAt, durationMs: this.durationMs, video, audio, gaps: this.#gaps }
  }

  #note(state: Manifest['state']): void {
    try {
      writeManifest(this.#options.dir, this.#manifest(state))
    } catch (error) {
      this.#fail(error)
    }
  }
}

function endOf({ atMs, mix }: PageFrame): number {
  return atMs + mix.length / 48
}
