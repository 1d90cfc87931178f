import { expect, it } from 'vitest'
import { VideoTrack } from '../../../src/media/video-track.ts'
import { FPS, h264, T0, tempDir } from './sample.ts'

it('keeps one row for a second that is on disk, however many pictures it had', async () => {
  const { config, chunks } = await h264()
  const errors: unknown[] = []
  const track = new VideoTrack(`${tempDir()}/v.mp4`, { fps: FPS, onGap() {}, onError: (error) => errors.push(error) })
  track.start(T0)
  track.write({ epoch: 1, config, chunks: chunks.map((chunk) => ({ ...chunk, atMs: T0 + chunk.atMs })) })
  await track.close()
  // The last second is written when the file is closed.
  const seconds = chunks.length / FPS - 1
  expect(track.rows).toBe(seconds + FPS)
  expect(errors).toEqual([])
})
