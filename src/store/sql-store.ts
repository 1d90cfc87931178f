import { checkFact, checkId, checkKeyHash, checkNewBot, isId, isRowId, refuse, rowLimit } from './checks.ts'
import { afterFact, asKept } from './life.ts'
import type {
  Account,
  BotFact,
  BotPage,
  BotPhase,
  BotQuery,
  BotRecord,
  BotStore,
  Creation,
  EngineRun,
  FactGuard,
  HistoryEntry,
  NewBot,
  Outbox,
} from './port.ts'
import { inTransaction, SqlConnection } from './sql-connection.ts'
import { insertBot } from './sql-create.ts'
import { listBots } from './sql-list.ts'
import { appendDeliveries, SqlOutbox } from './sql-outbox.ts'
import { accountOfRow, botOfRow, historyOfRow, rowOfBot, stored } from './sql-rows.ts'
import type { Db, Flavour, Tx } from './sql-schema.ts'
import { endedBefore, halfRemoved, toKeep } from './sql-upkeep.ts'
import { storable } from './text.ts'

/** Their ids are parameters of one statement, of which SQLite takes 32 766. */
const MOST_CLAIMED = 10_000

/** Bots in a SQL database. What is acknowledged is on disk, and several processes may share it. */
export class SqlStore implements BotStore {
  readonly outbox: Outbox
  readonly #sql: SqlConnection

  constructor(flavour: Flavour) {
    this.#sql = new SqlConnection(flavour)
    this.outbox = new SqlOutbox(this.#sql)
  }

  open(): Promise<void> {
    return this.#sql.open()
  }

  close(): Promise<void> {
    return this.#sql.close()
  }

  async account(keyHash: string): Promise<Account> {
    checkKeyHash(keyHash)
    // Every request asks; only the first of a key has to write.
    return this.#sql.read(async (db) => (await accountOf(db, keyHash)) ?? inTransaction(db, (tx) => firstSeen(tx, keyHash)))
  }

  async accountById(id: number): Promise<Account | undefined> {
    if (!isRowId(id)) return undefined
    const row = await this.#sql.read((db) => db.selectFrom('remora_accounts').selectAll().where('id', '=', id).executeTakeFirst())
    return row === undefined ? undefined : accountOfRow(row)
  }

  async setWebhookUrl(accountId: number, url: string | null): Promise<void> {
    const missing = refuse('accountId', accountId, 'the id of an account')
    if (!isRowId(accountId)) throw missing
    const result = await this.#sql.write((tx) =>
      tx
        .updateTable('remora_accounts')
        .set({ webhook_url: stored(url) })
        .where('id', '=', accountId)
        .executeTakeFirst(),
    )
    if (result.numUpdatedRows === 0n) throw missing
  }

  async create(bot: NewBot, { dedupe }: { dedupe?: { withinMs: number } } = {}): Promise<Creation> {
    checkNewBot(bot)
    return this.#sql.write((tx) => insertBot(tx, this.#sql.flavour, bot, dedupe))
  }

  async get(uuid: string, accountId?: number): Promise<BotRecord | undefined> {
    if (!isId(uuid)) return undefined
    const row = await this.#sql.read((db) => db.selectFrom('remora_bots').selectAll().where('uuid', '=', uuid).executeTakeFirst())
    if (row === undefined || (accountId !== undefined && Number(row.account_id) !== accountId)) return undefined
    return botOfRow(row)
  }

  list(query: BotQuery): Promise<BotPage> {
    return this.#sql.read((db) => listBots(db, this.#sql.flavour, query))
  }

