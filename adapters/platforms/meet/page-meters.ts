import { tileAround } from './page-tiles.ts'

/** A meter that has not moved for this long has stopped: its person fell silent when it last moved. */
const STILL_MS = 450
/** An element of unknown name is a meter once its class changed this often within the window, back and forth. */
const CYCLES = 4
const CYCLE_WINDOW_MS = 1_200
/** The meter's own name, as long as it is that (2026-08). */
const KNOWN = '[jsname="QgSmzd"]'

/** Whose meter started or stopped moving, and when: `atMs` on `performance.now()`. */
export interface MeterChange {
  id: string
  on: boolean
  atMs: number
}

interface Cycle {
  at: number[]
  classes: Set<string>
}

/**
 * Tells a voice by the small bars in a person's tile. They are known by name, or else by what they do: an element inside
 * a tile whose class keeps changing between a few values. Which classes these are changes with every build.
 */
export class Meters {
  readonly #say: (change: MeterChange) => void
  readonly #moved = new Map<string, number>()
  readonly #on = new Set<string>()
  /** Weak: tiles come and go for hours. */
  readonly #cycles = new WeakMap<Element, Cycle>()
  #named = false

  constructor(say: (change: MeterChange) => void) {
    this.#say = say
  }

  watch(root: Document): void {
    new MutationObserver((records) => {
      const now = performance.now()
      for (const { target, oldValue } of records) if (target instanceof Element) this.#changed(target, oldValue ?? '', now)
    }).observe(root, { subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true })
  }

  /** Whose meter stands still by now. */
  settle(now: number): void {
    for (const [id, at] of this.#moved) {
      if (now - at < STILL_MS) continue
      this.#moved.delete(id)
      if (this.#on.delete(id)) this.#say({ id, on: false, atMs: at })
    }
  }

  #changed(target: Element, before: string, now: number): void {
    if (target.getAttribute('class') === before) return
    const named = target.closest(KNOWN) !== null
    if (!named && this.#named) return
    const tile = tileAround(target)
    const id = tile?.getAttribute('data-participant-id') ?? ''
    if (id === '' || tile === target) return
    if (named) {
      this.#named = true
      this.#move(id, now, now)
      return
    }
    const since = this.#cycling(target, before, now)
    if (since !== undefined) this.#move(id, since, now)
  }

  /** Since when this element's class goes back and forth; undefined if it does not. */
  #cycling(target: Element, before: string, now: number): number | undefined {
    const cycle = this.#cycles.get(target) ?? { at: [], classes: new Set<string>() }
    this.#cycles.set(target, cycle)
    cycle.at.push(now)
    if (cycle.classes.size > 8) cycle.classes.clear()
    cycle.classes.add(before)
    const from = now - CYCLE_WINDOW_MS
    while ((cycle.at[0] ?? now) < from) cycle.at.shift()
    const returns = cycle.classes.has(target.getAttribute('class') ?? '')
    if (cycle.at.length === 1) cycle.classes = new Set([before])
    return cycle.at.length >= CYCLES && (returns || cycle.at.length >= CYCLES * 2) ? cycle.at[0] : undefined
  }

  #move(id: string, since: number, now: number): void {
    this.#moved.set(id, now)
    if (this.#on.has(id)) return
    this.#on.add(id)
    this.#say({ id, on: true, atMs: since })
  }
}
