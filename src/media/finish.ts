import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny'
import { BotError } from '../core/errors.ts'
import { adtsPackets, joinPieces, PACKET, sync } from './adts.ts'
import { ffmpeg } from './ffmpeg.ts'
import { cutToWholeFragments } from './fragments.ts'
import { FILES, type Manifest, readManifest, writeManifest } from './manifest.ts'
import type { RecordedFiles } from './recorder-port.ts'

/** What the final may lack of its parts: a last picture's length, an edge of the encoder. */
const SHORT_MS = 1_500
/** What finishing writes on its way. */
const HALVES = ['recording.new.mp4', 'audio.joined.aac', 'silence.aac', `${FILES.wav}.new`] as const

/**
 * Parts on disk → the final MP4 and WAV, by copying. May be run again at any time: the parts go only when the finals stand
 * and were read back.
 */
export async function finishFiles(dir: string, ffmpegPath: string, manifest: Manifest): Promise<RecordedFiles> {
  try {
    return await finishAll(dir, ffmpegPath, manifest)
  } catch (error) {
    // Half a copy is of no use to anybody, and the disk may be full of it.
    for (const name of HALVES) remove(join(dir, name))
    throw error
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // what cannot be removed does no harm: the next try writes over it, or says why it cannot
  }
}

async function finishAll(dir: string, ffmpegPath: string, manifest: Manifest): Promise<RecordedFiles> {
  const at = (name: string) => join(dir, name)
  const pcm = at(FILES.pcm)
  const mp4 = at(FILES.mp4)
  const wav = at(FILES.wav)
  if (!existsSync(mp4)) await copyTogether(dir, ffmpegPath, manifest)
  const hasPcm = existsSync(pcm) && statSync(pcm).size > 1
  if (hasPcm && !existsSync(wav)) await wrapWav(pcm, wav, manifest.sampleRate)
  const durationMs = hasPcm ? (Math.floor(statSync(pcm).size / 2) / manifest.sampleRate) * 1_000 : manifest.durationMs
  writeManifest(dir, { ...manifest, state: 'finished', durationMs })
  rmSync(at(FILES.video), { force: true })
  for (const { path } of manifest.audio) rmSync(at(path), { force: true })
  const { startedAt, gaps } = manifest
  return { startedAt, durationMs, gaps, ...(existsSync(mp4) ? { mp4 } : {}), ...(hasPcm ? { pcm, audio: wav } : {}) }
}

/** Paths of what is whole already: the raw PCM at any time, MP4 and WAV once they were finished. */
export function standing(dir: string): Pick<RecordedFiles, 'mp4' | 'audio' | 'pcm'> {
  const at = (name: string) => join(dir, name)
  const [mp4, audio, pcm] = [at(FILES.mp4), at(FILES.wav), at(FILES.pcm)]
  return {
    ...(existsSync(mp4) ? { mp4 } : {}),
    ...(existsSync(audio) ? { audio } : {}),
    ...(existsSync(pcm) && statSync(pcm).size > 1 ? { pcm } : {}),
  }
}

/** Writes the MP4 from whichever parts hold something; none where nothing does. */
async function copyTogether(dir: string, ffmpegPath: string, { video, audio }: Manifest): Promise<void> {
  const at = (name: string) => join(dir, name)
  const mp4 = at(FILES.mp4)
  const fresh = at('recording.new.mp4')
  const sound = at('audio.joined.aac')
  const pieces = audio.map(({ path, startMs }) => ({ path: at(path), startMs }))
  const packets = await joinPieces(pieces, sound, () => silentPacket(ffmpegPath, at('silence.aac')))
  const hasVideo = video && cutToWholeFragments(at(FILES.video))
  const inputs = [...(hasVideo ? ['-i', at(FILES.video)] : []), ...(packets > 0 ? ['-i', sound] : [])]
  if (inputs.length > 0) {
    const bitstream = packets > 0 ? ['-bsf:a', 'aac_adtstoasc'] : []
    await ffmpeg(ffmpegPath, [...inputs, '-c', 'copy', ...bitstream, '-movflags', '+faststart', fresh])
    const partsMs = Math.max((packets * PACKET) / 48, hasVideo ? await lengthMs(at(FILES.video)) : 0)
    const finalMs = await lengthMs(fresh)
    if (finalMs < partsMs - SHORT_MS)
      throw new BotError('STORAGE_FAILED', 'The finished file is shorter than its parts', { details: { partsMs, finalMs } })
    sync(fresh)
    renameSync(fresh, mp4)
    sync(dir)
  }
  rmSync(sound, { force: true })
}

/** One AAC packet of silence, as this encoder makes it. */
async function silentPacket(ffmpegPath: string, path: string): Promise<Buffer> {
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono', '-t', '0.2']
  await ffmpeg(ffmpegPath, [...silence, '-c:a', 'aac', '-b:a', '96k', '-f', 'adts', path])
  let last = Buffer.alloc(0)
  for await (const packet of adtsPackets(path)) last = Buffer.from(packet)
  rmSync(path, { force: true })
  if (last.length === 0) throw new BotError('STORAGE_FAILED', 'ffmpeg made no silence')
  return last
}

/** Read back, not believed. */
async function lengthMs(path: string): Promise<number> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS })
  try {
    return (await input.computeDuration()) * 1_000
  } finally {
    input.dispose()
  }
}

/** The PCM with a WAV header before it. Sizes over 4 GiB are clipped in the header, as players expect. */
async function wrapWav(pcm: string, wav: string, sampleRate: number): Promise<void> {
  const size = Math.floor(statSync(pcm).size / 2) * 2
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(Math.min(36 + size, 0xffffffff), 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(Math.min(size, 0xffffffff), 40)
  const out = createWriteStream(`${wav}.new`)
  out.write(header)
  await pipeline(createReadStream(pcm, size > 0 ? { end: size - 1 } : {}), out)
  sync(`${wav}.new`)
  renameSync(`${wav}.new`, wav)
}

/**
 * Finishes what a killed process left in `dir`; undefined where no recording was begun. Safe to repeat, also on a
 * recording that is finished already.
 */
export async function recover(dir: string, ffmpegPath: string): Promise<RecordedFiles | undefined> {
  const manifest = readManifest(dir)
  if (manifest === undefined) return undefined
  return finishFiles(dir, ffmpegPath, manifest)
}
