import { type Stirring, Stirrings } from './page-stir.ts'
import { tileAround } from './page-tiles.ts'

/** An element of unknown name is a meter once its class changed this often within the window, back and forth. */
const CYCLES = 4
const CYCLE_WINDOW_MS = 1_200
/** The meter's own name, as long as it is that (2026-08). */
const KNOWN = '[jsname="QgSmzd"]'

interface Cycle {
  at: number[]
  classes: Set<string>
}

/**
 * Tells a voice by the small bars in a person's tile. They are known by name, or else by what they do: an element inside
 * a tile whose class keeps changing between a few values. Which classes these are changes with every build.
 */
export class Meters {
  readonly #stirrings: Stirrings
  /** Weak: tiles come and go for hours. */
  readonly #cycles = new WeakMap<Element, Cycle>()
  #named = false

  constructor(say: (change: Stirring) => void) {
    this.#stirrings = new Stirrings(say)
  }

  watch(root: Document): void {
    new MutationObserver((records) => {
      const now = performance.now()
      for (const { target, oldValue } of records) if (target instanceof Element) this.#changed(target, oldValue ?? '', now)
    }).observe(root, { subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true })
  }

  /** Whose meter stands still by now. */
  settle(now: number): void {
    this.#stirrings.settle(now)
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
      this.#stirrings.move(id, now, now)
      return
    }
    const since = this.#cycling(target, before, now)
    if (since !== undefined) this.#stirrings.move(id, since, now)
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
}
