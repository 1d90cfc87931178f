/**
 * A picture that needs other parameter sets than the file's header holds (the encoder came back after a page crash) carries
 * them itself: the units of `description` (avcC) before it, length-prefixed as the picture is.
 */
export function withParameterSets(data: Uint8Array, description: Uint8Array): Uint8Array {
  const units = [...parameterSets(description)]
  const out = new Uint8Array(units.reduce((size, unit) => size + 4 + unit.length, data.length))
  const view = new DataView(out.buffer)
  let at = 0
  for (const unit of units) {
    view.setUint32(at, unit.length)
    out.set(unit, at + 4)
    at += 4 + unit.length
  }
  out.set(data, at)
  return out
}

/** SPS and PPS of an AVCDecoderConfigurationRecord. */
function* parameterSets(avcC: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(avcC.buffer, avcC.byteOffset, avcC.byteLength)
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = view.getUint8(at++) & mask
    for (let i = 0; i < count; i++) {
      const size = view.getUint16(at)
      yield avcC.subarray(at + 2, at + 2 + size)
      at += 2 + size
    }
  }
}
