import { z } from 'zod'
import { BotError } from '../core/errors.ts'
import { invalid } from './invalid.ts'

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `a ${protocols.map((p) => `${p}//`).join(' or ')} URL`,
  })
/** Milliseconds; null switches the rule off. */
const limit = (defaultMs: number) => z.number().int().min(0).nullable().default(defaultMs)
const minutes = (n: number) => n * 60_000

const browserFields = z.strictObject({
  executablePath: z.string().min(1).optional(),
  /** Playwright channel of an installed browser: 'chrome', 'chrome-beta', 'msedge'. */
  channel: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  headless: z.boolean().optional(),
  /** Folder of a signed-in profile: the supported way in where guests are refused. */
  profileDir: z.string().min(1).optional(),
  /** A browser that already runs: a tab in its own profile, so signed in where it is; never closed by us. Decides alone. */
  cdpUrl: url('http:', 'https:', 'ws:', 'wss:').optional(),
  /** Default true. False starts Chromium without its sandbox. */
  sandbox: z.boolean().optional(),
})
type BrowserField = keyof z.output<typeof browserFields>

/** What one option has decided already, so that another one could only be ignored. */
// biome-ignore format: a table
const DECIDED: readonly [by: BrowserField, fields: readonly BrowserField[], why: string][] = [
  ['cdpUrl',  ['executablePath', 'channel', 'args', 'headless', 'profileDir', 'sandbox'], 'that browser runs already'],
  ['channel', ['executablePath'],                                                        'the channel names the program'],
]

const browserSchema = browserFields.superRefine((browser, context) => {
  for (const [by, fields, why] of DECIDED) {
    if (browser[by] === undefined) continue
    for (const field of fields) {
      if (browser[field] === undefined) continue
      const message = `nothing beside browser.${by} (${why}); leave one of the two out`
      context.addIssue({ code: 'custom', path: [field], message })
    }
  }
})

const automaticLeaveSchema = z.strictObject({
  waitingRoomTimeoutMs: limit(minutes(10)),
  nooneJoinedTimeoutMs: limit(minutes(10)),
  everyoneLeftTimeoutMs: limit(minutes(1)),
  silenceTimeoutMs: limit(minutes(10)),
  maxDurationMs: limit(minutes(240)),
})

const streamingSchema = z.strictObject({
  /** Audio from the meeting goes to this WebSocket. */
  output: url('ws:', 'wss:').nullish(),
  /** Audio from this WebSocket goes into the meeting. */
  input: url('ws:', 'wss:').nullish(),
  audioFrequency: z.enum(['16khz', '24khz']).default('16khz'),
})

export const botConfigSchema = z.strictObject({
  meetingUrl: z.string().min(1),
  botName: z.string().trim().min(1).max(100),
  passcode: z.string().min(1).optional(),
  recordingMode: z.enum(['speaker_view', 'gallery_view', 'audio_only']).default('speaker_view'),
  /** Files go to `<outputDir>/<bot id>/`. */
  outputDir: z.string().min(1).default('recordings'),
  /** BCP 47 language asked of the page. */
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 language such as "en" or "de-AT"')
    .default('en'),
  browser: browserSchema.default({}),
  automaticLeave: automaticLeaveSchema.prefault({}),
  streaming: streamingSchema.prefault({}),
  entryMessage: z.string().optional(),
  botImage: z.string().optional(),
  speechToText: z.unknown().optional(),
  extra: z.unknown().optional(),
})

/** What users write. See the schema for meanings and defaults; times are milliseconds, null = off. */
export type BotConfig<Extra = unknown> = Omit<z.input<typeof botConfigSchema>, 'extra'> & { extra?: Extra }
/** What the inside uses: every default filled in, frozen. */
export type ResolvedBotConfig = Readonly<z.output<typeof botConfigSchema>>
export type BrowserOptions = z.output<typeof browserSchema>
export type AutomaticLeave = z.output<typeof automaticLeaveSchema>

/** Options that are understood but not built yet: refused, never ignored. */
const NOT_BUILT: readonly [field: string, asked: (config: ResolvedBotConfig) => unknown][] = [
  ['recordingMode', ({ recordingMode }) => (recordingMode === 'speaker_view' ? undefined : recordingMode)],
  ['streaming.input', ({ streaming }) => streaming.input ?? undefined],
  ['entryMessage', ({ entryMessage }) => entryMessage],
  ['botImage', ({ botImage }) => botImage],
  ['speechToText', ({ speechToText }) => speechToText ?? undefined],
]

/** Checks what a user wrote. Throws `CONFIG_INVALID` naming field, value and what is allowed, or `NOT_SUPPORTED`. */
export function resolveBotConfig(config: unknown): ResolvedBotConfig {
  const parsed = botConfigSchema.safeParse(config)
  if (!parsed.success) throw invalid(config, parsed.error)
  for (const [field, asked] of NOT_BUILT) {
    const value = asked(parsed.data)
    if (value !== undefined) {
      throw new BotError('NOT_SUPPORTED', `${field} is not supported by this version; leave it out`, { details: { field, value } })
    }
  }
  return Object.freeze(parsed.data)
}
