import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Dialect, SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import { type Clock, systemClock } from '../core/clock.ts'
import { BotError } from '../core/errors.ts'
import { type GuardedDatabase, guarded } from './libsql.ts'
import type { BotStore } from './port.ts'
import type { Flavour } from './sql-schema.ts'
import { SqlStore } from './sql-store.ts'

/** Where the bots are kept, and how long to wait for other processes that write. */
export interface SqliteStoreOptions {
  /** A file; made (mode 0600, it holds secrets) with its folders if missing. `:memory:` keeps nothing. */
  path: string
  /** How long a write waits while another process writes, in milliseconds. Default 10,000. */
  busyTimeoutMs?: number
}

const IN_MEMORY = ':memory:'

/**
 * Bots in one SQLite file: WAL, every commit synced to disk, several processes on one machine may use it.
 *
 * @example
 * const engine = new MeetingEngine({ store: sqliteStore({ path: 'data/bots.db' }) })
 */
export function sqliteStore(options: SqliteStoreOptions): BotStore {
  return new SqlStore(sqliteFlavour(options))
}

/** SQLite, as the SQL store sees it. */
export function sqliteFlavour({ path, busyTimeoutMs = 10_000 }: SqliteStoreOptions): Flavour {
  return {
    connect: async () => dialect(await openFile(path, busyTimeoutMs), busyTimeoutMs),
    checkServer: async () => {},
    idColumn: (column) => column.primaryKey().autoIncrement(),
    idType: 'integer',
    plainText: 'text',
    locksRows: false,
    // A writing transaction has the whole database to itself already.
    lockName: async () => {},
    contains: (column, needle) => sql`instr(${column}, ${needle}) > 0`,
  }
}

async function openFile(path: string, busyTimeoutMs: number): Promise<GuardedDatabase> {
  if (path !== IN_MEMORY) {
    mkdirSync(dirname(path), { recursive: true })
    // The log and index files beside it take over this mode.
    closeSync(openSync(path, 'a', 0o600))
  }
  const { default: Libsql } = await import('libsql')
  return whenFree(busyTimeoutMs, () => {
    const database = guarded(new Libsql(path))
    try {
      // Two processes that make the same file new at once: one finds it busy here, and opens it afresh.
      const [answer] = database.prepare('pragma journal_mode = wal').all([])
      if (path !== IN_MEMORY && Object(answer).journal_mode !== 'wal') {
        throw new BotError('STORAGE_FAILED', `${path}: no write-ahead log on this file system`, { details: { path } })
      }
      for (const setting of [`busy_timeout = ${READ_BUSY_MS}`, 'synchronous = full', 'foreign_keys = on'])
        database.exec(`pragma ${setting}`)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

/** Reads are hardly ever made to wait; when they are, the whole process stands still, so not for long. */
const READ_BUSY_MS = 1_000

function dialect(database: GuardedDatabase, busyTimeoutMs: number): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new PatientDriver(database, busyTimeoutMs),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/**
 * Begins every transaction as a writer, so that two that read first never wait for each other for good, and waits for its
 * turn without stopping the process: the writer waited for may be another connection of this very process.
 */
class PatientDriver extends SqliteDriver {
  readonly #database: GuardedDatabase
  readonly #busyTimeoutMs: number

  constructor(database: GuardedDatabase, busyTimeoutMs: number) {
    super({ database })
    this.#database = database
    this.#busyTimeoutMs = busyTimeoutMs
  }

  override async beginTransaction(): Promise<void> {
    this.#database.exec('pragma busy_timeout = 0')
    try {
      await whenFree(this.#busyTimeoutMs, () => this.#database.exec('begin immediate'))
    } finally {
      this.#database.exec(`pragma busy_timeout = ${READ_BUSY_MS}`)
    }
  }

  /** On a full disk SQLite has rolled back already; to do it again would fail, and hide what is wrong. */
  override async rollbackTransaction(): Promise<void> {
    if (this.#database.inTransaction) this.#database.exec('rollback')
  }
}

/** SQLite tells nobody when a lock is free, so it is asked for again, at moments that two waiters do not share. */
async function whenFree<T>(withinMs: number, take: () => T, clock: Clock = systemClock): Promise<T> {
  const deadline = clock.now() + withinMs
  for (;;) {
    try {
      return take()
    } catch (error) {
      if (!String(Object(error).code).startsWith('SQLITE_BUSY')) throw error
      if (clock.now() >= deadline) {
        throw new BotError('STORAGE_FAILED', `Another process has held the database for ${withinMs} ms`, {
          details: { code: 'SQLITE_BUSY' },
        })
      }
    }
    await clock.after(1 + Math.random() * 9)
  }
}
