import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely'
import { checkAttempt, checkId, isId, isRowId, noSuchDelivery, rowLimit } from './checks.ts'
import type { Delivery, DeliveryAttempt, DeliveryClaim, DeliveryState, DeliveryVerdict, NewDelivery, Outbox } from './port.ts'
import type { SqlConnection } from './sql-connection.ts'
import { deliveryOfRow, read, stored } from './sql-rows.ts'
import type { Db, Tables, Tx } from './sql-schema.ts'
import { storable } from './text.ts'

type Key = Pick<Delivery, 'botUuid' | 'sequence'>
type Heads = ExpressionBuilder<Tables & { mine: Tables['remora_deliveries'] }, 'mine'>

/** Written out, not as parameters: only so does SQLite use the indexes over few of many events. */
const PENDING = sql.lit<DeliveryState>('pending')
const DEAD = sql.lit<DeliveryState>('dead')

/** Outgoing events kept in a database. */
export class SqlOutbox implements Outbox {
  readonly #sql: SqlConnection

  constructor(sql: SqlConnection) {
    this.#sql = sql
  }

  async due(now: number, limit: number): Promise<readonly Delivery[]> {
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_deliveries as mine')
        .selectAll()
        .where('mine.state', '=', PENDING)
        .where('mine.next_at', '<=', now)
        .where(isHead)
        .orderBy('mine.created_at')
        .orderBy('mine.bot_uuid')
        .limit(rowLimit(limit))
        .execute(),
    )
    return rows.map(deliveryOfRow)
  }

  async claim(claim: DeliveryClaim): Promise<readonly Delivery[]> {
    const { by, now, leaseMs } = claim
    checkId('by', by)
    // Asked for all the time and nearly always empty: then nothing is locked or written.
    if ((await this.#sql.read((db) => free(db, { ...claim, limit: 1 }).execute())).length === 0) return []
    return this.#sql.write(async (tx) => {
      // Locked first and written then: in one statement a planner may run the limited part more than once.
      const rows = await free(tx, claim)
        .$if(this.#sql.flavour.locksRows, (some) => some.forUpdate().skipLocked())
        .execute()
      for (const { bot_uuid, sequence } of rows) {
        await tx
          .updateTable('remora_deliveries')
          .set({ claimed_by: by, claimed_until: now + leaseMs })
          .where('bot_uuid', '=', bot_uuid)
          .where('sequence', '=', sequence)
          .execute()
      }
      return rows.map(deliveryOfRow)
    })
  }

  async holders(): Promise<readonly string[]> {
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_deliveries')
        .select('claimed_by')
        .distinct()
        .where('claimed_by', 'is not', null)
        .orderBy('claimed_by')
        .execute(),
    )
    return rows.flatMap(({ claimed_by }) => (claimed_by === null ? [] : [claimed_by]))
  }

  async release(by: string): Promise<void> {
    if (!isId(by)) return
    await this.#sql.write((tx) =>
      tx.updateTable('remora_deliveries').set({ claimed_by: null, claimed_until: null }).where('claimed_by', '=', by).execute(),
    )
  }

  async nextAt(): Promise<number | undefined> {
    const row = await this.#sql.read((db) =>
      db
        .selectFrom('remora_deliveries as mine')
        .select('mine.next_at')
        .where('mine.state', '=', PENDING)
        .where(isHead)
        .orderBy('mine.next_at')
        .limit(1)
        .executeTakeFirst(),
    )
    return row === undefined ? undefined : Number(row.next_at)
  }

  async settle(key: Key, attempt: DeliveryAttempt, verdict: DeliveryVerdict): Promise<void> {
    checkAttempt(attempt, verdict)
    if (!isKey(key)) throw noSuchDelivery(key)
    const { botUuid: bot_uuid, sequence } = key
    await this.#sql.write(async (tx) => {
      const row = await this.#locked(tx, key)
      if (row === undefined) throw noSuchDelivery(key)
      const attempts = Number(row.attempts) + 1
      // What has arrived stays so, whatever a second, slower sender of the same event saw.
      const { state } = row.state === 'delivered' ? row : verdict
      const next_at = row.state !== 'delivered' && verdict.state === 'pending' ? verdict.nextAt : row.next_at
      await tx
        .updateTable('remora_deliveries')
        .set({ attempts, state, next_at, claimed_by: null, claimed_until: null })
        .where('bot_uuid', '=', bot_uuid)
        .where('sequence', '=', sequence)
        .execute()
      const { at, durationMs, status, error } = attempt
      await tx
        .insertInto('remora_attempts')
        .values({ bot_uuid, sequence, attempt: attempts, at, duration_ms: durationMs, status, error: stored(error) })
        .execute()
    })
  }

  async pending(): Promise<number> {
    const row = await this.#sql.read((db) =>
      db
        .selectFrom('remora_deliveries')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('state', '=', PENDING)
        .executeTakeFirstOrThrow(),
    )
    return Number(row.count)
  }

  async of(botUuid: string): Promise<readonly Delivery[]> {
    if (!isId(botUuid)) return []
    const rows = await this.#sql.read((db) =>
      db.selectFrom('remora_deliveries').selectAll().where('bot_uuid', '=', botUuid).orderBy('sequence').execute(),
    )
    return rows.map(deliveryOfRow)
  }

  async attempts(key: Key): Promise<readonly DeliveryAttempt[]> {
    if (!isKey(key)) return []
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_attempts')
        .selectAll()
        .where('bot_uuid', '=', key.botUuid)
        .where('sequence', '=', key.sequence)
        .orderBy('attempt')
        .execute(),
    )
    return rows.map(({ at, duration_ms, status, error }) => ({
      at: Number(at),
      durationMs: Number(duration_ms),
      status: status === null ? null : Number(status),
      error: read(error),
    }))
  }

  async dead(accountId: number): Promise<readonly Delivery[]> {
    if (!isRowId(accountId)) return []
    const rows = await this.#sql.read((db) =>
      db
        .selectFrom('remora_deliveries')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('state', '=', DEAD)
        .orderBy('created_at')
        .orderBy('bot_uuid')
        .orderBy('sequence')
        .execute(),
    )
    return rows.map(deliveryOfRow)
  }

  async resend(key: Key, now: number): Promise<boolean> {
    if (!isKey(key)) return false
    const result = await this.#sql.write((tx) =>
      tx
        .updateTable('remora_deliveries')
        .set({ state: 'pending', next_at: now, resent_at: now })
        .where('bot_uuid', '=', key.botUuid)
        .where('sequence', '=', key.sequence)
        .where('state', '!=', 'pending')
        .executeTakeFirst(),
    )
    return result.numUpdatedRows > 0n
  }

  #locked(tx: Tx, { botUuid, sequence }: Key): Promise<Selectable<Tables['remora_deliveries']> | undefined> {
    return tx
      .selectFrom('remora_deliveries')
      .selectAll()
      .where('bot_uuid', '=', botUuid)
      .where('sequence', '=', sequence)
      .$if(this.#sql.flavour.locksRows, (rows) => rows.forUpdate())
      .executeTakeFirst()
  }
}