  async history(uuid: string): Promise<readonly HistoryEntry[]> {
    if (!isId(uuid)) return []
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_history')
        .innerJoin('remora_bots', 'remora_bots.id', 'remora_history.bot_id')
        .selectAll('remora_history')
        .where('remora_bots.uuid', '=', uuid)
        .orderBy('remora_history.sequence')
        .execute(),
    )
    return rows.map(historyOfRow)
  }

  async claimDue({
    now,
    by,
    limit,
    reserved,
  }: {
    now: number
    by: string
    limit: number
    reserved?: boolean
  }): Promise<readonly BotRecord[]> {
    checkId('by', by)
    const rows = await this.#sql.write(async (tx) => {
      // Locked first and written then: in one statement a planner may run the limited part more than once.
      const due = await tx
        .selectFrom('remora_bots')
        .select('id')
        .where('phase', '=', 'waiting')
        .where('join_at', '<=', now)
        .$if(reserved !== undefined, (some) => some.where('reserved', '=', Number(reserved)))
        .orderBy('join_at')
        .orderBy('id')
        .limit(Math.min(rowLimit(limit), MOST_CLAIMED))
        .$if(this.#sql.flavour.locksRows, (some) => some.forUpdate().skipLocked())
        .execute()
      const ids = due.map(({ id }) => id)
      if (ids.length === 0) return []
      return tx.updateTable('remora_bots').set({ phase: 'running', claimed_by: by }).where('id', 'in', ids).returningAll().execute()
    })
    return rows.map(botOfRow).sort((a, b) => a.joinAt - b.joinAt || a.id - b.id)
  }

  async nextJoinAt(after?: number): Promise<number | undefined> {
    const row = await this.#sql.read((db) =>
      db
        .selectFrom('remora_bots')
        .select('join_at')
        .where('phase', '=', 'waiting')
        .$if(after !== undefined, (later) => later.where('join_at', '>', Number(after)))
        .orderBy('join_at')
        .limit(1)
        .executeTakeFirst(),
    )
    return row === undefined ? undefined : Number(row.join_at)
  }

  async reservedUntil(until: number): Promise<number> {
    const row = await this.#sql.read((db) =>
      db
        .selectFrom('remora_bots')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('phase', '=', 'waiting')
        .where('reserved', '=', 1)
        .where('join_at', '<=', until)
        .executeTakeFirstOrThrow(),
    )
    return Number(row.count)
  }

  endedBefore(before: number, limit: number): Promise<readonly BotRecord[]> {
    return this.#sql.read((db) => endedBefore(db, before, limit))
  }

  halfRemoved(limit: number): Promise<readonly BotRecord[]> {
    return this.#sql.read((db) => halfRemoved(db, limit))
  }

  toKeep(now: number, limit: number): Promise<readonly BotRecord[]> {
    return this.#sql.read((db) => toKeep(db, now, limit))
  }

  async beat(by: string, now: number): Promise<void> {
    checkId('by', by)
    await this.#sql.write((tx) =>
      tx
        .insertInto('remora_runs')
        .values({ run: by, last_beat_at: now })
        .onConflict((conflict) => conflict.column('run').doUpdateSet({ last_beat_at: now }))
        .execute(),
    )
  }

  async runs(): Promise<readonly EngineRun[]> {
    const rows = await this.#sql.read((db) => db.selectFrom('remora_runs').selectAll().orderBy('run').execute())
    return rows.map(({ run, last_beat_at }) => ({ by: run, lastBeatAt: Number(last_beat_at) }))
  }

  async forgetRun(by: string): Promise<void> {
    await this.#sql.write((tx) => tx.deleteFrom('remora_runs').where('run', '=', storable(by)).execute())
  }

  async takeOver(uuid: string, { from, to }: { from: string; to: string }): Promise<BotRecord | undefined> {
    checkId('to', to)
    if (!isId(uuid)) return undefined
    const row = await this.#sql.write((tx) =>
      tx
        .updateTable('remora_bots')
        .set({ claimed_by: to })
        .where('uuid', '=', uuid)
        .where('phase', '=', 'running')
        .where('claimed_by', '=', storable(from))
        .returningAll()
        .executeTakeFirst(),
    )
    return row === undefined ? undefined : botOfRow(row)
  }

  async counts(): Promise<Record<BotPhase, number>> {
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_bots')
        .select(['phase', ({ fn }) => fn.countAll().as('count')])
        .groupBy('phase')
        .execute(),
    )
    const counts: Record<BotPhase, number> = { waiting: 0, running: 0, ended: 0 }
    for (const { phase, count } of rows) counts[phase] = Number(count)
    return counts
  }

  async leftBehind(by: string): Promise<readonly BotRecord[]> {
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_bots')
        .selectAll()
        .where('phase', '=', 'running')
        .where('claimed_by', '!=', storable(by))
        .orderBy('id')
        .execute(),
    )
    return rows.map(botOfRow)
  }

  async record(uuid: string, given: BotFact, onlyIf?: FactGuard): Promise<BotRecord | undefined> {
    checkFact(given)
    if (!isId(uuid)) return undefined
    const fact = asKept('fact', given)
    return this.#sql.write(async (tx) => {
      const row = await tx
        .selectFrom('remora_bots')
        .selectAll()
        .where('uuid', '=', uuid)
        .$if(this.#sql.flavour.locksRows, (rows) => rows.forUpdate())
        .executeTakeFirst()
      const next = row === undefined ? undefined : afterFact(botOfRow(row), fact, onlyIf)
      if (row === undefined || next === undefined) return undefined
      const { history, deliveries = [], at } = fact
      const sent = Number(row.delivery_count)
      const sequence = Number(row.history_count) + (history === undefined ? 0 : 1)
      await tx
        .updateTable('remora_bots')
        .set({ ...changed(row, rowOfBot(next)), history_count: sequence, delivery_count: sent + deliveries.length })
        .where('id', '=', row.id)
        .execute()
      if (history !== undefined) {
        const { status, reason, responsible, screenshot } = history
        const words = { reason: stored(reason), responsible, screenshot: stored(screenshot) }
        await tx
          .insertInto('remora_history')
          .values({ bot_id: row.id, sequence, status, at, ...words })
          .execute()
      }
      await appendDeliveries(tx, { uuid, accountId: next.accountId, sent, at }, deliveries)
      return next
    })
  }
}

/** Only the columns that differ: speakers of a long meeting are not written again for a flag. */
function changed(before: object, after: object): object {
  const old = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(Object.entries(after).filter(([column, value]) => old.get(column) !== value))
}

async function accountOf(db: Db, keyHash: string): Promise<Account | undefined> {
  const row = await db.selectFrom('remora_accounts').selectAll().where('key_hash', '=', keyHash).executeTakeFirst()
  return row === undefined ? undefined : accountOfRow(row)
}

async function firstSeen(tx: Tx, keyHash: string): Promise<Account> {
  await tx
    .insertInto('remora_accounts')
    .values({ key_hash: keyHash, webhook_url: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  // Nothing was inserted if another process saw the key at the same moment: then it is read here.
  return accountOfRow(await tx.selectFrom('remora_accounts').selectAll().where('key_hash', '=', keyHash).executeTakeFirstOrThrow())
}
