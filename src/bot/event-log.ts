import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Everything a bot said, one JSON object a line: `{"at":…,"event":"status",…}`. Written through at once, so that a kill
 * loses nothing that was announced.
 */
export class EventLog {
  readonly path: string
  #file: number | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Makes the folder and the file; throws what the file system says. */
  open(): void {
    mkdirSync(dirname(this.path), { recursive: true })
    this.#file = openSync(this.path, 'a')
  }

  write(event: string, at: number, data: unknown): void {
    if (this.#file === undefined) return
    writeSync(this.#file, `${JSON.stringify({ at, event, data })}\n`)
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}
