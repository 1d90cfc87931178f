import { randomUUID } from 'node:crypto'
import { join as joinPath, resolve } from 'node:path'
import { comesOut, type Ending, judge, whyOf } from './bot/ending.ts'
import { EventLog } from './bot/event-log.ts'
import type { BotLife } from './bot/life.ts'
import { type Lived, live } from './bot/live.ts'
import type { BotParts } from './bot/parts.ts'
import { checkPasscode } from './bot/passcode.ts'
import { resultOf } from './bot/result.ts'
import { Sinks } from './bot/sinks.ts'
import { type BotConfig, type ResolvedBotConfig, resolveBotConfig } from './config/bot-config.ts'
import { type Listenable, SafeEmitter } from './core/emitter.ts'
import { BotError, toBotError } from './core/errors.ts'
import type { BotEvents, BotResult, BotWarning, StatusChange } from './core/events.ts'
import { Lifecycle } from './core/lifecycle.ts'
import type { WarningCode } from './core/outcomes.ts'
import { Scope } from './core/scope.ts'
import { BOT_STATUSES, type BotStatus, reachableFrom, type Signal } from './core/status.ts'
import { defaultParts } from './defaults.ts'
import { AudioFeed, type AudioFrame } from './media/audio-feed.ts'

/**
 * One bot in one meeting, from `join()` to `done`.
 *
 * @example
 * const bot = new MeetingBot({ meetingUrl: 'https://meet.google.com/abc-defg-hij', botName: 'Notes' })
 * bot.on('status', ({ to }) => console.log(to))
 * await bot.join()
 * const { mp4 } = await bot.done
 */
export class MeetingBot<Extra = unknown> implements Listenable<BotEvents>, AsyncDisposable {
  readonly id: string
  readonly extra: Extra | undefined
  /** Resolves once, always, never rejects: what was recorded is never lost behind a rejection. */
  readonly done: Promise<BotResult>
  readonly #config: ResolvedBotConfig
  readonly #parts: BotParts
  readonly #lifecycle: Lifecycle
  readonly #emitter = new SafeEmitter<BotEvents>((event, error) => this.#listenerThrew(event, error))
  readonly #log: EventLog
  readonly #scope = new Scope()
  readonly #leave = new AbortController()
  readonly #feed = new AudioFeed()
  readonly #warnings: BotWarning[] = []
  readonly #bornAt: number
  #settle: (result: BotResult) => void = () => {}
  #joining: Promise<void> | undefined
  #concluded = false
  #warningThrew = false
  /** Aborted once `join` has settled. */
  readonly #joined = new AbortController()

