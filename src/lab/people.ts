import { z } from 'zod'
import { voiceNames } from './encoded.ts'
import { TRAP_NAMES } from './skins/meet/traps.ts'

const hz = z.number().min(50).max(20_000)
const ms = z.number().min(20).max(600_000)
/** Of a timer: one of more than 2^31 - 1 ms fires at once. */
const waitMs = z.number().min(0).max(3_600_000, { error: 'at most 3600000 (an hour)' })
const voiceName = z
  .string()
  .transform((name) => name.replace(/\.wav$/, ''))
  .refine((name) => voiceNames().includes(name), { error: () => `not a voice; allowed: ${voiceNames().join(', ')}, or {hz}` })
const voice = z.union([voiceName, z.strictObject({ hz })])
const camera = z.union([z.boolean(), z.literal('off'), z.literal('blue')])
const name = z.string().min(1).max(200)

/** `Person` of the control API. */
export const personSchema = z
  .strictObject({
    name,
    voice: voice.optional(),
    camera: camera.optional(),
    host: z.boolean().optional(),
    joinAfterMs: z.number().min(0).optional(),
    leaveAfterMs: z.number().min(0).optional(),
    sharing: z.boolean().optional(),
  })
  .refine(({ joinAfterMs = 0, leaveAfterMs = Number.POSITIVE_INFINITY }) => leaveAfterMs > joinAfterMs, {
    error: 'leaveAfterMs must be larger than joinAfterMs',
    path: ['leaveAfterMs'],
  })

/** What `PATCH /rooms/:id/people/:name` changes. */
export const patchSchema = z.strictObject({
  name: name.optional(),
  muted: z.boolean().optional(),
  camera: camera.optional(),
  sharing: z.boolean().optional(),
})

const oneSound = ({ voice, hz }: { voice?: unknown; hz?: unknown }) => voice === undefined || hz === undefined
const ONE_SOUND = { error: 'give voice or hz, not both', path: ['hz'] }

/** What `POST /rooms/:id/people/:name/say` takes. */
export const saySchema = z.strictObject({ voice: voiceName.optional(), hz: hz.optional(), ms: ms.optional() }).refine(oneSound, ONE_SOUND)

const turnSchema = z
  .strictObject({ name, atMs: z.number().min(0), voice: voice.optional(), hz: hz.optional(), ms: ms.optional() })
  .refine(oneSound, ONE_SOUND)

const NOT_BUILT = ['teams', 'zoom']

/** The body of `POST /rooms`. */
export const roomSchema = z
  .strictObject({
    platform: z
      .string()
      .refine((platform) => !NOT_BUILT.includes(platform), { error: 'not built yet; allowed: meet', abort: true })
      .pipe(z.literal('meet', { error: 'unknown platform; allowed: meet' })),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'a language tag such as "en" or "pt-BR"')
      .default('en'),
    lobby: z.union([z.boolean(), z.strictObject({ admitAfterMs: waitMs })]).default(true),
    skin: z.enum(['host-managed', 'simple']).default('host-managed'),
    people: z.array(personSchema).max(100).default([]),
    traps: z.array(z.enum(TRAP_NAMES)).default([]),
    speech: z.union([z.enum(['turns', 'overlap', 'none']), z.array(turnSchema)]).default('turns'),
    classes: z.enum(['random', 'sheet']).optional(),
    passcode: z.undefined({ error: 'meet has no passcodes' }).optional(),
    hostStarted: z.boolean().default(true),
    /** Invented knob: when nobody answers a knock; absent = the real client's ten minutes. */
    noAnswerAfterMs: waitMs.optional(),
    /** Invented knob: how late the HTTP roster tells that somebody left. */
    rosterLagMs: waitMs.default(60_000),
    /** Repeats what a room draws by chance; absent = a room of its own. */
    seed: z.int().min(0).optional(),
  })
  .superRefine(({ speech, people }, context) => {
    if (typeof speech === 'string') return
    speech.forEach(({ name, voice, hz }, place) => {
      const person = people.find((one) => one.name === name)
      if (person === undefined) context.addIssue({ code: 'custom', path: ['speech', place, 'name'], message: `nobody is called "${name}"` })
      else if ((voice ?? hz ?? person.voice) === undefined)
        context.addIssue({ code: 'custom', path: ['speech', place, 'voice'], message: `"${name}" has no voice: give voice or hz` })
    })
  })

export type Person = z.output<typeof personSchema>
export type PersonPatch = z.output<typeof patchSchema>
/** A room as it is asked for; the plan is what it becomes. */
export type RoomOptions = z.input<typeof roomSchema>
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

/** The colour of the n-th person's face. */
export function colourOf(place: number): string {
  return COLOURS[place % COLOURS.length] ?? '0x888888'
}

/** The colour of a face before that camera. */
export const faceOf = (camera: Person['camera'], place: number): string => (camera === 'blue' ? 'blue' : colourOf(place))

/** Whether somebody with that camera is seen; absent = yes. */
export const isSeen = (camera: Person['camera']): boolean => camera !== 'off' && camera !== false
