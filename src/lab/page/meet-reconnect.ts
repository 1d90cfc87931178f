import { el, FLOATING } from './dom.ts'
import { returnHome } from './meet-lobby.ts'
import { t } from './setting.ts'
import type { Wire } from './wire.ts'

/** After so long the client gives the connection up for lost. */
export const LOST_AFTER_MS = 30_000

/** "You lost your network connection": an overlay with a button that the end screens have as well. */
export function reconnectOverlay(wire: Wire): HTMLElement {
  return el('div', { role: 'alert', style: FLOATING }, [el('div', {}, [t.connectionLost]), returnHome(wire)])
}
