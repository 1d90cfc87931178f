import type { PageFrame } from '../core/frame.ts'

/** Sum of all tracks of a frame at its PCM rate, saturating. Shape: s16 mono, the length of the longest track. */
export function mixTracks({ tracks, mix, sampleRate }: PageFrame): Int16Array {
  const samples = tracks.reduce((most, { pcm }) => Math.max(most, pcm.length), Math.round((mix.length * sampleRate) / 48_000))
  const out = new Int16Array(samples)
  if (tracks.length === 1 && tracks[0] !== undefined) {
    out.set(tracks[0].pcm)
    return out
  }
  for (let i = 0; i < samples; i++) {
    let sum = 0
    for (const { pcm } of tracks) sum += pcm[i] ?? 0
    out[i] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum
  }
  return out
}
