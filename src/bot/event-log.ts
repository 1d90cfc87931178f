import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Lines kept for a disk that takes none now; what comes after them is not kept. */
const MOST_WAITING = 10_000

/**
 * Everything a bot said, one JSON object a line: `{"at":…,"event":"status",…}`. Written through at once, so that a kill
 * loses nothing that was announced. A disk that refuses stops no bot: its lines wait, and go out with the next that fits.
 */
export class EventLog {
  readonly #path: string
  readonly #onRefused: (error: unknown) => void
  readonly #waiting: Buffer[] = []
  #file: number | undefined
  #opened = false
  #refused = false

  /** `onRefused` hears of the first line the disk did not take. */
  constructor(path: string, onRefused: (error: unknown) => void = () => {}) {
    this.#path = path
    this.#onRefused = onRefused
  }

  /** Where it is; empty while nothing could be opened there. */
  get path(): string {
    return this.#opened ? this.#path : ''
  }

  /** Makes the folder and the file, once; throws what the file system says. */
  open(): void {
    if (this.#opened) return
    mkdirSync(dirname(this.#path), { recursive: true })
    this.#file = openSync(this.#path, 'a')
    this.#opened = true
  }

  /** Never throws. */
  write(event: string, at: number, data: unknown): void {
    if (this.#file === undefined) return
    const line = lineOf(event, at, data)
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(line)
    this.#flush(this.#file)
  }

  close(): void {
    const file = this.#file
    this.#file = undefined
    if (file === undefined) return
    try {
      closeSync(file)
    } catch (error) {
      this.#onRefused(error) // a network disk tells of a lost write at the close
    }
  }

  #flush(file: number): void {
    try {
      for (let line = this.#waiting[0]; line !== undefined; line = this.#waiting[0]) {
        const written = writeSync(file, line)
        if (written < line.length) this.#waiting[0] = line.subarray(written)
        else this.#waiting.shift()
      }
    } catch (error) {
      if (this.#refused) return
      this.#refused = true
      this.#onRefused(error)
    }
  }
}

function lineOf(event: string, at: number, data: unknown): Buffer {
  try {
    return Buffer.from(`${JSON.stringify({ at, event, data })}\n`)
  } catch (error) {
    return Buffer.from(`${JSON.stringify({ at, event, unwritable: String(error) })}\n`) // details of somebody's own part
  }
}
