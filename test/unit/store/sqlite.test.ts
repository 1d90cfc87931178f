import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { sql } from 'kysely'
import Libsql from 'libsql'
import { afterAll, describe, expect, it } from 'vitest'
import { accountOf, added, hashOf, LEFT, NOON, sampleBot, sampleUuid } from '../../../src/lab/contracts/store-samples.ts'
import { SqlConnection } from '../../../src/store/sql-connection.ts'
import { sqliteFlavour } from '../../../src/store/sqlite.ts'
import { sqliteStore } from '../../../src/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'remora-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('sqliteStore', () => {
  it('makes its file with its folders, for its owner only', async () => {
    const path = join(folder, 'deep', 'er', 'bots.db')
    const store = sqliteStore({ path })
    await store.open()
    await store.account(hashOf('k'))
    expect(['', '-wal', '-shm'].map((end) => statSync(path + end).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
    await store.close()
  })

  it('syncs every commit to disk and keeps a write-ahead log', async () => {
    const path = join(folder, 'settings.db')
    const store = sqliteStore({ path })
    await store.open()
    await store.close()
    const raw = new Libsql(path)
    expect(raw.prepare('pragma journal_mode').all([])).toEqual([{ journal_mode: 'wal' }])
    raw.close()
  })

  it('says in time that another process holds the database, and goes on when it is free', async () => {
    const path = join(folder, 'held.db')
    const store = sqliteStore({ path, busyTimeoutMs: 30 })
    await store.open()
    const accountId = await accountOf(store)
    await added(store, sampleBot(1, accountId))
    const other = new Libsql(path)
    other.exec('begin immediate')
    await expect(store.record(sampleUuid(1), { at: NOON, ending: LEFT })).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
      details: { code: 'SQLITE_BUSY' },
    })
    // Readers are not held up by a writer.
    expect((await store.get(sampleUuid(1)))?.phase).toBe('waiting')
    other.exec('commit')
    other.close()
    expect((await store.record(sampleUuid(1), { at: NOON, ending: LEFT }))?.phase).toBe('ended')
    await store.close()
  })

  it('waits for another process without stopping this one', async () => {
    const path = join(folder, 'waited.db')
    const store = sqliteStore({ path })
    await store.open()
    const other = new Libsql(path)
    other.exec('begin immediate')
    const account = store.account(hashOf('k'))
    // Runs only if the process is not blocked in the database.
    setImmediate(() => other.exec('rollback'))
    expect((await account).id).toBe(1)
    other.close()
    await store.close()
  })

  it('refuses a file that is no database, with its code', async () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'This is no database, and long enough to be looked at.'.repeat(40))
    await expect(sqliteStore({ path }).open()).rejects.toMatchObject({ code: 'STORAGE_FAILED', details: { code: 'SQLITE_NOTADB' } })
  })

  it('names the path that it cannot make', async () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    chmodSync(path, 0o400)
    await expect(sqliteStore({ path: join(path, 'bots.db') }).open()).rejects.toThrow(path)
  })

  it('can be opened after it could not be', async () => {
    const path = join(folder, 'later', 'bots.db')
    writeFileSync(join(folder, 'later'), '')
    const store = sqliteStore({ path })
    await expect(store.open()).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    rmSync(join(folder, 'later'))
    await store.open()
    expect(await store.counts()).toEqual({ waiting: 0, running: 0, ended: 0 })
    await store.close()
  })

  it('says that the disk is full, keeps what it had and goes on when there is room', async () => {
    const path = join(folder, 'full.db')
    const connection = new SqlConnection(sqliteFlavour({ path }))
    await connection.open()
    const sized = (pages: number): Promise<unknown> => connection.read((db) => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(db))
    const beat = (run: string): Promise<unknown> =>
      connection.write((tx) => tx.insertInto('remora_runs').values({ run, last_beat_at: NOON }).execute())
    await beat('before')
    await sized(1)
    await expect(beat('x'.repeat(1_000_000))).rejects.toMatchObject({ code: 'STORAGE_FAILED', details: { code: 'SQLITE_FULL' } })
    await sized(1_000_000)
    await beat('after')
    const runs = await connection.read((db) => db.selectFrom('remora_runs').select('run').orderBy('run').execute())
    expect(runs).toEqual([{ run: 'after' }, { run: 'before' }])
    await connection.close()
  })

  it('repeats nothing of a query that found nothing, not even to whoever looks inside', async () => {
    const connection = new SqlConnection(sqliteFlavour({ path: ':memory:' }))
    await connection.open()
    const refusal = await connection
      .write((tx) => tx.selectFrom('remora_runs').selectAll().where('run', '=', 'topsecret').executeTakeFirstOrThrow())
      .catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'STORAGE_FAILED' })
    expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain('topsecret')
    await connection.close()
  })

  it('keeps everything over a restart', async () => {
    const path = join(folder, 'restart.db')
    const before = sqliteStore({ path })
    await before.open()
    const bot = await added(before, sampleBot(1, await accountOf(before), { request: { extra: { k: 'v' } } }))
    await before.record(bot.uuid, { at: NOON, deliveries: [{ event: 'e', data: { a: 1 } }] })
    await before.close()
    const after = sqliteStore({ path })
    await after.open()
    expect(await after.get(bot.uuid)).toEqual(bot)
    expect((await after.outbox.of(bot.uuid)).map(({ sequence }) => sequence)).toEqual([1])
    const next = await added(after, sampleBot(2, bot.accountId))
    expect(next.id).toBeGreaterThan(bot.id)
    await after.close()
  })
})
