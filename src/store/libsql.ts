import type { SqliteDatabase } from 'kysely'

/** What is used of libsql's synchronous interface. */
export interface LibsqlDatabase {
  readonly inTransaction: boolean
  prepare(sql: string): LibsqlStatement
  exec(sql: string): void
  close(): void
}

interface LibsqlStatement {
  readonly reader: boolean
  all(parameters: readonly unknown[]): unknown[]
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>
}

/** Also runs what gives no rows and may find the database busy. */
export interface GuardedDatabase extends SqliteDatabase {
  readonly inTransaction: boolean
  /**
   * A prepared statement that was refused as busy stays "in progress" in libsql until it is collected, and as long as one
   * that writes is, no commit passes. This one is always done with.
   */
  exec(sql: string): void
}

/**
 * libsql made safe to hand to a query builder. Raw (0.5), a boolean parameter aborts the whole process, `undefined` becomes
 * NULL without a word, text is cut at U+0000 when read, and blobs come back as `ArrayBuffer`.
 */
export function guarded(raw: LibsqlDatabase): GuardedDatabase {
  let open = true
  return {
    // A statement still answers after libsql's close: so nothing is prepared then, and kept ones are refused.
    close: () => {
      open = false
      raw.close()
    },
    get inTransaction() {
      return raw.inTransaction
    },
    exec: (sql) => raw.exec(sql),
    prepare: (sql) => {
      const statement = raw.prepare(sql)
      const given = (parameters: readonly unknown[]): readonly unknown[] => {
        if (!open) throw new TypeError('The database is closed')
        return parameters.map(parameter)
      }
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(given(parameters)).map(row),
        run: (parameters) => statement.run(given(parameters)),
        *iterate(parameters) {
          for (const found of statement.iterate(given(parameters))) yield row(found)
        },
      }
    },
  }
}

function parameter(value: unknown): unknown {
  if (value === undefined) throw new TypeError('A parameter is undefined: null is meant, or a bug')
  if (typeof value === 'boolean') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' && value.includes('\0')) throw new TypeError('A text has U+0000, which would cut it when read')
  if (typeof value === 'number' && Number.isNaN(value)) throw new TypeError('A number is NaN, which would be stored as NULL')
  return value
}

function row(found: unknown): unknown {
  const columns = Object.entries(Object(found))
  return Object.fromEntries(columns.map(([name, value]) => [name, value instanceof ArrayBuffer ? new Uint8Array(value) : value]))
}
