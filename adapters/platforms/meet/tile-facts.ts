import { z } from 'zod'
import type { Observation } from '../../../src/platform/observation.ts'
import type { PageFact } from '../../../src/platform/stage.ts'
import { isIconName, isMerged, isPresentation, withoutNotes } from './notes.ts'
import { type Shown, selvesOf } from './self.ts'

const tile = z.object({
  id: z.string(),
  names: z.array(z.string()),
  self: z.boolean(),
  mark: z.object({ value: z.string(), text: z.string() }).nullable().default(null),
  videoTrackId: z.string().nullable(),
  area: z.number(),
  share: z.boolean(),
})
const row = z.object({
  id: z.string(),
  names: z.array(z.string()),
  self: z.boolean(),
  host: z.boolean(),
  share: z.boolean(),
  cohort: z.boolean().default(false),
})
const tiles = z.object({ tiles: z.array(tile), rows: z.array(row), count: z.number().nullable() })
const meter = z.object({ id: z.string(), on: z.boolean(), agoMs: z.number().min(0) })
/** Which sign of a voice a fact tells of: a tile's meter, or the colour of a row in the people panel. */
const SIGNS: Readonly<Record<string, 'meter' | 'list'>> = { 'meet:meter': 'meter', 'meet:row': 'list' }
type Tile = z.infer<typeof tile>
type Row = z.infer<typeof row>

/** Words that stand where a name would, and are none (6.5, 6.7, 6.11). */
const NO_NAME =
  /^(google participant \(|spaces\/|devices\/)|^(zoom in|zoom out|stop presenting|full screen|exit full screen|visual_effects|backgrounds and effects|more actions|more options)$/i

/** A tile's text as a person's name: bracket notes off, control words refused. */
export function nameOf(text: string): string | undefined {
  const name = withoutNotes(text)
  return name === '' || NO_NAME.test(name) || isPresentation(name) || isMerged(name) ? undefined : name
}

const firstName = (names: readonly string[]) => names.map(nameOf).find((name) => name !== undefined && !isIconName(name))

/** A group of devices that are heard as one is nobody: its members are shown beside it. */
const isGroup = (one: Tile | Row) =>
  firstName(one.names) === undefined && (one.names.some(isMerged) || ('cohort' in one && one.cohort && one.names.length === 0))

const asShown = (one: Tile | Row): Shown => ({
  id: one.id,
  name: firstName(one.names),
  texts: one.names,
  self: one.self,
  mark: 'mark' in one ? one.mark : null,
})

/**
 * Reads what the page code pushes; anything else is no observation. Remembers what one page showed before, because a
 * picture or a shared screen that has gone says nothing by itself. The bot's own name tells its tile where nothing else does.
 */
export function tileReader({ botName }: { botName?: string } = {}): (fact: PageFact) => Observation[] {
  let owned = new Set<string>()
  let shares = new Set<string>()
  let counted = false
  let groups = new Set<string>()

  const share = ({ id, names }: Tile | Row, via: 'tile' | 'list', atMs: number): Observation => {
    const presenterName = firstName(names)
    return { type: 'share', atMs, shareId: id, on: true, via, ...(presenterName === undefined ? {} : { presenterName }) }
  }
  const person = (
    { id, names }: Tile | Row,
    via: 'tile' | 'list',
    atMs: number,
    selves: ReadonlySet<string>,
    host = false,
  ): Observation => {
    const name = firstName(names)
    return {
      type: 'participant',
      atMs,
      id,
      present: true,
      via,
      ...(name === undefined ? {} : { name }),
      ...(host ? { host } : {}),
      ...(selves.has(id) ? { self: true } : {}),
    }
  }

  const read = ({ tiles: allTiles, rows: allRows, count }: z.infer<typeof tiles>, atMs: number): Observation[] => {
    const seen: Observation[] = []
    const rows = allRows.filter((one) => !isGroup(one))
    const shown = allTiles.filter((one) => !isGroup(one))
    const people = [...rows, ...shown].filter((one) => !one.share)
    // A group may go by the id of one of its people: only one of its own is nobody's voice.
    const kept = new Set([...rows, ...shown].map(({ id }) => id))
    groups = new Set([...allRows, ...allTiles].flatMap(({ id }) => (kept.has(id) ? [] : [id])))
    const selves = selvesOf(people.map(asShown), { count, ...(botName === undefined ? {} : { botName }) })
    // Rows first: they tell a host, and what is a presentation, more surely than a tile does.
    for (const one of rows) seen.push(one.share ? share(one, 'list', atMs) : person(one, 'list', atMs, selves, one.host))
    for (const one of shown) seen.push(one.share ? share(one, 'tile', atMs) : person(one, 'tile', atMs, selves))

    const shared = new Set([...rows, ...shown].filter((one) => one.share).map(({ id }) => id))
    for (const shareId of shares) if (!shared.has(shareId)) seen.push({ type: 'share', atMs, shareId, on: false, via: 'tile' })
    shares = shared

    const pictures = shown.flatMap(({ videoTrackId, id, area, share }) =>
      videoTrackId === null || selves.has(id) ? [] : [{ trackId: videoTrackId, participantId: id, area, share }],
    )
    const now = new Set(pictures.map(({ trackId }) => trackId))
    for (const trackId of owned) if (!now.has(trackId)) seen.push({ type: 'track', kind: 'video', atMs, trackId })
    for (const picture of pictures) seen.push({ type: 'track', kind: 'video', atMs, ...picture })
    owned = now

    if (count !== null) seen.push({ type: 'count', atMs, others: Math.max(0, count - 1), from: 'badge' })
    else if (counted) seen.push({ type: 'count', atMs, from: 'badge' })
    counted = count !== null
    const ids = new Set(people.map(({ id }) => id))
    const listed = rows.filter((one) => !one.share).length
    if (ids.size === count) seen.push({ type: 'roster', atMs, ids: [...ids], via: listed === count ? 'list' : 'tile' })
    return seen
  }

  return ({ name, data, atMs }) => {
    const source = SIGNS[name]
    if (source !== undefined) {
      const parsed = meter.safeParse(data)
      if (!parsed.success) return []
      const { id, on, agoMs } = parsed.data
      if (groups.has(id)) return []
      return [{ type: 'speaking', atMs: atMs - agoMs, participantId: id, on, source }]
    }
    if (name !== 'state:meet-tiles') return []
    const parsed = tiles.safeParse(data)
    return parsed.success ? read(parsed.data, atMs) : []
  }
}
