import { createHash } from 'node:crypto'
import { isBotError } from '../../core/errors.ts'
import type { BotEnding, BotRecord, BotRequest, BotStore, Json, NewBot } from '../../store/port.ts'

/** What a case of the store's contract is given. */
export interface StoreUnderTest {
  /** Open and empty. */
  store: BotStore
  /** Another connection to the same data; the same object where there is only one. */
  twin: BotStore
}

/** SHA-256 of a key, as accounts are known by. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Noon of an ordinary day: the zero of every sample. */
export const NOON = Date.UTC(2026, 10, 25, 12)

/** A request with nothing special asked for. */
export function sampleRequest(over: Partial<BotRequest> = {}): BotRequest {
  return {
    meetingUrl: 'https://meet.google.com/abc-defg-hij',
    botName: 'Notes',
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
    ...over,
  }
}

/** The 12 hex digits keep sample ids readable: `sampleUuid(7)`. */
export function sampleUuid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

export interface SampleBot extends Partial<Omit<NewBot, 'request' | 'uuid'>> {
  request?: Partial<BotRequest>
}

/** A bot to insert; `n` makes its uuid. */
export function sampleBot(n: number, accountId: number, { request = {}, ...over }: SampleBot = {}): NewBot {
  return {
    uuid: sampleUuid(n),
    accountId,
    request: sampleRequest(request),
    meetingKey: 'meet:abc-defg-hij',
    eventUuid: null,
    createdAt: NOON + n,
    joinAt: NOON + n,
    ...over,
  }
}

export const LEFT: BotEnding = { outcome: 'completed', reason: 'caller', responsible: 'caller', truncated: false, message: null }

export async function accountOf(store: BotStore, key = 'a key'): Promise<number> {
  return (await store.account(hashOf(key))).id
}

/** Inserts a bot that nothing refuses. */
export async function added(store: BotStore, bot: NewBot): Promise<BotRecord> {
  const creation = await store.create(bot)
  if (!creation.created) throw new Error('a bot was refused without deduplication')
  return creation.bot
}

/** Bots 1 to n of one account, each with its own `extra`. */
export async function addedWithExtra(store: BotStore, accountId: number, extras: readonly Json[]): Promise<readonly BotRecord[]> {
  const bots: BotRecord[] = []
  for (const [at, extra] of extras.entries()) bots.push(await added(store, sampleBot(at + 1, accountId, { request: { extra } })))
  return bots
}

/** For `assert.rejects`: refused as bad input, in the named field. */
export function refusedFor(field: string): (error: unknown) => boolean {
  return (error) => isBotError(error, 'CONFIG_INVALID') && error.details.field === field
}
