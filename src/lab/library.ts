import { type EncodedPicture, type EncodedVoice, encodeFace, encodeScreen, encodeVoice, type Layer, type Voice } from './encoded.ts'

/** Three sizes of one picture. */
export type Picture = Readonly<Record<Layer, EncodedPicture>>

const KEPT = 64

/** What the people of a lab say and show, encoded once and shared by its rooms. */
export class MediaLibrary {
  readonly #kept = new Map<string, Promise<unknown>>()

  voice(voice: Voice, ms?: number): Promise<EncodedVoice> {
    return this.#once(`voice ${JSON.stringify(voice)} ${typeof voice === 'string' ? '' : ms}`, () => encodeVoice(voice, ms))
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
