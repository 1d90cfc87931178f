import { el, FLOATING } from './dom.ts'
import { homeBox, returnHome } from './meet-lobby.ts'
import { draw, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

/** After so long the client gives the connection up for lost. */
export const LOST_AFTER_MS = 30_000

/** "You lost your network connection": an overlay with a button that the end screens have as well. Its sentences stand together, or each in an element of its own; by a trap it is built as an end screen is. */
export function reconnectOverlay(wire: Wire): HTMLElement {
  if (has('overlay-as-end'))
    return el('div', { style: FLOATING }, [el('h1', { jsname: 'r4nke', class: 'roSPhc' }, [t.connectionLost]), homeBox(wire, false)])
  const [heading = '', ...rest] = t.connectionLost.split(/(?<=\.)\s+/)
  const says =
    draw('overlay in parts') < 0.5
      ? [el('div', {}, [t.connectionLost])]
      : [el('h2', {}, [heading]), ...rest.map((sentence) => el('p', {}, [sentence]))]
  return el('div', { role: 'alert', style: FLOATING }, [...says, returnHome(wire)])
}
