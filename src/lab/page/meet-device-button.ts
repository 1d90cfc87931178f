import type { DeviceKind, Devices } from './devices.ts'
import { el, icon, on, setLabel } from './dom.ts'
import { draw, has, pick, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface DeviceButtonOptions {
  kind: DeviceKind
  /** A <div role=button> before the meeting, a <button> in it. */
  tag: 'div' | 'button'
  devices: Devices
  wire: Wire
}

// biome-ignore format: a table
const KINDS = {
  microphone: { own: 'hw0c9',  outer: 'Dg9Wp',  glyphs: ['mic', 'mic_off'],           on: t.micOn, off: t.micOff, key: 'd' },
  camera:     { own: 'psRWwc', outer: 'R3GXJb', glyphs: ['videocam', 'videocam_off'], on: t.camOn, off: t.camOff, key: 'e' },
} as const
const LABEL_LATE_MS = { from: 300, to: 900 }

/** A microphone or camera switch. Its label turns 300 to 900 ms after the fact: whoever clicks again in between undoes it. */
export function deviceButton({ kind, tag, devices, wire }: DeviceButtonOptions): HTMLElement {
  const { own, outer, glyphs, key, ...labels } = KINDS[kind]
  const generic = draw('generic toggle') < 0.3
  const button = el(tag, { ...(tag === 'div' ? { role: 'button', tabindex: '0' } : {}), jsname: generic ? 'BOHaEe' : own })
  const suffix = has('shortcut-labels') || draw('shortcut') < 0.5 ? ` (ctrl + ${key})` : ''
  if (suffix !== '') button.setAttribute('data-tooltip', `${labels.off} (CTRL + ${key.toUpperCase()})`)
  let known = devices.isOn(kind)
  const paint = (isOn: boolean) => {
    setLabel(button, `${isOn ? labels.off : labels.on}${suffix}`)
    button.setAttribute('data-is-muted', String(!isOn))
    button.replaceChildren(icon(glyphs[isOn ? 0 : 1]))
  }
  let deaf = has('deaf-switches') ? pick(`deaf ${kind}`, [1, 2]) : 0
  const press = (event: Event) => {
    wire.clicked(kind)(event)
    if (deaf-- > 0) return
    void devices.set(kind, !devices.isOn(kind))
  }
  on(button, 'click', press)
  if (tag === 'div') on(button, 'keydown', (event) => (event.key === 'Enter' || event.key === ' ') && press(event))
  const late = () => LABEL_LATE_MS.from + Math.random() * (LABEL_LATE_MS.to - LABEL_LATE_MS.from)
  devices.onChange(() => {
    const isOn = devices.isOn(kind)
    if (isOn === known) return
    known = isOn
    setTimeout(() => paint(isOn), late())
  })
  paint(known)
  return el('div', { jsname: outer, style: 'display:inline-block' }, [button])
}

/** What stands in place of the camera switch when the camera does not work. */
export function brokenCamera(wire: Wire): HTMLElement {
  const button = el('div', { role: 'button', tabindex: '0', 'aria-label': t.camProblemMore }, [
    icon(pick('problem', ['error', 'videocam_off'])),
  ])
  on(button, 'click', wire.clicked('camera-problem'))
  return el('div', { style: 'display:inline-block' }, [button, el('span', {}, [t.micProblem])])
}
