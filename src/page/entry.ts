/**
 * The page script: runs before the site's code in every load of every frame. `remoraConfig` is declared by the wrapper
 * Node puts around it; everything leaves by one binding, and Node's few words come in through one frozen object. The top
 * frame does the work; a frame of the same site only lets it listen on the connections that are made in there.
 */
import { AudioCapture } from './audio.ts'
import { watchChanges } from './dirty.ts'
import { openOutlet, pageNow } from './outlet.ts'
import { type RemoteTrack, type TapScope, tapConnections } from './tap.ts'
import { VideoCapture, type VideoOptions, type View } from './video.ts'

declare const remoraConfig: {
  key: string
  binding: string
  channels: string[]
  platform?: (run: (api: RemoraPageApi) => void) => void
}

interface ArmOptions {
  sampleRate: 16000 | 24000
  video?: VideoOptions
}

function main(): void {
  const outlet = openOutlet(remoraConfig.binding)
  const fact = (name: string, data: unknown) => outlet('j', JSON.stringify({ name, atMs: pageNow(), data }))
  const tracks = new Map<number, RemoteTrack>()
  const listeners = new Map<string, ((data: unknown) => void)[]>()
  let audio: AudioCapture | undefined
  let video: VideoCapture | undefined
  let reporting: ReturnType<typeof setInterval> | undefined

  fact('hello', { timeOrigin: performance.timeOrigin })
  const told = ({ number, track, streams, mid }: RemoteTrack, live: boolean) =>
    fact('track', { track: number, kind: track.kind, id: track.id, streams, ...(mid === undefined ? {} : { mid }), live })

  const tap = tapConnections({
    channels: remoraConfig.channels,
    onMessage: (label, base64) => fact(`wire:${label}`, base64),
    onTrack: (remote) => {
      tracks.set(remote.number, remote)
      told(remote, true)
      audio?.attach(remote)
      if (remote.track.kind === 'video') video?.refresh()
    },
    onEnded: (remote) => {
      tracks.delete(remote.number)
      told(remote, false)
      audio?.detach(remote.number)
      video?.refresh(remote.number)
    },
  })
  tap.adopt(window)

  const watch = () => watchChanges(() => fact('dirty', null))
  if (document.documentElement === null) document.addEventListener('readystatechange', watch, { once: true })
  else watch()

  const report = async () => {
    tap.sweep()
    const stats = (await audio?.stats()) ?? []
    const { samples = 0, state = 'none' } = audio ?? {}
    const { pictures = 0, skipped = 0, error } = video ?? {}
    if (audio !== undefined) audio.samples = 0
    if (video !== undefined) {
      video.pictures = 0
      video.skipped = 0
      video.error = undefined
    }
    fact('health', {
      audioContext: state,
      samples,
      pictures,
      skipped,
      encoding: video !== undefined,
      tracks: stats,
      ...(error === undefined ? {} : { error }),
    })
  }

  const disarm = async () => {
    clearInterval(reporting)
    const [stoppedAudio, stoppedVideo] = [audio, video]
    audio = undefined
    video = undefined
    await Promise.all([stoppedAudio?.stop(), stoppedVideo?.stop()])
  }

  const inlet = Object.freeze({
    async arm({ sampleRate, video: wanted }: ArmOptions) {
      await disarm()
      audio = new AudioCapture(outlet, sampleRate)
      await audio.start(tracks.values())
      if (wanted !== undefined) {
        video = new VideoCapture(outlet, (number) => tracks.get(number))
        video.start(wanted)
      }
      reporting = setInterval(() => void report(), 1_000)
    },
    disarm,
    adopt: (scope: TapScope) => tap.adopt(scope),
    show: (view: View) => video?.show(view),
    say: (name: string, data: unknown) => {
      for (const listener of listeners.get(name) ?? []) listener(data)
    },
  })
  Object.defineProperty(window, remoraConfig.key, { value: inlet, enumerable: false })

  remoraConfig.platform = (run) =>
    run({
      push: fact,
      onSay: (name, listener) => {
        listeners.set(name, [...(listeners.get(name) ?? []), listener])
      },
    })
}

/** In a frame: nothing is left under the binding's name there either. */
function below(): void {
  openOutlet(remoraConfig.binding)
  try {
    const inlets = window.top as unknown as Record<string, { adopt(scope: TapScope): void } | undefined> | null
    inlets?.[remoraConfig.key]?.adopt(window)
  } catch {
    // a frame of another site: its top window is not its to look into, and its connections are not ours to hear
  }
}

if (window.top === window) main()
else below()
