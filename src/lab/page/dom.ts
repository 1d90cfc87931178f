import { config, draw, has, pick } from './setting.ts'

type Child = Node | string

/** Where every screen is drawn, and every dialog over it: a new screen takes all of them away. */
export const root = document.getElementById('root') as HTMLElement

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Class of the fact sheet → the one this load uses for it, where the room wants none of the sheet's. */
const builds = new Map<string, string>()
/** No jsname attribute in rooms with that trap. */
const bare = has('no-jsnames')

/** A name as a build tool makes them. */
export function randomClass(): string {
  return Array.from({ length: 6 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('')
}

/** The class that stands for a class of the sheet on this load: itself, or a random one that stays the same until the next load. */
export function cls(name: string): string {
  if (config.classes !== 'random') return name
  const known = builds.get(name)
  if (known !== undefined) return known
  const made = randomClass()
  builds.set(name, made)
  return made
}

/** Labels an element; in rooms with that trap with no-break spaces, with blanks around, or with both. */
export function setLabel(element: HTMLElement, text: string): void {
  element.setAttribute('aria-label', has('label-spaces') ? spaced(text) : text)
}

/** What an element's label says, whatever its white space. */
export const labelOf = (element: HTMLElement): string => (element.getAttribute('aria-label') ?? '').replaceAll(/\s+/g, ' ').trim()

function spaced(text: string): string {
  const way = Math.floor(draw(`spaces of ${text}`) * 3)
  const inside = way === 1 ? text : text.replaceAll(' ', '\u00a0')
  return way === 0 ? inside : ` ${inside} `
}

/** An element with attributes and children. Classes are those of the sheet, random ones, or both, as the room wants. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') element.style.cssText = value
    else if (name === 'class') element.classList.add(...value.split(' ').map(cls))
    else if (name === 'aria-label') setLabel(element, value)
    else if (name !== 'jsname' || !bare) element.setAttribute(name, value)
  }
  if (config.classes !== 'sheet') element.classList.add(randomClass())
  element.append(...children)
  return element
}

/** An icon as the real client draws it: a ligature in an <i>. */
export function icon(name: string): HTMLElement {
  const font = pick('icon font', ['google-symbols', 'google-material-icons'])
  return el('i', { class: `${font} notranslate`, 'aria-hidden': 'true' }, [name])
}

/** A button that is an icon with a label. */
export function iconButton(label: string, glyph: string, more: Record<string, string> = {}): HTMLButtonElement {
  return el('button', { 'aria-label': label, ...more }, [icon(glyph)])
}

/** A button whose text stands in a span, without a label of its own. */
export function textButton(text: string, more: Record<string, string> = {}): HTMLButtonElement {
  return el('button', { class: 'UywwFc-LgbsSe', ...more }, [el('span', { jsname: 'V67aGc', class: 'UywwFc-vQzf8d' }, [text])])
}

/** A box over the page. */
export const FLOATING = 'position:fixed;left:40px;bottom:110px;z-index:20;background:#fff;color:#202124;padding:16px;border-radius:8px'
/** A box that nothing can be clicked through. */
export const COVERING = 'position:fixed;inset:0;z-index:30;background:rgba(255,255,255,.97);color:#202124;padding:48px'

export function on<K extends keyof HTMLElementEventMap>(element: HTMLElement, event: K, listener: (event: HTMLElementEventMap[K]) => void) {
  element.addEventListener(event, listener)
}
