/** What of an element a person could see. Sites keep texts for screen readers and frames for their own use where nobody looks. */

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** The next element outwards, out of slots and shadow roots too. */
export function parentOf(element: Element): Element | null {
  if (element.assignedSlot !== null) return element.assignedSlot
  if (element.parentElement !== null) return element.parentElement
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? root.host : null
}

/** `closest`, out of shadow roots too. */
export function closestOf(element: Element, css: string): Element | null {
  for (let inner: Element | null = element; inner !== null; ) {
    const found = inner.closest(css)
    if (found !== null) return found
    const root = inner.getRootNode()
    inner = root instanceof ShadowRoot ? root.host : null
  }
  return null
}

const meet = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
})
const NOTHING: Box = { left: 0, top: 0, right: 0, bottom: 0 }

/** `clip` and `clip-path` of the usual recipes for "screen readers only": nothing is left. */
function cutAway({ position, clip, clipPath }: CSSStyleDeclaration): boolean {
  if (/^(inset\(\s*(50|100)%|circle\(0)/.test(clipPath)) return true
  const [top, right, bottom, left] = (/^rect\((.*)\)$/.exec(clip)?.[1] ?? '').split(/[\s,]+/).map((side) => Number.parseFloat(side))
  if (!/absolute|fixed/.test(position) || top === undefined || right === undefined || bottom === undefined || left === undefined)
    return false
  return right - left <= 1 || bottom - top <= 1
}

/** The part that boxes around it leave of an element; `scrolled` reaches everything of what lies in a scrolling box. */
function partOf(element: Element): { box: Box; clipped: boolean; fixed: boolean } {
  let box: Box = element.getBoundingClientRect()
  let clipped = false
  let fixed = false
  /** Boxes that do not hold it: an absolute element is cut by positioned boxes only, a fixed one by none. */
  let held: 'any' | 'positioned' = 'any'
  for (let outer: Element | null = element; outer !== null; outer = parentOf(outer)) {
    const style = getComputedStyle(outer)
    if (cutAway(style)) return { box: NOTHING, clipped: true, fixed }
    if (outer === document.body || outer === document.documentElement) continue
    const cuts = `${style.overflowX} ${style.overflowY}` !== 'visible visible' && !/^(inline|contents)$/.test(style.display)
    if (cuts && !fixed && (held === 'any' || style.position !== 'static')) {
      const around = outer.getBoundingClientRect()
      const scrolls = /auto|scroll/.test(`${style.overflowX} ${style.overflowY}`)
      box = scrolls && outer !== element ? around : meet(box, around)
      clipped = true
    }
    if (style.position === 'fixed') fixed = true
    else if (style.position === 'absolute') held = 'positioned'
    else if (style.position !== 'static') held = 'any'
  }
  return { box, clipped, fixed }
}

/** Whether a person would see it, perhaps after scrolling. */
export function shown(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false
  const { box, clipped, fixed } = partOf(element)
  const least = clipped ? 1 : 0 // the one pixel of a text for screen readers
  if (box.right - box.left <= least || box.bottom - box.top <= least) return false
  if (fixed) return box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight
  return box.right + scrollX > 0 && box.bottom + scrollY > 0
}

/** Whether a press on its middle would reach it now: nothing lies over it. */
export function onTop(element: Element): boolean {
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  let hit = document.elementFromPoint(x, y)
  for (let root = hit?.shadowRoot; root?.contains(root.elementFromPoint(x, y)) === true; root = hit?.shadowRoot)
    hit = root.elementFromPoint(x, y)
  for (let outer = hit; outer !== null; outer = parentOf(outer)) if (outer === element) return true
  return false
}

/** How much of it is in the window now, in CSS pixels. */
export function sizeInWindow(element: Element): { width: number; height: number } {
  const { left, top, right, bottom } = meet(partOf(element).box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight })
  return { width: Math.max(0, right - left), height: Math.max(0, bottom - top) }
}