/** Appends to a bot's queue, within the transaction of the fact the events tell of. */
export async function appendDeliveries(
  tx: Tx,
  { uuid, accountId, sent, at }: { uuid: string; accountId: number; sent: number; at: number },
  deliveries: readonly NewDelivery[],
): Promise<void> {
  for (const [index, { event, data, url }] of deliveries.entries()) {
    await tx
      .insertInto('remora_deliveries')
      .values({
        bot_uuid: uuid,
        sequence: sent + index + 1,
        account_id: accountId,
        event: storable(event),
        data: JSON.stringify(data),
        url: stored(url ?? null),
        created_at: at,
        state: 'pending',
        attempts: 0,
        next_at: at,
        resent_at: null,
        claimed_by: null,
        claimed_until: null,
      })
      .execute()
  }
}

/** Heads of queues that are due and that nobody has. A lease that ends in the far future is of a clock that has been set back; machines' clocks may differ by one lease. */
function free(db: Db, { now, limit, leaseMs, latest }: DeliveryClaim) {
  return db
    .selectFrom('remora_deliveries as mine')
    .selectAll()
    .where('mine.state', '=', PENDING)
    .where((eb) => eb.or([eb('mine.next_at', '<=', now), ...(latest === undefined ? [] : [eb('mine.next_at', '>', latest)])]))
    .where((eb) =>
      eb.or([eb('mine.claimed_until', 'is', null), eb('mine.claimed_until', '<=', now), eb('mine.claimed_until', '>', now + 2 * leaseMs)]),
    )
    .where(isHead)
    .orderBy('mine.attempts')
    .orderBy('mine.created_at')
    .orderBy('mine.bot_uuid')
    .limit(rowLimit(limit))
}

/** No earlier event of the same bot waits. */
function isHead({ not, exists, selectFrom }: Heads): Expression<SqlBool> {
  return not(
    exists(
      selectFrom('remora_deliveries as earlier')
        .select('earlier.sequence')
        .whereRef('earlier.bot_uuid', '=', 'mine.bot_uuid')
        .where('earlier.state', '=', PENDING)
        .whereRef('earlier.sequence', '<', 'mine.sequence'),
    ),
  )
}

function isKey({ botUuid, sequence }: Key): boolean {
  return isId(botUuid) && isRowId(sequence)
}