  /** Throws `CONFIG_INVALID` (field, value, allowed) or `NOT_SUPPORTED`; nothing is started. */
  constructor(config: BotConfig<Extra>, parts: Partial<BotParts> = {}) {
    this.#config = resolveBotConfig(config)
    this.extra = config.extra
    this.id = parts.id ?? randomUUID()
    this.#parts = { ...defaultParts(this.#config, (code, message) => this.#warn(code, message)), ...parts, id: this.id }
    checkPasscode(this.#config, this.#parts.platforms)
    const { output } = this.#config.streaming
    if (output) this.#parts.outgoing.check(output, 'streaming.output', 'ws')
    if (parts.browser === undefined) this.#scope.own('browser', () => this.#parts.browser.close())
    this.#bornAt = this.#parts.clock.now()
    this.#log = new EventLog(joinPath(resolve(this.#config.outputDir), this.id, 'events.jsonl'), (error) =>
      this.#warn('disk_slow', `The disk does not take the event log now; its lines wait: ${String(error)}`),
    )
    this.#lifecycle = new Lifecycle(
      () => this.#parts.clock.now(),
      (change) => this.#emit('status', change),
    )
    this.done = new Promise((resolveDone) => {
      this.#settle = resolveDone
    })
  }

  get status(): BotStatus {
    return this.#lifecycle.status
  }

  get history(): readonly StatusChange[] {
    return this.#lifecycle.history
  }

  /**
   * Goes in. Resolves at `in_call_recording`; rejects with the BotError that ended it before that. Until then an abort of
   * `signal`, or of one given to a further call, makes the bot leave; after that no signal does, `leave()` does.
   */
  join({ signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (signal !== undefined) this.#heed(signal)
    this.#joining ??= this.#join().finally(() => this.#joined.abort())
    return this.#joining
  }

  /** Leaves politely, in whatever status; resolves when the bot is out and its files are finished. */
  async leave(reason = 'caller'): Promise<void> {
    this.#leave.abort(new BotError('LEFT_BEFORE_RECORDING', `Told to leave: ${reason}`, { details: { reason } }))
    if (this.#joining === undefined) {
      try {
        this.#openLog()
      } catch {
        // Why it ends is that it was told to: a folder that cannot be written is no reason any more. The result names no log.
      }
      await this.#conclude({ reason: 'caller' })
    }
    await this.done
  }

  /**
   * Resolves when the status is (or has been) reached. Rejects with `ILLEGAL_TRANSITION` as soon as it cannot come any more,
   * with `CONFIG_INVALID` where there is no such status, with the signal's reason on abort.
   */
  until(status: BotStatus, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    return new Promise((resolveReached, reject) => {
      if (!BOT_STATUSES.includes(status)) throw noSuchStatus(status)
      const settle = (done: () => void) => {
        this.#emitter.off('status', check)
        signal?.removeEventListener('abort', abort)
        done()
      }
      const check = () => {
        const now = this.status
        // Every bot has been queued.
        if (status === 'queued' || this.history.some(({ to }) => to === status)) settle(resolveReached)
        else if (!reachableFrom(now).has(status))
          settle(() =>
            reject(new BotError('ILLEGAL_TRANSITION', `The bot is ${now}; it never was ${status}`, { details: { status, now } })),
          )
      }
      const abort = () => settle(() => reject(signal?.reason))
      this.#emitter.on('status', check)
      signal?.addEventListener('abort', abort, { once: true })
      if (signal?.aborted) abort()
      else check()
    })
  }

  /** The call's audio from now on: 100 ms frames at `streaming.audioFrequency`. A slow reader loses the oldest. */
  audio(): AsyncIterable<AudioFrame> {
    return this.#feed.open()
  }

  on<K extends keyof BotEvents>(event: K, listener: (...args: BotEvents[K]) => void): this {
    this.#emitter.on(event, listener)
    return this
  }

  once<K extends keyof BotEvents>(event: K, listener: (...args: BotEvents[K]) => void): this {
    this.#emitter.once(event, listener)
    return this
  }

  off<K extends keyof BotEvents>(event: K, listener: (...args: BotEvents[K]) => void): this {
    this.#emitter.off(event, listener)
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave('disposed')
  }

  /** A signal given to `join` is about joining: a time limit for that must not end the recording. */
  #heed(signal: AbortSignal): void {
    const { signal: joined } = this.#joined
    if (joined.aborted) return
    const abort = () => this.#leave.abort(new BotError('LEFT_BEFORE_RECORDING', 'Aborted by its signal', { cause: signal.reason }))
    signal.addEventListener('abort', abort, { once: true, signal: joined })
    if (signal.aborted) abort()
  }

  async #join(): Promise<void> {
    void this.#run()
    const recorded = new Promise<void>((resolveJoined) => {
      this.#emitter.on('status', ({ to }) => {
        if (to === 'in_call_recording') resolveJoined()
      })
    })
    const over = this.done.then(({ outcome, error, reason }) => {
      if (outcome === 'completed') return
      throw new BotError(error?.code ?? 'INTERNAL', error?.message ?? reason, { details: error?.details ?? {} })
    })
    await Promise.race([recorded, over])
    over.catch(() => {}) // said by `done` as well
  }

  /** The whole life; whatever is thrown becomes its ending. Never rejects. */
  async #run(): Promise<void> {
    if (this.#concluded) return // told to leave before it was sent
    try {
      this.#openLog()
      this.#leave.signal.throwIfAborted()
      const lived = await live(this.#life)
      await this.#conclude(lived.ending, lived)
    } catch (error) {
      const failure = toBotError(error)
      const reason = failure === this.#leave.signal.reason ? 'caller' : failure.code
      await this.#conclude({ reason, error: failure })
    }
  }

  #openLog(): void {
    try {
      this.#log.open()
    } catch (error) {
      throw new BotError('STORAGE_FAILED', `outputDir cannot be written: ${this.#config.outputDir}`, { cause: error })
    }
  }

  /** Says the end: `ended` if it was not said yet, then `saved` or `broke`, then closes everything and settles `done`. Never rejects. */
  async #conclude(ending: Ending, lived?: Lived): Promise<void> {
    if (this.#concluded) return
    this.#concluded = true
    const verdict = judge(ending, (lived?.files?.durationMs ?? 0) > 0)
    const why = whyOf(ending, verdict)
    const say = (signal: Signal) => this.#lifecycle.can(signal) && this.#lifecycle.apply(signal, why)
    if (comesOut(this.status, ending.reason)) say('ended')
    // What no recording has closed: whoever reads the audio must not wait for ever.
    if (lived === undefined) await new Sinks(this.#life, [this.#feed, ...this.#parts.sinks]).close()
    await this.#scope.close()
    say(verdict.outcome === 'completed' ? 'saved' : 'broke')
    const result = resultOf(verdict, lived, { botId: this.id, bornAt: this.#bornAt, events: this.#log.path, warnings: this.#warnings })
    this.#emit('ended', result)
    this.#log.close()
    this.#settle(result)
  }

  get #life(): BotLife {
    return {
      id: this.id,
      config: this.#config,
      parts: this.#parts,
      lifecycle: this.#lifecycle,
      scope: this.#scope,
      dir: joinPath(resolve(this.#config.outputDir), this.id),
      leave: this.#leave.signal,
      audio: this.#feed,
      emit: (event, ...args) => this.#emit(event, ...args),
      warn: (code, message, details) => this.#warn(code, message, details),
    }
  }

  #emit<K extends keyof BotEvents>(event: K, ...args: BotEvents[K]): void {
    this.#log.write(event, this.#parts.clock.now(), args[0])
    this.#emitter.emit(event, ...args)
  }

  #warn(code: WarningCode, message: string, details?: Record<string, unknown>): void {
    this.#emit('warning', this.#noted(code, message, details))
  }

  #noted(code: WarningCode, message: string, details?: Record<string, unknown>): BotWarning {
    const warning: BotWarning = { code, message, at: this.#parts.clock.now(), ...(details === undefined ? {} : { details }) }
    this.#warnings.push(warning)
    return warning
  }

  /** A warning about a listener of warnings is kept, once, and not given to it: it would fail at that as well, for ever. */
  #listenerThrew(event: string, error: unknown): void {
    const message = `A listener of "${event}" threw: ${said(error)}`
    if (event !== 'warning') {
      this.#warn('listener_threw', message, { event })
    } else if (!this.#warningThrew) {
      this.#warningThrew = true
      const warning = this.#noted('listener_threw', message, { event })
      this.#log.write('warning', warning.at, warning)
    }
  }
}

/** Anything can be thrown, also what has no string to give. */
function said(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return typeof thrown
  }
}

function noSuchStatus(value: unknown): BotError {
  const allowed = BOT_STATUSES.join(', ')
  return new BotError('CONFIG_INVALID', `status: ${JSON.stringify(value)} is not allowed; allowed: ${allowed}`, {
    details: { field: 'status', value, allowed: BOT_STATUSES },
  })
}
