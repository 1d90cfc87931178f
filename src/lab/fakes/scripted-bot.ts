import { comesOut, judge } from '../../bot/ending.ts'
import type { Clock } from '../../core/clock.ts'
import { type Listenable, SafeEmitter } from '../../core/emitter.ts'
import { BotError } from '../../core/errors.ts'
import type { BotEvents, BotResult, Participant, SpeakingInterval } from '../../core/events.ts'
import { Lifecycle } from '../../core/lifecycle.ts'
import type { EndReason, ErrorCode } from '../../core/outcomes.ts'
import type { Signal } from '../../core/status.ts'
import type { RecordedFiles } from '../../media/recorder-port.ts'

/** One thing that happens in a scripted life, so long after `join()`. */
export type ScriptedStep = { atMs: number } & (
  | { signal: Exclude<Signal, 'ended' | 'saved' | 'broke'>; screenshot?: string }
  | { joins: Participant }
  | { speaks: SpeakingInterval }
)

/** A bot's life as a script. Without `ends` it goes on until the bot is told to leave. */
export interface ScriptedLife {
  steps?: readonly ScriptedStep[]
  ends?: { atMs: number; reason: EndReason | ErrorCode }
  /** How long leaving takes. Default 0. */
  leaveMs?: number
  /** How long finishing the files takes, after the bot is out. Default 0. */
  finishMs?: number
  /** Makes real files: begun with `recording`, finished at the end. Without it nothing is on disk. */
  media?: ScriptedMedia
}

/** Something that records while a scripted bot is in its call. */
export interface ScriptedMedia {
  start(): Promise<{ startedAt: number }>
  finish(): Promise<RecordedFiles>
}

/** A usual life: in at once, recording after a second. */
export const IN_THE_CALL: readonly ScriptedStep[] = [
  { atMs: 0, signal: 'start' },
  { atMs: 500, signal: 'admitted' },
  { atMs: 1_000, signal: 'recording' },
]

/** A bot without a browser: it says what its script says, at the script's times on any clock. */
export class ScriptedBot implements Listenable<BotEvents> {
  readonly id: string
  readonly done: Promise<BotResult>
  readonly #life: ScriptedLife
  readonly #clock: Clock
  readonly #emitter = new SafeEmitter<BotEvents>(() => {})
  readonly #lifecycle: Lifecycle
  readonly #left = new AbortController()
  readonly #people: Participant[] = []
  readonly #spoken: SpeakingInterval[] = []
  readonly #bornAt: number
  #startedAt: number | undefined
  #settle: (result: BotResult) => void = () => {}
  #living: Promise<void> | undefined
  #concluded = false

  constructor(id: string, life: ScriptedLife, clock: Clock) {
    this.id = id
    this.#life = life
    this.#clock = clock
    this.#bornAt = clock.now()
    this.done = new Promise((resolve) => {
      this.#settle = resolve
    })
    this.#lifecycle = new Lifecycle(
      () => clock.now(),
      (change) => this.#emitter.emit('status', change),
    )
  }

  /** Plays the script. Resolves at `in_call_recording`, rejects with the error that ended it before. */
  async join(): Promise<void> {
    this.#living ??= this.#play()
    const recording = new Promise<void>((resolve) => {
      this.#emitter.on('status', ({ to }) => {
        if (to === 'in_call_recording') resolve()
      })
    })
    const over = this.done.then(({ error, reason }) => {
      if (error !== undefined) throw new BotError(error.code, error.message, { details: error.details ?? {} })
      return reason
    })
    await Promise.race([recording, over])
    over.catch(() => {}) // said by `done` as well
  }

  async leave(reason = 'caller'): Promise<void> {
    this.#left.abort(reason)
    if (this.#living === undefined) await this.#conclude('caller')
    await this.done
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

  async #play(): Promise<void> {
    const { steps = [], ends, leaveMs = 0 } = this.#life
    const beganAt = this.#clock.now()
    const until = (atMs: number) => this.#clock.after(Math.max(0, beganAt + atMs - this.#clock.now()), this.#left.signal)
    try {
      for (const step of steps) {
        if (ends !== undefined && step.atMs > ends.atMs) break
        await until(step.atMs)
        await this.#take(step)
      }
      if (ends === undefined) return await refusal(this.#left.signal)
      await until(ends.atMs)
      await this.#conclude(ends.reason)
    } catch {
      if (leaveMs > 0) await this.#clock.after(leaveMs) // told to leave: the only reason a wait is refused
      await this.#conclude('caller')
    }
  }

  async #take(step: ScriptedStep): Promise<void> {
    const at = this.#clock.now()
    if ('joins' in step) {
      this.#people.push(step.joins)
      this.#emitter.emit('participant', { change: 'joined', participant: step.joins, at })
    } else if ('speaks' in step) {
      this.#spoken.push(step.speaks)
      this.#emitter.emit('speaking', { id: `s${this.#spoken.length}`, change: 'ended', interval: step.speaks })
    } else {
      const { signal, screenshot } = step
      const first = signal === 'recording' && this.#startedAt === undefined
      if (first) this.#startedAt = (await this.#life.media?.start())?.startedAt ?? at
      const evidence = screenshot === undefined ? {} : { evidence: { screenshot } }
      this.#lifecycle.apply(signal, { ...evidence, ...(first && this.#startedAt !== undefined ? { startedAt: this.#startedAt } : {}) })
    }
  }

  async #conclude(said: EndReason | ErrorCode): Promise<void> {
    if (this.#concluded) return
    this.#concluded = true
    const { media, finishMs = 0 } = this.#life
    const outAt = this.#clock.now()
    const { outcome, reason, responsible, truncated, error } = judge({ reason: said }, this.#startedAt !== undefined)
    if (comesOut(this.#lifecycle.status, said)) this.#lifecycle.apply('ended', { reason, responsible })
    const files = this.#startedAt === undefined ? undefined : await media?.finish()
    if (finishMs > 0) await this.#clock.after(finishMs)
    this.#lifecycle.apply(outcome === 'completed' ? 'saved' : 'broke', { reason, responsible })
    const startedAt = files?.startedAt ?? this.#startedAt ?? this.#bornAt
    const result: BotResult = {
      botId: this.id,
      outcome,
      reason,
      ...(error === undefined ? {} : { error: error.toJSON() as NonNullable<BotResult['error']> }),
      ...(truncated ? { truncated } : {}),
      ...(files?.mp4 === undefined ? {} : { mp4: files.mp4 }),
      ...(files?.audio === undefined ? {} : { audio: files.audio }),
      ...(files?.pcm === undefined ? {} : { pcm: files.pcm }),
      events: '',
      startedAt,
      durationMs: files?.durationMs ?? (this.#startedAt === undefined ? 0 : Math.max(1, outAt - this.#startedAt)),
      participants: this.#people,
      speakers: this.#spoken,
      warnings: [],
    }
    this.#emitter.emit('ended', result)
    this.#settle(result)
  }
}

/** Rejects when the signal is aborted. */
function refusal(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (signal.aborted) reject(signal.reason)
  })
}
