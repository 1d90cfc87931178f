import { sql } from 'kysely'
import { isRowId, refuse } from './checks.ts'
import { bornBot } from './life.ts'
import type { BotRecord, Creation, NewBot } from './port.ts'
import { botOfRow, dedupeDigest, rowOfBot } from './sql-rows.ts'
import type { Flavour, Tx } from './sql-schema.ts'
import { extraFields } from './text.ts'

/** SQLite takes 32,766 parameters a statement, Postgres 65,535. */
const ROWS_AT_ONCE = 1_000

/** Refused or inserted, in the caller's transaction. */
export async function insertBot(tx: Tx, flavour: Flavour, bot: NewBot, dedupe: { withinMs: number } | undefined): Promise<Creation> {
  const { accountId, uuid } = bot
  const known = isRowId(accountId)
    ? await tx.selectFrom('remora_accounts').select('id').where('id', '=', accountId).executeTakeFirst()
    : undefined
  if (known === undefined) throw refuse('accountId', accountId, 'the id of an account')
  const taken = await tx.selectFrom('remora_bots').select('id').where('uuid', '=', uuid).executeTakeFirst()
  if (taken !== undefined) throw refuse('uuid', uuid, 'one that no bot has')
  const earlier = dedupe === undefined ? undefined : await twinOf(tx, flavour, bot, dedupe.withinMs)
  if (earlier !== undefined) return { created: false, earlier }
  const row = await tx
    .insertInto('remora_bots')
    .values(rowOfBot(bornBot(bot, 0)))
    .returningAll()
    .executeTakeFirstOrThrow()
  const extra = extraFields(bot.request.extra).map(([field, value]) => ({ bot_id: row.id, field, value }))
  for (let at = 0; at < extra.length; at += ROWS_AT_ONCE) {
    await tx
      .insertInto('remora_bot_extra')
      .values(extra.slice(at, at + ROWS_AT_ONCE))
      .execute()
  }
  return { created: true, bot: botOfRow(row) }
}

/** The latest bot that is the same by deduplication. From here on nobody else inserts one until the transaction ends. */
async function twinOf(tx: Tx, flavour: Flavour, bot: NewBot, withinMs: number): Promise<BotRecord | undefined> {
  const digest = dedupeDigest(bot)
  await flavour.lockName(tx, digest.readBigInt64BE())
  const row = await tx
    .selectFrom('remora_bots')
    .selectAll()
    .where('dedupe_hash', '=', digest.toString('hex'))
    .where(sql<number>`abs(join_at - ${bot.joinAt})`, '<', withinMs)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? undefined : botOfRow(row)
}
