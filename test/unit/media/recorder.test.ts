import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { isBotError } from '../../../src/core/errors.ts'
import { recover } from '../../../src/media/finish.ts'
import type { Recorder } from '../../../src/media/recorder-port.ts'
import { decode, ffmpegPath, frameAt, h264, onset, probe, pushOf, recorderIn, T0, tempDir } from './sample.ts'

const pcmOf = (path: string | undefined) => new Int16Array(new Uint8Array(readFileSync(path ?? '')).buffer)

/** Media of [from, to) as the page would push it. */
async function feed(recorder: Recorder, from: number, to: number, loud?: (ms: number) => boolean): Promise<void> {
  const sample = await h264()
  for (let ms = from; ms < to; ms += 100) {
    recorder.frame(frameAt(ms, loud))
    recorder.video(pushOf(sample, ms, ms + 100))
  }
}

it('the finished file plays, its sound is where its time says, and PCM, WAV and MP4 agree', async () => {
  const dir = tempDir()
  const { recorder, warnings, errors } = recorderIn(dir)
  recorder.hold()
  await feed(recorder, 0, 2_000, (ms) => ms >= 1_500)
  expect(readdirSync(dir)).toEqual([])
  const { startedAt } = await recorder.commit()
  expect(startedAt).toBe(T0)
  await feed(recorder, 2_000, 6_000, (ms) => ms < 2_500 || ms >= 4_321)
  const { mp4 = '', audio = '', pcm = '', durationMs } = await recorder.finish()
  expect(durationMs).toBe(6_000)
  const [video, sound] = probe(mp4)
  expect(video).toMatchObject({ codec_name: 'h264', width: 1280, height: 720, nb_read_frames: '90' })
  expect(sound).toMatchObject({ codec_name: 'aac' })
  expect(Math.abs(Number(video?.duration) - Number(sound?.duration))).toBeLessThan(0.1)
  expect(Number(video?.start_time)).toBe(0)
  expect(Number(sound?.start_time)).toBe(0)
  for (const [samples, rate] of [
    [pcmOf(pcm), 16_000],
    [decode(audio, 16_000), 16_000],
    [decode(mp4, 48_000), 48_000],
  ] as const) {
    expect(Math.abs(onset(samples, rate) - 1_500)).toBeLessThan(8)
    expect(Math.abs(onset(samples, rate, 3_000) - 4_321)).toBeLessThan(8)
    expect(Math.abs((samples.length / rate) * 1_000 - 6_000)).toBeLessThan(60)
  }
  expect(readdirSync(dir).sort()).toEqual(['audio.pcm', 'audio.wav', 'recording.json', 'recording.mp4'])
  expect([warnings, errors]).toEqual([[], []])
})

it('media time 0 is the first held key picture, to the sample', async () => {
  const { recorder } = recorderIn(tempDir())
  const sample = await h264()
  recorder.hold()
  recorder.video(pushOf(sample, 400, 3_000)) // the first key picture is at 1,000
  for (let ms = 130; ms < 3_000; ms += 100) recorder.frame(frameAt(ms, (now) => now >= 1_950))
  expect(await recorder.commit()).toEqual({ startedAt: T0 + 1_000 })
  const { mp4 = '', pcm } = await recorder.finish()
  expect(Math.abs(onset(pcmOf(pcm), 16_000) - 950)).toBeLessThan(2)
  expect(Math.abs(onset(decode(mp4, 48_000), 48_000) - 950)).toBeLessThan(8)
  expect(probe(mp4)[0]?.nb_read_frames).toBe('30')
})

it('what was discarded never reaches the disk, and the next hold starts empty', async () => {
  const dir = tempDir()
  const { recorder } = recorderIn(dir)
  recorder.hold()
  await feed(recorder, 0, 1_000)
  recorder.discard()
  expect(recorder.state).toBe('idle')
  recorder.hold()
  await expect(recorder.commit()).rejects.toSatisfy((error) => isBotError(error, 'CAPTURE_FAILED'))
  expect(readdirSync(dir)).toEqual([])
})

