/** The Meet look-alike in the browser. Facts: the sheet's labels, jsnames and timings; class names are random where nobody keys on them. */
import type { FromPage, FromServer, PageConfig, PersonView, VisitorState } from '../protocol.ts'
import { Devices } from './devices.ts'
import { el, icon, on } from './dom.ts'
import { Call } from './meet-call.ts'
import { Media } from './meet-media.ts'
import { Prejoin } from './meet-prejoin.ts'
import { lobbyText, terminal } from './meet-screens.ts'

const config = JSON.parse(document.getElementById('config')?.textContent ?? '{}') as PageConfig
const root = document.getElementById('root') as HTMLElement
const socket = new WebSocket(`wss://${location.host}/__lab/ws?room=${config.room}`)
const waiting: FromPage[] = []
const send = (message: FromPage) => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  else waiting.push(message)
}
const state = (now: VisitorState) => send({ type: 'state', state: now })
const pick = (from: number, to: number) => from + ((config.seed % 997) / 997) * (to - from)
const clicked = (control: string) => (event: Event) => send({ type: 'click', control, trusted: event.isTrusted })

const devices = new Devices(send)
const media = new Media({ send, devices, mixed: config.traps.includes('neteq') })
let call: Call | undefined
let phase: VisitorState = 'loading'
let lobbyTimer = 0
const go = (next: VisitorState) => {
  phase = next
  clearTimeout(lobbyTimer)
  state(next)
}

/** A call's own interface; the host-managed lobby shows the same one without captions, chat and people. */
function showCall(full: boolean): Call {
  const shown = new Call(root, { full, media, devices, send, clicked, onLeave: () => finish('left') })
  return shown
}

function finish(how: 'denied' | 'no_answer' | 'removed' | 'ended' | 'left' | 'blocked' | 'not_found'): void {
  call?.close()
  call = undefined
  media.close()
  devices.close()
  go(how)
  terminal(root, how, clicked, () => {
    if (how === 'no_answer' || how === 'denied') lobby()
  })
}

function lobby(): void {
  go('knocking')
  if (config.skin === 'simple') {
    root.replaceChildren(el('main', {}, [el('div', { class: 'preview' }), lobbyText()]))
    return
  }
  call?.close()
  call = showCall(false)
  const lag = config.traps.includes('late-lobby-6s') ? 6_000 : pick(3_200, 6_400)
  lobbyTimer = window.setTimeout(() => {
    if (phase === 'knocking') root.append(lobbyText())
  }, lag)
}

function enter(): void {
  if (phase === 'in_call') return
  const stale = config.traps.includes('stale-lobby-text') ? root.querySelector('.lobby-text')?.cloneNode(true) : undefined
  call?.close()
  call = showCall(true)
  devices.reset() // admission switches both off
  go('in_call')
  if (stale !== undefined) {
    root.append(stale)
    setTimeout(() => (stale as Element).remove(), 1_500)
  }
  if (config.traps.includes('recording-consent')) consent()
}

function consent(): void {
  const ok = el('button', { 'data-mdc-dialog-action': 'ok' }, ['Join now'])
  const dialog = el('div', { role: 'dialog', 'aria-modal': 'true', class: 'dialog' }, [
    el('h2', {}, ['This video call is being recorded']),
    ok,
  ])
  on(ok, 'click', (event) => {
    clicked('consent')(event)
    dialog.remove()
  })
  root.append(dialog)
}

socket.onopen = () => {
  for (const message of waiting.splice(0)) socket.send(JSON.stringify(message))
}
socket.onmessage = ({ data }: MessageEvent<string>) => {
  const message = JSON.parse(data) as FromServer
  switch (message.type) {
    case 'admit':
      enter()
      break
    case 'deny':
      finish('denied')
      break
    case 'no_answer':
      finish('no_answer')
      break
    case 'remove':
      finish('removed')
      break
    case 'end':
      finish('ended')
      break
    case 'move_to_lobby':
      lobby()
      break
    case 'popup':
      consent()
      break
    case 'offer':
      void media.offer(message.sdp)
      break
    case 'people':
      call?.people(message.people as PersonView[])
      break
    case 'slots':
      call?.slots(message.slots)
      break
    case 'mute':
      void devices.set('microphone', false)
      break
    case 'levels':
      call?.levels(message.levels, message.dominant)
      break
    case 'network': {
      const overlay = el('div', { class: 'dialog' }, [
        'You lost your network connection. Trying to reconnect.',
        el('button', {}, ['Return to home screen']),
      ])
      root.append(overlay)
      state('reconnecting')
      setTimeout(() => {
        overlay.remove()
        if (phase === 'in_call') state('in_call')
      }, message.offlineMs)
      break
    }
  }
}

root.append(el('main', {}, ['Getting ready…', icon('hourglass')]))
// An invisible captcha frame is on every join page; only a visible one asks for something.
root.after(
  el('iframe', {
    src: '/recaptcha/enterprise/anchor',
    width: '0',
    height: '0',
    style: 'visibility:hidden;position:absolute',
    'aria-hidden': 'true',
  }),
)
setTimeout(
  () => {
    if (config.traps.includes('not-found')) {
      finish('not_found')
      return
    }
    void devices.ask()
    new Prejoin(root, {
      devices,
      send,
      clicked,
      toast: config.traps.includes('device-toast'),
      knocks: config.lobby,
      onKnock: (name, trusted) => {
        if (!trusted) return // the real client ignores a click no person made
        send({ type: 'knock', name, trusted })
        if (config.traps.includes('cant-join')) finish('blocked')
        else if (config.lobby) lobby()
        else go('entering')
      },
    })
    go('prejoin')
  },
  pick(1_500, 4_000),
)
