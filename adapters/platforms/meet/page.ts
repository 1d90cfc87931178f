/** In the page: who has a tile, which picture is whose, whose meter moves. Pushes changes only. */
const TILES_MS = 1_000
const METERS_MS = 250
/** A meter that moved this lately is a voice. */
const MOVING_MS = 600

interface Tile {
  id: string
  name: string
  self: boolean
  videoTrackId: string | null
  area: number
  share: boolean
}

/** Tiles of people: not the effects panel's previews, not rows of the list. */
function tileElements(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-participant-id]')].filter(
    (element) =>
      element.getAttribute('role') !== 'listitem' &&
      element.closest('[role=list],[role=listitem],[data-effects],[aria-label*="effects" i],[aria-label*="visual_effects" i]') === null &&
      (element.parentElement?.closest('[data-participant-id]') ?? null) === null,
  )
}

function nameIn(element: HTMLElement): string {
  const self = element.querySelector('[data-self-name]')?.getAttribute('data-self-name')
  if (self !== null && self !== undefined && self !== '') return self
  // Icons are `.notranslate` as well: their element is an <i>, or holds one.
  for (const span of element.querySelectorAll<HTMLElement>('span.notranslate, .notranslate')) {
    if (span.tagName === 'I' || span.querySelector('i') !== null || span.closest('i') !== null) continue
    const text = (span.textContent ?? '').trim()
    if (text !== '') return text
  }
  return ''
}

function tileOf(element: HTMLElement): Tile {
  const { width, height } = element.getBoundingClientRect()
  const videos = [...element.querySelectorAll('video')].filter(
    (video) => video.srcObject instanceof MediaStream && getComputedStyle(video).display !== 'none',
  )
  const stream = videos[0]?.srcObject
  const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined
  const name = nameIn(element)
  const label = element.getAttribute('aria-label') ?? ''
  return {
    id: element.getAttribute('data-participant-id') ?? '',
    name,
    self: element.querySelector('[data-self-name]') !== null || /\(you\)/i.test(name),
    videoTrackId: track?.id ?? null,
    area: Math.round((width * height) / 1_000),
    share: /\((presenting|you, presenting)/i.test(name) || /presentation/i.test(label),
  }
}

function countShown(): number | null {
  const badge = document.querySelector('[data-avatar-count]')?.getAttribute('data-avatar-count')
  const label = document.querySelector('button[aria-label^="People - "],button[aria-label^="Personen - "]')?.getAttribute('aria-label')
  const box = document.querySelector('div.egzc7c')?.textContent
  for (const text of [badge, label, box]) {
    const found = /\d+/.exec(text ?? '')?.[0]
    if (found !== undefined) return Number(found)
  }
  return null
}

remoraPlatform(({ push }) => {
  let last = ''
  const moved = new Map<string, number>()
  const speaking = new Set<string>()

  const start = () => {
    setInterval(() => {
      const elements = tileElements()
      if (elements.length === 0 && last === '') return
      const told = { tiles: elements.map(tileOf).filter(({ id }) => id !== ''), count: countShown() }
      const text = JSON.stringify(told)
      if (text === last) return
      last = text
      push('state:meet-tiles', told)
    }, TILES_MS)

    // A meter is a small element inside a tile whose class keeps changing; its names are random, its moving is not.
    new MutationObserver((records) => {
      const now = performance.now()
      for (const { target } of records) {
        if (!(target instanceof HTMLElement)) continue
        const known = target.closest('[jsname="QgSmzd"]') !== null
        if (!known) continue
        const id = target.closest('[data-participant-id]')?.getAttribute('data-participant-id')
        if (id !== null && id !== undefined) moved.set(id, now)
      }
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ['class'] })

    setInterval(() => {
      const now = performance.now()
      for (const [id, at] of moved) {
        const on = now - at < MOVING_MS
        if (on === speaking.has(id)) continue
        if (on) speaking.add(id)
        else {
          speaking.delete(id)
          moved.delete(id)
        }
        push('meet:meter', { id, on })
      }
    }, METERS_MS)
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true })
  else start()
})
