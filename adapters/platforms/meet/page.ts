/** In the page: who has a tile, which picture is whose, whose meter moves. Pushes changes only. */
import { ListColours } from './page-list.ts'
import { Meters } from './page-meters.ts'
import type { Stirring } from './page-stir.ts'
import { countShown, readRows, readTile, tileElements } from './page-tiles.ts'

/** At least this often; at once after a change that may give a picture to somebody else. */
const READ_MS = 1_000
const SOON_MS = 80
/** Pages that never stand still are not read more often than this. */
const APART_MS = 250
const METERS_MS = 100
const ATTRIBUTES = ['data-participant-id', 'data-self-name', 'data-avatar-count', 'aria-label', 'style', 'hidden']
/** A picture's source changes without a word in the document: its element says so. */
const MEDIA_EVENTS = ['loadstart', 'loadedmetadata', 'emptied', 'playing']

remoraPlatform(({ push }) => {
  let last = ''
  const read = () => {
    const tiles = tileElements()
      .map(readTile)
      .filter(({ id }) => id !== '')
    const told = { tiles, rows: readRows(), count: countShown() }
    // A page that shows nobody, and never did, has nothing to say.
    if (last === '' && tiles.length + told.rows.length === 0 && told.count === null) return
    const text = JSON.stringify(told)
    if (text === last) return
    last = text
    push('state:meet-tiles', told)
  }

  let due = false
  let readAt = 0
  const soon = () => {
    if (due) return
    due = true
    setTimeout(
      () => {
        due = false
        readAt = performance.now()
        read()
      },
      Math.max(SOON_MS, readAt + APART_MS - performance.now()),
    )
  }
  // Styles move all the time; only that of a picture, or of what holds one, may show or hide somebody.
  const matters = ({ type, attributeName, target }: MutationRecord) =>
    type !== 'attributes' || attributeName !== 'style' || (target instanceof Element && target.matches('video,:has(video)'))

  const start = () => {
    setInterval(read, READ_MS)
    new MutationObserver((records) => {
      if (records.some(matters)) soon()
    }).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ATTRIBUTES,
    })
    for (const event of MEDIA_EVENTS) document.addEventListener(event, soon, { capture: true, passive: true })

    const tell =
      (name: string) =>
      ({ id, on, atMs }: Stirring) =>
        push(name, { id, on, agoMs: Math.max(0, performance.now() - atMs) })
    const meters = new Meters(tell('meet:meter'))
    const rows = new ListColours(tell('meet:row'))
    meters.watch(document)
    setInterval(() => {
      const now = performance.now()
      meters.settle(now)
      rows.look(now)
    }, METERS_MS)
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true })
  else start()
})