it('a hole becomes silence of its length and is told, an overlap is dropped', async () => {
  const { recorder, warnings } = recorderIn(tempDir(), { video: false })
  recorder.hold()
  recorder.frame(frameAt(0))
  await recorder.commit()
  for (const ms of [100, 200, 800, 900, 850, 950, 1_050, 1_150]) recorder.frame(frameAt(ms, (now) => now >= 1_100))
  const { pcm, mp4 = '', gaps } = await recorder.finish()
  expect(gaps).toEqual([{ kind: 'audio', startMs: 300, endMs: 800 }])
  expect(warnings).toEqual(['audio_hole'])
  expect(Math.abs(onset(pcmOf(pcm), 16_000) - 1_100)).toBeLessThan(60)
  expect(probe(mp4).map(({ codec_type }) => codec_type)).toEqual(['audio'])
})

it('twenty seconds without media after a page crash leave everything after them in its place', async () => {
  const { recorder } = recorderIn(tempDir())
  const sample = await h264()
  recorder.hold()
  await feed(recorder, 0, 3_000)
  await recorder.commit()
  recorder.video({ ...pushOf(sample, 500, 900, 2, 22_500), config: { ...sample.config } }) // no key picture yet: not usable
  for (let ms = 23_000; ms < 25_000; ms += 100) recorder.frame(frameAt(ms, (now) => now >= 24_000, 2))
  recorder.video(pushOf(sample, 0, 2_000, 2, 23_000))
  const { pcm, mp4 = '', gaps, durationMs } = await recorder.finish()
  expect(Math.abs(durationMs - 25_000)).toBeLessThan(10)
  expect(gaps.map(({ kind }) => kind).sort()).toEqual(['audio', 'video'])
  expect(Math.abs(onset(pcmOf(pcm), 16_000) - 24_000)).toBeLessThan(8)
  expect(Math.abs(onset(decode(mp4, 48_000), 48_000) - 24_000)).toBeLessThan(20)
  expect(probe(mp4)[0]?.nb_read_frames).toBe('75')
})

it('clocks that drift apart by 300 parts in a million stay within 20 ms over ten minutes', async () => {
  const dir = tempDir()
  const swallow = join(dir, 'swallow')
  writeFileSync(swallow, '#!/bin/sh\nexec cat > /dev/null\n', { mode: 0o755 })
  const { recorder, warnings, errors } = recorderIn(dir, { video: false, ffmpegPath: swallow })
  recorder.hold()
  recorder.frame(frameAt(0))
  await recorder.commit()
  const drifted = (i: number) => i * 100 * 1.0003
  for (let i = 1; i < 6_000; i++) {
    recorder.frame(frameAt(drifted(i)))
    if (i % 50 !== 0) continue
    expect(Math.abs(recorder.durationMs - drifted(i + 1))).toBeLessThan(20)
    await vi.waitFor(() => expect(statSync(join(dir, 'audio.pcm')).size).toBeGreaterThan(recorder.durationMs * 32 - 10), { interval: 2 })
  }
  expect([warnings, errors]).toEqual([[], []])
})

it('an encoder that dies costs what it had not written, and the rest stays in its place', async () => {
  const dir = tempDir()
  const flag = join(dir, 'died')
  const frail = join(dir, 'frail-ffmpeg')
  writeFileSync(
    frail,
    `#!/bin/sh\nif [ -e ${flag} ]; then exec ${ffmpegPath} "$@"; fi\ntouch ${flag}\nhead -c 288000 | ${ffmpegPath} "$@"\n`,
    {
      mode: 0o755,
    },
  )
  const { recorder, warnings, errors } = recorderIn(join(dir, 'call'), { ffmpegPath: frail, video: false })
  recorder.hold()
  recorder.frame(frameAt(0))
  await recorder.commit()
  const loud = (ms: number) => (ms >= 1_000 && ms < 1_200) || ms >= 8_000
  for (let ms = 100; ms < 5_000; ms += 100) recorder.frame(frameAt(ms, loud))
  await vi.waitFor(() => expect(warnings).toContain('audio_hole'), 5_000)
  for (let ms = 5_000; ms < 9_000; ms += 100) recorder.frame(frameAt(ms, loud))
  const { mp4 = '' } = await recorder.finish()
  const sound = decode(mp4, 48_000)
  expect(Math.abs(onset(sound, 48_000) - 1_000)).toBeLessThan(8)
  expect(Math.abs(onset(sound, 48_000, 2_000) - 8_000)).toBeLessThan(20)
  expect(errors).toEqual([])
})

