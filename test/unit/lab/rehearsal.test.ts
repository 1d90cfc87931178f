import { expect, it } from 'vitest'
import { MediaLibrary, type Picture } from '../../../src/lab/library.ts'
import { roomSchema } from '../../../src/lab/people.ts'
import { rehearse } from '../../../src/lab/rehearsal.ts'
import { Room } from '../../../src/lab/room.ts'

/** Says what was asked for in place of encoding it. */
class NotingLibrary extends MediaLibrary {
  readonly asked: unknown[][] = []
  override voice(...sound: Parameters<MediaLibrary['voice']>) {
    this.asked.push(['voice', ...sound])
    return Promise.resolve({ frames: [], levels: new Uint8Array() })
  }
  override face(colour: string) {
    this.asked.push(['face', colour])
    return Promise.resolve({} as Picture)
  }
  override screen(colour: string) {
    this.asked.push(['screen', colour])
    return Promise.resolve({} as Picture)
  }
}

it('has encoded everything that opening the room asks for, before the room’s clock begins', async () => {
  const plan = roomSchema.parse({
    platform: 'meet',
    people: [
      { name: 'Ada', voice: 'jfk' },
      { name: 'Bo', camera: 'off', voice: { hz: 440 }, sharing: true },
      { name: 'Cy', camera: 'blue', joinAfterMs: 5_000 },
    ],
    speech: [
      { name: 'Ada', atMs: 0 },
      { name: 'Bo', atMs: 10, ms: 500 },
      { name: 'Cy', atMs: 20, hz: 300 },
    ],
  })
  const before = new NotingLibrary()
  await rehearse(plan, before)
  const opening = new NotingLibrary()
  const room = new Room(plan, opening)
  await room.open()
  await room.close()
  expect(before.asked).toHaveLength(8)
  expect(before.asked).toEqual(expect.arrayContaining(opening.asked))
})
