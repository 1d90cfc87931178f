import { createHash, randomUUID } from 'node:crypto'
import { BotError } from '../../src/core/errors.ts'
import { PLATFORMS } from '../../src/defaults.ts'
import type { Deletion, HistoryEntry, Retranscription } from '../../src/engine/port.ts'
import type { HttpEngine } from '../../src/http/operation.ts'
import { parseMeetingUrl } from '../../src/platform/meeting-url.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import type { BotQuery, BotRecord, BotRequest } from '../../src/store/port.ts'

/** An engine whose bots never set out: the HTTP face alone, over a real store. What a bot lives through is written by the test. */
export class StoredEngine implements HttpEngine {
  readonly store = new MemoryStore()
  /** Files that exist, by artifact key. */
  readonly files = new Set<string>()
  /** What `delete_data` and `retranscribe` are told; the default is what a real engine without a transcriber says. */
  says: { deletion?: Deletion; retranscription?: Retranscription; create?: unknown } = {}
  readonly #keys: ReadonlyMap<string, string>
  readonly #retranscribed: string[] = []

  constructor(keys: readonly string[]) {
    this.#keys = new Map(keys.map((key) => [key, createHash('sha256').update(key).digest('hex')]))
  }

  readonly artifacts: NonNullable<HttpEngine['artifacts']> = {
    name: 'fake',
    put: async () => {},
    link: async (key) => (this.files.has(key) ? `https://files.test/${key}?signature=s` : ''),
    remove: async () => ({ removed: 0, failed: 0 }),
    close: async () => {},
  }

  async account(apiKey: string): Promise<number | undefined> {
    const hash = this.#keys.get(apiKey)
    return hash === undefined ? undefined : (await this.store.account(hash)).id
  }

  async create(accountId: number, request: BotRequest): Promise<BotRecord> {
    if (this.says.create !== undefined) throw this.says.create
    const { ref } = parseMeetingUrl(request.meetingUrl, PLATFORMS)
    if (request.speechToText !== null) {
      throw new BotError('NOT_SUPPORTED', 'speechToText is not part of this version', { details: { field: 'speechToText' } })
    }
    const now = Date.now()
    const made = await this.store.create(
      {
        uuid: randomUUID(),
        accountId,
        request,
        meetingKey: ref.joinUrl,
        eventUuid: null,
        createdAt: now,
        joinAt: request.startAt ?? (request.reserved ? now + 240_000 : now),
      },
      { dedupe: { withinMs: 300_000 } },
    )
    if (!made.created) throw new BotError('DUPLICATE', 'a bot is on its way there', { details: { botId: made.earlier.uuid } })
    return made.bot
  }

  async get(accountId: number, uuid: string) {
    const bot = await this.store.get(uuid, accountId)
    return bot === undefined ? undefined : { bot, history: await this.store.history(uuid) }
  }

  list = (query: BotQuery) => this.store.list(query)

  async leave(accountId: number, uuid: string): Promise<BotRecord | undefined> {
    const bot = await this.store.get(uuid, accountId)
    if (bot === undefined || bot.phase === 'ended') return bot
    return this.store.record(uuid, {
      at: Date.now(),
      patch: { isStopped: true },
      history: entry('failed', 'LEFT_BEFORE_RECORDING'),
      ending: { outcome: 'failed', reason: 'LEFT_BEFORE_RECORDING', responsible: 'caller', truncated: false, message: 'left' },
    })
  }

  async screenshots(accountId: number, uuid: string) {
    const view = await this.get(accountId, uuid)
    return view?.history.flatMap(({ at, screenshot }) => (screenshot === null ? [] : [{ at, path: screenshot }]))
  }

  async deleteData(accountId: number, uuid: string): Promise<Deletion | undefined> {
    const bot = await this.store.get(uuid, accountId)
    if (bot === undefined) return undefined
    if (this.says.deletion !== undefined) return this.says.deletion
    if (bot.dataDeleted !== null) return 'alreadyDeleted'
    if (Object.keys(bot.files).length === 0) return 'noDataFound'
    await this.store.record(uuid, { at: Date.now(), patch: { dataDeleted: { at: Date.now(), partial: false } } })
    return 'deleted'
  }

  async retranscribe(accountId: number, uuid: string): Promise<Retranscription | undefined> {
    if ((await this.store.get(uuid, accountId)) === undefined) return undefined
    this.#retranscribed.push(uuid)
    return this.says.retranscription ?? 'unavailable'
  }

  webhookUrl = async (accountId: number) => (await this.store.accountById(accountId))?.webhookUrl ?? null
  setWebhookUrl = (accountId: number, url: string | null) => this.store.setWebhookUrl(accountId, url)
  deadLetters = (accountId: number) => this.store.outbox.dead(accountId)

  async resend(accountId: number, uuid: string, sequence: number): Promise<boolean> {
    if ((await this.store.get(uuid, accountId)) === undefined) return false
    return this.store.outbox.resend({ botUuid: uuid, sequence }, Date.now())
  }

  async counts() {
    const { waiting, running } = await this.store.counts()
    return { waiting, running, concurrency: 4, pendingDeliveries: await this.store.outbox.pending() }
  }

  async start() {}
  async stop() {}

  /** Everything the store holds, to prove that a refusal left nothing behind. */
  async footprint(): Promise<string> {
    const bots = await Promise.all([1, 2, 3].map((accountId) => this.store.list({ accountId, limit: 50 }).then(({ bots }) => bots)))
    const urls = await Promise.all([1, 2, 3].map((id) => this.webhookUrl(id)))
    return JSON.stringify([bots, urls, await this.store.counts(), await this.store.outbox.pending(), this.#retranscribed])
  }

  /** Lets a bot live through a recorded call. */
  async recorded(uuid: string): Promise<void> {
    const at = Date.UTC(2026, 10, 25, 10)
    const folder = `/data/recordings/${uuid}`
    for (const status of ['joining_call', 'in_call_not_recording', 'in_call_recording', 'call_ended'] as const) {
      await this.store.record(uuid, {
        at: status === 'call_ended' ? at + 61_000 : at,
        history: { ...entry(status), screenshot: `${folder}/${status}.jpg` },
      })
    }
    await this.store.record(uuid, {
      at: at + 61_400,
      patch: {
        joinedAt: at,
        exitedAt: at + 61_000,
        recordingStartedAt: at + 500,
        durationMs: 60_400,
        files: { mp4: `${folder}/recording.mp4`, audio: `${folder}/recording.wav` },
        participants: [
          { id: 'a', name: 'Ada', joinedAt: at },
          { id: 'me', name: 'Notes', self: true, joinedAt: at },
        ],
        speakers: [
          { participantId: 'a', name: 'Ada', startAt: at + 1_000, endAt: at + 2_000, source: 'csrc', confidence: 1 },
          { participantId: 'a', name: 'Ada', startAt: at + 3_000, endAt: at + 4_000, source: 'csrc', confidence: 1 },
        ],
      },
      history: entry('completed', 'everyone_left'),
      ending: { outcome: 'completed', reason: 'everyone_left', responsible: 'meeting', truncated: false, message: null },
      deliveries: [{ event: 'complete', data: { bot_id: uuid } }],
    })
    for (const file of ['recording.mp4', 'recording.wav', 'call_ended.jpg', 'in_call_recording.jpg']) this.files.add(`${uuid}/${file}`)
  }
}

const entry = (status: HistoryEntry['status'], reason: string | null = null) => ({ status, reason, responsible: null, screenshot: null })
