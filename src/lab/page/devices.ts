import type { FromPage } from '../protocol.ts'

export type DeviceKind = 'microphone' | 'camera'

/** The visitor's microphone and camera: asked for once, together, as the real client does before the meeting; a camera that is off is let go. */
export class Devices {
  readonly #send: (message: FromPage) => void
  readonly #on: Record<DeviceKind, boolean> = { microphone: true, camera: true }
  readonly #tracks: Partial<Record<DeviceKind, MediaStreamTrack>> = {}
  readonly #listeners = new Set<() => void>()
  #asked: Promise<void> | undefined

  constructor(send: (message: FromPage) => void) {
    this.#send = send
  }

  isOn(kind: DeviceKind): boolean {
    return this.#on[kind]
  }

  /** The device's live track, if it is on and the browser gave one. */
  track(kind: DeviceKind): MediaStreamTrack | undefined {
    return this.#on[kind] ? this.#tracks[kind] : undefined
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Asks for both devices, unless they are there. A refusal leaves the visitor without them, which is no error here. */
  ask(): Promise<void> {
    if (this.#asked === undefined || Object.keys(this.#tracks).length === 0)
      this.#asked = this.#open({ audio: true, video: { width: 1280, height: 720 } })
    return this.#asked
  }

  /** Switches one; the promise ends when its track is there or gone. */
  async set(kind: DeviceKind, on: boolean): Promise<void> {
    if (this.#on[kind] === on) return
    this.#on[kind] = on
    this.#tell()
    if (on && this.#tracks[kind] === undefined && this.#asked !== undefined)
      await this.#open(kind === 'camera' ? { video: { width: 1280, height: 720 } } : { audio: true })
    if (!on && kind === 'camera') this.#drop('camera')
    this.#changed()
  }

  /** Admission switches both off. */
  reset(): void {
    this.#on.microphone = false
    this.#on.camera = false
    this.#drop('camera')
    this.#tell()
    this.#changed()
  }

  close(): void {
    this.#drop('camera')
    this.#drop('microphone')
    this.#changed()
  }

  async #open(wanted: MediaStreamConstraints): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wanted)
      for (const track of stream.getTracks()) {
        const kind = track.kind === 'audio' ? 'microphone' : 'camera'
        if (kind === 'camera' && !this.#on.camera) track.stop()
        else this.#tracks[kind] = track
      }
    } catch {
      // no device or no permission: the visitor is neither heard nor seen
    }
    this.#changed()
  }

  #drop(kind: DeviceKind): void {
    this.#tracks[kind]?.stop()
    delete this.#tracks[kind]
  }

  #tell(): void {
    this.#send({ type: 'devices', micOn: this.#on.microphone, cameraOn: this.#on.camera })
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
