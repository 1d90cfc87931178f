import { el, iconButton, on } from './dom.ts'
import { t } from './setting.ts'
import type { Wire } from './wire.ts'

/** Which panel a button of the bar opens; the numbers are the client's own. */
export type PanelId = '1' | '2' | '5' | '16'

export interface Panel {
  id: PanelId
  title: string
  /** Made when it is first opened, then kept. */
  body(): HTMLElement
  onOpen?(): void
}

/** The panel beside the tiles: one at a time, kept in the document once it was opened. */
export class SidePanel {
  readonly root = el('aside', {
    'aria-label': t.sidePanel,
    style: 'position:fixed;top:0;right:0;bottom:96px;width:340px;overflow:auto;background:#303134;z-index:4;display:none',
  })
  readonly #wire: Wire
  readonly #panels: ReadonlyMap<PanelId, Panel>
  readonly #made = new Map<PanelId, HTMLElement>()
  #open: PanelId | undefined

  constructor(wire: Wire, panels: readonly Panel[]) {
    this.#wire = wire
    this.#panels = new Map(panels.map((panel) => [panel.id, panel]))
  }

  get open(): PanelId | undefined {
    return this.#open
  }

  toggle(id: PanelId): void {
    const panel = this.#panels.get(id)
    if (panel === undefined) return
    this.#open = this.#open === id ? undefined : id
    if (this.#open !== undefined && !this.#made.has(id)) {
      const close = iconButton(t.close, 'close')
      on(close, 'click', (event) => {
        this.#wire.clicked('panel-close')(event)
        this.toggle(id)
      })
      const section = el('div', { 'data-panel-container-id': id }, [el('h2', { role: 'heading' }, [panel.title]), close, panel.body()])
      this.#made.set(id, section)
      this.root.append(section)
    }
    this.root.style.display = this.#open === undefined ? 'none' : ''
    for (const [other, section] of this.#made) section.style.display = other === this.#open ? '' : 'none'
    if (this.#open !== undefined) panel.onOpen?.()
  }
}
