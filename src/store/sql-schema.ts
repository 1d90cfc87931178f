import type { ColumnDefinitionBuilder, Dialect, Expression, Generated, Kysely, RawBuilder, SqlBool, Transaction } from 'kysely'
import type { BotPhase, DeliveryState } from './port.ts'

/**
 * The tables. Portable on purpose: JSON is text (exact bytes; Postgres' jsonb refuses U+0000), flags are 0 and 1, times are
 * doubles (Unix milliseconds, fractions kept), free text went through `storable`.
 */
export interface Tables {
  remora_migrations: { version: number; name: string; applied_at: number }
  remora_accounts: { id: Generated<number>; key_hash: string; webhook_url: string | null }
  remora_bots: BotTable
  /** Each field of `extra` in its string form. No index on the text: a value may be a megabyte. */
  remora_bot_extra: { bot_id: number; field: string; value: string }
  remora_history: {
    bot_id: number
    sequence: number
    status: string
    at: number
    reason: string | null
    responsible: string | null
    screenshot: string | null
  }
  remora_deliveries: DeliveryTable
  remora_attempts: {
    bot_uuid: string
    sequence: number
    attempt: number
    at: number
    duration_ms: number
    status: number | null
    error: string | null
  }
  remora_runs: { run: string; last_beat_at: number }
}

export interface BotTable {
  id: Generated<number>
  uuid: string
  account_id: number
  request: string
  reserved: number
  meeting_key: string
  /** SHA-256 over account, meeting and deduplication key: what may exist once. */
  dedupe_hash: string
  event_uuid: string | null
  phase: BotPhase
  claimed_by: string | null
  status: string
  status_at: number
  created_at: number
  join_at: number
  joined_at: number | null
  exited_at: number | null
  ended_at: number | null
  recording_started_at: number | null
  duration_ms: number | null
  is_stopped: number
  ending: string | null
  files: string
  participants: string
  speakers: string
  keep_at: number | null
  deleted_at: number | null
  deleted_partly: number
  search_name: string
  search_url: string
  search_speakers: string
  /** So that both count from 1 without gaps. */
  history_count: Generated<number>
  delivery_count: Generated<number>
}

export interface DeliveryTable {
  bot_uuid: string
  sequence: number
  account_id: number
  event: string
  data: string
  url: string | null
  created_at: number
  state: DeliveryState
  attempts: number
  next_at: number
  resent_at: number | null
  claimed_by: string | null
  claimed_until: number | null
}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** What differs between two databases. Everything else is one code. */
export interface Flavour {
  /** Opens the database; called once for each `open()` of a store. */
  connect(): Promise<Dialect>
  /** Refuses a database that cannot keep our data. */
  checkServer(db: Db): Promise<void>
  /** An integer primary key that counts by itself. */
  idColumn(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  idType: 'integer' | 'serial'
  /** Text that is compared byte by byte. */
  plainText: 'text' | RawBuilder<unknown>
  /** Rows are locked one by one (Postgres), or a writing transaction has the whole database (SQLite). */
  locksRows: boolean
  /** Until the transaction ends, nobody else passes here with the same 8 bytes. */
  lockName(tx: Tx, name: bigint): Promise<void>
  contains(column: Expression<string>, needle: string): Expression<SqlBool>
}
