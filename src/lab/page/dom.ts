type Child = Node | string

/** An element with attributes and children. Classes named here get a random build name beside them, as the real client's do. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'style') element.style.cssText = value
    else element.setAttribute(name, value)
  }
  element.classList.add(randomClass())
  element.append(...children)
  return element
}

export function randomClass(): string {
  return Array.from({ length: 6 }, () => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'[Math.floor(Math.random() * 52)]).join('')
}

/** An icon as the real client draws it: a ligature in an <i>. */
export function icon(name: string): HTMLElement {
  return el('i', { class: 'google-symbols notranslate', 'aria-hidden': 'true' }, [name])
}

export function on(element: HTMLElement, event: string, listener: (event: Event) => void): void {
  element.addEventListener(event, listener)
}
