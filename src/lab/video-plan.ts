import type { Layer } from './encoded.ts'
import type { TileView } from './protocol.ts'

/** What a tile is sent: whose picture, how large. */
export interface Wanted {
  id: string
  layer: Layer
}

/** The smallest picture that fills a tile of that height. */
export function layerFor({ height }: Pick<TileView, 'height'>): Layer {
  if (height <= 200) return 'small'
  return height <= 400 ? 'medium' : 'large'
}

/**
 * Which line carries whose picture. Who has a line keeps it; lines of pictures no longer asked for go to the next ones;
 * the list grows when there are too few. A line is nobody's own.
 */
export function assignLines(lines: readonly (string | undefined)[], wanted: readonly Wanted[]): (string | undefined)[] {
  const asked = new Set(wanted.map(({ id }) => id))
  const next = lines.map((id) => (id !== undefined && asked.has(id) ? id : undefined))
  for (const { id } of wanted) {
    if (next.includes(id)) continue
    const free = next.indexOf(undefined)
    if (free < 0) next.push(id)
    else next[free] = id
  }
  return next
}
