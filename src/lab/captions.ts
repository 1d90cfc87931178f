import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { misheardPlace, takenFor } from './mishearing.ts'
import type { CaptionView } from './protocol.ts'

interface Word {
  word: string
  start: number | null
}

interface Transcript {
  file: string
  text: string
  duration: number
  words: Word[] | null
}

/** What a person says now, as captions see it. */
export interface Heard {
  personId: string
  name: string
  voice: string
  /** How far into the voice. */
  atMs: number
}

const LAG_MS = 700
/** A word that was misheard stands so long; by then others have followed it. */
const WRONG_MS = 1_000
const LONG = 400
const RESTARTED = 120

interface Item extends CaptionView {
  before: string
  said: string
  /** The whole text without mistakes. */
  right: string
  voice: string
  atMs: number
  skip: number
  misheard: number | undefined
}

/** Captions of what is said: one item a turn, growing at its end, the last word corrected a moment later, now and then an earlier one. */
export class Captions {
  readonly #words: ReadonlyMap<string, readonly Word[]>
  #next = 1
  /** The item of whoever spoke last, or of each who speak at once. */
  readonly #open = new Map<string, Item>()
  readonly #random: () => number
  readonly #restarts: boolean

  /** `restarts`: the text of a long item begins anew in the same item (the real client does it after half an hour). */
  constructor({ random, restarts = false }: { random: () => number; restarts?: boolean }) {
    this.#random = random
    this.#restarts = restarts
    const path = join(dirname(fileURLToPath(import.meta.url)), 'assets/voices/transcripts.json')
    const files = JSON.parse(readFileSync(path, 'utf8')) as Transcript[]
    this.#words = new Map(files.map((one) => [one.file.replace('.wav', ''), one.words ?? spread(one)]))
  }

  /** The captions that changed. */
  update(heard: readonly Heard[]): CaptionView[] {
    const changed: CaptionView[] = []
    for (const { personId, name, voice, atMs } of heard) {
      const words = this.#words.get(voice)
      if (words === undefined) continue
      const spoken = words.filter(({ start }) => start !== null && start * 1_000 + LAG_MS / 2 <= atMs)
      if (spoken.length === 0) continue
      const item = this.#item(personId, name, voice, atMs, heard, words)
      item.atMs = atMs
      const last = spoken.at(-1)
      // A word just begun is guessed from its first letters.
      const isFresh = last?.start !== null && last !== undefined && last.start * 1_000 + LAG_MS > atMs
      if (this.#restarts && item.text.length > RESTARTED) Object.assign(item, { before: '', skip: spoken.length - 1 })
      const rights = spoken.map(({ word }) => word)
      if (isFresh) rights.push(rights.pop()?.slice(0, 3) ?? '')
      const wrong = item.misheard === undefined ? undefined : spoken[item.misheard]
      const isWrong = wrong?.start != null && wrong.start * 1_000 + LAG_MS / 2 + WRONG_MS > atMs
      const shown = rights.map((word, place) => (isWrong && place === item.misheard ? takenFor(word) : word))
      const said = shown.slice(item.skip).join(' ')
      item.right = `${item.before}${rights.slice(item.skip).join(' ')}`
      if (said === item.said && item.name === name) continue
      item.said = said
      item.name = name
      item.text = `${item.before}${said}`
      item.version++
      changed.push(viewOf(item))
    }
    const talking = new Set(heard.map(({ personId }) => personId))
    for (const [personId, item] of this.#open) {
      if (talking.has(personId) || item.final) continue
      item.final = true
      item.text = item.right
      item.version++
      changed.push(viewOf(item))
    }
    return changed
  }

  #item(personId: string, name: string, voice: string, atMs: number, heard: readonly Heard[], words: readonly Word[]): Item {
    const open = this.#open.get(personId)
    const isSame = open !== undefined && open.voice === voice && atMs >= open.atMs && !open.final
    if (isSame) return open
    const misheard = misheardPlace(words, this.#random)
    const isLast = [...this.#open.keys()].at(-1) === personId
    // A pause keeps the item; somebody else's words end it, and so does its length.
    if (open !== undefined && isLast && open.text.length < LONG) {
      Object.assign(open, { before: `${open.right} `, said: '', voice, final: false, skip: 0, misheard })
      return open
    }
    this.#open.delete(personId)
    const talking = new Set(heard.map((one) => one.personId))
    for (const [other, { final }] of this.#open) if (final && !talking.has(other)) this.#open.delete(other)
    const view = { id: this.#next++, personId, name, text: '', version: 0, final: false }
    const item = { ...view, before: '', said: '', right: '', voice, atMs, skip: 0, misheard }
    this.#open.set(personId, item)
    return item
  }
}

/** Words whose times nobody measured, evenly over the recording. */
function spread({ text, duration }: Transcript): Word[] {
  const words = text.split(' ')
  return words.map((word, place) => ({ word, start: (place * duration) / words.length }))
}

function viewOf({ id, personId, name, text, version, final }: CaptionView): CaptionView {
  return { id, personId, name, text, version, final }
}
