import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recover } from '../../../src/media/finish.ts'
import { decode, ffmpegPath, h264, onset, probe, tempDir } from './sample.ts'

it('a process killed with SIGKILL loses at most two seconds, and parts cut anywhere still become a file that plays', async () => {
  await h264() // made before the child is timed
  const dir = tempDir()
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'killed.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let toldMs = 0
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the child ended by itself: ${code}`)))
    child.stdout.on('data', (said: Buffer) => {
      toldMs = Number(said.toString().trim().split('\n').at(-1))
      if (toldMs >= 6_400) resolve()
    })
  })
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
  await once(child, 'close')

  const cut = [0.97, 0.6, 0.31].map((share) => {
    const copy = tempDir()
    for (const name of readdirSync(dir)) copyFileSync(join(dir, name), join(copy, name))
    for (const name of ['video.part.mp4', 'audio.part0.aac', 'audio.pcm']) {
      const path = join(copy, name)
      truncateSync(path, Math.floor(statSync(path).size * share) | 1)
    }
    return { copy, share }
  })

  const files = await recover(dir, ffmpegPath)
  const [video, sound] = probe(files?.mp4 ?? '')
  expect(Number(video?.duration) * 1_000).toBeGreaterThan(toldMs - 2_000)
  expect(Number(sound?.duration) * 1_000).toBeGreaterThan(toldMs - 2_000)
  expect(files?.durationMs).toBeGreaterThan(toldMs - 2_000)
  expect(Math.abs(onset(decode(files?.mp4 ?? '', 48_000), 48_000) - 1_000)).toBeLessThan(8)
  expect(await recover(dir, ffmpegPath)).toEqual(files)

  for (const { copy, share } of cut) {
    const { mp4 = '', durationMs = 0 } = (await recover(copy, ffmpegPath)) ?? {}
    expect(durationMs).toBeGreaterThan(toldMs * share - 2_200)
    const streams = probe(mp4)
    expect(streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio'])
    expect(Number(streams[0]?.nb_read_frames) / 15).toBeGreaterThan((toldMs / 1_000) * share - 2.5)
  }
}, 60_000)
