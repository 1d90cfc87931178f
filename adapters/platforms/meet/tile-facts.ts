import { z } from 'zod'
import type { Observation } from '../../../src/platform/observation.ts'
import type { PageFact } from '../../../src/platform/stage.ts'

const tile = z.object({
  id: z.string(),
  name: z.string(),
  self: z.boolean(),
  videoTrackId: z.string().nullable(),
  area: z.number(),
  share: z.boolean(),
})
const tiles = z.object({ tiles: z.array(tile), count: z.number().nullable() })
const meter = z.object({ id: z.string(), on: z.boolean() })

/** Words that stand where a name would, and are none. */
const NO_NAME = /^(google participant \(|spaces\/|devices\/|(zoom in|stop presenting|full screen|presentation|merged audio)$)/i

/** A tile's text as a person's name: bracket notes off, control words refused. */
export function nameOf(text: string): string | undefined {
  const name = text.replace(/\s*\((you|presenting|annotating|you, presenting|presenting, annotating)\)\s*$/i, '').trim()
  return name === '' || NO_NAME.test(name) ? undefined : name
}

/** What the page code pushed, as observations; anything else is none. */
export function readFact({ name, data, atMs }: PageFact): Observation[] {
  if (name === 'meet:meter') {
    const parsed = meter.safeParse(data)
    return parsed.success ? [{ type: 'speaking', atMs, participantId: parsed.data.id, on: parsed.data.on, source: 'meter' }] : []
  }
  if (name !== 'state:meet-tiles') return []
  const parsed = tiles.safeParse(data)
  if (!parsed.success) return []
  const seen: Observation[] = []
  for (const { id, name: text, self, videoTrackId, area, share } of parsed.data.tiles) {
    const person = nameOf(text)
    if (!share)
      seen.push({
        type: 'participant',
        atMs,
        id,
        present: true,
        ...(person === undefined ? {} : { name: person }),
        ...(self ? { self } : {}),
      })
    if (videoTrackId !== null && !self)
      seen.push({ type: 'track', kind: 'video', atMs, trackId: videoTrackId, participantId: id, area, share })
  }
  const { count } = parsed.data
  const people = parsed.data.tiles.filter(({ share }) => !share)
  if (count !== null) {
    seen.push({ type: 'count', atMs, others: Math.max(0, count - 1), from: 'badge' })
    if (people.length === count) seen.push({ type: 'roster', atMs, ids: people.map(({ id }) => id) })
  }
  return seen
}
