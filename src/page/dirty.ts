/** Most often said. */
const EVERY_MS = 500
/** Labels and texts, not animation: class and style change many times a second in a quiet call. */
const ATTRIBUTES = [
  'aria-label',
  'aria-hidden',
  'hidden',
  'disabled',
  'open',
  'data-is-muted',
  'data-startup-code',
  'data-call-ended',
  'data-participant-id',
]

/** Tells that the document changed, at most twice a second, so that nobody has to look at a page that stands still. */
export function watchChanges(onChange: () => void): void {
  let due = false
  const observer = new MutationObserver(() => {
    if (due) return
    due = true
    setTimeout(() => {
      due = false
      onChange()
    }, EVERY_MS)
  })
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES })
}
