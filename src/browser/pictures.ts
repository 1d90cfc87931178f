import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Pictures kept of one bot: one that flaps for hours must not fill the disk. */
const MOST = 40
/** Of these, kept back for what the bot itself asks for, which is how it ends. */
const FOR_THE_BOT = 8
/** A control that could not be used is pictured the first time, then ever more rarely: it may be tried every few seconds. */
const FAILURE = /^no-/
const RARER = 5

export interface PictureRequest {
  label: string
  /** Who asks: the stage on its way, or the bot. */
  by: 'stage' | 'bot'
}

/** The pictures of one bot, over all its pages: numbered in the order they were taken, counted when they are there. */
export class Pictures {
  readonly #dir: string
  readonly #failures = new Map<string, { seen: number; dueAt: number }>()
  #asked = 0
  #kept = 0

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Where the picture is that `shoot` took; undefined where there is none, or one too many. */
  async take({ label, by }: PictureRequest, shoot: (path: string) => Promise<boolean>): Promise<string | undefined> {
    if (this.#kept >= (by === 'bot' ? MOST : MOST - FOR_THE_BOT)) return undefined
    const failure = FAILURE.test(label) ? this.#failure(label) : undefined
    if (failure !== undefined && failure.seen < failure.dueAt) return undefined
    const path = join(this.#dir, `${String(++this.#asked).padStart(2, '0')}-${label.replace(/[^\w-]/g, '_')}.jpg`)
    try {
      mkdirSync(this.#dir, { recursive: true })
    } catch {
      return undefined // a disk that takes no picture is told of by the recording
    }
    if (!(await shoot(path))) return undefined
    this.#kept++
    if (failure !== undefined) failure.dueAt = failure.seen * RARER + 1
    return path
  }

  #failure(label: string): { seen: number; dueAt: number } {
    const failure = this.#failures.get(label) ?? { seen: 0, dueAt: 1 }
    failure.seen++
    this.#failures.set(label, failure)
    return failure
  }
}
