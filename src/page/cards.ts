import { fromRgba, type I420 } from './planes.ts'

const FONT = 'Roboto, "Segoe UI", "DejaVu Sans", "Noto Sans", sans-serif'

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

function hueOf(name: string): number {
  let hash = 0
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360
  return hash
}

/** Pictures drawn once: the card of someone without a camera, and the strip with a name. The ones used longest ago go first. */
export class Cards {
  /** Bytes kept. What is shown at once must fit: all cards of a layout are one whole picture, labels come on top. */
  readonly #most: number
  #bytes = 0
  readonly #kept = new Map<string, I420>()

  constructor(most: number) {
    this.#most = most
  }

  /** How many are kept. */
  get size(): number {
    return this.#kept.size
  }

  /** A whole tile: initials in a disc, the name below. */
  card(name: string, width: number, height: number): I420 {
    return this.#once(
      `card ${width}x${height} ${name}`,
      () => width,
      height,
      (g) => {
        g.fillStyle = '#202124'
        g.fillRect(0, 0, width, height)
        if (name === '') return
        const radius = height / 6
        g.fillStyle = `hsl(${hueOf(name)} 45% 45%)`
        g.beginPath()
        g.arc(width / 2, height / 2 - radius / 3, radius, 0, 2 * Math.PI)
        g.fill()
        g.fillStyle = '#fff'
        g.textAlign = 'center'
        g.textBaseline = 'middle'
        g.font = `500 ${Math.round(radius * 0.8)}px ${FONT}`
        g.fillText(initialsOf(name), width / 2, height / 2 - radius / 3)
        g.font = `400 ${Math.round(height / 24)}px ${FONT}`
        g.fillText(name, width / 2, height / 2 + radius * 1.2, width * 0.8)
      },
    )
  }

  /** The strip at the bottom left of a tile. */
  label(name: string, tileHeight: number): I420 {
    const size = Math.max(12, Math.round(tileHeight / 30))
    const height = Math.ceil((size * 1.8) / 2) * 2
    const font = `500 ${size}px ${FONT}`
    const widthOf = () => {
      const probe = new OffscreenCanvas(1, 1).getContext('2d')
      if (probe !== null) probe.font = font
      const text = probe?.measureText(name).width ?? name.length * size * 0.6
      return Math.min(640, Math.ceil((text + size * 1.4) / 2) * 2)
    }
    return this.#once(`label ${size} ${name}`, widthOf, height, (g, width) => {
      g.fillStyle = '#202124'
      g.fillRect(0, 0, width, height)
      g.fillStyle = '#fff'
      g.textBaseline = 'middle'
      g.font = font
      g.fillText(name, size * 0.7, height / 2, width - size)
    })
  }

  #once(key: string, widthOf: () => number, height: number, draw: (g: OffscreenCanvasRenderingContext2D, width: number) => void): I420 {
    const known = this.#kept.get(key)
    if (known !== undefined) {
      this.#kept.delete(key)
      this.#kept.set(key, known)
      return known
    }
    const width = widthOf()
    const g = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
    if (g === null) throw new Error('no 2d canvas')
    draw(g, width)
    const picture = fromRgba(g.getImageData(0, 0, width, height).data, width, height)
    this.#bytes += picture.data.byteLength
    for (const [oldest, { data }] of this.#kept) {
      if (this.#bytes <= this.#most) break
      this.#kept.delete(oldest)
      this.#bytes -= data.byteLength
    }
    this.#kept.set(key, picture)
    return picture
  }
}
