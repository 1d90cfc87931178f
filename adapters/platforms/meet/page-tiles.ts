/** A tile as the page has it; what its texts mean is decided in Node. */
export interface Tile {
  id: string
  /** Texts that may be the name, most trusted first. */
  names: string[]
  self: boolean
  /** Its visible picture's MediaStreamTrack.id. */
  videoTrackId: string | null
  /** Thousands of square pixels. */
  area: number
  /** The tile calls itself a presentation. */
  share: boolean
}

/** A row of the people panel. */
export interface Row {
  id: string
  names: string[]
  self: boolean
  host: boolean
  share: boolean
}

const EFFECTS = '[data-effects],[aria-label*="effects" i]'
const ICON = 'i,[aria-hidden="true"],[class*="google-symbols"],[class*="material-icons"]'
const YOU = /\((you|sie|du|vous|tú|você|あなた)\b/i
const PRESENTING = /\((you, )?presenting\b/i
const PRESENTATION = /^(your )?presentation$/i

/** Tiles of the call: not the effects panel's previews, not rows of a list, not a tile's inner parts. */
export function tileElements(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-participant-id]')].filter(
    (element) =>
      element.closest(`[role=list],[role=listitem],${EFFECTS}`) === null &&
      (element.parentElement?.closest('[data-participant-id]') ?? null) === null,
  )
}

/** The tile an element belongs to. */
export function tileAround(element: Element): HTMLElement | null {
  if (element.closest(`[role=listitem],[role=dialog],[aria-label="Audio settings"],${EFFECTS}`) !== null) return null
  let tile = element.closest<HTMLElement>('[data-participant-id]')
  for (let outer = tile; outer !== null; outer = outer.parentElement?.closest<HTMLElement>('[data-participant-id]') ?? null) tile = outer
  return tile
}

const trimmed = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim()

function namesIn(element: HTMLElement): string[] {
  const names = [trimmed(element.querySelector('[data-self-name]')?.getAttribute('data-self-name'))]
  // Icons are `.notranslate` as well, and some of them are plain spans.
  for (const span of element.querySelectorAll<HTMLElement>('.notranslate')) {
    if (span.closest(ICON) === null && span.querySelector(ICON) === null) names.push(trimmed(span.textContent))
  }
  for (const button of element.querySelectorAll('[aria-label^="More options for "]')) {
    names.push(trimmed(button.getAttribute('aria-label')?.slice('More options for '.length)))
  }
  return [...new Set(names)].filter((name) => name !== '')
}

/** Without its area: that is read once for all. */
function shownVideo(element: HTMLElement): string | null {
  for (const video of element.querySelectorAll('video')) {
    // A camera that was switched off leaves its element behind: hidden, and without a stream.
    if (!(video.srcObject instanceof MediaStream) || getComputedStyle(video).display === 'none') continue
    const track = video.srcObject.getVideoTracks().find(({ readyState }) => readyState === 'live')
    if (track !== undefined) return track.id
  }
  return null
}

/** Everything a tile says. */
export function readTile(element: HTMLElement): Tile {
  const { width, height } = element.getBoundingClientRect()
  const names = namesIn(element)
  const label = trimmed(element.getAttribute('aria-label'))
  return {
    id: element.getAttribute('data-participant-id') ?? '',
    names,
    self: element.querySelector('[data-self-name]') !== null || names.some((name) => YOU.test(name)),
    videoTrackId: shownVideo(element),
    area: Math.round((width * height) / 1_000),
    share: names.some((name) => PRESENTING.test(name) || PRESENTATION.test(name)) || PRESENTATION.test(label),
  }
}

/** People being admitted have a list of their own, with buttons to let them in. */
function isWaiting(list: Element): boolean {
  const label = trimmed(list.getAttribute('aria-label'))
  if (/wait|admit|asking to join|warten|zulassen/i.test(label)) return true
  return [...list.querySelectorAll('button')].some((button) =>
    /^(admit|deny|let in|zulassen|ablehnen)\b/i.test(trimmed(button.getAttribute('aria-label') ?? button.textContent)),
  )
}

/** The elements of people in the panel's lists, without those who wait to be admitted. */
export function listedPeople(): HTMLElement[] {
  const rows = [...document.querySelectorAll<HTMLElement>('[role=list] [role=listitem][data-participant-id]')]
  const waiting = new Map<Element, boolean>()
  return rows.filter((row) => {
    const list = row.closest('[role=list]')
    if (list === null) return false
    const away = waiting.get(list) ?? isWaiting(list)
    waiting.set(list, away)
    return !away
  })
}

/** Rows of the people panel, where it is open. */
export function readRows(): Row[] {
  return listedPeople().map((row) => {
    const text = trimmed(row.textContent)
    const names = [...new Set([trimmed(row.getAttribute('aria-label')), trimmed(row.querySelector('.zWGUib')?.textContent)])]
    return {
      id: row.getAttribute('data-participant-id') ?? '',
      names: names.filter((name) => name !== ''),
      self: YOU.test(text),
      host: /meeting host|organisator|主催者/i.test(text),
      share: [...row.querySelectorAll('*')].some((part) => part.childElementCount === 0 && PRESENTATION.test(trimmed(part.textContent))),
    }
  })
}

/** How many are in the call as the page counts them, ourselves included. */
export function countShown(): number | null {
  const people = document.querySelector('button[data-panel-id="1"],button[aria-label^="People - "],button[aria-label^="Personen - "]')
  const badge = document.querySelector('[role=button][jsname="ocqpFe"]')
  const texts = [
    document.querySelector('[data-avatar-count]')?.getAttribute('data-avatar-count'),
    people?.getAttribute('aria-label'),
    document.querySelector('div.egzc7c')?.textContent,
    badge?.textContent,
  ]
  for (const text of texts) {
    const found = /\d+/.exec(text ?? '')?.[0]
    if (found !== undefined) return Number(found)
  }
  return null
}
