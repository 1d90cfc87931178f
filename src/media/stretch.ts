/** The same sound in a slightly different number of samples, by straight lines: for corrections too small to be heard. */
export function stretch(pcm: Int16Array, length: number): Int16Array {
  if (length === pcm.length || pcm.length === 0) return pcm.length === length ? pcm : new Int16Array(length)
  const out = new Int16Array(length)
  const step = length > 1 ? (pcm.length - 1) / (length - 1) : 0
  for (let i = 0; i < length; i++) {
    const at = i * step
    const left = Math.floor(at)
    const a = pcm[left] ?? 0
    const b = pcm[left + 1] ?? a
    out[i] = Math.round(a + (b - a) * (at - left))
  }
  return out
}
