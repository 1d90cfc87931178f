import { el, on } from './dom.ts'

type Clicked = (control: string) => (event: Event) => void

export function lobbyText(): HTMLElement {
  return el('div', { class: 'lobby-text' }, [
    el('div', {}, ['Asking to be let in...']),
    el('div', {}, ['You’ll join the call when someone lets you in']),
  ])
}

// biome-ignore format: a table
const SAYS = {
  denied:    'Someone in the call denied your request to join',
  no_answer: 'No one responded to your request to join the call',
  removed:   'You’ve been removed from the meeting',
  ended:     'Your host ended the meeting for everyone',
  left:      'You left the meeting',
  blocked:   'You can’t join this video call',
  not_found: 'Check your meeting code',
}

/** The full-page end screens share one heading; "Return to home screen" is on each and proves nothing. */
export function terminal(root: HTMLElement, how: keyof typeof SAYS, clicked: Clicked, again: () => void): void {
  const home = el('button', { jsname: 'dqt8Pb' }, [el('span', { jsname: 'V67aGc' }, ['Return to home screen'])])
  const children: (Node | string)[] = [
    el('h1', { jsname: 'r4nke', class: 'roSPhc' }, [SAYS[how]]),
    home,
    el('button', { jsname: 'rhHFf' }, ['Submit feedback']),
  ]
  if (how === 'no_answer' || how === 'denied') {
    const ask = el('button', {}, [el('span', { jsname: 'V67aGc' }, ['Ask to join again'])])
    on(ask, 'click', (event) => {
      clicked('ask-again')(event)
      if (event.isTrusted) again()
    })
    children.push(ask)
  }
  if (how === 'left' || how === 'removed') children.push(el('button', { jsname: 'oI7Fj' }, ['Rejoin']))
  const box = el('div', { class: 'Fi0Gqc' }, [el('main', {}, children)])
  if (how === 'not_found') {
    box.setAttribute('data-startup-code', '217')
    box.setAttribute('data-timeout', '60000')
    box.append(el('div', { role: 'timer', 'aria-label': 'Returning to home screen' }, ['60']), el('a', { href: '#' }, ['Learn more']))
  }
  root.replaceChildren(box)
}
