import { EFFECTS, isPresentation, isYou, saysShare, saysYou } from './notes.ts'

/** A tile as the page has it; what its texts mean is decided in Node. */
export interface Tile {
  id: string
  /** Texts that may be the name, most trusted first. */
  names: string[]
  /** It says "(You)". */
  self: boolean
  /** What a `data-self-name` in it holds, and the text it stands at; null where there is none, or an empty one. */
  mark: { value: string; text: string } | null
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
  /** It bears the mark of rooms that hear each other: the group's own row does, and its members' may. */
  cohort: boolean
}

const ICON = 'i,[aria-hidden="true"],[class*="google-symbols"],[class*="material-icons"]'
const LIST = '[role=list],[role=listitem]'
const TITLE = 'h1,h2,h3,h4,h5,h6,[role=heading]'
/** What may stand over a list: a heading, or the button that folds it. */
const HEADING = `${TITLE},[aria-expanded]`
const FOLDED = '[aria-expanded="false"]'
/** What a tile has and a row has not, where a grid of tiles calls itself a list. */
const TILE = '[data-tile-media-id],[data-requested-participant-id]'

const isRow = (element: Element) => element.closest(LIST) !== null && !element.matches(TILE)

/** Tiles of the call: not the effects panel's previews, not rows of a list, not a tile's inner parts. */
export function tileElements(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-participant-id]')].filter(
    (element) =>
      !isRow(element) && element.closest(EFFECTS) === null && (element.parentElement?.closest('[data-participant-id]') ?? null) === null,
  )
}

/** The tile an element belongs to. */
export function tileAround(element: Element): HTMLElement | null {
  if (element.closest(`[role=dialog],[aria-label="Audio settings"],${EFFECTS}`) !== null) return null
  let tile = element.closest<HTMLElement>('[data-participant-id]')
  for (let outer = tile; outer !== null; outer = outer.parentElement?.closest<HTMLElement>('[data-participant-id]') ?? null) tile = outer
  return tile === null || isRow(tile) ? null : tile
}

const trimmed = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim()

/** Icons are pictures by their font, be their class what it may. */
const isDrawn = (element: Element) => /symbols|icons/i.test(getComputedStyle(element).fontFamily)

/** The text of an element that holds nothing but text; icons in it, or an icon itself, are none. */
function plainText(element: Element): string {
  if (element.closest(ICON) !== null || element.querySelector(ICON) !== null) return ''
  const text = trimmed(element.textContent)
  return /^[a-z0-9_]+$/.test(text) && isDrawn(element) ? '' : text
}

function markIn(element: HTMLElement): Tile['mark'] {
  const all = [element, ...element.querySelectorAll('[data-self-name]')]
  const marked = all.find((one) => trimmed(one.getAttribute('data-self-name')) !== '')
  if (marked === undefined) return null
  const leaves = [marked, ...marked.querySelectorAll('*')].filter(({ childElementCount }) => childElementCount === 0)
  const texts = marked === element ? [] : leaves.map(plainText).filter((text) => text !== '')
  return { value: trimmed(marked.getAttribute('data-self-name')), text: texts.length === 1 ? (texts[0] ?? '') : '' }
}

function namesIn(element: HTMLElement, mark: Tile['mark']): string[] {
  const names = mark === null ? [] : [mark.text, isYou(mark.value) ? '' : mark.value]
  for (const span of element.querySelectorAll<HTMLElement>('.notranslate')) names.push(plainText(span))
  for (const button of element.querySelectorAll('[aria-label^="More options for "]')) {
    names.push(trimmed(button.getAttribute('aria-label')?.slice('More options for '.length)))
  }
  return [...new Set(names)].filter((name) => name !== '')
}

/** Of whichever frame it is: an `instanceof` knows its own only. */
const isStream = (source: MediaProvider | null): source is MediaStream => source !== null && 'getVideoTracks' in source

/** Without its area: that is read once for all. */
function shownVideo(element: HTMLElement): string | null {
  for (const video of element.querySelectorAll('video')) {
    // A camera that was switched off leaves its element behind: hidden, by itself or by what holds it, and without a stream.
    if (!isStream(video.srcObject) || !video.checkVisibility({ visibilityProperty: true })) continue
    const track = video.srcObject.getVideoTracks().find(({ readyState }) => readyState === 'live')
    if (track !== undefined) return track.id
  }
  return null
}

/** Everything a tile says. */
export function readTile(element: HTMLElement): Tile {
  const { width, height } = element.getBoundingClientRect()
  const mark = markIn(element)
  const names = namesIn(element, mark)
  const labels = [element, element.closest('[role=region],section[aria-label]')].map((one) => trimmed(one?.getAttribute('aria-label')))
  const headings = [...element.querySelectorAll(TITLE)].map((one) => trimmed(one.textContent))
  return {
    id: element.getAttribute('data-participant-id') ?? '',
    names,
    self: names.some(saysYou) || saysYou(trimmed(element.textContent)),
    mark,
    videoTrackId: shownVideo(element),
    area: Math.round((width * height) / 1_000),
    share: [...names, ...headings].some(saysShare) || labels.some(isPresentation),
  }
}

