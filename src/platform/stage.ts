import type { Clock } from '../core/clock.ts'
import type { Evidence } from '../core/events.ts'

/** A control as it shows right now. */
export interface Seen {
  /** Index of the clue that matched. */
  clue: number
  /** Visible text (or accessible name where there is none) of the first match, at most 200 characters. */
  text: string
  enabled: boolean
}

/** One look at the page. */
export interface Sight<K extends string = string> {
  /** Unix milliseconds. */
  at: number
  /** Full URL of the main frame. */
  url: string
  /** False when the page did not answer in time: then `shows` is empty and means nothing. Unknown is not "gone". */
  answered: boolean
  shows: ReadonlyMap<K, Seen>
}

/** An element as the page has it. */
export interface ElementFacts {
  text: string
  /** Every attribute by name. */
  attributes: Readonly<Record<string, string>>
  /** Tag name in lower case, where the page told it. */
  tag?: string
  /** What a text field holds. */
  value?: string
  /** Size of the part that is in the window, in CSS pixels, where it was measured. */
  width?: number
  height?: number
  visible: boolean
  enabled: boolean
}

/** Something the platform's own page code pushed (`remora.push(name, data)`), or the page script itself. */
export interface PageFact {
  name: string
  /** Page clock, Unix milliseconds. */
  atMs: number
  epoch: number
  data: unknown
}

export interface Bounded {
  signal: AbortSignal
  /** Default 10 000. */
  timeoutMs?: number
}

/**
 * What a platform may do with a page. Platforms name controls; only the implementation turns clues into locators.
 * Every call is bounded and ends at once with the signal's reason when aborted, and with `BROWSER_CRASHED` when the
 * page is gone.
 */
export interface Stage<K extends string = string> {
  readonly clock: Clock
  /** Full URL of the main frame, without asking the page. */
  url(): string
  /** Navigates; resolves when the document has loaded its markup, which says nothing about what it renders later. */
  goto(url: string, options: Bounded): Promise<void>
  /** Which of these controls show now. Never throws for a slow page: see `answered`. */
  look(keys: readonly K[], options: Bounded): Promise<Sight<K>>
  /** Waits until at least one of these shows, then looks at all of them; undefined when time is up. */
  firstOf(keys: readonly K[], options: Bounded): Promise<Sight<K> | undefined>
  /**
   * Resolves when the page has changed since the last look (labels, texts, elements; not animation), at the earliest after
   * `atLeastMs` and at the latest after `atMostMs`. The pulse of every observing loop.
   */
  pulse(options: { atLeastMs: number; atMostMs: number; signal: AbortSignal }): Promise<void>
  /** A trusted click, once the control shows and is enabled. Throws `PAGE_CHANGED` naming the clues tried. */
  press(key: K, options: Bounded): Promise<void>
  /** Empties the field and types with trusted key events. Throws `PAGE_CHANGED` as `press` does. */
  type(key: K, text: string, options: Bounded): Promise<void>
  /** A trusted key or chord, in Playwright's words: 'Escape', 'Control+Alt+p'. */
  key(chord: string, options: Bounded): Promise<void>
  /** Every element of a control, shown or not. Empty when the page does not answer. */
  read(key: K, options: Bounded): Promise<readonly ElementFacts[]>
  /** Moves the pointer a little: control bars hide from a still one. */
  wake(options: Bounded): Promise<void>
  /** Facts pushed by the page from now on. Ends when aborted or when the page is gone. */
  facts(signal: AbortSignal): AsyncIterable<PageFact>
  /** A message to the platform's own page code. */
  say(name: string, data: unknown, options: Bounded): Promise<void>
  /** A sight as evidence, with a screenshot if `picture` (JPEG, bounded in number and size). */
  evidence(sight: Sight<K>, options?: { absent?: readonly K[]; picture?: boolean }): Promise<Evidence>
}
