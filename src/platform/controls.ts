/** ARIA roles a clue may name. */
export type Role =
  | 'alert'
  | 'button'
  | 'checkbox'
  | 'dialog'
  | 'heading'
  | 'link'
  | 'list'
  | 'listitem'
  | 'menuitem'
  | 'radio'
  | 'region'
  | 'tab'
  | 'textbox'
  | 'timer'

/** One way to recognise a control. `lang` is the page language it belongs to ('en', 'de'); absent = any. */
export type Clue = (
  | { role: Role; name?: string | RegExp }
  | { label: string | RegExp }
  | { text: string | RegExp }
  /** `says`: what it is named or holds must say this. */
  | { css: string; says?: RegExp }
  /** The button that holds exactly this icon ligature: 'call_end'. */
  | { icon: string }
  /** The one button of a dialog that this CSS finds, where there is nothing else in it to choose. */
  | { only: string }
) & {
  lang?: string
  /** CSS: what lies in (or is) such an element does not count. A chat panel may quote any text of the site. */
  outside?: string
  /** CSS: only what lies in such an element counts. */
  inside?: string
  /** What stands around it must say this: its dialog, or else the small part of the page that it lies in. */
  near?: RegExp
  /** What stands around it must not say this. */
  unless?: RegExp
  /** Known by its shape alone, whatever it says: always reported as `fallback_selector`. */
  shape?: true
  /** Where and when the clue was seen: 'guest, 2026-08'. */
  note?: string
}

/** Clues in order of trust. A match by a clue of a less trusted kind than the first one's is reported as `fallback_selector`. */
export interface Control {
  clues: readonly [Clue, ...Clue[]]
  note?: string
  /** Present in the document is enough; it need not be visible (hidden frames, state containers). */
  attached?: boolean
}

export type ControlMap = Readonly<Record<string, Control>>

/** Keeps the keys as literals, so that a misspelt control does not compile. */
export function defineControls<const M extends ControlMap>(controls: M): M {
  return controls
}
