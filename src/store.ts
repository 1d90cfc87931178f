export { MemoryStore } from './store/memory-store.ts'
export type * from './store/port.ts'
export { type PostgresStoreOptions, postgresStore } from './store/postgres.ts'
export { type SqliteStoreOptions, sqliteStore } from './store/sqlite.ts'
