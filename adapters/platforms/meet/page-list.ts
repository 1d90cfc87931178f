import { type Stirring, Stirrings } from './page-stir.ts'
import { listedPeople } from './page-tiles.ts'

/** What a row of the people panel turns to while its person speaks, light and dark (6.6, 2026-08). */
const SPEAKING = ['26,115,232', '11,87,208', '168,199,250']
/** Rows are looked at, not listened to: their colours change by style sheets and animations. */
const LOOK_MS = 200

/** Tells a voice by the colour of its person's row, where the people panel is open. */
export class ListColours {
  readonly #stirrings: Stirrings
  #lookedAt = 0

  constructor(say: (change: Stirring) => void) {
    this.#stirrings = new Stirrings(say)
  }

  /** Whose row has the colour now, and whose has lost it. */
  look(now: number): void {
    if (now - this.#lookedAt < LOOK_MS) return
    this.#lookedAt = now
    for (const row of listedPeople()) if (isLit(row)) this.#stirrings.move(row.getAttribute('data-participant-id') ?? '', now, now)
    this.#stirrings.settle(now)
  }
}

/** The indicator has the colour, and the second of its parts a picture that is not at its start: muted ones have the colour alone. */
function isLit(row: Element): boolean {
  return [row, ...row.querySelectorAll('*')].some((part) => {
    const [, second] = part.children
    if (second === undefined) return false
    const [red, green, blue, alpha = 1] =
      getComputedStyle(part)
        .backgroundColor.match(/[\d.]+/g)
        ?.map(Number) ?? []
    if (!SPEAKING.includes(`${red},${green},${blue}`) || alpha === 0) return false
    return Number.parseFloat(getComputedStyle(second).backgroundPositionX) !== 0
  })
}
