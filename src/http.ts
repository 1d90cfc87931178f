export { nodeListener } from '../adapters/http/node.ts'
export { type Connection, createHandler, type Handler, type HandlerOptions } from './http/handler.ts'
export type { HttpEngine } from './http/operation.ts'
