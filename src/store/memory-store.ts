import { checkFact, checkId, checkKeyHash, checkNewBot, refuse, rowLimit } from './checks.ts'
import { afterFact, asKept, bornBot } from './life.ts'
import { listBots } from './memory-list.ts'
import { MemoryOutbox } from './memory-outbox.ts'
import type {
  Account,
  BotFact,
  BotPage,
  BotPhase,
  BotQuery,
  BotRecord,
  BotStore,
  Creation,
  EngineRun,
  FactGuard,
  HistoryEntry,
  NewBot,
  Outbox,
} from './port.ts'

/**
 * Bots in this process's memory: for tests and for trying out. Everything is gone when the process is.
 * Each method does its work in one go, so it is a transaction.
 */
export class MemoryStore implements BotStore {
  readonly #outbox = new MemoryOutbox()
  readonly #accounts: Account[] = []
  /** By uuid, in the order of their ids. */
  readonly #bots = new Map<string, BotRecord>()
  readonly #history = new Map<string, HistoryEntry[]>()
  readonly #runs = new Map<string, number>()

  get outbox(): Outbox {
    return this.#outbox
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  async account(keyHash: string): Promise<Account> {
    checkKeyHash(keyHash)
    const known = this.#accounts.find((account) => account.keyHash === keyHash)
    if (known !== undefined) return { ...known }
    const account = { id: this.#accounts.length + 1, keyHash, webhookUrl: null }
    this.#accounts.push(account)
    return { ...account }
  }

  async accountById(id: number): Promise<Account | undefined> {
    const account = this.#accounts[id - 1]
    return account === undefined ? undefined : { ...account }
  }

  async setWebhookUrl(accountId: number, url: string | null): Promise<void> {
    const account = this.#accounts[accountId - 1]
    if (account === undefined) throw refuse('accountId', accountId, 'the id of an account')
    account.webhookUrl = url
  }

  async create(bot: NewBot, { dedupe }: { dedupe?: { withinMs: number } } = {}): Promise<Creation> {
    checkNewBot(bot)
    if (this.#accounts[bot.accountId - 1] === undefined) throw refuse('accountId', bot.accountId, 'the id of an account')
    if (this.#bots.has(bot.uuid)) throw refuse('uuid', bot.uuid, 'one that no bot has')
    const earlier = dedupe === undefined ? undefined : this.#twin(bot, dedupe.withinMs)
    if (earlier !== undefined) return { created: false, earlier: structuredClone(earlier) }
    const born = bornBot(bot, this.#bots.size + 1)
    this.#bots.set(born.uuid, born)
    return { created: true, bot: structuredClone(born) }
  }

  #twin({ accountId, meetingKey, request, joinAt }: NewBot, withinMs: number): BotRecord | undefined {
    return [...this.#bots.values()].findLast(
      (other) =>
        other.accountId === accountId &&
        other.meetingKey === meetingKey &&
        other.request.deduplicationKey === request.deduplicationKey &&
        Math.abs(other.joinAt - joinAt) < withinMs,
    )
  }

  async get(uuid: string, accountId?: number): Promise<BotRecord | undefined> {
    const bot = this.#bots.get(uuid)
    if (bot === undefined || (accountId !== undefined && bot.accountId !== accountId)) return undefined
    return structuredClone(bot)
  }

  async list(query: BotQuery): Promise<BotPage> {
    return structuredClone(listBots(this.#bots.values(), query))
  }

  async history(uuid: string): Promise<readonly HistoryEntry[]> {
    return structuredClone(this.#history.get(uuid) ?? [])
  }

  async claimDue({
    now,
    by,
    limit,
    reserved,
  }: {
    now: number
    by: string
    limit: number
    reserved?: boolean
  }): Promise<readonly BotRecord[]> {
    checkId('by', by)
    const due = this.#inPhase('waiting')
      .filter(({ joinAt, request }) => joinAt <= now && (reserved === undefined || request.reserved === reserved))
      .sort((a, b) => a.joinAt - b.joinAt || a.id - b.id)
      .slice(0, rowLimit(limit))
    for (const bot of due) Object.assign(bot, { phase: 'running', claimedBy: by })
    return structuredClone(due)
  }

  async nextJoinAt(after = Number.NEGATIVE_INFINITY): Promise<number | undefined> {
    const times = this.#inPhase('waiting').flatMap(({ joinAt }) => (joinAt > after ? [joinAt] : []))
    return times.length === 0 ? undefined : Math.min(...times)
  }

  async reservedUntil(until: number): Promise<number> {
    return this.#inPhase('waiting').filter(({ request, joinAt }) => request.reserved && joinAt <= until).length
  }

  async endedBefore(before: number, limit: number): Promise<readonly BotRecord[]> {
    const old = this.#inPhase('ended').filter(({ endedAt, dataDeleted }) => endedAt !== null && endedAt < before && dataDeleted === null)
    const oldest = old.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.id - b.id)
    return structuredClone(oldest.slice(0, rowLimit(limit)))
  }

  async halfRemoved(limit: number): Promise<readonly BotRecord[]> {
    const half = this.#inPhase('ended').filter(({ dataDeleted }) => dataDeleted?.partial === true)
    const oldest = half.sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || a.id - b.id)
    return structuredClone(oldest.slice(0, rowLimit(limit)))
  }

  async toKeep(now: number, limit: number): Promise<readonly BotRecord[]> {
    const due = this.#inPhase('ended').flatMap((bot) => (bot.keepAt !== null && bot.keepAt <= now ? [{ at: bot.keepAt, bot }] : []))
    const earliest = due.sort((a, b) => a.at - b.at || a.bot.id - b.bot.id).map(({ bot }) => bot)
    return structuredClone(earliest.slice(0, rowLimit(limit)))
  }

  async beat(by: string, now: number): Promise<void> {
    checkId('by', by)
    this.#runs.set(by, now)
  }

  async runs(): Promise<readonly EngineRun[]> {
    return [...this.#runs].map(([by, lastBeatAt]) => ({ by, lastBeatAt })).sort((a, b) => (a.by < b.by ? -1 : 1))
  }

  async forgetRun(by: string): Promise<void> {
    this.#runs.delete(by)
  }

  async takeOver(uuid: string, { from, to }: { from: string; to: string }): Promise<BotRecord | undefined> {
    checkId('to', to)
    const bot = this.#bots.get(uuid)
    if (bot === undefined || bot.phase !== 'running' || bot.claimedBy !== from) return undefined
    bot.claimedBy = to
    return structuredClone(bot)
  }

  async counts(): Promise<Record<BotPhase, number>> {
    const [waiting, running, ended] = (['waiting', 'running', 'ended'] as const).map((phase) => this.#inPhase(phase).length)
    return { waiting: waiting ?? 0, running: running ?? 0, ended: ended ?? 0 }
  }

  async leftBehind(by: string): Promise<readonly BotRecord[]> {
    return structuredClone(this.#inPhase('running').filter(({ claimedBy }) => claimedBy !== by))
  }

  async record(uuid: string, given: BotFact, onlyIf?: FactGuard): Promise<BotRecord | undefined> {
    checkFact(given)
    const fact = asKept('fact', given)
    const bot = this.#bots.get(uuid)
    const next = bot === undefined ? undefined : afterFact(bot, fact, onlyIf)
    if (next === undefined) return undefined
    const history = this.#history.get(uuid) ?? []
    if (fact.history !== undefined) history.push({ sequence: history.length + 1, at: fact.at, ...fact.history })
    this.#history.set(uuid, history)
    this.#bots.set(uuid, next)
    this.#outbox.append(uuid, next.accountId, fact.at, fact.deliveries ?? [])
    return structuredClone(next)
  }

  #inPhase(phase: BotPhase): BotRecord[] {
    return [...this.#bots.values()].filter((bot) => bot.phase === phase)
  }
}
