import { sql } from 'kysely'
import { BotError } from '../core/errors.ts'
import type { Flavour, Tx } from './sql-schema.ts'

/** One step of the schema. */
export interface Migration {
  name: string
  up(tx: Tx, flavour: Flavour): Promise<void>
}

/** In order; the place in the list is the version, from 1. Never edit one that was released: add another. Forward only. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'bots, their history and their outgoing events', up: firstTables },
  { name: 'engine runs, events sent again, data to be removed', up: runsAndRetention },
  { name: 'events taken by a sender, files to be kept later, data removed in part', up: claimsAndLeftovers },
]

/** Any number that only this package takes: its first letters. */
const MIGRATION_LOCK = 0x72656d6f7261n

/**
 * Brings the schema up to date in one transaction, so that processes starting at once do it once, and one that dies
 * halfway leaves nothing. A database of a newer version is refused: writing to it would break what the newer one knows.
 */
export async function migrate(
  tx: Tx,
  flavour: Flavour,
  { now, known = MIGRATIONS }: { now: number; known?: readonly Migration[] },
): Promise<void> {
  await flavour.lockName(tx, MIGRATION_LOCK)
  await tx.schema
    .createTable('remora_migrations')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('applied_at', 'double precision', (column) => column.notNull())
    .execute()
  const { version } = await tx
    .selectFrom('remora_migrations')
    .select(({ fn }) => fn.max('version').as('version'))
    .executeTakeFirstOrThrow()
  // No row yet is null, though the types say number.
  const found = Number(version ?? 0)
  if (found > known.length) {
    const details = { found, known: known.length }
    throw new BotError('NOT_SUPPORTED', `The database has schema ${found}; this version knows ${known.length}: use a newer one`, {
      details,
    })
  }
  for (const [index, { name, up }] of known.entries()) {
    if (index < found) continue
    await up(tx, flavour)
    await tx
      .insertInto('remora_migrations')
      .values({ version: index + 1, name, applied_at: now })
      .execute()
  }
}

