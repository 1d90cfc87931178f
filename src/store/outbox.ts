import type { Json } from './port.ts'

/** An event for the outside. `data` is final: every attempt sends the same bytes. */
export interface NewDelivery {
  event: string
  data: { readonly [key: string]: Json }
  /** Goes here instead of the bot's or the account's URL. */
  url?: string
}

export type DeliveryState = 'pending' | 'delivered' | 'dead'

/** One outgoing event. Its wire id is `<botUuid>.<sequence>`: unchanged over retries, restarts and resends. */
export interface Delivery extends NewDelivery {
  botUuid: string
  accountId: number
  /** Counts from 1 within the bot; sent in this order. */
  sequence: number
  createdAt: number
  state: DeliveryState
  attempts: number
  /** When it may be tried (again). */
  nextAt: number
  /** When it was last put back by `resend`. Whoever counts its age counts from here, else from `createdAt`. */
  resentAt?: number
}

/** One attempt, kept for good. Exactly one of `status` (HTTP) and `error` is set. */
export interface DeliveryAttempt {
  at: number
  durationMs: number
  status: number | null
  error: string | null
}

/** What becomes of a delivery after an attempt. */
export type DeliveryVerdict = { state: 'delivered' | 'dead' } | { state: 'pending'; nextAt: number }

/** A sender that asks for work. Times are Unix milliseconds. */
export interface DeliveryClaim {
  /** Who takes them. */
  by: string
  now: number
  limit: number
  /** For so long nobody else gets them. A sender that died lets go by that. */
  leaseMs: number
  /** Nothing waits longer than until then, so what says so was written by a clock that has been set back: it is due. */
  latest?: number
}

/** Outgoing events, first in first out per bot. */
export interface Outbox {
  /** The first pending delivery of each bot, where it is due, oldest first. Later ones of a bot wait behind it. Takes nothing. */
  due(now: number, limit: number): Promise<readonly Delivery[]>
  /**
   * Takes what is due and nobody has, until it is settled or the lease is over: two senders at once never get the same. Least
   * tried first, then oldest: receivers that hang are behind those that answer.
   */
  claim(claim: DeliveryClaim): Promise<readonly Delivery[]>
  /** Who has taken something. */
  holders(): Promise<readonly string[]>
  /** Gives back whatever `by` has taken: it is gone, or stops. */
  release(by: string): Promise<void>
  /** When the next head of a queue falls due; undefined if nothing is pending. */
  nextAt(): Promise<number | undefined>
  /** Logs the attempt, moves the delivery and lets go of it, in one transaction. */
  settle(key: Pick<Delivery, 'botUuid' | 'sequence'>, attempt: DeliveryAttempt, verdict: DeliveryVerdict): Promise<void>
  /** How many wait to be delivered. */
  pending(): Promise<number>
  /** All of one bot, in order. */
  of(botUuid: string): Promise<readonly Delivery[]>
  attempts(key: Pick<Delivery, 'botUuid' | 'sequence'>): Promise<readonly DeliveryAttempt[]>
  /** Dead letters of an account, oldest first. */
  dead(accountId: number): Promise<readonly Delivery[]>
  /** Makes a delivered or dead one pending again, under its own id. False if there is none. */
  resend(key: Pick<Delivery, 'botUuid' | 'sequence'>, now: number): Promise<boolean>
}
