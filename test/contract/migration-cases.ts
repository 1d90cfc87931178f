import assert from 'node:assert/strict'
import { CompiledQuery, Kysely } from 'kysely'
import { isBotError } from '../../src/core/errors.ts'
import type { ContractCase } from '../../src/lab/contracts/contract-case.ts'
import { hashOf, NOON, sampleRequest, sampleUuid } from '../../src/lab/contracts/store-samples.ts'
import { MIGRATIONS, type Migration, migrate } from '../../src/store/migrations.ts'
import type { BotStore } from '../../src/store/port.ts'
import type { Flavour, Tables } from '../../src/store/sql-schema.ts'

/** One empty database, reached through as many connections as a case likes. */
export interface EmptyDatabase {
  flavour(): Flavour
  store(): BotStore
}

async function migrated(flavour: Flavour, known: readonly Migration[], then: readonly string[] = []): Promise<void> {
  const db = new Kysely<Tables>({ dialect: await flavour.connect() })
  try {
    await db.transaction().execute((tx) => migrate(tx, flavour, { now: NOON, known }))
    for (const text of then) await db.executeQuery(CompiledQuery.raw(text))
  } finally {
    await db.destroy()
  }
}

async function versions(flavour: Flavour): Promise<readonly number[]> {
  const db = new Kysely<Tables>({ dialect: await flavour.connect() })
  try {
    const rows = await db.selectFrom('remora_migrations').select('version').orderBy('version').execute()
    return rows.map(({ version }) => version)
  } finally {
    await db.destroy()
  }
}

const ALL = MIGRATIONS.map((_, index) => index + 1)

/** One waiting bot and one pending event, as version 1 wrote them. */
const ROWS_OF_VERSION_1 = [
  `insert into remora_accounts (id, key_hash, webhook_url) values (7, '${hashOf('old key')}', 'https://example.com/hook')`,
  `insert into remora_bots (id, uuid, account_id, request, reserved, meeting_key, dedupe_hash, phase, status, status_at, created_at, join_at,
     is_stopped, files, participants, speakers, deleted_partly, search_name, search_url, search_speakers, history_count, delivery_count)
   values (5, '${sampleUuid(1)}', 7, '${JSON.stringify(sampleRequest())}', 0, 'meet:x', 'hash', 'waiting', 'queued', ${NOON}, ${NOON}, ${NOON},
     0, '{}', '[]', '[]', 0, 'notes', 'https://meet.google.com/abc-defg-hij', '', 1, 1)`,
  `insert into remora_history (bot_id, sequence, status, at) values (5, 1, 'joining_call', ${NOON})`,
  `insert into remora_deliveries (bot_uuid, sequence, account_id, event, data, created_at, state, attempts, next_at)
   values ('${sampleUuid(1)}', 1, 7, 'complete', '{"a":1}', ${NOON}, 'dead', 3, ${NOON})`,
]

/** How a schema comes up to date, for every SQL database. */
export const MIGRATION_CASES: readonly ContractCase<EmptyDatabase>[] = [
  {
    name: 'a database of version 1 comes up to date with everything in it',
    async run({ flavour, store: made }) {
      await migrated(flavour(), MIGRATIONS.slice(0, 1), ROWS_OF_VERSION_1)
      const store = made()
      await store.open()
      try {
        assert.deepEqual(await store.account(hashOf('old key')), {
          id: 7,
          keyHash: hashOf('old key'),
          webhookUrl: 'https://example.com/hook',
        })
        assert.deepEqual((await store.get(sampleUuid(1)))?.request, sampleRequest())
        assert.equal((await store.history(sampleUuid(1))).length, 1)
        assert.equal(await store.outbox.resend({ botUuid: sampleUuid(1), sequence: 1 }, NOON + 5), true)
        const fact = { at: NOON + 6, deliveries: [{ event: 'next', data: {} }] }
        await store.record(sampleUuid(1), fact)
        assert.deepEqual(
          (await store.outbox.of(sampleUuid(1))).map(({ sequence, state, resentAt }) => [sequence, state, resentAt]),
          [
            [1, 'pending', NOON + 5],
            [2, 'pending', undefined],
          ],
        )
        await store.beat('run', NOON)
      } finally {
        await store.close()
      }
      assert.deepEqual(await versions(flavour()), ALL)
    },
  },
  {
    name: 'several that start at once on an empty database all come up, and it is done once',
    async run({ flavour, store: made }) {
      const stores = Array.from({ length: 5 }, made)
      try {
        await Promise.all(stores.map((store) => store.open()))
        const ids = await Promise.all(stores.map(async (store) => (await store.account(hashOf('k'))).id))
        assert.equal(new Set(ids).size, 1)
      } finally {
        await Promise.all(stores.map((store) => store.close()))
      }
      assert.deepEqual(await versions(flavour()), ALL)
    },
  },
  {
    name: 'a database of a newer version is refused and not touched',
    async run({ flavour, store: made }) {
      const newer = ALL.length + 1
      await migrated(flavour(), MIGRATIONS, [
        `insert into remora_migrations (version, name, applied_at) values (${newer}, 'of tomorrow', ${NOON})`,
      ])
      await assert.rejects(made().open(), (error) => isBotError(error, 'NOT_SUPPORTED') && error.details.found === newer)
      assert.deepEqual(await versions(flavour()), [...ALL, newer])
    },
  },
  {
    name: 'a migration that fails halfway leaves the database as it was',
    async run({ flavour, store: made }) {
      await migrated(flavour(), MIGRATIONS)
      const broken: Migration = {
        name: 'breaks',
        async up(tx) {
          await tx.schema.createTable('remora_half').addColumn('id', 'integer').execute()
          throw new Error('halfway')
        },
      }
      await assert.rejects(migrated(flavour(), [...MIGRATIONS, broken]), /halfway/)
      assert.deepEqual(await versions(flavour()), ALL)
      await assert.rejects(migrated(flavour(), MIGRATIONS, ['select * from remora_half']))
      const store = made()
      await store.open()
      await store.close()
    },
  },
  {
    name: 'a store is not used before it is open or after it is closed, and can be opened again',
    async run({ store: made }) {
      const store = made()
      await assert.rejects(store.counts(), /not open/)
      await store.open()
      const { id } = await store.account(hashOf('k'))
      await store.close()
      await store.close()
      await assert.rejects(store.counts(), /not open/)
      await store.open()
      assert.equal((await store.account(hashOf('k'))).id, id)
      await store.close()
    },
  },
  {
    name: 'closing lets what was asked for before it finish',
    async run({ store: made }) {
      const store = made()
      await store.open()
      const asked = Promise.all(Array.from({ length: 20 }, (_, n) => store.account(hashOf(`k${n}`))))
      await store.close()
      assert.equal(new Set((await asked).map(({ id }) => id)).size, 20)
    },
  },
]
