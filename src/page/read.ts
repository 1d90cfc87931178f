/** Tells everything of some elements, for the few controls that are read and not only seen. */
import { shown, sizeInWindow } from './shown.ts'

declare const remoraRead: { elements: readonly Element[]; facts?: readonly unknown[] }

remoraRead.facts = remoraRead.elements.map((element) => ({
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is no part of how it shows
  text: (element instanceof HTMLElement ? element.innerText : (element.textContent ?? '')).slice(0, 500),
  attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
  ...(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? { value: element.value } : {}),
  tag: element.localName,
  ...sizeInWindow(element),
  visible: shown(element),
  enabled: !element.matches(':disabled') && element.closest('[aria-disabled="true"]') === null,
}))
