import type { PersonView, SlotView, TileView } from '../protocol.ts'
import { cls, el, icon, randomClass } from './dom.ts'
import { setLevel } from './meet-meter.ts'
import { fill, has, pick, t } from './setting.ts'

/** Old pictures a tile keeps: the real client leaves them, hidden and empty; a lab that runs for hours must not keep all. */
const OLD_VIDEOS = 3

const NAMED_AFTER_MS = 2_000

interface TilesOptions {
  /** Shows everything again, for what changes by itself. */
  again(): void
  stream(mid: string): MediaStream | undefined
  ownCamera(): MediaStreamTrack | undefined
}

interface Tile {
  wrapper: HTMLElement
  box: HTMLElement
  name: HTMLElement
  picture: HTMLElement
  meters: HTMLElement[]
  shown: MediaStream | undefined
  madeAt: number
}

/** The tiles of a call. Facts of the sheet: 6.7 to 6.11. */
export class Tiles {
  readonly root = el('main', {
    class: 'axUSnc',
    style: 'padding:0;display:flex;gap:8px;align-content:flex-start;height:calc(100vh - 120px)',
  })
  readonly #options: TilesOptions
  readonly #tiles = new Map<string, Tile>()
  readonly #own = new MediaStream()
  #levels: Record<string, number> = {}
  #dominant: string | null = null

  constructor(options: TilesOptions) {
    this.#options = options
  }

  /** Puts exactly these tiles in the document; the others are taken out of it. */
  show(tiles: readonly TileView[], people: readonly PersonView[], slots: readonly SlotView[]): void {
    const lone = people.filter(({ parent }) => parent === undefined).length === 1
    const wanted = new Set(tiles.map(({ id }) => id))
    const [first, second] = tiles
    // A large tile has the others in a column beside it, where the bar does not lie over them.
    this.root.style.flexFlow = first !== undefined && second !== undefined && first.height > second.height ? 'column wrap' : 'row wrap'
    for (const [id, tile] of this.#tiles) {
      if (wanted.has(id)) continue
      this.#picture(tile, undefined)
      tile.wrapper.remove()
      this.#tiles.delete(id)
    }
    tiles.forEach(({ id, width, height }, place) => {
      const person = people.find((one) => one.id === id)
      if (person === undefined) return
      const tile = this.#tiles.get(id) ?? this.#make(person)
      if (this.root.children[place] !== tile.wrapper) this.root.insertBefore(tile.wrapper, this.root.children[place] ?? null)
      tile.box.style.width = `${width}px`
      tile.box.style.height = `${height}px`
      tile.picture.parentElement?.parentElement?.setAttribute('data-resolution-cap', String(height))
      const label = has('odd-names') && performance.now() - tile.madeAt < NAMED_AFTER_MS ? oddName(id) : this.#label(person, people)
      if (tile.name.textContent !== label) tile.name.textContent = label
      // A participant who is alone was seen without this mark.
      const marked = has('self-name-everywhere') || (person.self && !lone)
      if (marked) tile.name.setAttribute('data-self-name', person.name)
      else tile.name.removeAttribute('data-self-name')
      const slot = slots.find((one) => one.id === id)
      this.#picture(tile, person.self ? this.#self() : slot && this.#options.stream(slot.mid), slot?.ssrc)
    })
  }

  /** Meters move with the voice; the mark of who dominates stands on the wrapper, and never on oneself. */
  levels(levels: Record<string, number>, dominant: string | null): void {
    this.#levels = levels
    this.#dominant = dominant
    for (const [id, tile] of this.#tiles) this.#level(id, tile)
  }

  #level(id: string, { meters, wrapper }: Tile): void {
    for (const meter of meters) setLevel(meter, this.#levels[id] ?? 0)
    wrapper.classList.toggle(cls('kssMZb'), id === this.#dominant)
  }

  #label({ name, parent }: PersonView, people: readonly PersonView[]): string {
    if (parent === undefined) return name
    const own = people.some(({ id, self }) => self && id === parent)
    return own ? `${name} (You, presenting)` : `${name} (Presenting, annotating)`
  }

  #self(): MediaStream | undefined {
    const track = this.#options.ownCamera()
    const [old] = this.#own.getTracks()
    if (old !== track && old !== undefined) this.#own.removeTrack(old)
    if (track !== undefined && old !== track) this.#own.addTrack(track)
    return track === undefined ? undefined : this.#own
  }

  /** A picture that ends leaves its element behind, hidden and empty; one that begins comes in a new element. */
  #picture(tile: Tile, stream: MediaStream | undefined, ssrc = 0): void {
    if (ssrc > 0) tile.picture.setAttribute('data-ssrc', String(ssrc))
    if (tile.shown === stream) return
    tile.shown = stream
    for (const video of tile.picture.querySelectorAll('video')) {
      video.style.display = 'none'
      video.srcObject = null
    }
    for (const old of [...tile.picture.querySelectorAll('video')].slice(0, -OLD_VIDEOS)) old.remove()
    if (stream === undefined) return
    const video = el('video', { class: 'Gv1mTb-aTv5jf', 'data-uid': randomClass(), style: 'width:100%;height:100%' })
    video.muted = true
    video.srcObject = stream
    tile.picture.append(video)
    video.play().catch(() => {}) // replaced before it began
  }

  #make({ id, name, parent, self }: PersonView): Tile {
    const picture = el('div', { class: 'p2hjYe', 'data-ssrc': '0', style: 'width:100%;height:100%' })
    const layers = ['LBDzPb', 'koV58', 'CNjCjf', 'FKJK2b'].reduce<HTMLElement>((inner, layer) => {
      const more: Record<string, string> =
        layer === 'koV58' ? { 'data-layout': 'roi-crop', 'data-resolution-cap': '720', jscontroller: 'dTVdqe' } : {}
      return el('div', { class: layer, style: 'width:100%;height:100%', ...more }, [inner])
    }, picture)
    const meters =
      parent === undefined ? ['DYfzY cYKTje', 'IisKdb GF8M7d YFyDbd'].map((classes) => el('div', { jsname: 'QgSmzd', class: classes })) : []
    const label = el('span', { class: 'notranslate' })
    const controls =
      parent === undefined
        ? [el('button', { 'aria-label': fill(t.moreOptionsFor, { name }) }, [icon('more_vert')])]
        : ['Zoom in', 'Full screen'].map((text) => el('button', {}, [el('span', { class: 'notranslate' }, [text])]))
    const box = el(
      'div',
      {
        class: 'oZRSLe',
        jsname: 'E2KThb',
        'data-participant-id': id,
        'data-requested-participant-id': id,
        'data-tile-media-id': randomClass(),
        style: 'position:relative;overflow:hidden;background:#3c4043',
      },
      [
        layers,
        ...meters,
        el('span', { class: 'notranslate' }),
        el('span', { class: 'notranslate' }, [icon(self ? 'person' : 'mic')]),
        label,
        ...controls,
      ],
    )
    const tile = {
      wrapper: el('div', { class: 'dkjMxf' }, [box]),
      box,
      name: label,
      picture,
      meters,
      shown: undefined,
      madeAt: performance.now(),
    }
    this.#tiles.set(id, tile)
    this.#level(id, tile)
    if (has('odd-names')) setTimeout(() => this.#options.again(), NAMED_AFTER_MS)
    return tile
  }
}

/** What a tile says before it knows a name: nothing of it is a person. */
const oddName = (id: string): string => pick(`odd ${id}`, [`Google Participant (${id})`, id, id.slice(id.indexOf('devices/'))])
