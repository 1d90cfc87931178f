import { EventEmitter } from 'node:events'
import { PostgresDialect, type PostgresPool, sql } from 'kysely'
import type { Client, PoolClient } from 'pg'
import { BotError } from '../core/errors.ts'
import type { BotStore } from './port.ts'
import type { Db, Flavour } from './sql-schema.ts'
import { SqlStore } from './sql-store.ts'

/** A server to connect to (by the optional peer `pg`), or a `pg` Pool of yours, which the store never ends. */
export type PostgresStoreOptions = { connectionString: string; pool?: never } | { pool: PostgresPool; connectionString?: never }

/**
 * Bots in a Postgres database, in tables named `remora_…` of the connection's default schema. For several processes or
 * machines.
 *
 * @example
 * const engine = new MeetingEngine({ store: postgresStore({ connectionString: 'postgres://remora@db/remora' }) })
 */
export function postgresStore(options: PostgresStoreOptions): BotStore {
  return new SqlStore(postgresFlavour(options))
}

/** Postgres, as the SQL store sees it. */
export function postgresFlavour(options: PostgresStoreOptions): Flavour {
  return {
    connect: async () =>
      new PostgresDialect({
        pool: options.pool === undefined ? await ownPool(options.connectionString) : surviving(options.pool, async () => {}),
      }),
    checkServer,
    idColumn: (column) => column.primaryKey(),
    idType: 'serial',
    plainText: sql`text collate "C"`,
    locksRows: true,
    lockName: async (tx, name) => {
      await sql`select pg_advisory_xact_lock(${String(name)}::bigint)`.execute(tx)
    },
    contains: (column, needle) => sql`strpos(${column}, ${needle}) > 0`,
  }
}

/** How long a connection may take: an unreachable server is an error, not a wait for good. */
const CONNECT_MS = 10_000
/** How long an answer may take: of a server that went away without a word nothing ever comes. */
const QUERY_MS = 30_000

async function ownPool(connectionString: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new BotError('NOT_SUPPORTED', 'postgresStore needs the package "pg": npm install pg', { cause })
  })
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: CONNECT_MS, query_timeout: QUERY_MS, keepAlive: true })
  pool.on('error', ignored)
  pool.on('connect', endWhenSilent)
  return surviving(pool, () => pool.end())
}

/** An answer that did not come in time holds up whatever is asked next on its connection: both go. */
function endWhenSilent(client: PoolClient): void {
  const query = client.query.bind(client) as (...asked: unknown[]) => unknown
  const ask = (...asked: unknown[]) => {
    const answer = query(...asked)
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (/read timeout/i.test(String(error))) void (client as Client).end()
      })
    }
    return answer
  }
  client.query = ask as typeof client.query
}

/**
 * A pool whose connections may break. Node ends a process over an `error` event that nobody hears, and a client emits one
 * besides failing its query; between two queries of a transaction nobody else listens.
 */
function surviving(pool: PostgresPool, end: () => Promise<void>): PostgresPool {
  const heard = new WeakSet<object>()
  return {
    end,
    async connect() {
      const client = await pool.connect()
      if (!heard.has(client) && client instanceof EventEmitter) client.on('error', ignored)
      heard.add(client)
      return client
    },
  }
}

/** Silence is right: the query under way fails by itself, and the next one gets another connection. */
function ignored(): void {}

async function checkServer(db: Db): Promise<void> {
  const { rows } = await sql<{ server_encoding: string }>`show server_encoding`.execute(db)
  const encoding = rows[0]?.server_encoding
  if (encoding === 'UTF8') return
  throw new BotError('STORAGE_FAILED', `The database's encoding is ${encoding}; it must be UTF8`, { details: { encoding } })
}
