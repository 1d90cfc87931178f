import { el, iconButton, on, randomClass } from './dom.ts'
import type { LayoutChoice, LayoutName } from './meet-layout.ts'
import { modal } from './meet-menu.ts'
import { draw, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

const LAYOUTS: readonly (readonly [LayoutName, string])[] = [
  ['auto', t.layoutAuto],
  ['tiled', t.layoutTiled],
  ['spotlight', t.layoutSpotlight],
  ['sidebar', t.layoutSidebar],
]
const MAX_TILES = 49
/** The native radios lie, transparent, over their labels. */
const CLEAR = has('layout-radios-clear') || draw('clear radios') < 0.3

/** Four layouts as radios, and how many tiles as a slider. */
export function layoutDialog(now: LayoutChoice, wire: Wire, choose: (layout: LayoutChoice) => void): HTMLElement {
  const choice = { ...now }
  const group = randomClass()
  const radios = LAYOUTS.map(([name, label]) => {
    const radio = el('input', { type: 'radio', name: group, value: name })
    radio.checked = choice.name === name
    on(radio, 'change', (event) => {
      wire.clicked(`layout-${name}`)(event)
      choice.name = name
      choose({ ...choice })
    })
    if (CLEAR) radio.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0'
    return el('label', { style: 'display:block;position:relative' }, [radio, el('span', { class: 'xo15nd' }, [label])])
  })
  const slider = el('input', {
    type: 'range',
    min: '2',
    max: String(MAX_TILES),
    'aria-label': t.tiles,
    class: 'gyG0mb-zD2WHb-SYOSDb-OWXEXe-mt1Mkb',
  })
  slider.value = String(choice.max)
  on(slider, 'input', (event) => {
    wire.clicked('layout-tiles')(event)
    choice.max = Number(slider.value)
    choose({ ...choice })
  })
  const close = iconButton(t.close, 'close')
  const dialog = modal([el('h2', {}, [t.changeLayout]), ...radios, el('div', { class: 'ByPkaf' }, [slider]), close])
  on(close, 'click', (event) => {
    wire.clicked('layout-close')(event)
    dialog.remove()
  })
  return dialog
}
