import { Kysely } from 'kysely'
import { systemClock } from '../core/clock.ts'
import { BotError, isBotError } from '../core/errors.ts'
import { migrate } from './migrations.ts'
import type { Db, Flavour, Tables, Tx } from './sql-schema.ts'

/** One open database. Reads are single statements, writes are transactions, and no error repeats what was written. */
export class SqlConnection {
  readonly flavour: Flavour
  readonly #underWay = new Set<Promise<unknown>>()
  #opening: Promise<Db> | undefined

  constructor(flavour: Flavour) {
    this.flavour = flavour
  }

  /** Opens and migrates. Concurrent calls share one promise; after a failure it can be called again. */
  async open(): Promise<void> {
    this.#opening ??= this.#connect()
    const opening = this.#opening
    try {
      await opening
    } catch (error) {
      // Not what somebody else has begun since.
      if (this.#opening === opening) this.#opening = undefined
      throw error
    }
  }

  /** Refuses what comes from now on, and lets what was asked for before finish. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = undefined
    const db = await opening?.catch(() => undefined)
    await Promise.allSettled(this.#underWay)
    await db?.destroy()
  }

  /** Single statements, outside a transaction. */
  async read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    if (this.#opening === undefined) throw new BotError('INTERNAL', 'The store is not open: call open() first')
    const done = this.#opening.then(work).catch(rethrow)
    this.#underWay.add(done)
    try {
      return await done
    } finally {
      this.#underWay.delete(done)
    }
  }

  /** One transaction. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.read((db) => inTransaction(db, work))
  }

  async #connect(): Promise<Db> {
    const db = new Kysely<Tables>({ dialect: await this.flavour.connect().catch(rethrow) })
    try {
      await this.flavour.checkServer(db)
      await inTransaction(db, (tx) => migrate(tx, this.flavour, { now: systemClock.now() }))
      return db
    } catch (error) {
      await db.destroy()
      return rethrow(error)
    }
  }
}

/** Locks are taken by row and by name, which suits this level; a stricter default of the server would refuse at random. */
export function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('read committed').execute(work)
}

/**
 * A driver's error may repeat the row it failed on, and rows hold secrets. So only what cannot: the code, and the names of
 * the constraint and table.
 */
function rethrow(error: unknown): never {
  if (isBotError(error)) throw error
  const { code, constraint, table, message, syscall } = Object(error)
  // The system's own errors (no such folder, connection refused) name a path or an address: just what is needed.
  if (typeof code === 'string' && typeof syscall !== 'string') {
    throw new BotError('STORAGE_FAILED', `The database refused: ${code}`, { details: { code, constraint, table } })
  }
  // What a parser quotes is data as well.
  const said = error instanceof SyntaxError ? 'stored JSON cannot be read' : String(message ?? error)
  // Our own mistakes keep their stack. Other errors are not carried along: the query builder's hold the whole query.
  const cause = error instanceof TypeError || error instanceof RangeError ? error : undefined
  throw new BotError('STORAGE_FAILED', `The database failed: ${said}`, { cause })
}
