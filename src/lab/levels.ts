const SILENT = 127

/** Loudness of some samples in decibels below full scale, 0 to 127, as RFC 6464 writes it. */
export function levelOf(pcm: Int16Array): number {
  let energy = 0
  for (const sample of pcm) energy += sample * sample
  if (energy === 0) return SILENT
  return Math.min(SILENT, Math.max(0, Math.round(-10 * Math.log10(energy / pcm.length / 32_768 ** 2))))
}

/** The step a meter shows for a loudness: 0 idle, 3 loud. */
export function stepOf(level: number): 0 | 1 | 2 | 3 {
  if (level > 62) return 0
  if (level > 40) return 1
  return level > 26 ? 2 : 3
}
