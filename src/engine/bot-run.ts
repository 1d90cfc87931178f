import type { Clock } from '../core/clock.ts'
import { type BotError, toBotError } from '../core/errors.ts'
import type { BotResult, Participant, SpeakingInterval, StatusChange } from '../core/events.ts'
import type { Logger } from '../core/logger.ts'
import { isTerminal } from '../core/status.ts'
import type { BotEnding, BotPatch, BotRecord, BotStore } from '../store/port.ts'
import { endingFact, type Leaver, responsibleFor, statusFact, told } from './facts.ts'
import { Journal } from './journal.ts'
import type { Keeping } from './keeping.ts'
import { keptFor } from './kept-for.ts'
import type { BotFactory, DrivenBot } from './port.ts'

/** What is learnt of people while the bot is in the call is stored this often at most. */
const PULSE_MS = 5_000

/** What one run needs. */
export interface BotRunParts {
  store: BotStore
  clock: Clock
  logger: Logger
  keeping: Keeping
  /** The engine run that claimed the bot. */
  by: string
  createBot: BotFactory
  /** Something may have been put into the outbox. */
  onSaid(): void
}

/** One claimed bot from its claim to the record of its end. What it says is stored in order and never holds it up. */
export class BotRun {
  readonly #parts: BotRunParts
  readonly #record: BotRecord
  readonly #journal: Journal
  readonly #people = new Map<string, Participant>()
  readonly #spoken = new Map<string, SpeakingInterval>()
  readonly #quit = new AbortController()
  /** Resolves when the end is stored and nothing of the bot runs any more, or the run was given up. */
  readonly over: Promise<void>
  #settle: () => void = () => {}
  #bot: DrivenBot | undefined
  #toldBy: Leaver | undefined
  #last: StatusChange | undefined
  #isOut = false
  #live: BotPatch = {}
  #pulsing = false
  #isEnding = false

  constructor(parts: BotRunParts, record: BotRecord) {
    this.#parts = parts
    this.#record = record
    this.over = new Promise((resolve) => {
      this.#settle = resolve
    })
    const { store, clock, logger, by, onSaid } = parts
    this.#journal = new Journal({ store, clock, logger, by, onSaid, uuid: record.uuid, onLost: () => this.#taken() })
  }

