import type { SpeakingChange, SpeakingInterval, SpeakingSource } from '../../core/events.ts'

// biome-ignore format: a table
const CONFIDENCE: Record<SpeakingSource, number> = { csrc: 0.95, track: 0.8, meter: 0.7, list: 0.6 }
const RANK: readonly SpeakingSource[] = ['csrc', 'track', 'meter', 'list']
/** A pause shorter than this is part of what somebody says. Nobody else's words are joined to it: turns are by person. */
const PAUSE_MS = 1_200
/** Voices of nobody in particular may be two people: only the pause between two words joins them. */
const NAMELESS_PAUSE_MS = 400
/** Less voice than this is a cough, or the edge of somebody else's turn. */
const LEAST_MS = 100
const NAMELESS_LEAST_MS = 300

/** Whose voice a moment holds, and how it is known. */
export interface Voice {
  participantId?: string
  source: SpeakingSource
  csrc?: number
}

interface Turn extends Voice {
  id: string
  startAt: number
  endAt: number
  voicedMs: number
  announced: boolean
}

export interface TurnsOptions {
  nameOf(participantId: string): string | undefined
  onChange(change: SpeakingChange): void
}

const keyOf = ({ participantId, csrc }: Voice) => (participantId === undefined ? `c ${csrc ?? ''}` : `p ${participantId}`)
const better = (a: SpeakingSource, b: SpeakingSource) => RANK.indexOf(a) < RANK.indexOf(b)

/** Moments of voice, joined to what each person said without letting go of the floor. */
export class Turns {
  readonly #options: TurnsOptions
  readonly #open = new Map<string, Turn>()
  readonly #closed: Turn[] = []
  #ids = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** A moment of `ms` in which this voice is heard. */
  voice(voice: Voice, atMs: number, ms: number): void {
    const key = keyOf(voice)
    let turn = this.#open.get(key)
    if (turn !== undefined && atMs - turn.endAt > pauseOf(turn)) {
      this.#close(key, turn)
      turn = undefined
    }
    if (turn === undefined) {
      turn = { ...voice, id: `s${++this.#ids}`, startAt: atMs, endAt: atMs, voicedMs: 0, announced: false }
      this.#open.set(key, turn)
    }
    turn.startAt = Math.min(turn.startAt, atMs)
    turn.endAt = Math.max(turn.endAt, atMs + ms)
    turn.voicedMs += ms
    if (voice.csrc !== undefined) turn.csrc = voice.csrc
    const improved = better(voice.source, turn.source)
    if (improved) turn.source = voice.source
    if (!turn.announced) this.#announce(turn)
    else if (improved) this.#say(turn, 'revised')
  }

  /** Turns whose pause has become too long by now. */
  settle(now: number): void {
    for (const [key, turn] of this.#open) if (now - turn.endAt > pauseOf(turn)) this.#close(key, turn)
  }

  /** The call is over. */
  close(): void {
    for (const [key, turn] of this.#open) this.#close(key, turn)
  }

  /** Another stay begins: a source may be somebody else's in it, whoever speaks has stopped. */
  reload(): void {
    this.close()
    for (const turn of this.#closed) delete turn.csrc
  }

  /** It is known at last whose source this is: everything that was said by it, and was nobody's for certain, is theirs. */
  revise(csrc: number, participantId: string): void {
    for (const turn of this.#closed) this.#give(turn, csrc, participantId)
    for (const [key, turn] of [...this.#open]) {
      if (!this.#give(turn, csrc, participantId)) continue
      this.#open.delete(key)
      const theirs = this.#open.get(keyOf(turn))
      if (theirs === undefined) this.#open.set(keyOf(turn), turn)
      else if (turn.announced) {
        this.#closed.push(turn)
        this.#say(turn, 'ended')
      }
    }
  }

  /** Who is heard at `now`, the one who started last first. */
  speaking(now: number): readonly string[] {
    return [...this.#open.values()]
      .filter(({ endAt, announced }) => announced && now - endAt < PAUSE_MS)
      .sort((a, b) => b.startAt - a.startAt)
      .flatMap(({ participantId }) => (participantId === undefined ? [] : [participantId]))
  }

  /** Does a better source than meters tell that this person speaks at this moment? */
  certain(participantId: string, atMs: number): boolean {
    const turn = this.#open.get(keyOf({ participantId, source: 'csrc' }))
    return turn !== undefined && better(turn.source, 'meter') && atMs - turn.endAt < 200
  }

  /** Finished turns and those that still go on, in order of their start. */
  intervals(): readonly SpeakingInterval[] {
    return [...this.#closed, ...this.#open.values()]
      .filter(({ announced }) => announced)
      .map((turn) => this.#interval(turn))
      .sort((a, b) => a.startAt - b.startAt)
  }

  #give(turn: Turn, csrc: number, participantId: string): boolean {
    if (turn.csrc !== csrc || turn.participantId === participantId) return false
    if (turn.source === 'csrc' && turn.participantId !== undefined) return false
    turn.participantId = participantId
    turn.source = 'csrc'
    if (turn.announced) this.#say(turn, 'revised')
    return true
  }

  #close(key: string, turn: Turn): void {
    this.#open.delete(key)
    if (!turn.announced) return
    this.#closed.push(turn)
    this.#say(turn, 'ended')
  }

  #announce(turn: Turn): void {
    if (turn.voicedMs < (turn.participantId === undefined ? NAMELESS_LEAST_MS : LEAST_MS)) return
    turn.announced = true
    this.#say(turn, 'started')
  }

  #say(turn: Turn, change: SpeakingChange['change']): void {
    const { endAt, ...rest } = this.#interval(turn)
    const over = change === 'ended' || (change === 'revised' && ![...this.#open.values()].includes(turn))
    this.#options.onChange({ id: turn.id, change, interval: over ? { ...rest, endAt } : rest })
  }

  #interval({ participantId, startAt, endAt, source }: Turn): SpeakingInterval {
    if (participantId === undefined) return { startAt, endAt, source, confidence: 0 }
    const name = this.#options.nameOf(participantId)
    return { participantId, ...(name === undefined ? {} : { name }), startAt, endAt, source, confidence: CONFIDENCE[source] }
  }
}

function pauseOf({ participantId }: Turn): number {
  return participantId === undefined ? NAMELESS_PAUSE_MS : PAUSE_MS
}
