import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { STORE_CONTRACT } from '../../src/lab/contracts/store.ts'
import type { BotStore } from '../../src/store/port.ts'
import { postgresFlavour } from '../../src/store/postgres.ts'
import { sqliteFlavour } from '../../src/store/sqlite.ts'
import { MemoryStore, postgresStore, sqliteStore } from '../../src/store.ts'
import { MIGRATION_CASES } from './migration-cases.ts'
import { startPostgres, type TestPostgres } from './postgres-server.ts'

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

  it.each(STORE_CONTRACT)('on one connection: $name', async ({ run }) => {
    const store = sqliteStore({ path: fresh() })
    await withOpen([store], () => run({ store, twin: store }))
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
})
