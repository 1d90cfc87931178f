import type { PersonView, TileView } from '../protocol.ts'

export type LayoutName = 'auto' | 'tiled' | 'spotlight' | 'sidebar'

/** What the visitor chose in the layout dialog. */
export interface LayoutChoice {
  name: LayoutName
  /** The slider: at most so many tiles in tiled and auto. */
  max: number
}

const STRIP = 5
const GAP = 8

/** Which tiles a layout shows and how large: the page asks for these pictures and for no others. */
export function layoutTiles(
  people: readonly PersonView[],
  featured: string | null,
  choice: LayoutChoice,
  width: number,
  height: number,
): TileView[] {
  const others = people.filter(({ self }) => !self)
  const self = people.filter((person) => person.self)
  const screens = others.filter(({ parent }) => parent !== undefined)
  const first = screens.at(-1) ?? others.find(({ id }) => id === featured) ?? others[0] ?? self[0]
  if (first === undefined) return []
  const { name, max } = choice
  if (name === 'spotlight') return [{ id: first.id, ...boxOf(width, height) }]
  if (name === 'sidebar' || (name === 'auto' && screens.length > 0)) {
    const rest = [...others, ...self].filter(({ id }) => id !== first.id).slice(0, STRIP)
    const strip = boxOf(width / 5, height / STRIP - GAP)
    const large = boxOf(rest.length === 0 ? width : width - strip.width - GAP, height)
    return [{ id: first.id, ...large }, ...rest.map(({ id }) => ({ id, ...strip }))]
  }
  const shown = [...screens, ...others.filter(({ parent }) => parent === undefined), ...self].slice(0, max)
  // Who talks is shown, even where there are more people than tiles.
  const last = shown.at(-1)
  if (last !== undefined && first.parent === undefined && !shown.includes(first)) shown[shown.length - 1] = first
  const columns = Math.ceil(Math.sqrt(shown.length))
  const rows = Math.ceil(shown.length / columns)
  const size = boxOf(width / columns - GAP, height / rows - GAP)
  return shown.map(({ id }) => ({ id, ...size }))
}

/** The largest 16:9 box, in whole pixels. */
function boxOf(width: number, height: number): { width: number; height: number } {
  const wide = Math.max(16, Math.floor(Math.min(width, (height * 16) / 9)))
  return { width: wide, height: Math.floor((wide * 9) / 16) }
}
