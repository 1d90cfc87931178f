import type { MediaLibrary } from './library.ts'
import { colourOf, faceOf, isSeen, type RoomPlan } from './people.ts'

/** Encodes what a plan's people will say and show: where nothing is kept yet that takes seconds, which are not the meeting's. */
export async function rehearse({ people, speech }: Pick<RoomPlan, 'people' | 'speech'>, library: MediaLibrary): Promise<void> {
  for (const [place, { voice, camera, sharing }] of people.entries()) {
    if (voice !== undefined) await library.voice(voice)
    if (isSeen(camera)) await library.face(faceOf(camera, place))
    if (sharing === true) await library.screen(colourOf(place))
  }
  for (const { name, voice, hz, ms } of typeof speech === 'string' ? [] : speech) {
    const sound = voice ?? (hz === undefined ? people.find((one) => one.name === name)?.voice : { hz })
    if (sound !== undefined) await library.voice(sound, ms)
  }
}