const WAITING =
  /wait|admit|asking to join|request|knock|warte|zulassen|anfrage|várakoz|attente|admettre|espera|admitir|ожида|待機|リクエスト|รอ/i
const LETS_IN =
  /^((admit|deny|let in|zulassen|ablehnen|beenged|elutasít|admettre|refuser|admitir|rechazar|recusar)(?!\p{L})|впустить|отклонить|承諾|許可|拒否)/iu

/** The heading of a list that is folded away is none of the list that follows. */
const isFolded = (heading: Element) => heading.matches(FOLDED) || heading.querySelector(FOLDED) !== null || heading.closest(FOLDED) !== null

/** What names a list: its label, or a heading right before it, where no other list lies between. */
function labelOf(list: Element): string {
  const named = (list.getAttribute('aria-labelledby') ?? '')
    .split(/\s+/)
    .map((id) => (id === '' ? '' : document.getElementById(id)?.textContent))
  const own = trimmed(list.getAttribute('aria-label')) || trimmed(named.join(' '))
  if (own !== '') return own
  for (let inner = list, up = 0; up < 2; up++) {
    for (let before = inner.previousElementSibling; before !== null; before = before.previousElementSibling) {
      if (before.matches(LIST) || before.querySelector(LIST) !== null) return ''
      const heading = [before, ...before.querySelectorAll('*')].findLast((one) => one.matches(HEADING))
      if (heading !== undefined) return isFolded(heading) ? '' : trimmed(heading.getAttribute('aria-label') ?? heading.textContent)
    }
    if (inner.parentElement === null) return ''
    inner = inner.parentElement
  }
  return ''
}

/** People being admitted have a list of their own, with buttons to let them in. */
function isWaiting(list: Element): boolean {
  if (WAITING.test(labelOf(list))) return true
  return [...list.querySelectorAll('button,[role=button]')].some(
    (button) => button.closest('[role=list]') === list && LETS_IN.test(trimmed(button.getAttribute('aria-label') ?? button.textContent)),
  )
}

/** The elements of people in the panel's lists, without those who wait to be admitted. */
export function listedPeople(): HTMLElement[] {
  const rows = [...document.querySelectorAll<HTMLElement>('[role=list] [role=listitem][data-participant-id]')].filter(isRow)
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
      self: saysYou(text),
      host: /meeting host|organisator|organisateur|anfitri|szervező|主催者/i.test(text),
      share: [...row.querySelectorAll('*')].some((part) => part.childElementCount === 0 && isPresentation(trimmed(part.textContent))),
      cohort: row.hasAttribute('data-cohort-id'),
    }
  })
}

const COUNT = /\d{1,3}(?:[,.\u00a0\u202f’]\d{3})+|\d+/
/** Where the number of people stands by itself, with or without a word for them; "10:42" and "Room 4, floor 2" are none. */
const BADGE = /^\D{0,24}\d[\d,.\u00a0\u202f’]*$/

/** What holds a person, or people of another group than those in the call. */
const PEOPLE_THEMSELVES = `[data-participant-id],[role=dialog],aside,[role=complementary],${LIST}`
const counts = (element: Element) => element.closest(PEOPLE_THEMSELVES) === null

/** The one number that buttons of a kind show: none where they differ. */
function shownOn(buttons: string): string | undefined {
  const texts = [...document.querySelectorAll(buttons)]
    .filter(counts)
    .map(
      (one) =>
        [...one.querySelectorAll('*')]
          .filter((part) => part.childElementCount === 0)
          .map(plainText)
          .join(' ') || plainText(one),
    )
    .filter((text) => BADGE.test(text.trim()))
  return new Set(texts).size === 1 ? texts[0] : undefined
}

/** The number that whatever is made for it bears; of several the one on the button for people, else one that is in sight. */
function avatarCount(): string | undefined {
  const all = [...document.querySelectorAll('[data-avatar-count]')].filter(counts)
  const best = all.find((one) => one.closest(PEOPLE) !== null) ?? all.find((one) => one.checkVisibility()) ?? all[0]
  return best?.getAttribute('data-avatar-count') ?? undefined
}

const buttonLabelled = (...labels: string[]) => labels.map((label) => `:is(button,[role=button])[aria-label${label}]`).join()
/** The button for people, old (2024 to 2025) and new; its classes and jsname change. */
const PEOPLE = `:is(button,[role=button])[data-panel-id="1"],${buttonLabelled('^="People - "', '="People"', '="Show everyone"', '^="Personen - "')}`
/** The badge since December 2025: a button for a dialog, of no label, that says a number. */
const UNLABELLED = ':is(button,[role=button])[aria-haspopup=dialog]:not([aria-label])'

/** How many are in the call as the page counts them, ourselves included. */
export function countShown(): number | null {
  const texts = [
    avatarCount(),
    ...[...document.querySelectorAll(PEOPLE)].map((one) => one.getAttribute('aria-label')),
    shownOn(PEOPLE),
    document.querySelector('div.egzc7c')?.textContent,
    document.querySelector('[role=button][jsname="ocqpFe"]')?.textContent,
    shownOn(UNLABELLED),
  ]
  for (const text of texts) {
    const found = COUNT.exec(text ?? '')?.[0]
    if (found !== undefined) return Number(found.replace(/\D/g, ''))
  }
  return null
}
