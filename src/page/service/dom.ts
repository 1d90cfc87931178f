type Child = Node | string | undefined

/** Makes an element. Text only ever becomes text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Partial<HTMLElementTagNameMap[K]> & { data?: Record<string, string> } = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  const { data = {}, ...rest } = props
  Object.assign(node, rest)
  Object.assign(node.dataset, data)
  node.append(...children.filter((child) => child !== undefined))
  return node
}

/** Puts new children in place of the old ones, unless nothing changed: a playing video must not start over. */
export function fill(parent: HTMLElement, key: string, children: () => readonly Child[]): void {
  if (parent.dataset['shown'] === key) return
  parent.dataset['shown'] = key
  parent.replaceChildren(...children().filter((child) => child !== undefined))
}
