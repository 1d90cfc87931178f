import { Buffer } from 'node:buffer'
import { isRowId, refuse } from './checks.ts'
import type { BotQuery } from './port.ts'

/** Which order a cursor belongs to. Filters may change between two pages, the order may not. */
function orderOf({ sortByExtra }: Pick<BotQuery, 'sortByExtra'>): readonly string[] {
  return sortByExtra === undefined ? ['newest'] : ['extra', sortByExtra.field, sortByExtra.direction]
}

/**
 * A place in a list: the last bot given out. Its sort values are looked up again, not carried: they never change, and
 * may be long. So bots added meanwhile move nothing.
 */
export function cursorAfter(id: number, query: Pick<BotQuery, 'sortByExtra'>): string {
  return Buffer.from(JSON.stringify([id, ...orderOf(query)])).toString('base64url')
}

/** The id in the query's cursor; undefined without one. */
export function readCursor(query: Pick<BotQuery, 'cursor' | 'sortByExtra'>): number | undefined {
  if (query.cursor === undefined) return undefined
  const [id, ...order] = parse(query.cursor)
  const wanted = orderOf(query)
  const sameOrder = order.length === wanted.length && order.every((word, at) => word === wanted[at])
  if (typeof id !== 'number' || !isRowId(id) || !sameOrder) throw foreignCursor(query.cursor)
  return id
}

function parse(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    // Not ours: the caller refuses it by name.
    return []
  }
}

export function foreignCursor(cursor: string | undefined): Error {
  return refuse('cursor', cursor, 'the next_cursor of a page of the same list')
}
