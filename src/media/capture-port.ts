import type { PageFrame, VideoPush } from '../core/frame.ts'

/** A received track as the page knows it. */
export interface TrackInfo {
  epoch: number
  /** Number used in frames and views. */
  track: number
  kind: 'audio' | 'video'
  /** MediaStreamTrack.id. */
  id: string
  /** Stream ids and transceiver mid, where given. */
  streams: readonly string[]
  mid?: string
  live: boolean
}

/** Once a second from the page while armed. Absent means unhealthy; silence in it is healthy. */
export interface CaptureHealth {
  epoch: number
  atMs: number
  audioContext: string
  /** Samples the worklet produced and pictures the encoder produced since the last report. */
  samples: number
  pictures: number
  /** Pictures not encoded because the encoder lagged. */
  skipped: number
  /** False when no video is asked for: no pictures are no trouble then. */
  encoding?: boolean
  /** Received RTP packets and energy per audio track since the last report. */
  tracks: readonly { track: number; packets: number; energy: number }[]
  error?: string
}

/** One rectangle of the composed picture. `track` absent = a card with the name. */
export interface ViewTile {
  track?: number
  name?: string
}

/** What the composer shows: `speaker` = first tile fills the picture, the others are left out. */
export interface ViewPlan {
  layout: 'speaker' | 'gallery'
  tiles: readonly ViewTile[]
}

export interface CaptureListener {
  frame(frame: PageFrame): void
  video(push: VideoPush): void
  track(info: TrackInfo): void
  health(health: CaptureHealth): void
}

export interface CaptureOptions {
  sampleRate: 16000 | 24000
  /** Absent = audio only. */
  video?: { width: number; height: number; fps: number; bitrate: number; keyEveryMs: number }
}

/** The page's side of capture: start, stop, what to show. Everything else is pushed. */
export interface Capture {
  arm(options: CaptureOptions, listener: CaptureListener): Promise<void>
  disarm(): Promise<void>
  show(view: ViewPlan): Promise<void>
}

/** Where audio goes: level meter, WebSocket, transcript. `write` is quick and never throws; a sink owns its bounded queue. */
export interface MediaSink {
  readonly name: string
  write(frame: PageFrame): void
  /** Flush and close. The pipeline waits for every sink, and reports each that failed. */
  close(): Promise<void>
}
