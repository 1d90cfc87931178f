/** Roles and accessible names, as far as the controls of meeting sites need them. */

const IMPLICIT: Readonly<Record<string, string>> = {
  button: 'button,input:is([type=button],[type=submit],[type=reset],[type=image])',
  checkbox: 'input[type=checkbox]',
  dialog: 'dialog',
  heading: 'h1,h2,h3,h4,h5,h6',
  link: 'a[href],area[href]',
  list: 'ul,ol,menu',
  listitem: 'li',
  radio: 'input[type=radio]',
  region: 'section:is([aria-label],[aria-labelledby],[title])',
  textbox: 'textarea,input:is(:not([type]),[type=text],[type=email],[type=tel],[type=url],[type=""])',
}
/** Roles that are named by what they contain. */
const BY_CONTENT = /^(button|checkbox|heading|link|menuitem|radio|tab)$/

/** Text with its white space made single. */
export function wordsIn(text: string): string {
  return text
    .replace(/[\u200b\u00ad]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** How to find a role: a selector that finds too many, and the test that keeps the right ones. */
export function roleSelector(role: string): { css: string; is(element: Element): boolean } {
  const implicit = IMPLICIT[role]
  const css = `[role]${implicit === undefined ? '' : `,${implicit}`}`
  const is = (element: Element) => {
    if (element.hasAttribute('role')) return explicitRole(element) === role
    return implicit !== undefined && !(element instanceof HTMLInputElement && element.list !== null) // with suggestions: a combobox
  }
  return { css, is }
}

function explicitRole(element: Element): string {
  return (element.getAttribute('role') ?? '').trim().split(/\s+/)[0] ?? ''
}

/** The text of the elements that `aria-labelledby` names. */
function labelledBy(element: Element): string {
  const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter((id) => id !== '')
  const root = element.getRootNode()
  if (!(root instanceof Document || root instanceof ShadowRoot)) return ''
  return wordsIn(ids.map((id) => root.getElementById(id)?.textContent ?? '').join(' '))
}

function fieldLabels(element: Element): string[] {
  const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
  return field ? [...(element.labels ?? [])].map(({ textContent }) => wordsIn(textContent ?? '')) : []
}

/** Everything that labels an element: a label clue may match any of it. */
export function named(element: Element): string[] {
  const by = labelledBy(element)
  const label = wordsIn(element.getAttribute('aria-label') ?? '')
  return [by, by === '' ? label : '', ...fieldLabels(element)].filter((text) => text !== '')
}

/** What a person with a screen reader hears; icons' ligatures (`aria-hidden`) are no part of it. */
function content(node: Node): string {
  let text = ''
  for (const child of node.childNodes) {
    if (child instanceof Text) text += child.data
    if (!(child instanceof Element)) continue
    if (child.getAttribute('aria-hidden') === 'true' || /^(script|style|template|noscript)$/i.test(child.tagName)) continue
    const style = getComputedStyle(child)
    if (style.display === 'none' || style.visibility === 'hidden') continue
    const own = child.getAttribute('aria-label') ?? (child instanceof HTMLImageElement ? child.alt : '')
    const inner = own.trim() === '' ? content(child.shadowRoot ?? child) : own
    text += style.display.startsWith('inline') ? inner : ` ${inner} `
  }
  return text
}

/** The accessible name: what labels it, else what it holds, else its title. */
export function accessibleName(element: Element): string {
  const [label] = named(element)
  if (label !== undefined) return label
  if (element instanceof HTMLInputElement && /^(button|submit|reset)$/.test(element.type) && element.value !== '') return element.value
  const role = explicitRole(element)
  const byContent = role === '' ? element.matches('button,a,h1,h2,h3,h4,h5,h6') : BY_CONTENT.test(role)
  const inner = byContent ? wordsIn(content(element)) : ''
  if (inner !== '') return inner
  return wordsIn(element.getAttribute('title') ?? element.getAttribute('placeholder') ?? '')
}
