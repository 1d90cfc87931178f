import { checkQuery } from './checks.ts'
import { cursorAfter, foreignCursor, readCursor } from './cursor.ts'
import { namesIn } from './life.ts'
import type { BotPage, BotQuery, BotRecord } from './port.ts'
import { compareText, extraFields, searchable, searchableNames, storable } from './text.ts'

type Test = (bot: BotRecord) => boolean
type Order = (a: BotRecord, b: BotRecord) => number

/** One page of an account's bots, as `BotStore.list` says. */
export function listBots(all: Iterable<BotRecord>, query: BotQuery): BotPage {
  checkQuery(query)
  const { limit } = query
  const own = [...all].filter(({ accountId }) => accountId === query.accountId)
  const order = orderOf(query)
  const after = readCursor(query)
  const anchor = own.find(({ id }) => id === after)
  if (after !== undefined && anchor === undefined) throw foreignCursor(query.cursor)
  const tests = testsOf(query)
  const rest = own.filter((bot) => tests.every((test) => test(bot)) && (anchor === undefined || order(bot, anchor) > 0)).sort(order)
  const bots = rest.slice(0, limit)
  const last = bots.at(-1)
  return { bots, nextCursor: rest.length > limit && last !== undefined ? cursorAfter(last.id, query) : null }
}

function testsOf({ botName, meetingUrl, speakerName, createdAfter, createdBefore, endedAfter, extra = [] }: BotQuery): readonly Test[] {
  const tests: Test[] = []
  if (botName !== undefined) tests.push(({ request }) => searchable(request.botName).includes(searchable(botName)))
  if (meetingUrl !== undefined) tests.push(({ request }) => searchable(request.meetingUrl).includes(searchable(meetingUrl)))
  if (speakerName !== undefined) tests.push((bot) => searchableNames(namesIn(bot)).includes(searchable(speakerName)))
  if (createdAfter !== undefined) tests.push(({ createdAt }) => createdAt >= createdAfter)
  if (createdBefore !== undefined) tests.push(({ createdAt }) => createdAt <= createdBefore)
  if (endedAfter !== undefined) tests.push(({ endedAt }) => endedAt !== null && endedAt >= endedAfter)
  for (const { field, value } of extra) tests.push((bot) => extraOf(bot, field) === storable(value))
  return tests
}

function extraOf({ request }: BotRecord, field: string): string | undefined {
  const wanted = storable(field)
  return extraFields(request.extra).find(([name]) => name === wanted)?.[1]
}

const newestFirst: Order = (a, b) => b.createdAt - a.createdAt || b.id - a.id

function orderOf({ sortByExtra }: BotQuery): Order {
  if (sortByExtra === undefined) return newestFirst
  const { field, direction } = sortByExtra
  const sign = direction === 'asc' ? 1 : -1
  return (a, b) => {
    const [left, right] = [extraOf(a, field), extraOf(b, field)]
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined) || newestFirst(a, b)
    return sign * compareText(left, right) || newestFirst(a, b)
  }
}
