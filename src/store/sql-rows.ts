import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import type { Responsible } from '../core/outcomes.ts'
import type { BotStatus } from '../core/status.ts'
import { namesIn } from './life.ts'
import type { Account, BotRecord, Delivery, HistoryEntry, NewBot } from './port.ts'
import type { BotTable, DeliveryTable, Tables } from './sql-schema.ts'
import { restored, searchable, searchableNames, storable } from './text.ts'

/** Text that may be absent, there and back. */
export function stored(text: string | null): string | null {
  return text === null ? null : storable(text)
}

export function read(text: string | null): string | null {
  return text === null ? null : restored(text)
}

/** Numbers as numbers: some set the Postgres driver to give strings. */
function time(value: number | null): number | null {
  return value === null ? null : Number(value)
}

/** What of a bot may exist once within the window: 32 bytes over account, meeting and deduplication key. */
export function dedupeDigest({ accountId, meetingKey, request }: Pick<NewBot, 'accountId' | 'meetingKey' | 'request'>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([accountId, meetingKey, request.deduplicationKey]))
    .digest()
}

/** The columns of a bot, without those the database counts. */
export function rowOfBot(bot: BotRecord): Insertable<BotTable> {
  return {
    uuid: bot.uuid,
    account_id: bot.accountId,
    request: JSON.stringify(bot.request),
    reserved: Number(bot.request.reserved),
    meeting_key: storable(bot.meetingKey),
    dedupe_hash: dedupeDigest(bot).toString('hex'),
    event_uuid: stored(bot.eventUuid),
    phase: bot.phase,
    claimed_by: stored(bot.claimedBy),
    status: bot.status,
    status_at: bot.statusAt,
    created_at: bot.createdAt,
    join_at: bot.joinAt,
    joined_at: bot.joinedAt,
    exited_at: bot.exitedAt,
    ended_at: bot.endedAt,
    recording_started_at: bot.recordingStartedAt,
    duration_ms: bot.durationMs,
    is_stopped: Number(bot.isStopped),
    ending: bot.ending === null ? null : JSON.stringify(bot.ending),
    files: JSON.stringify(bot.files),
    participants: JSON.stringify(bot.participants),
    speakers: JSON.stringify(bot.speakers),
    keep_at: bot.keepAt,
    deleted_at: bot.dataDeleted?.at ?? null,
    deleted_partly: Number(bot.dataDeleted?.partial ?? false),
    search_name: searchable(bot.request.botName),
    search_url: searchable(bot.request.meetingUrl),
    search_speakers: searchableNames(namesIn(bot)),
  }
}

/** The bot of a row. */
export function botOfRow(row: Selectable<BotTable>): BotRecord {
  const id = Number(row.id)
  return {
    id,
    paramId: id,
    accountId: Number(row.account_id),
    uuid: row.uuid,
    request: JSON.parse(row.request),
    meetingKey: restored(row.meeting_key),
    eventUuid: read(row.event_uuid),
    phase: row.phase,
    claimedBy: read(row.claimed_by),
    status: row.status as BotStatus,
    statusAt: Number(row.status_at),
    createdAt: Number(row.created_at),
    joinAt: Number(row.join_at),
    joinedAt: time(row.joined_at),
    exitedAt: time(row.exited_at),
    endedAt: time(row.ended_at),
    recordingStartedAt: time(row.recording_started_at),
    durationMs: time(row.duration_ms),
    isStopped: Number(row.is_stopped) === 1,
    ending: row.ending === null ? null : JSON.parse(row.ending),
    files: JSON.parse(row.files),
    participants: JSON.parse(row.participants),
    speakers: JSON.parse(row.speakers),
    keepAt: time(row.keep_at),
    dataDeleted: row.deleted_at === null ? null : { at: Number(row.deleted_at), partial: Number(row.deleted_partly) === 1 },
  }
}

/** The delivery of a row. */
export function deliveryOfRow(row: Selectable<DeliveryTable>): Delivery {
  return {
    botUuid: row.bot_uuid,
    sequence: Number(row.sequence),
    accountId: Number(row.account_id),
    event: restored(row.event),
    data: JSON.parse(row.data),
    ...(row.url === null ? {} : { url: restored(row.url) }),
    createdAt: Number(row.created_at),
    state: row.state,
    attempts: Number(row.attempts),
    nextAt: Number(row.next_at),
    ...(row.resent_at === null ? {} : { resentAt: Number(row.resent_at) }),
  }
}

/** The account of a row. */
export function accountOfRow(row: Selectable<Tables['remora_accounts']>): Account {
  return { id: Number(row.id), keyHash: row.key_hash, webhookUrl: read(row.webhook_url) }
}

/** The line of history of a row. */
export function historyOfRow(row: Selectable<Tables['remora_history']>): HistoryEntry {
  return {
    sequence: Number(row.sequence),
    status: row.status as BotStatus,
    at: Number(row.at),
    reason: read(row.reason),
    responsible: row.responsible as Responsible | null,
    screenshot: read(row.screenshot),
  }
}
