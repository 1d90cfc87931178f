import { sql } from 'kysely'
import { rowLimit } from './checks.ts'
import type { BotRecord } from './port.ts'
import { botOfRow } from './sql-rows.ts'
import type { Db } from './sql-schema.ts'

/** See `BotStore.endedBefore`. */
export async function endedBefore(db: Db, before: number, limit: number): Promise<readonly BotRecord[]> {
  const rows = await ended(db, limit)
    .where('ended_at', '<', before)
    .where('deleted_at', 'is', null)
    .orderBy('ended_at')
    .orderBy('id')
    .execute()
  return rows.map(botOfRow)
}

/** See `BotStore.halfRemoved`. */
export async function halfRemoved(db: Db, limit: number): Promise<readonly BotRecord[]> {
  // Written out, not as a parameter: only so does SQLite use the index over the few.
  const rows = await ended(db, limit).where('deleted_partly', '=', sql.lit(1)).orderBy('ended_at').orderBy('id').execute()
  return rows.map(botOfRow)
}

/** See `BotStore.toKeep`. */
export async function toKeep(db: Db, now: number, limit: number): Promise<readonly BotRecord[]> {
  const rows = await ended(db, limit).where('keep_at', '<=', now).orderBy('keep_at').orderBy('id').execute()
  return rows.map(botOfRow)
}

const ended = (db: Db, limit: number) => db.selectFrom('remora_bots').selectAll().where('phase', '=', 'ended').limit(rowLimit(limit))
