import { z } from 'zod'
import type { CaptureHealth, TrackInfo } from '../media/capture-port.ts'
import type { PageFact } from '../platform/stage.ts'

const track = z.object({
  track: z.number().int(),
  kind: z.enum(['audio', 'video']),
  id: z.string(),
  streams: z.array(z.string()),
  mid: z.string().optional(),
  live: z.boolean(),
})
const health = z.object({
  audioContext: z.string(),
  samples: z.number(),
  pictures: z.number(),
  skipped: z.number(),
  encoding: z.boolean().optional(),
  tracks: z.array(z.object({ track: z.number(), packets: z.number(), energy: z.number() })),
  error: z.string().optional(),
})

/** A `track` fact as what it says, or undefined if it says something else. */
export function trackOf({ data, epoch }: PageFact): TrackInfo | undefined {
  const parsed = track.safeParse(data)
  if (!parsed.success) return undefined
  const { mid, ...rest } = parsed.data
  return { epoch, ...rest, ...(mid === undefined ? {} : { mid }) }
}

/** A `health` fact as what it says. */
export function healthOf({ data, epoch, atMs }: PageFact): CaptureHealth | undefined {
  const parsed = health.safeParse(data)
  if (!parsed.success) return undefined
  const { error, encoding, ...rest } = parsed.data
  return { epoch, atMs, ...rest, ...(encoding === undefined ? {} : { encoding }), ...(error === undefined ? {} : { error }) }
}