  /** Lives it. Resolves when the bot is out: its slot is free, though its files may still be on their way. */
  async live(): Promise<void> {
    const { createBot, clock } = this.#parts
    let result: BotResult
    try {
      const bot = createBot(this.#record)
      this.#bot = bot
      bot.on('status', (change) => this.#said(change))
      bot.on('participant', ({ participant }) => this.#learnt(() => this.#people.set(participant.id, participant)))
      bot.on('speaking', ({ id, interval }) =>
        this.#learnt(() => this.#spoken.set(id, { ...interval, endAt: interval.endAt ?? clock.now() })),
      )
      if (this.#toldBy === undefined)
        bot.join().catch(() => {}) // `done` says the same
      else void bot.leave(this.#toldBy)
      result = await bot.done
    } catch (error) {
      result = neverBegan(this.#record.uuid, clock.now(), toBotError(error))
    }
    void this.#finish(result)
    await this.#bot?.closed
  }

  /** Tells it to leave. Who told it first is who it left for. */
  leave(by: Leaver): void {
    if (by === 'caller' && !this.#record.isStopped) this.#journal.patch({ isStopped: true })
    if (this.#toldBy !== undefined) return
    this.#toldBy = by
    void this.#bot?.leave(by)
  }

  /** Ends it without manners. */
  async cut(): Promise<void> {
    this.#toldBy ??= 'stop'
    await this.#bot?.[Symbol.asyncDispose]()
  }

  /** Lets go of it: what is not stored is left to the next start. */
  abandon(): void {
    this.#quit.abort()
    this.#journal.close()
    this.#settle()
  }

  /** The record with what is known only here so far. */
  seen(record: BotRecord): BotRecord {
    if (record.phase === 'ended') return record
    return { ...record, ...this.#live, ...this.#now() }
  }

  #said(change: StatusChange): void {
    this.#last = change
    const picture = change.evidence?.screenshot
    if (picture !== undefined) this.#parts.keeping.picture(this.#record.uuid, picture)
    this.#isOut ||= change.to === 'call_ended'
    if (isTerminal(change.to)) return // stored with the result
    const fact = statusFact(this.#record, told(change, this.#toldBy))
    this.#live = { ...this.#live, ...fact.patch }
    this.#journal.write(fact)
  }

  #learnt(take: () => void): void {
    take()
    if (this.#pulsing || this.#isEnding) return
    this.#pulsing = true
    this.#parts.clock.after(PULSE_MS, this.#quit.signal).then(
      () => {
        this.#pulsing = false
        if (!this.#isEnding) this.#journal.patch(this.#now()) // else the result says it all
      },
      () => {}, // over
    )
  }

  #now(): BotPatch {
    const { recordingStartedAt, exitedAt } = this.#live
    return {
      ...(this.#people.size === 0 ? {} : { participants: [...this.#people.values()] }),
      ...(this.#spoken.size === 0 ? {} : { speakers: [...this.#spoken.values()].sort((a, b) => a.startAt - b.startAt) }),
      ...(recordingStartedAt == null ? {} : { durationMs: Math.max(0, (exitedAt ?? this.#parts.clock.now()) - recordingStartedAt) }),
    }
  }

  async #finish(result: BotResult): Promise<void> {
    const { keeping, clock, logger } = this.#parts
    this.#isEnding = true
    const patch = patchOf(result)
    const ending = endingOf(result)
    const bot = { ...this.#record, ...this.#live, ...patch }
    try {
      const { links, keepAt } = await keptFor(ending, bot, { keeping, clock, signal: this.#quit.signal })
      const screenshot = this.#last?.evidence?.screenshot ?? null
      const details = { at: clock.now(), patch: { ...patch, keepAt }, links, screenshot, isOut: this.#isOut }
      this.#journal.write(endingFact(bot, told(ending, this.#toldBy), details))
      await this.#journal.settled()
    } catch (error) {
      if (!this.#quit.signal.aborted) logger.error('a bot could not be brought to its end', { bot: bot.uuid, error: String(error) })
    }
    this.#quit.abort()
    await this.#bot?.closed // not before: an end that waited for a browser could be lost
    this.#settle()
  }

  /** Another run has the bot now (this process was silent too long): ours must not stay in the call as a second one. */
  #taken(): void {
    this.#parts.logger.warn("a bot is no longer this run's", { bot: this.#record.uuid })
    this.#quit.abort()
    void this.cut().finally(() => this.#settle())
  }
}

/** What the record takes from a result. Nothing recorded: there is no length and no beginning. */
function patchOf(result: BotResult): BotPatch {
  const { mp4, audio, pcm, events, durationMs, startedAt, participants, speakers } = result
  const recorded = durationMs > 0
  return {
    files: {
      ...(mp4 === undefined ? {} : { mp4 }),
      ...(audio === undefined ? {} : { audio }),
      ...(pcm === undefined ? {} : { pcm }),
      ...(events === '' ? {} : { events }),
    },
    ...(recorded ? { recordingStartedAt: startedAt, durationMs } : { recordingStartedAt: null, durationMs: null }),
    participants,
    speakers,
  }
}

function endingOf({ outcome, reason, error, truncated }: BotResult): BotEnding {
  return { outcome, reason, responsible: responsibleFor(reason), truncated: truncated === true, message: error?.message ?? null }
}

function neverBegan(botId: string, at: number, error: BotError): BotResult {
  return {
    botId,
    outcome: 'failed',
    reason: error.code,
    error: error.toJSON() as NonNullable<BotResult['error']>,
    events: '',
    startedAt: at,
    durationMs: 0,
    participants: [],
    speakers: [],
    warnings: [],
  }
}
