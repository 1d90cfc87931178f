/**
 * One look at the document: which of the asked controls show. Runs as one expression in the page, so that a bot may look
 * twice a second at a page of thousands of elements and cost next to nothing. Clues mean here what they mean to the
 * locators that press and type; a clue that only those can decide is answered "perhaps".
 */
import { accessibleName, named, roleSelector, wordsIn } from './names.ts'
import { closestOf, onTop, parentOf, shown } from './shown.ts'

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
  /** What `css` finds must be named or hold this. */
  says?: AskedText
  /** Ligature of the icon in a button. */
  icon?: string
  /** The one button of such an element. */
  only?: string
  /** What lies in such an element does not count. */
  outside?: string
  /** What does not lie in such an element does not count. */
  inside?: string
  /** What stands around it must say this, or must not. */
  near?: AskedText
  unless?: AskedText
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
declare const remoraAsk: { asked: readonly Asked[]; answer?: readonly Answer[]; found?: Element | null }

/** Longer texts belong to containers, never to a sign. */
const LONGEST = 1_000
/** How far "around" reaches where there is no dialog. */
const AROUND = 300
const DIALOG = '[role=dialog],[role=alertdialog],[aria-modal="true"],dialog'
const BUTTON = 'button,[role=button],input:is([type=button],[type=submit])'
const CHOICE = `${BUTTON},input:not([type=hidden]),select,textarea,[role=menuitem],[role=option],[role=radio],[role=checkbox],[role=switch],[role=tab],[contenteditable="true"]`
/** Elements that begin a new line: their words never run into those before. */
const BLOCK =
  /^(address|article|aside|blockquote|br|button|dd|div|dl|dt|fieldset|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)$/i
const tests = new Map<string, (text: string) => boolean>()
const roots = allRoots(document)
const names = new Map<Element, string>()
const roles = new Map<string, readonly Element[]>()
let labels: readonly { element: Element; texts: readonly string[] }[] | undefined
let texts: readonly { element: Element; text: string }[] | undefined
let held: ReadonlyMap<Element, string> | undefined

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
      else if (child instanceof Element && !/^(script|noscript|style|head|template)$/i.test(child.tagName)) {
        text += BLOCK.test(child.tagName) ? ` ${walk(child)} ` : walk(child)
      }
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
      const parent = parentOf(element)
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
    known = find(css).filter((element) => is(element) && closestOf(element, '[aria-hidden="true"]') === null)
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

/** The text of an element, if it is short enough to be one thing. */
function textIn(element: Element): string | undefined {
  texts ??= textsOf()
  held ??= new Map(texts.map(({ element: one, text }) => [one, text]))
  return held.get(element)
}

/** What the page says around an element: its dialog, or else the largest part of the page that is still short. */
function around(element: Element): string {
  const dialog = closestOf(element, DIALOG)
  if (dialog !== null) {
    const text = textIn(dialog) ?? wordsIn(dialog.textContent ?? '').slice(0, LONGEST)
    return [...named(dialog), text].join(' ')
  }
  let said = ''
  for (let outer: Element | null = element; outer !== null && outer !== document.body; outer = parentOf(outer)) {
    const text = textIn(outer)
    if (text === undefined ? outer.childElementCount > 0 && said !== '' : text.length > AROUND) break
    said = text ?? said
  }
  return said
}

/** The button of a dialog that leaves no choice. */
function onlyButtons(css: string): readonly Element[] {
  return find(css).flatMap((dialog) => {
    const choices = [...dialog.querySelectorAll(CHOICE)].filter(shown)
    return choices.length === 1 ? choices.filter((choice) => choice.matches(BUTTON)) : []
  })
}

function matches(clue: AskedClue): readonly Element[] {
  const { outside, inside, near, unless } = clue
  let all = within(clue)
  if (outside !== undefined) all = all.filter((element) => closestOf(element, outside) === null)
  if (inside !== undefined) all = all.filter((element) => closestOf(element, inside) !== null)
  if (near !== undefined) all = all.filter((element) => tester(near)(around(element)))
  return unless === undefined ? all : all.filter((element) => !tester(unless)(around(element)))
}

function within(clue: AskedClue): readonly Element[] {
  if (clue.icon !== undefined) return withIcon(clue.icon)
  if (clue.only !== undefined) return onlyButtons(clue.only)
  if (clue.css !== undefined) return clue.says === undefined ? find(clue.css) : saying(find(clue.css), tester(clue.says))
  if (clue.label !== undefined) return withLabel(tester(clue.label))
  if (clue.text !== undefined) return withText(clue.text)
  const all = ofRole(clue.role ?? '')
  if (clue.name === undefined) return all
  const test = tester(clue.name)
  return all.filter((element) => test(nameOf(element)))
}

function saying(all: readonly Element[], test: (text: string) => boolean): Element[] {
  return all.filter((element) => test(nameOf(element)) || test(textIn(element) ?? ''))
}

function firstOf(clue: AskedClue, attached: boolean): Element | 'perhaps' | undefined {
  try {
    const all = matches(clue).filter((element) => attached || shown(element))
    // Of several, the one that can be pressed: dialogs lie on one another, and the topmost is answered first.
    const first = all.length > 1 && !attached ? (all.find(onTop) ?? all[0]) : all[0]
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
    const enabled = !first.matches(':disabled') && closestOf(first, '[aria-disabled="true"]') === null
    remoraAsk.found = first
    return { key, perhaps, place, text: (text === '' ? nameOf(first) : text).slice(0, 200), enabled }
  }
  return perhaps.length === 0 ? undefined : { key, perhaps }
}

remoraAsk.answer = remoraAsk.asked.map(answer).filter((one) => one !== undefined)
