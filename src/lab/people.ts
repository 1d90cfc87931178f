import { z } from 'zod'
import { voiceNames } from './encoded.ts'
import { TRAP_NAMES } from './skins/meet/traps.ts'

/** What can be switched on in a room; a misspelt trap is refused, or a test with it could not fail. */
export const TRAPS = [...TRAP_NAMES] as const

const voice = z.union([
  z.string().refine((name) => voiceNames().includes(name), 'a voice of the catalogue'),
  z.strictObject({ hz: z.number().min(50).max(20_000) }),
])

export const personSchema = z.strictObject({
  name: z.string().min(1),
  voice: voice.optional(),
  camera: z.union([z.boolean(), z.literal('off'), z.literal('blue')]).optional(),
  host: z.boolean().optional(),
  joinAfterMs: z.number().min(0).optional(),
  leaveAfterMs: z.number().min(0).optional(),
})
const turnSchema = z.strictObject({
  name: z.string(),
  atMs: z.number().min(0),
  voice: voice.optional(),
  hz: z.number().optional(),
  ms: z.number().optional(),
})

export const roomSchema = z.strictObject({
  platform: z.literal('meet'),
  /** Repeats what a room draws by chance; absent = a room of its own. */
  seed: z.number().int().min(0).optional(),
  locale: z.string().default('en'),
  lobby: z.union([z.boolean(), z.strictObject({ admitAfterMs: z.number().min(0) })]).default(true),
  skin: z.enum(['host-managed', 'simple']).default('host-managed'),
  people: z.array(personSchema).default([]),
  traps: z.array(z.enum(TRAPS)).default([]),
  speech: z.union([z.enum(['turns', 'overlap', 'none']), z.array(turnSchema)]).default('turns'),
  classes: z.enum(['random', 'sheet']).optional(),
})

export type Person = z.output<typeof personSchema>
export type RoomPlan = z.output<typeof roomSchema>
export type Turn = z.output<typeof turnSchema>

const COLOURS = [
  '0x2e7d32',
  '0x1565c0',
  '0x8e24aa',
  '0xc62828',
  '0xef6c00',
  '0x00838f',
  '0x5d4037',
  '0x558b2f',
  '0x4527a0',
  '0xad1457',
  '0x283593',
  '0x37474f',
]

/** The colour of the n-th person's face; "blue" is flat blue for everybody. */
export function colourOf(place: number, camera: Person['camera']): string {
  return camera === 'blue' ? '0x0000ff' : (COLOURS[place % COLOURS.length] ?? '0x888888')
}
