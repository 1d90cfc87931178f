import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STORE_CONTRACT } from '../../src/lab/contracts/store.ts'
import { hashOf } from '../../src/lab/contracts/store-samples.ts'
import type { BotStore } from '../../src/store/port.ts'
import { postgresFlavour } from '../../src/store/postgres.ts'
import { SqlConnection } from '../../src/store/sql-connection.ts'
import { sqliteFlavour } from '../../src/store/sqlite.ts'
import { MemoryStore, postgresStore, sqliteStore } from '../../src/store.ts'
import { MIGRATION_CASES } from './migration-cases.ts'
import { startPostgres, type TestPostgres } from './postgres-server.ts'
import { rush } from './rush.ts'

async function withOpen(stores: readonly BotStore[], work: () => Promise<void>): Promise<void> {
  try {
    for (const store of stores) await store.open()
    await work()
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
}

describe('memory', () => {
  it.each(STORE_CONTRACT)('$name', async ({ run }) => {
    const store = new MemoryStore()
    await run({ store, twin: store })
  })
})

describe('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'remora-store-'))
  let files = 0
  const fresh = (): string => {
    files += 1
    return join(folder, 'new', `${files}.db`)
  }
  afterAll(() => rmSync(folder, { recursive: true }))

  // One connection to a file is part of two; here nothing waits for the disk.
  it.each(STORE_CONTRACT)('on one connection, in memory: $name', async ({ run }) => {
    const store = sqliteStore({ path: ':memory:' })
    await withOpen([store], () => run({ store, twin: store }))
  })

  it('two processes that start at once on a new file both come up, and of 100 same bots one is made', async () => {
    const path = join(folder, 'rush.db')
    expect((await rush('sqlite', path)).toSorted()).toEqual([0, 1])
  })

  it.each(MIGRATION_CASES)('$name', async ({ run }) => {
    const path = fresh()
    await run({ flavour: () => sqliteFlavour({ path }), store: () => sqliteStore({ path }) })
  })

  it.each(STORE_CONTRACT)('on two connections: $name', async ({ run }) => {
    const path = fresh()
    const [store, twin] = [sqliteStore({ path }), sqliteStore({ path })]
    await withOpen([store, twin], () => run({ store, twin }))
  })
})

describe('Postgres', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  }, 30_000)
  afterAll(() => server?.stop())

  it.each(STORE_CONTRACT)('$name', async ({ run }) => {
    const connectionString = await server.schema()
    const [store, twin] = [postgresStore({ connectionString }), postgresStore({ connectionString })]
    await withOpen([store, twin], () => run({ store, twin }))
  })

  it.each(MIGRATION_CASES)('$name', async ({ run }) => {
    const connectionString = await server.schema()
    await run({ flavour: () => postgresFlavour({ connectionString }), store: () => postgresStore({ connectionString }) })
  })

  it('two processes that start at once on an empty database both come up, and of 100 same bots one is made', async () => {
    expect((await rush('postgres', await server.schema())).toSorted()).toEqual([0, 1])
  })

  it('repeats nothing of a row in an error, not even to whoever looks inside', async () => {
    const connection = new SqlConnection(postgresFlavour({ connectionString: await server.schema() }))
    await connection.open()
    const row = { bot_id: 99, field: 'speechToText', value: 'topsecret' }
    const refusal = await connection.write((tx) => tx.insertInto('remora_bot_extra').values(row).execute()).catch((error: unknown) => error)
    await connection.close()
    expect(refusal).toMatchObject({ code: 'STORAGE_FAILED', details: { code: '23503', table: 'remora_bot_extra' } })
    expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain('topsecret')
  })

  it('works on a pool that was lent, and leaves it open', async () => {
    const pool = new pg.Pool({ connectionString: await server.schema(), max: 2 })
    const store = postgresStore({ pool })
    await withOpen([store], async () => {
      await store.account(hashOf('k'))
    })
    expect((await pool.query('select count(*)::int as n from remora_accounts')).rows).toEqual([{ n: 1 }])
    await pool.end()
  })

  it('outlives a connection that breaks in the middle of a transaction, and one that breaks idle', async () => {
    const connection = new SqlConnection(postgresFlavour({ connectionString: await server.schema() }))
    await connection.open()
    const broken = connection.write(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      // From here on no query is under way that would hear of it.
      await server.endBackend(rows[0]?.pid ?? 0)
      return tx.selectFrom('remora_runs').selectAll().execute()
    })
    await expect(broken).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    const idle = await connection.read((db) => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db))
    await server.endBackend(idle.rows[0]?.pid ?? 0)
    expect(await connection.write((tx) => tx.selectFrom('remora_runs').selectAll().execute())).toEqual([])
    await connection.close()
  })

  it('refuses a server that cannot keep every character', async () => {
    const connectionString = await server.database("encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0")
    await expect(postgresStore({ connectionString }).open()).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      details: { encoding: 'LATIN1' },
    })
  })

  it.each(STORE_CONTRACT.filter(({ name }) => /at once/.test(name)))(
    'whatever isolation and time zone the server prefers: $name',
    async ({ run }) => {
      const url = new URL(await server.schema())
      const odd = '-c default_transaction_isolation=serializable -c timezone=Asia/Kathmandu'
      url.searchParams.set('options', `${url.searchParams.get('options')} ${odd}`)
      const [store, twin] = [postgresStore({ connectionString: url.href }), postgresStore({ connectionString: url.href })]
      await withOpen([store, twin], () => run({ store, twin }))
    },
  )
})
