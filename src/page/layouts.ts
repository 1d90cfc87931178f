/** A rectangle of the composed picture; every number even, as I420 wants it. */
export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

const even = (n: number) => Math.floor(n / 2) * 2

/** Rectangles for `count` tiles: the whole picture for one, else the grid with the least empty space. */
export function gridOf(count: number, width: number, height: number): Rect[] {
  if (count <= 1) return [{ x: 0, y: 0, width, height }]
  const columns = Math.ceil(Math.sqrt(count))
  const rows = Math.ceil(count / columns)
  const w = even(width / columns)
  const h = even(height / rows)
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns)
    const inRow = row === rows - 1 ? count - row * columns : columns
    const left = even((width - inRow * w) / 2)
    return { x: left + (i % columns) * w, y: row * h, width: w, height: h }
  })
}

/** The largest rectangle of the source's shape inside `into`, centred. */
export function fitInto(sourceWidth: number, sourceHeight: number, into: Rect): Rect {
  const scale = Math.min(into.width / sourceWidth, into.height / sourceHeight)
  const width = Math.min(into.width, even(sourceWidth * scale))
  const height = Math.min(into.height, even(sourceHeight * scale))
  return { x: into.x + even((into.width - width) / 2), y: into.y + even((into.height - height) / 2), width, height }
}
