import {
  AUDIO_FRAME_MS,
  type EncodedPicture,
  type EncodedVoice,
  encodeFace,
  encodeScreen,
  encodeVoice,
  type Layer,
  type Voice,
} from './encoded.ts'

/** Three sizes of one picture. */
export type Picture = Readonly<Record<Layer, EncodedPicture>>

const KEPT = 64
const TONE_MS = 2_000

/** What the people of a lab say and show, encoded once and shared by its rooms. */
export class MediaLibrary {
  readonly #kept = new Map<string, Promise<unknown>>()

  /** A tone of `ms`, or a recording: the whole of it, or its first `ms`. */
  async voice(voice: Voice, ms = typeof voice === 'string' ? Number.POSITIVE_INFINITY : TONE_MS): Promise<EncodedVoice> {
    if (typeof voice !== 'string') return this.#once(`tone ${voice.hz} ${ms}`, () => encodeVoice(voice, ms))
    const { frames, levels } = await this.#once(`voice ${voice}`, () => encodeVoice(voice))
    const count = Math.ceil(ms / AUDIO_FRAME_MS)
    return { frames: frames.slice(0, count), levels: levels.slice(0, count) }
  }

  face(colour: string): Promise<Picture> {
    return this.#once(`face ${colour}`, () => layers((layer) => encodeFace(colour, layer)))
  }

  screen(colour: string): Promise<Picture> {
    return this.#once(`screen ${colour}`, () => layers((layer) => encodeScreen(colour, layer)))
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const found = this.#kept.get(key)
    if (found !== undefined) return found as Promise<T>
    const made = make()
    this.#kept.set(key, made)
    made.catch(() => this.#kept.delete(key))
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest)
    return made
  }
}

async function layers(make: (layer: Layer) => Promise<EncodedPicture>): Promise<Picture> {
  return { small: await make('small'), medium: await make('medium'), large: await make('large') }
}