async function firstTables(tx: Tx, { idType, idColumn, plainText }: Flavour): Promise<void> {
  const { schema } = tx
  await schema
    .createTable('remora_accounts')
    .addColumn('id', idType, idColumn)
    .addColumn('key_hash', plainText, (c) => c.notNull().unique())
    .addColumn('webhook_url', 'text')
    .execute()
  await schema
    .createTable('remora_bots')
    .addColumn('id', idType, idColumn)
    .addColumn('uuid', plainText, (c) => c.notNull().unique())
    .addColumn('account_id', 'integer', (c) => c.notNull().references('remora_accounts.id'))
    .addColumn('request', 'text', (c) => c.notNull())
    .addColumn('reserved', 'integer', (c) => c.notNull())
    .addColumn('meeting_key', 'text', (c) => c.notNull())
    .addColumn('dedupe_hash', plainText, (c) => c.notNull())
    .addColumn('event_uuid', 'text')
    .addColumn('phase', plainText, (c) => c.notNull())
    .addColumn('claimed_by', plainText)
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('status_at', 'double precision', (c) => c.notNull())
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addColumn('join_at', 'double precision', (c) => c.notNull())
    .addColumn('joined_at', 'double precision')
    .addColumn('exited_at', 'double precision')
    .addColumn('ended_at', 'double precision')
    .addColumn('recording_started_at', 'double precision')
    .addColumn('duration_ms', 'double precision')
    .addColumn('is_stopped', 'integer', (c) => c.notNull())
    .addColumn('ending', 'text')
    .addColumn('files', 'text', (c) => c.notNull())
    .addColumn('participants', 'text', (c) => c.notNull())
    .addColumn('speakers', 'text', (c) => c.notNull())
    .addColumn('deleted_at', 'double precision')
    .addColumn('deleted_partly', 'integer', (c) => c.notNull())
    .addColumn('search_name', 'text', (c) => c.notNull())
    .addColumn('search_url', 'text', (c) => c.notNull())
    .addColumn('search_speakers', 'text', (c) => c.notNull())
    .addColumn('history_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('delivery_count', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema
    .createTable('remora_bot_extra')
    .addColumn('bot_id', 'integer', (c) => c.notNull().references('remora_bots.id'))
    .addColumn('field', plainText, (c) => c.notNull())
    .addColumn('value', plainText, (c) => c.notNull())
    .execute()
  await schema
    .createTable('remora_history')
    .addColumn('bot_id', 'integer', (c) => c.notNull().references('remora_bots.id'))
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('at', 'double precision', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('responsible', 'text')
    .addColumn('screenshot', 'text')
    .addPrimaryKeyConstraint('remora_history_key', ['bot_id', 'sequence'])
    .execute()
  await schema
    .createTable('remora_deliveries')
    .addColumn('bot_uuid', plainText, (c) => c.notNull().references('remora_bots.uuid'))
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'integer', (c) => c.notNull())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('url', 'text')
    .addColumn('created_at', 'double precision', (c) => c.notNull())
    .addColumn('state', plainText, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at', 'double precision', (c) => c.notNull())
    .addPrimaryKeyConstraint('remora_deliveries_key', ['bot_uuid', 'sequence'])
    .execute()
  await schema
    .createTable('remora_attempts')
    .addColumn('bot_uuid', plainText, (c) => c.notNull())
    .addColumn('sequence', 'integer', (c) => c.notNull())
    .addColumn('attempt', 'integer', (c) => c.notNull())
    .addColumn('at', 'double precision', (c) => c.notNull())
    .addColumn('duration_ms', 'double precision', (c) => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('error', 'text')
    .addPrimaryKeyConstraint('remora_attempts_key', ['bot_uuid', 'sequence', 'attempt'])
    .execute()
  await firstIndexes(tx)
}

async function firstIndexes({ schema }: Tx): Promise<void> {
  await schema.createIndex('remora_bots_newest').on('remora_bots').columns(['account_id', 'created_at', 'id']).execute()
  await schema.createIndex('remora_bots_twins').on('remora_bots').column('dedupe_hash').execute()
  await schema.createIndex('remora_bots_due').on('remora_bots').columns(['phase', 'join_at']).execute()
  await schema.createIndex('remora_bot_extra_of').on('remora_bot_extra').column('bot_id').execute()
  // Settled events stay for good; these stay as small as what is under way.
  await schema
    .createIndex('remora_deliveries_pending')
    .on('remora_deliveries')
    .columns(['bot_uuid', 'sequence'])
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute()
  await schema
    .createIndex('remora_deliveries_dead')
    .on('remora_deliveries')
    .column('account_id')
    .where(sql.ref('state'), '=', sql.lit('dead'))
    .execute()
}

async function runsAndRetention({ schema }: Tx, { plainText }: Flavour): Promise<void> {
  await schema
    .createTable('remora_runs')
    .addColumn('run', plainText, (c) => c.primaryKey())
    .addColumn('last_beat_at', 'double precision', (c) => c.notNull())
    .execute()
  await schema.alterTable('remora_deliveries').addColumn('resent_at', 'double precision').execute()
  await schema.createIndex('remora_bots_kept').on('remora_bots').column('ended_at').where(sql.ref('deleted_at'), 'is', null).execute()
}

async function claimsAndLeftovers({ schema }: Tx, { plainText }: Flavour): Promise<void> {
  await schema.alterTable('remora_deliveries').addColumn('claimed_by', plainText).execute()
  await schema.alterTable('remora_deliveries').addColumn('claimed_until', 'double precision').execute()
  await schema.alterTable('remora_bots').addColumn('keep_at', 'double precision').execute()
  const few = (name: string, column: string) => schema.createIndex(name).on('remora_bots').column(column)
  await few('remora_bots_to_keep', 'keep_at').where(sql.ref('keep_at'), 'is not', null).execute()
  await few('remora_bots_half_removed', 'ended_at').where(sql.ref('deleted_partly'), '=', sql.lit(1)).execute()
  await schema
    .createIndex('remora_deliveries_claimed')
    .on('remora_deliveries')
    .column('claimed_by')
    .where(sql.ref('claimed_by'), 'is not', null)
    .execute()
}
