import type { PageFrame, VideoPush } from '../core/frame.ts'

/** A stretch of the recording without media (page crash, reconnect): the file goes on, silent and frozen. */
export interface MediaGap {
  startMs: number
  endMs: number
  kind: 'audio' | 'video'
}

/** What a finished (or recovered) recording left on disk. */
export interface RecordedFiles {
  mp4?: string
  /** WAV of the mix at the PCM rate. */
  audio?: string
  /** Raw s16le mono. */
  pcm?: string
  /** Unix milliseconds of media time 0. */
  startedAt: number
  durationMs: number
  gaps: readonly MediaGap[]
}

/**
 * Takes what capture pushes. While held, nothing reaches the disk: `commit` writes the held part and goes on, `discard`
 * throws it away (and may be followed by another hold). Every second of media is on disk within two seconds.
 */
export interface Recorder {
  readonly state: 'idle' | 'held' | 'recording' | 'finished'
  hold(): void
  commit(): Promise<{ startedAt: number }>
  discard(): void
  frame(frame: PageFrame): void
  video(push: VideoPush): void
  /** Recorded milliseconds so far. */
  readonly durationMs: number
  /** Copies into the final files. May be called again after a failure; never loses the parts before the finals are whole. */
  finish(): Promise<RecordedFiles>
  /** What stands on disk at this moment and can be used as it is: the way out where `finish` fails. */
  kept(): RecordedFiles
}
