import type { DeviceKind, Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'

interface DeviceButtonOptions {
  kind: DeviceKind
  /** A <div role=button> before the meeting, a <button> in it. */
  tag: 'div' | 'button'
  devices: Devices
  clicked(control: string): (event: Event) => void
  /** Between 0 and 1: how late the label turns. */
  random(): number
}

const JSNAMES = { microphone: { own: 'hw0c9', outer: 'Dg9Wp' }, camera: { own: 'psRWwc', outer: 'R3GXJb' } } as const
const GLYPHS = { microphone: ['mic', 'mic_off'], camera: ['videocam', 'videocam_off'] } as const

/** A microphone or camera switch. Its label turns 300 to 900 ms after the fact: whoever clicks again in between undoes it. */
export function deviceButton({ kind, tag, devices, clicked, random }: DeviceButtonOptions): HTMLElement {
  const more = tag === 'div' ? { role: 'button', tabindex: '0' } : {}
  const button = el(tag, { ...more, jsname: JSNAMES[kind].own })
  const paint = () => {
    const isOn = devices.isOn(kind)
    button.setAttribute('aria-label', `Turn ${isOn ? 'off' : 'on'} ${kind}`)
    button.setAttribute('data-is-muted', String(!isOn))
    button.replaceChildren(icon(GLYPHS[kind][isOn ? 0 : 1]))
  }
  on(button, 'click', (event) => {
    clicked(kind)(event)
    void devices.set(kind, !devices.isOn(kind))
  })
  devices.onChange(() => setTimeout(paint, 300 + random() * 600))
  paint()
  return el('div', { jsname: JSNAMES[kind].outer }, [button])
}
