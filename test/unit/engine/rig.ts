import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { meet } from '../../../adapters/platforms/meet/index.ts'
import type { ArtifactStore } from '../../../src/artifacts/port.ts'
import { silentLogger } from '../../../src/core/logger.ts'
import { BotEngine, type EngineParts } from '../../../src/engine/bot-engine.ts'
import { Keeping } from '../../../src/engine/keeping.ts'
import { Later } from '../../../src/engine/later.ts'
import { Removal } from '../../../src/engine/removal.ts'
import { FakeClock } from '../../../src/lab/fakes/fake-clock.ts'
import { IN_THE_CALL, ScriptedBot, type ScriptedLife } from '../../../src/lab/fakes/scripted-bot.ts'
import { createUrlGuard } from '../../../src/net/url-guard.ts'
import type { PlatformAdapter } from '../../../src/platform/adapter.ts'
import { MemoryStore } from '../../../src/store/memory-store.ts'
import type { BotRecord, BotRequest, BotStore } from '../../../src/store/port.ts'

export const KEY = 'key-one'
export const OTHER_KEY = 'key-two'

/** The n-th meeting there is. */
export function urlOf(n: number): string {
  const letters = (k: number, length: number) =>
    Array.from({ length }, (_, i) => String.fromCharCode(97 + (Math.floor(k / 26 ** i) % 26))).join('')
  return `https://meet.google.com/${letters(n, 3)}-${letters(n, 4)}-${letters(n + 7, 3)}`
}

export function requestFor(n: number, more: Partial<BotRequest> = {}): BotRequest {
  return {
    meetingUrl: urlOf(n),
    botName: `Notes ${n}`,
    recordingMode: 'speaker_view',
    reserved: false,
    startAt: null,
    botImage: null,
    entryMessage: null,
    speechToText: null,
    transcriptionParameters: null,
    automaticLeave: { waitingRoomTimeoutMs: null, nooneJoinedTimeoutMs: null, silenceTimeoutMs: null },
    streaming: { input: null, output: null, audioFrequency: null },
    webhookUrl: null,
    deduplicationKey: null,
    extra: null,
    zoom: { sdkId: null, sdkPwd: null, accessTokenUrl: null, obfToken: null, obfTokenUrl: null, obfTokenUserId: null },
    ...more,
  }
}

/** Artifacts that remember what they were given, and fail as often as they are told to. */
export class RememberedArtifacts implements ArtifactStore {
  readonly name = 'remembered'
  readonly kept = new Map<string, string>()
  failures = 0

  async put({ key, path }: { key: string; path: string }): Promise<void> {
    if (this.failures > 0) {
      this.failures--
      throw new Error('the store is away')
    }
    this.kept.set(key, path)
  }

  async link(key: string): Promise<string> {
    return this.kept.has(key) ? `https://files.test/${key}` : ''
  }

  async remove(botUuid: string): Promise<{ removed: number; failed: number }> {
    const keys = [...this.kept.keys()].filter((key) => key.startsWith(`${botUuid}/`))
    for (const key of keys) this.kept.delete(key)
    return { removed: keys.length, failed: 0 }
  }

  async close(): Promise<void> {}
}

/** A bot that is in its call at once and stays until it is told to leave. */
export const STAYS: ScriptedLife = { steps: IN_THE_CALL }
/** In the call for a minute. */
export const A_MINUTE: ScriptedLife = { steps: IN_THE_CALL, ends: { atMs: 60_000, reason: 'meeting_ended' } }

export interface Rig {
  clock: FakeClock
  store: BotStore
  artifacts: RememberedArtifacts
  engine: BotEngine
  outputDir: string
  /** Every bot made, in order, with the time it was made. */
  made: { uuid: string; at: number; bot: ScriptedBot }[]
  accountId: number
  /** Everything in the outbox of a bot, as short words. */
  events(uuid: string): Promise<string[]>
  statuses(uuid: string): Promise<string[]>
  record(uuid: string): Promise<BotRecord>
}

export interface RigOptions extends Partial<Omit<EngineParts, 'createBot' | 'clock'>> {
  clock?: FakeClock
  artifacts?: RememberedArtifacts
  life?: (bot: BotRecord, nth: number) => ScriptedLife
  start?: boolean
}

/** An engine on a fake clock, in memory, with scripted bots. */
export async function newRig(options: RigOptions = {}): Promise<Rig> {
  const { clock = new FakeClock({ limitMs: 1e12 }), life = () => STAYS, start = true, ...parts } = options
  const store = parts.store ?? new MemoryStore()
  const artifacts = options.artifacts ?? new RememberedArtifacts()
  const outputDir = parts.outputDir ?? mkdtempSync(join(tmpdir(), 'remora-engine-'))
  const made: Rig['made'] = []
  const logger = parts.logger ?? silentLogger
  const keeping = new Keeping({ artifacts, clock, logger, outputDir, budgetMs: 600_000 })
  const engine = new BotEngine({
    apiKeys: [KEY, OTHER_KEY],
    store,
    artifacts,
    clock,
    logger,
    keeping,
    later: new Later({ store, artifacts, keeping, recover: parts.recover ?? (async () => undefined), outputDir, clock, logger }),
    removal: new Removal({ store, artifacts, clock, logger, outputDir }),
    platforms: [meet as PlatformAdapter],
    common: { outputDir },
    recover: async () => undefined,
    outputDir,
    concurrency: 4,
    reservedLeadMs: 240_000,
    startLeadMs: 0,
    missedAfterMs: 600_000,
    retentionMs: null,
    leaseMs: 60_000,
    beatMs: 10_000,
    guard: createUrlGuard(),
    createBot: () => (record) => {
      const bot = new ScriptedBot(record.uuid, life(record, made.length), clock)
      made.push({ uuid: record.uuid, at: clock.now(), bot })
      return bot
    },
    createSender: () => ({ start: async () => {}, wake() {}, stop: async () => {} }),
    ...parts,
  })
  if (start) await engine.start()
  return {
    clock,
    store,
    artifacts,
    engine,
    outputDir,
    made,
    accountId: start ? ((await engine.account(KEY)) ?? 0) : 0,
    events: async (uuid) => (await store.outbox.of(uuid)).map(({ event, data }) => wordOf(event, data)),
    statuses: async (uuid) => (await store.history(uuid)).map(({ status }) => status),
    record: async (uuid) => {
      const record = await store.get(uuid)
      if (record === undefined) throw new Error(`no bot ${uuid}`)
      return record
    },
  }
}

function wordOf(event: string, data: Record<string, unknown>): string {
  const { status, error, reason } = data
  if (typeof status === 'object' && status !== null && 'code' in status) return String(status.code)
  return [event, error ?? reason].filter((word) => word !== undefined).join(' ')
}
