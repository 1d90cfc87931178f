import { el, on, root } from './dom.ts'
import { draw, has } from './setting.ts'

export interface MenuItem {
  label: string
  attributes?: Record<string, string>
  choose(event: Event): void
}

/** Of a menu's entries, but where the sheet has seen one. */
const ROLE: Record<string, string> = has('menu-without-roles') || draw('menu roles') < 0.3 ? {} : { role: 'menuitem' }

/** A menu of list items over the page; a choice, Escape or a press elsewhere closes it. */
export function openMenu(near: HTMLElement, items: readonly MenuItem[]): void {
  const { right, top } = near.getBoundingClientRect()
  const menu = el('ul', {
    role: 'menu',
    style: `position:fixed;left:${Math.max(8, Math.min(right - 200, window.innerWidth - 240))}px;bottom:${Math.max(8, window.innerHeight - top + 8)}px;z-index:25;background:#fff;color:#202124;list-style:none;padding:8px;margin:0;min-width:200px`,
  })
  const close = () => {
    menu.remove()
    document.removeEventListener('keydown', onEscape)
    document.removeEventListener('pointerdown', outside)
  }
  const onEscape = (event: KeyboardEvent) => event.key === 'Escape' && close()
  const outside = (event: PointerEvent) => !menu.contains(event.target as Node) && close()
  for (const { label, attributes = {}, choose } of items) {
    const item = el('li', { ...ROLE, tabindex: '-1', style: 'padding:8px;cursor:pointer', ...attributes }, [el('span', {}, [label])])
    on(item, 'click', (event) => {
      close()
      choose(event)
    })
    menu.append(item)
  }
  root.append(menu)
  document.addEventListener('keydown', onEscape)
  document.addEventListener('pointerdown', outside)
}

/** A dialog that asks for an answer before anything else. */
export function modal(children: readonly (Node | string)[], more: Record<string, string> = {}): HTMLElement {
  return el(
    'div',
    {
      role: 'dialog',
      'aria-modal': 'true',
      style:
        'position:fixed;left:25%;right:25%;top:15%;z-index:28;background:#fff;color:#202124;padding:24px;border-radius:12px;box-shadow:0 0 0 100vmax rgba(0,0,0,.4)',
      ...more,
    },
    children,
  )
}
