export { MemoryStore } from './store/memory-store.ts'
export type * from './store/port.ts'
