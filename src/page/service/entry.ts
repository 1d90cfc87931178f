import { Card } from './card.ts'
import { el } from './dom.ts'
import { Service, WrongKey } from './service.ts'
import css from './style.css'

const KEPT_AS = 'remora-key'
const EVERY_MS = 2_000

const script = document.currentScript
const base = new URL('./', script instanceof HTMLScriptElement ? script.src : location.href)

const sheet = new CSSStyleSheet()
sheet.replaceSync(css)
document.adoptedStyleSheets = [sheet]

/** Asks for the key; it stays in this tab only. */
function askForKey(note = ''): void {
  const input = el('input', { type: 'password', name: 'key', required: true, autocomplete: 'off', placeholder: 'API key' })
  const form = el(
    'form',
    { className: 'key' },
    el('h1', { textContent: 'Remora' }),
    input,
    el('button', { textContent: 'Open' }),
    el('p', { textContent: note, className: 'note' }),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    sessionStorage.setItem(KEPT_AS, input.value)
    showBots(input.value)
  })
  document.body.replaceChildren(form)
  input.focus()
}

function sendForm(service: Service, sent: () => void): HTMLElement {
  const url = el('input', { name: 'url', required: true, placeholder: 'https://meet.google.com/…', autocomplete: 'off' })
  const name = el('input', { name: 'name', required: true, value: 'Remora', title: 'name of the bot', autocomplete: 'off' })
  const note = el('output', { className: 'note' })
  const form = el('form', { className: 'send' }, url, name, el('button', { textContent: 'Send a bot' }), note)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    note.textContent = ''
    service.send(url.value, name.value).then(
      () => {
        url.value = ''
        sent()
      },
      (error: Error) => {
        note.textContent = error.message
      },
    )
  })
  return form
}

/** The list, looked at again and again while the tab is seen. */
function showBots(key: string): void {
  const service = new Service(base, key)
  const cards = new Map<string, Card>()
  const list = el('main', {})
  const empty = el('p', { className: 'note', textContent: 'No bots yet.', hidden: true })
  const trouble = el('p', { className: 'trouble', hidden: true })
  const out = el('button', { type: 'button', textContent: 'Forget key', className: 'quiet' })
  let open = true
  let timer: ReturnType<typeof setTimeout> | undefined

  const look = async (): Promise<void> => {
    clearTimeout(timer)
    if (!open) return
    try {
      const { bots } = await service.list()
      for (const bot of bots) {
        const card = cards.get(bot.uuid) ?? new Card(service, bot.uuid)
        cards.set(bot.uuid, card)
        card.show(bot)
      }
      const order = bots.map(({ uuid }) => uuid)
      for (const uuid of [...cards.keys()].filter((known) => !order.includes(known))) {
        cards.get(uuid)?.node.remove()
        cards.delete(uuid)
      }
      for (const [at, uuid] of order.entries()) {
        const node = cards.get(uuid)?.node
        // Moving a node stops its video: only what is out of place moves.
        if (node !== undefined && list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null)
      }
      empty.hidden = bots.length > 0
      trouble.hidden = true
    } catch (error) {
      if (error instanceof WrongKey) {
        open = false
        sessionStorage.removeItem(KEPT_AS)
        askForKey('That key is not known here.')
        return
      }
      trouble.hidden = false
      trouble.textContent = `The service does not answer: ${error instanceof Error ? error.message : String(error)}`
    }
    if (open && document.visibilityState === 'visible') timer = setTimeout(() => void look(), EVERY_MS)
  }

  document.addEventListener('visibilitychange', () => void look())
  out.addEventListener('click', () => {
    open = false
    sessionStorage.removeItem(KEPT_AS)
    askForKey()
  })
  document.body.replaceChildren(
    el(
      'header',
      {},
      el('h1', { textContent: 'Remora' }),
      sendForm(service, () => void look()),
      out,
    ),
    trouble,
    empty,
    list,
  )
  void look()
}

const kept = sessionStorage.getItem(KEPT_AS)
if (kept === null) askForKey()
else showBots(kept)
