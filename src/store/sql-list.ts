import type { SelectQueryBuilder } from 'kysely'
import { checkQuery, isRowId } from './checks.ts'
import { cursorAfter, foreignCursor, readCursor } from './cursor.ts'
import type { BotPage, BotQuery } from './port.ts'
import { botOfRow } from './sql-rows.ts'
import type { Db, Flavour, Tables } from './sql-schema.ts'
import { searchable, storable } from './text.ts'

interface Anchor {
  id: number
  createdAt: number
  /** Its value of the field sorted by; null if it has none, or nothing is sorted. */
  value: string | null
}

/** Bots with, where sorted by a field, their value of it (null without). */
type Listed = Tables & { sorted: { bot_id: number | null; value: string | null } }
type Listing = SelectQueryBuilder<Listed, 'remora_bots' | 'sorted', object>

/** One page of an account's bots, as `BotStore.list` says. */
export async function listBots(db: Db, flavour: Flavour, query: BotQuery): Promise<BotPage> {
  checkQuery(query)
  const after = readCursor(query)
  if (!isRowId(query.accountId)) return { bots: [], nextCursor: null }
  const anchor = after === undefined ? undefined : await anchorOf(db, query, after)
  let listing = filtered(from(db, query), flavour, query)
  if (anchor !== undefined) listing = behind(listing, query, anchor)
  const rows = await ordered(listing, query)
    .selectAll('remora_bots')
    .limit(query.limit + 1)
    .execute()
  const bots = rows.slice(0, query.limit).map(botOfRow)
  const last = bots.at(-1)
  return { bots, nextCursor: rows.length > query.limit && last !== undefined ? cursorAfter(last.id, query) : null }
}

function from(db: Db, { accountId, sortByExtra }: BotQuery): Listing {
  const field = storable(sortByExtra?.field ?? '')
  const sorted = db
    .selectFrom('remora_bot_extra')
    .select(['bot_id', 'value'])
    .where('field', '=', field)
    .$if(sortByExtra === undefined, (none) => none.where('bot_id', '=', 0))
    .as('sorted')
  return db
    .selectFrom('remora_bots')
    .leftJoin(sorted, 'sorted.bot_id', 'remora_bots.id')
    .where('remora_bots.account_id', '=', accountId) as unknown as Listing
}

async function anchorOf(db: Db, query: BotQuery, after: number): Promise<Anchor> {
  const row = await from(db, query)
    .where('remora_bots.id', '=', after)
    .select(['remora_bots.created_at', 'sorted.value'])
    .executeTakeFirst()
  if (row === undefined) throw foreignCursor(query.cursor)
  return { id: after, createdAt: Number(row.created_at), value: row.value }
}

function filtered(listing: Listing, flavour: Flavour, query: BotQuery): Listing {
  const { botName, meetingUrl, speakerName, createdAfter, createdBefore, endedAfter, extra = [] } = query
  let narrowed = listing
  for (const [column, needle] of [
    ['search_name', botName],
    ['search_url', meetingUrl],
    ['search_speakers', speakerName],
  ] as const) {
    if (needle !== undefined) narrowed = narrowed.where(({ ref }) => flavour.contains(ref(`remora_bots.${column}`), searchable(needle)))
  }
  if (createdAfter !== undefined) narrowed = narrowed.where('remora_bots.created_at', '>=', createdAfter)
  if (createdBefore !== undefined) narrowed = narrowed.where('remora_bots.created_at', '<=', createdBefore)
  if (endedAfter !== undefined) narrowed = narrowed.where('remora_bots.ended_at', '>=', endedAfter)
  for (const { field, value } of extra) {
    narrowed = narrowed.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('remora_bot_extra')
          .select('remora_bot_extra.bot_id')
          .whereRef('remora_bot_extra.bot_id', '=', 'remora_bots.id')
          .where('remora_bot_extra.field', '=', storable(field))
          .where('remora_bot_extra.value', '=', storable(value)),
      ),
    )
  }
  return narrowed
}

/** Those that come after the anchor in the query's order. */
function behind(listing: Listing, { sortByExtra }: BotQuery, { id, createdAt, value }: Anchor): Listing {
  return listing.where(({ and, or, eb }) => {
    const older = or([
      eb('remora_bots.created_at', '<', createdAt),
      and([eb('remora_bots.created_at', '=', createdAt), eb('remora_bots.id', '<', id)]),
    ])
    // The first half says nothing new, but it can be looked up: without it a deep page reads all those before.
    if (sortByExtra === undefined) return and([eb('remora_bots.created_at', '<=', createdAt), older])
    if (value === null) return and([eb('sorted.value', 'is', null), older])
    return or([
      eb('sorted.value', sortByExtra.direction === 'asc' ? '>' : '<', value),
      and([eb('sorted.value', '=', value), older]),
      eb('sorted.value', 'is', null),
    ])
  })
}

function ordered(listing: Listing, { sortByExtra }: BotQuery): Listing {
  const newestFirst = (rows: Listing): Listing => rows.orderBy('remora_bots.created_at', 'desc').orderBy('remora_bots.id', 'desc')
  if (sortByExtra === undefined) return newestFirst(listing)
  const havingFirst = listing.orderBy(({ eb }) => eb.case().when('sorted.value', 'is', null).then(1).else(0).end())
  return newestFirst(havingFirst.orderBy('sorted.value', sortByExtra.direction))
}
