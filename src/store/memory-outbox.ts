import { checkAttempt, checkId, noSuchDelivery, rowLimit } from './checks.ts'
import { asKept } from './life.ts'
import type { Delivery, DeliveryAttempt, DeliveryClaim, DeliveryVerdict, NewDelivery, Outbox } from './port.ts'

type Key = Pick<Delivery, 'botUuid' | 'sequence'>
interface Letter {
  delivery: Delivery
  attempts: DeliveryAttempt[]
  claim?: { by: string; until: number } | undefined
}

/** Outgoing events kept in memory. */
export class MemoryOutbox implements Outbox {
  readonly #queues = new Map<string, Letter[]>()

  /** Appends to the queue of one bot. */
  append(botUuid: string, accountId: number, at: number, letters: readonly NewDelivery[]): void {
    const queue = this.#queues.get(botUuid) ?? []
    for (const { event, data, url } of letters) {
      const sequence = queue.length + 1
      const where = url === undefined ? {} : { url }
      const delivery = { event, data, ...where, botUuid, accountId, sequence, createdAt: at }
      queue.push({ delivery: { ...delivery, state: 'pending', attempts: 0, nextAt: at }, attempts: [] })
    }
    this.#queues.set(botUuid, queue)
  }

  async due(now: number, limit: number): Promise<readonly Delivery[]> {
    const due = this.#heads().flatMap(({ delivery }) => (delivery.nextAt <= now ? [delivery] : []))
    return structuredClone(due.sort(oldestFirst).slice(0, rowLimit(limit)))
  }

  async claim({ by, now, limit, leaseMs, latest = Number.POSITIVE_INFINITY }: DeliveryClaim): Promise<readonly Delivery[]> {
    checkId('by', by)
    const free = this.#heads().filter(
      ({ delivery: { nextAt }, claim }) =>
        (nextAt <= now || nextAt > latest) && (claim === undefined || claim.until <= now || claim.until > now + 2 * leaseMs),
    )
    const taken = free.sort((a, b) => freshFirst(a.delivery, b.delivery)).slice(0, rowLimit(limit))
    for (const letter of taken) letter.claim = { by, until: now + leaseMs }
    return structuredClone(taken.map(({ delivery }) => delivery))
  }

  async holders(): Promise<readonly string[]> {
    return [...new Set(this.#letters().flatMap(({ claim }) => (claim === undefined ? [] : [claim.by])))].sort()
  }

  async release(by: string): Promise<void> {
    for (const letter of this.#letters()) if (letter.claim?.by === by) letter.claim = undefined
  }

  async nextAt(): Promise<number | undefined> {
    const times = this.#heads().map(({ delivery }) => delivery.nextAt)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  async settle(key: Key, attempt: DeliveryAttempt, verdict: DeliveryVerdict): Promise<void> {
    checkAttempt(attempt, verdict)
    const letter = this.#find(key)
    if (letter === undefined) throw noSuchDelivery(key)
    letter.claim = undefined
    letter.attempts.push(asKept('attempt', attempt))
    letter.delivery.attempts += 1
    // What has arrived stays so, whatever a second, slower sender of the same event saw.
    if (letter.delivery.state !== 'delivered') Object.assign(letter.delivery, verdict)
  }

  async pending(): Promise<number> {
    return this.#all().filter(({ state }) => state === 'pending').length
  }

  async of(botUuid: string): Promise<readonly Delivery[]> {
    return structuredClone((this.#queues.get(botUuid) ?? []).map(({ delivery }) => delivery))
  }

  async attempts(key: Key): Promise<readonly DeliveryAttempt[]> {
    return structuredClone(this.#find(key)?.attempts ?? [])
  }

  async dead(accountId: number): Promise<readonly Delivery[]> {
    const dead = this.#all().filter((delivery) => delivery.state === 'dead' && delivery.accountId === accountId)
    return structuredClone(dead.sort(oldestFirst))
  }

  async resend(key: Key, now: number): Promise<boolean> {
    const letter = this.#find(key)
    if (letter === undefined || letter.delivery.state === 'pending') return false
    Object.assign(letter.delivery, { state: 'pending', nextAt: now, resentAt: now })
    return true
  }

  #find({ botUuid, sequence }: Key): Letter | undefined {
    return this.#queues.get(botUuid)?.[sequence - 1]
  }

  #letters(): Letter[] {
    return [...this.#queues.values()].flat()
  }

  #all(): Delivery[] {
    return this.#letters().map(({ delivery }) => delivery)
  }

  #heads(): Letter[] {
    const heads = [...this.#queues.values()].map((queue) => queue.find(({ delivery }) => delivery.state === 'pending'))
    return heads.flatMap((head) => (head === undefined ? [] : [head]))
  }
}

function freshFirst(a: Delivery, b: Delivery): number {
  return a.attempts - b.attempts || oldestFirst(a, b)
}

function oldestFirst(a: Delivery, b: Delivery): number {
  return a.createdAt - b.createdAt || (a.botUuid < b.botUuid ? -1 : a.botUuid > b.botUuid ? 1 : a.sequence - b.sequence)
}
