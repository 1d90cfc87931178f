import type { Trap } from '../skins/meet/traps.ts'
import type { Devices } from './devices.ts'
import { el, icon, iconButton, on, randomClass, textButton } from './dom.ts'
import { brokenCamera, deviceButton } from './meet-device-button.ts'
import { prejoinPopups } from './meet-prejoin-popups.ts'
import { draw, has, t } from './setting.ts'
import type { Wire } from './wire.ts'

interface PrejoinOptions {
  root: HTMLElement
  wire: Wire
  devices: Devices
  knocks: boolean
  onKnock(name: string): void
}

const ACCOUNT = 'Robin Account'

/** Traps that change what the join button reads. */
// biome-ignore format: a table
const LABELS: readonly (readonly [Trap, string])[] = [
  ['cta-ask-anyway',     t.askAnyway],
  ['cta-join-now',       t.joinNow],
  ['cta-join-anyway',    t.joinAnyway],
  ['cta-join-call-now',  t.joinCallNow],
  ['cta-join',           t.join],
  ['cta-join-meeting',   t.joinMeeting],
  ['cta-enter-meeting',  t.enterMeeting],
  ['cta-without-camera', t.askWithoutCamera],
  ['cta-switch-here',    t.switchHere],
  ['cta-join-here-too',  t.joinHereToo],
]

/** The pre-join screen: name box (guests only), join button grey until typed, devices, and decoys beside it. */
export function showPrejoin(options: PrejoinOptions): void {
  const { root, wire, devices, knocks } = options
  const guest = !has('signed-in')
  const name = el('input', { type: 'text', 'aria-label': t.yourName, jsname: 'YPqjbf', placeholder: t.yourName, maxlength: '60' })
  const label = LABELS.find(([trap]) => has(trap))?.[1] ?? (knocks ? t.askToJoin : t.joinNow)
  const join = textButton(label, { jsname: 'Qx7uuf' })
  join.disabled = guest
  /** The client goes by what it was told of, not by what stands in the box or whether the button looks enabled. */
  let known = guest ? '' : ACCOUNT
  on(name, 'input', () => {
    known = name.value.trim()
    join.disabled = known === ''
    wire.send({ type: 'typed', control: 'name', text: name.value })
  })
  on(join, 'click', (event) => {
    wire.clicked('join')(event)
    if (event.isTrusted && known !== '') options.onKnock(known) // the real client ignores a click no person made
  })
  const switches = [deviceButton({ kind: 'microphone', tag: 'div', devices, wire })]
  switches.push(has('device-problem') ? brokenCamera(wire) : deviceButton({ kind: 'camera', tag: 'div', devices, wire }))
  const who = guest ? [el('h1', {}, [t.whatsYourName]), name] : [el('h1', {}, [t.readyToJoin]), el('div', { class: 'awLEm' }, [ACCOUNT])]
  const buttons = draw('decoys first') < 0.5 ? [...decoys(wire), join] : [join, ...decoys(wire)]
  root.replaceChildren(el('main', { style: 'padding:24px' }, [el('div', {}, switches), ...who, el('div', {}, buttons)]))
  root.append(...prejoinPopups(wire, devices))
}

/** Buttons beside the join button that nobody who wants to join may press: each press is a trap event. */
function decoys(wire: Wire): HTMLElement[] {
  const decoy = <T extends HTMLElement>(button: T, control: string): T => {
    on(button, 'click', (event) => {
      wire.clicked(control)(event)
      wire.trap(control)
    })
    return button
  }
  return [
    decoy(textButton(t.otherWays, { jsname: randomClass() }), 'other-ways'),
    decoy(el('button', { jsname: randomClass() }, [icon('phone'), el('span', { jsname: 'V67aGc' }, [t.phoneAudio])]), 'phone-audio'),
    decoy(iconButton(t.cast, 'cast'), 'cast'),
    decoy(iconButton(t.moreOptions, 'more_vert', { jsname: 'NakZHc' }), 'prejoin-more-options'),
  ]
}