it('an encoder that cannot run at all is an error, not an endless restart', async () => {
  const { recorder, errors } = recorderIn(tempDir(), { ffmpegPath: '/nonexistent/ffmpeg', video: false })
  recorder.hold()
  recorder.frame(frameAt(0))
  await recorder.commit()
  let ms = 0
  await vi.waitFor(() => {
    ms += 100
    recorder.frame(frameAt(ms))
    expect(errors).toHaveLength(1)
  }, 5_000)
  expect(isBotError(errors[0], 'STORAGE_FAILED')).toBe(true)
})

it('a full disk is told once, and what is there stays', async () => {
  const dir = tempDir()
  symlinkSync('/dev/full', join(dir, 'audio.pcm'))
  const { recorder, errors } = recorderIn(dir)
  recorder.hold()
  await feed(recorder, 0, 3_000)
  await recorder.commit()
  await vi.waitFor(() => expect(errors).toHaveLength(1), 5_000)
  expect(String(errors[0])).toContain('ENOSPC')
  await feed(recorder, 3_000, 5_000)
  const { mp4 = '', pcm } = await recorder.finish()
  expect(pcm).toBeUndefined()
  expect(probe(mp4)[0]?.nb_read_frames).toBe('75')
})

it('a folder that cannot be made is STORAGE_FAILED', async () => {
  const dir = tempDir()
  writeFileSync(join(dir, 'file'), '')
  const { recorder } = recorderIn(join(dir, 'file', 'call'))
  recorder.hold()
  await feed(recorder, 0, 1_000)
  await expect(recorder.commit()).rejects.toSatisfy((error) => isBotError(error, 'STORAGE_FAILED'))
})

it('finishing again after a failure loses nothing', async () => {
  const dir = tempDir()
  const { recorder } = recorderIn(dir)
  recorder.hold()
  await feed(recorder, 0, 3_000)
  await recorder.commit()
  mkdirSync(join(dir, 'recording.new.mp4')) // ffmpeg cannot write there
  await expect(recorder.finish()).rejects.toSatisfy((error) => isBotError(error, 'STORAGE_FAILED'))
  expect(existsSync(join(dir, 'video.part.mp4'))).toBe(true)
  const kept = recorder.kept()
  expect(kept.durationMs).toBeGreaterThan(2_500)
  expect([kept.mp4, existsSync(kept.pcm ?? '')]).toEqual([undefined, true])
  rmdirSync(join(dir, 'recording.new.mp4'))
  const { mp4 = '' } = await recorder.finish()
  expect(probe(mp4)[0]?.nb_read_frames).toBe('45')
})

it('recover finds nothing where nothing was begun, and leaves a finished recording alone', async () => {
  expect(await recover(tempDir(), ffmpegPath)).toBeUndefined()
  const dir = tempDir()
  const { recorder } = recorderIn(dir)
  recorder.hold()
  await feed(recorder, 0, 2_000)
  await recorder.commit()
  const files = await recorder.finish()
  const { mtimeMs } = statSync(files.mp4 ?? '')
  expect(await recover(dir, ffmpegPath)).toEqual(files)
  expect(await recover(dir, ffmpegPath)).toEqual(files)
  expect(statSync(files.mp4 ?? '').mtimeMs).toBe(mtimeMs)
})
