/**
 * One look at the document: which of the asked controls show. Runs as one expression in the page, so that a bot may look
 * twice a second at a page of thousands of elements and cost next to nothing. Clues mean here what they mean to the
 * locators that press and type; a clue that only those can decide is answered "perhaps".
 */
import { accessibleName, named, roleSelector, wordsIn } from './names.ts'

interface AskedText {
  text: string
  /** Present for a regular expression; absent for a part of the text in any case. */
  flags?: string
}
interface AskedClue {
  role?: string
  name?: AskedText
  label?: AskedText
  text?: AskedText
  css?: string
  /** Ligature of the icon in a button. */
  icon?: string
  /** What lies in such an element does not count. */
  outside?: string
  /** More than CSS: what `css` finds is only perhaps a match. */
  perhaps?: boolean
}
interface Asked {
  key: string
  attached: boolean
  clues: readonly AskedClue[]
}
interface Answer {
  key: string
  /** Places of clues that may match better than `place`. */
  perhaps: number[]
  place?: number
  text?: string
  enabled?: boolean
}
declare const remoraAsk: { asked: readonly Asked[]; answer?: readonly Answer[] }

/** Longer texts belong to containers, never to a sign. */
const LONGEST = 1_000
const tests = new Map<string, (text: string) => boolean>()
const roots = allRoots(document)
const names = new Map<Element, string>()
const roles = new Map<string, readonly Element[]>()
let labels: readonly { element: Element; texts: readonly string[] }[] | undefined
let texts: readonly { element: Element; text: string }[] | undefined

function allRoots(root: Document | ShadowRoot): (Document | ShadowRoot)[] {
  const inner = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : allRoots(shadowRoot)))
  return [root, ...inner]
}

function find(css: string): Element[] {
  return roots.flatMap((root) => [...root.querySelectorAll(css)])
}

function tester({ text, flags }: AskedText): (text: string) => boolean {
  const known = tests.get(`${flags}/${text}`)
  if (known !== undefined) return known
  const wanted = wordsIn(text).toLowerCase()
  const pattern = flags === undefined ? undefined : new RegExp(text, flags.replace(/[gy]/g, ''))
  const made = (found: string) => (pattern === undefined ? found.toLowerCase().includes(wanted) : pattern.test(found))
  tests.set(`${flags}/${text}`, made)
  return made
}

function nameOf(element: Element): string {
  let name = names.get(element)
  if (name === undefined) {
    name = accessibleName(element)
    names.set(element, name)
  }
  return name
}

/** Every element with a short text, children before parents. */
function textsOf(): readonly { element: Element; text: string }[] {
  const found: { element: Element; text: string }[] = []
  const walk = (node: Element | ShadowRoot): string => {
    let text = ''
    for (const child of node.childNodes) {
      if (text.length > LONGEST && !(child instanceof Element)) continue
      if (child instanceof Text) text += child.data
      else if (child instanceof Element && !/^(script|noscript|style|head|template)$/i.test(child.tagName)) text += walk(child)
    }
    if (node instanceof Element) {
      if (node.shadowRoot !== null) text += walk(node.shadowRoot)
      if (node instanceof HTMLInputElement && /^(button|submit)$/.test(node.type)) text = node.value
      if (text.length <= LONGEST && text.trim() !== '') found.push({ element: node, text: wordsIn(text) })
    }
    return text
  }
  walk(document.documentElement)
  return found
}

/** The innermost elements whose text matches. */
function withText(asked: AskedText): Element[] {
  const test = tester(asked)
  texts ??= textsOf()
  const outer = new Set<Element>()
  return texts
    .filter(({ element, text }) => {
      if (!test(text)) return false
      const parent = element.parentElement
      if (parent !== null) outer.add(parent)
      return true
    })
    .map(({ element }) => element)
    .filter((element) => !outer.has(element))
}

/** Elements of a role that are there for a screen reader. */
function ofRole(role: string): readonly Element[] {
  let known = roles.get(role)
  if (known === undefined) {
    const { css, is } = roleSelector(role)
    known = find(css).filter((element) => is(element) && element.closest('[aria-hidden="true"]') === null)
    roles.set(role, known)
  }
  return known
}

function withLabel(test: (text: string) => boolean): readonly Element[] {
  labels ??= find('[aria-label],[aria-labelledby],input,textarea,select').map((element) => ({ element, texts: named(element) }))
  return labels.filter(({ texts }) => texts.some(test)).map(({ element }) => element)
}

/** Buttons holding just this ligature. */
function withIcon(ligature: string): readonly Element[] {
  texts ??= textsOf()
  const held = texts.filter(({ text }) => text === ligature).map(({ element }) => element.closest('button,[role=button]'))
  return [...new Set(held)].filter((element) => element !== null)
}

function matches(clue: AskedClue): readonly Element[] {
  const { outside } = clue
  const all = within(clue)
  return outside === undefined ? all : all.filter((element) => element.closest(outside) === null)
}

function within(clue: AskedClue): readonly Element[] {
  if (clue.icon !== undefined) return withIcon(clue.icon)
  if (clue.css !== undefined) return find(clue.css)
  if (clue.label !== undefined) return withLabel(tester(clue.label))
  if (clue.text !== undefined) return withText(clue.text)
  const all = ofRole(clue.role ?? '')
  if (clue.name === undefined) return all
  const test = tester(clue.name)
  return all.filter((element) => test(nameOf(element)))
}

function visible(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) return false
  const { width, height } = element.getBoundingClientRect()
  return width > 0 && height > 0
}

function firstOf(clue: AskedClue, attached: boolean): Element | 'perhaps' | undefined {
  try {
    const first = matches(clue).find((element) => attached || visible(element))
    return first !== undefined && clue.perhaps === true ? 'perhaps' : first
  } catch {
    return 'perhaps' // not a selector this document knows: the locators know more
  }
}

function answer({ key, attached, clues }: Asked): Answer | undefined {
  const perhaps: number[] = []
  for (const [place, clue] of clues.entries()) {
    const first = firstOf(clue, attached)
    if (first === undefined) continue
    if (first === 'perhaps') {
      perhaps.push(place)
      continue
    }
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden inside a control is no part of how it shows
    const text = wordsIn(first instanceof HTMLElement ? first.innerText : (first.textContent ?? ''))
    const enabled = !first.matches(':disabled') && first.closest('[aria-disabled="true"]') === null
    return { key, perhaps, place, text: (text === '' ? nameOf(first) : text).slice(0, 200), enabled }
  }
  return perhaps.length === 0 ? undefined : { key, perhaps }
}

remoraAsk.answer = remoraAsk.asked.map(answer).filter((one) => one !== undefined)
