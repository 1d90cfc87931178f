import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ffmpeg } from './ffmpeg.ts'
import { FILES, type Manifest, readManifest, writeManifest } from './manifest.ts'
import type { RecordedFiles } from './recorder-port.ts'

/**
 * Parts on disk → the final MP4 and WAV, by copying. May be run again at any time: the parts go only when the finals stand.
 */
export async function finishFiles(dir: string, ffmpegPath: string, manifest: Manifest): Promise<RecordedFiles> {
  const at = (name: string) => join(dir, name)
  const pcm = at(FILES.pcm)
  const mp4 = at(FILES.mp4)
  const wav = at(FILES.wav)
  if (!existsSync(mp4)) {
    await copyTogether(dir, ffmpegPath, manifest)
    renameSync(`${mp4}.new.mp4`, mp4)
  }
  const hasPcm = existsSync(pcm) && statSync(pcm).size > 1
  if (hasPcm && !existsSync(wav)) await wrapWav(pcm, wav, manifest.sampleRate)
  const durationMs = hasPcm ? (Math.floor(statSync(pcm).size / 2) / manifest.sampleRate) * 1_000 : manifest.durationMs
  writeManifest(dir, { ...manifest, state: 'finished', durationMs })
  rmSync(at(FILES.video), { force: true })
  for (const { path } of manifest.audio) rmSync(at(path), { force: true })
  const { startedAt, gaps } = manifest
  return { mp4, startedAt, durationMs, gaps, ...(hasPcm ? { pcm, audio: wav } : {}) }
}

async function copyTogether(dir: string, ffmpegPath: string, { video, audio }: Manifest): Promise<void> {
  const at = (name: string) => join(dir, name)
  const sound = audio.map(({ path }) => path).filter((path) => existsSync(at(path)) && statSync(at(path)).size > 0)
  const inputs: string[] = []
  if (video && existsSync(at(FILES.video)) && statSync(at(FILES.video)).size > 0) inputs.push('-i', at(FILES.video))
  if (sound.length === 1 && sound[0] !== undefined) inputs.push('-i', at(sound[0]))
  else if (sound.length > 1) {
    // Several pieces: the encoder died in between. ADTS packets stand alone, so the pieces follow one another.
    writeFileSync(at('audio.pieces.txt'), sound.map((path) => `file '${path}'`).join('\n'))
    inputs.push('-f', 'concat', '-safe', '0', '-i', at('audio.pieces.txt'))
  }
  const bitstream = sound.length > 0 ? ['-bsf:a', 'aac_adtstoasc'] : []
  await ffmpeg(ffmpegPath, [...inputs, '-c', 'copy', ...bitstream, '-movflags', '+faststart', at(`${FILES.mp4}.new.mp4`)])
  rmSync(at('audio.pieces.txt'), { force: true })
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
