import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const schema = z.object({
  version: z.literal(1),
  state: z.enum(['recording', 'finished']),
  sampleRate: z.union([z.literal(16_000), z.literal(24_000)]),
  /** Unix milliseconds of media time 0. */
  startedAt: z.number(),
  durationMs: z.number(),
  video: z.boolean(),
  /** AAC pieces in order, with the media time each starts at. */
  audio: z.array(z.object({ path: z.string(), startMs: z.number() })),
  gaps: z.array(z.object({ startMs: z.number(), endMs: z.number(), kind: z.enum(['audio', 'video']) })),
})
export type Manifest = z.infer<typeof schema>

/** Names of a recording's files inside its folder. */
export const FILES = {
  manifest: 'recording.json',
  video: 'video.part.mp4',
  aac: (piece: number) => `audio.part${piece}.aac`,
  pcm: 'audio.pcm',
  wav: 'audio.wav',
  mp4: 'recording.mp4',
} as const

/** Whole or not at all: a kill in the middle leaves the one before. */
export function writeManifest(dir: string, manifest: Manifest): void {
  const path = join(dir, FILES.manifest)
  writeFileSync(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`)
  renameSync(`${path}.new`, path)
}

export function readManifest(dir: string): Manifest | undefined {
  const path = join(dir, FILES.manifest)
  if (!existsSync(path)) return undefined
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  return parsed.success ? parsed.data : undefined
}
