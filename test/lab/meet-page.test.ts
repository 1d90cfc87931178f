import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { controls } from '../../adapters/platforms/meet/controls.ts'
import { page } from '../../adapters/platforms/meet/page.generated.ts'
import { tileReader } from '../../adapters/platforms/meet/tile-facts.ts'
import type { Observation } from '../../src/platform/observation.ts'
import { type Bed, openBed, openBrowser } from './capture-bed.ts'

/** A page with the markup of the fact sheet, section 6, and nothing of a meeting behind it. */
const id = (n: number) => `spaces/abc/devices/${n}`
const icon = (name: string) => `<i class="google-symbols notranslate" aria-hidden="true">${name}</i>`
const bars = (kind: string) => `<div jsname="QgSmzd" class="${kind} gjg47c"><span></span></div>`
interface Drawn {
  name?: string
  inner?: string
  meter?: string
}
const tile = (n: number, { name = '', inner = '', meter = bars('DYfzY cYKTje') + bars('IisKdb GF8M7d') }: Drawn) =>
  `<div class="dkjMxf"><div class="oZRSLe" jsname="E2KThb" data-participant-id="${id(n)}" data-requested-participant-id="${id(n)}" style="width:320px;height:180px">
    <div class="koV58"><div class="p2hjYe">${inner}</div></div>${meter}
    <span class="google-symbols notranslate">mic_off</span><span class="notranslate"></span>${icon('keep')}<span class="notranslate">${name}</span></div></div>`
const listed = (label: string, rows: string) => `<div role="list" aria-label="${label}">${rows}</div>`
const row = (n: number, name: string, inner = '') =>
  `<div role="listitem" aria-label="${name}" data-participant-id="${id(n)}"><span class="zWGUib">${name}</span>${inner}</div>`
const site = (body: string) => `<!doctype html><meta charset="utf-8"><title>Meet</title><body>${body}<script>
  window.frame = (colour) => { const c = document.createElement('canvas'); c.width = 64; c.height = 36; const g = c.getContext('2d'); setInterval(() => { g.fillStyle = colour; g.fillRect(0, 0, 64, 36) }, 50); return c.captureStream(20) }
  window.film = (n, stream) => { const v = document.createElement('video'); v.autoplay = true; v.muted = true; v.srcObject = stream; document.querySelector('[data-participant-id="spaces/abc/devices/' + n + '"] .p2hjYe').append(v); return stream.getVideoTracks()[0].id }
  window.cycle = (element, classes, everyMs) => { let i = 0; const base = element.className.split(' ').slice(0, -1); const t = setInterval(() => { element.className = [...base, classes[i++ % classes.length]].join(' ') }, everyMs); return () => clearInterval(t) }
</script></body>`

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())
let bed: Bed | undefined
afterEach(async () => {
  await bed?.close()
  bed = undefined
})

/** Opens the page and gathers what the adapter makes of what its page code pushes. */
async function watch(body: string): Promise<Observation[]> {
  bed = await openBed(page, site(body), browser)
  const { bridge } = bed
  const seen: Observation[] = []
  const read = tileReader()
  void (async () => {
    for await (const fact of bridge.facts(new AbortController().signal)) seen.push(...read(fact))
  })()
  return seen
}
const run = (expression: string) => bed?.run(expression)
const until = (fact: () => boolean) => expect.poll(fact, { timeout: 10_000, interval: 20 }).toBe(true)
const people = (seen: readonly Observation[]) =>
  new Map(
    seen.flatMap((one) =>
      one.type === 'participant' ? [[one.id, `${one.name ?? '?'}${one.self ? ' self' : ''}${one.host ? ' host' : ''}`]] : [],
    ),
  )

describe('who is there', () => {
  it('is read from tiles: no icon is a name, no preview of the effects panel a person, no screen either', async () => {
    const seen = await watch(
      tile(1, { name: 'Ada Lovelace' }) +
        tile(2, { name: 'Zoom in' }) +
        tile(3, { name: 'Notes', inner: '<div data-self-name="Notes"></div>' }) +
        tile(4, { name: 'Ada Lovelace (Presenting, annotating)' }) +
        tile(5, { name: 'Sam (Sales)' }) +
        `<div aria-label="Backgrounds and effects">${tile(9, { name: 'Blur' })}</div>`,
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen)]).toEqual([
      [id(1), 'Ada Lovelace'],
      [id(2), '?'],
      [id(3), 'Notes self'],
      [id(5), 'Sam (Sales)'],
    ])
    expect(seen).toContainEqual(
      expect.objectContaining({ type: 'share', shareId: id(4), on: true, presenterName: 'Ada Lovelace', via: 'tile' }),
    )
  })

  it('is read from tiles of other builds: own mark on the tile, icons of no class, a grid that is a list, screens in other words', async () => {
    const icons = '<style>.x9 { font-family: "Google Symbols" }</style>'
    const ours = tile(3, { name: 'Notes' }).replace('data-participant-id', 'data-self-name="Notes" data-participant-id')
    const seen = await watch(
      icons +
        listed(
          'Ansicht',
          `<div role="listitem">${tile(1, { name: 'anna_k', inner: '<span class="x9 notranslate">brand_new_glyph</span>' })}</div>`,
        ) +
        tile(2, { name: 'Jack (Du Bois)', inner: '<div data-self-name=""></div>' }) +
        ours +
        tile(4, { name: 'Ada (präsentiert)' }) +
        `<section role="region" aria-label="Präsentation">${tile(5, { name: 'Jack' })}</section>` +
        `<div aria-label="Hintergründe und Effekte">${tile(9, { name: 'Blur' })}</div>`,
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen)]).toEqual([
      [id(1), 'anna_k'],
      [id(2), 'Jack (Du Bois)'],
      [id(3), 'Notes self'],
    ])
    const screens = seen.flatMap((one) => (one.type === 'share' ? [`${one.shareId} ${one.presenterName}`] : []))
    expect(screens).toEqual([`${id(4)} Ada`, `${id(5)} Jack`])
  })

  it('is read from tiles that all bear the word for "You": only one of them is called that', async () => {
    const plate = (text: string) => `<div class="x1" data-self-name="You"><span>${text}</span>${icon('mic')}</div>`
    const seen = await watch(tile(1, { inner: plate('Ada') }) + tile(2, { inner: plate('You') }) + tile(3, { inner: plate('Jack') }))
    await until(() => people(seen).size > 0)
    expect([...people(seen)]).toEqual([
      [id(1), 'Ada'],
      [id(2), 'You self'],
      [id(3), 'Jack'],
    ])
  })

  it('is read from the panel: the host, ourselves and a presentation, but nobody who waits to be admitted', async () => {
    const seen = await watch(
      `<aside aria-label="Side panel">${listed(
        'Participants',
        row(1, 'Ada', '<div class="d93U2d">Meeting host</div>') +
          row(2, 'Notes', '<span class="NnTWjc">(You)</span>') +
          row(3, 'Ada', '<div>Presentation</div>'),
      )}${listed('Waiting to join', row(7, 'Eve', '<button>Admit</button>'))}${listed('Andere', row(8, 'Mallory', '<button>Admit</button><button>Deny</button>'))}</aside>` +
        tile(1, { name: 'Ada' }),
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen).keys()]).toEqual([id(1), id(2)])
    expect(seen.find((one) => one.type === 'participant' && one.id === id(1))).toMatchObject({ host: true, via: 'list' })
    expect(seen.find((one) => one.type === 'participant' && one.id === id(2))).toMatchObject({ self: true })
    expect(seen).toContainEqual(expect.objectContaining({ type: 'share', shareId: id(3), via: 'list' }))
  })

  it('is nobody who waits, however their list is told from the others', async () => {
    const lists = {
      'a label of other words': listed('Requests to join', row(11, 'Eve')),
      'a label elsewhere': `<span id="w">Waiting to be admitted</span><div role="list" aria-labelledby="x w">${row(12, 'Eve')}</div>`,
      'the heading over it': `<h3>Waiting to join</h3><p>2</p><div role="list">${row(13, 'Eve')}</div>`,
      'what folds it': `<div><button aria-expanded="true">Várakozók</button></div><div><div role="list">${row(14, 'Eve')}</div></div>`,
      'a way in that is no button': `<div role="list">${row(15, 'Eve', '<div role="button">Admit</div>')}</div>`,
    }
    const asides = Object.values(lists).map((list) => `<aside>${list}<section><div role="list">${row(1, 'Ada')}</div></section></aside>`)
    const seen = await watch(asides.join('') + tile(2, { name: 'Jack' }))
    await until(() => people(seen).size > 0)
    expect([...people(seen).keys()]).toEqual([id(1), id(2)])
  })

  it('is read from a list that only stands after one of people who wait, or around it', async () => {
    const waiting = listed('Others', row(7, 'Eve', '<button>Admit</button>'))
    const seen = await watch(
      `<aside><button aria-expanded="false">Waiting to join</button><div role="list">${row(1, 'Ada')}<div>${waiting}</div></div></aside>${tile(2, { name: 'Jack' })}`,
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen).keys()]).toEqual([id(1), id(2)])
  })

  it('is no row of merged audio, but everybody in it', async () => {
    const merged = row(6, 'Merged audio').replace('<div', '<div data-cohort-id="3"')
    const seen = await watch(
      `<aside>${listed('Participants', row(1, 'Ada') + merged + row(2, 'Jack').replace('<div', '<div data-cohort-id="3"'))}</aside>${tile(1, { name: 'Ada' })}`,
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen).keys()]).toEqual([id(1), id(2)])
  })

  it('is no preview of effects, in whatever language', async () => {
    const effects = ['Фоны и эффекты', 'Эффекты', 'Háttérképek és effektek', '背景とエフェクト']
    const seen = await watch(
      effects.map((label, n) => `<div aria-label="${label}">${tile(20 + n, { name: 'Blur' })}</div>`).join('') + tile(1, { name: 'Ada' }),
    )
    await until(() => people(seen).size > 0)
    expect([...people(seen).keys()]).toEqual([id(1)])
  })

  it.each([
    ['an attribute', '<span data-avatar-count="4"></span>'],
    ['the label of the old button', '<button data-panel-id="1" aria-label="People - 4 joined"></button>'],
    ['the German label', '<button aria-label="Personen - 4 beigetreten"></button>'],
    ['the badge without a label', `<div role="button" jsname="ocqpFe">${icon('people')}<span>4</span></div>`],
    ['the box', '<div class="egzc7c">4</div>'],
    [
      'the badge in a build of other names',
      `<div role="button" aria-haspopup="dialog" class="q"><span>${icon('group')}People</span><b>4</b></div>`,
    ],
    [
      'the same in another language',
      `<div role="button" aria-haspopup="dialog" class="q">${icon('group')}<span>Résztvevők</span><b>4</b></div>`,
    ],
    [
      'the old button’s text, in a build of other classes',
      `<button data-panel-id="1" aria-label="People">${icon('people')}<b>4</b></button>`,
    ],
    ['the text of a labelled badge', `<div role="button" aria-label="Show everyone" aria-haspopup="dialog"><b>4</b></div>`],
    [
      'the button for people, though those who wait are counted before it',
      '<aside><i data-avatar-count="1"></i></aside><button data-panel-id="1"><i data-avatar-count="4"></i></button>',
    ],
  ])('is counted by %s', async (_, badge) => {
    const seen = await watch(tile(1, { name: 'Ada' }) + badge)
    await until(() => seen.some(({ type }) => type === 'count'))
    expect(seen.find(({ type }) => type === 'count')).toMatchObject({ others: 3 })
    await run('document.querySelector("body > span, body > button, body > [role=button], body > .egzc7c").remove()')
    await until(() => seen.some((one) => one.type === 'count' && one.others === undefined))
  })
})

describe('a page without a tile', () => {
  it('still counts', async () => {
    const seen = await watch('<button data-panel-id="1" aria-label="People - 1 joined"></button>')
    await until(() => seen.length > 0)
    expect(seen).toMatchObject([{ type: 'count', others: 0 }])
  })
})

describe('a presentation', () => {
  const plain = tile(1, { name: 'Ada' })
  it.each([
    ['the section around it', `<section aria-label="Presentation">${tile(4, { name: 'Ada' })}</section>`],
    ['its heading', tile(4, { name: 'Ada', inner: '<h2>Ada (Presenting)</h2>' })],
  ])('is known by %s, and is nobody', async (_, shown) => {
    const seen = await watch(plain + shown)
    await until(() => seen.some(({ type }) => type === 'share'))
    expect([...people(seen).keys()]).toEqual([id(1)])
  })
})

describe('whose picture it is', () => {
  const owner = (seen: readonly Observation[], trackId: unknown) =>
    seen.filter((one) => one.type === 'track' && one.trackId === trackId).at(-1) as { participantId?: string } | undefined

  it('follows a slot that is given to another tile, and is nobody’s once the camera is off', async () => {
    const seen = await watch(tile(1, { name: 'Ada' }) + tile(2, { name: 'Jack' }))
    const track = await run('window.red = frame("red"); film(1, red)')
    await until(() => owner(seen, track)?.participantId === id(1))
    const before = Date.now()
    await run('document.querySelectorAll("video")[0].srcObject = null; film(2, red)')
    await until(() => owner(seen, track)?.participantId === id(2))
    expect(Date.now() - before).toBeLessThan(900)
    // Camera off: the element stays, hidden and without a stream.
    await run('(() => { const v = document.querySelectorAll("video")[1]; v.style.display = "none"; v.srcObject = null })()')
    await until(() => owner(seen, track)?.participantId === undefined)
    const again = await run('film(2, frame("blue"))')
    await until(() => owner(seen, again)?.participantId === id(2))
    // The same, where what holds the picture is hidden.
    await run('(() => { document.querySelectorAll(".p2hjYe")[1].style.display = "none" })()')
    await until(() => owner(seen, again)?.participantId === undefined)
  })
})

describe('the way to "Audio only"', () => {
  const choice = '<li role="option" aria-label="Audio only">x</li>'
  it.each([
    ['beside its list', `<div><div><div id="it" role="combobox">Auto</div></div><div role="listbox" hidden><ul>${choice}</ul></div></div>`],
    ['before it', `<div><button id="it" aria-haspopup="listbox">Auto</button><div role="listbox" hidden><ul>${choice}</ul></div></div>`],
    ['around it', `<div id="it" role="combobox">Auto<ul role="listbox" hidden>${choice}</ul></div>`],
  ])('goes through the switch %s, and no other', async (_, select) => {
    await watch(`<div role="dialog" aria-modal="true"><div role="combobox">Other</div><section>${select}</section></div>`)
    const found = controls.resolutions.clues.flatMap((clue) => ('css' in clue ? [clue.css] : []))
    expect(await run(`[...document.querySelectorAll(${JSON.stringify(found.join())})].map((one) => one.id)`)).toEqual(['it'])
  })
})

describe('whose meter moves', () => {
  const voices = (seen: readonly Observation[]) =>
    seen.flatMap((one) => (one.type === 'speaking' ? [`${one.participantId} ${one.on}`] : []))

  it('is told with the time of its first and last move, and never of the meter in the settings', async () => {
    const seen = await watch(tile(1, { name: 'Ada' }) + `<div aria-label="Audio settings">${bars('x')}</div>`)
    await run('cycle(document.querySelector("[aria-label=\\"Audio settings\\"] [jsname]"), ["gjg47c", "HX2H7"], 60)')
    const started = (await run(
      'window.stop = cycle(document.querySelector("[data-participant-id] [jsname=QgSmzd]"), ["HX2H7", "Oaajhc", "wEsLMd"], 80); Date.now()',
    )) as number
    await until(() => voices(seen).length === 1)
    const on = seen.find(({ type }) => type === 'speaking')
    expect(on?.atMs).toBeGreaterThanOrEqual(started)
    expect(on?.atMs).toBeLessThan(started + 300)
    const stopped = (await run('stop(); Date.now()')) as number
    await until(() => voices(seen).length === 2)
    expect(voices(seen)).toEqual([`${id(1)} true`, `${id(1)} false`])
    const off = seen.findLast(({ type }) => type === 'speaking')
    expect(Math.abs((off?.atMs ?? 0) - stopped)).toBeLessThan(200)
  })

  it('is found by its moving where a build names it otherwise, and is no spinner that turns once', async () => {
    const meter = '<div class="a9 q1"></div><div class="b7 q2"></div>'
    const seen = await watch(tile(1, { name: 'Ada', meter }) + tile(2, { name: 'Jack', meter }))
    await run(
      '(() => { const e = document.querySelectorAll("[data-participant-id]")[1].querySelector(".b7"); e.className = "b7 hover"; setTimeout(() => { e.className = "b7 q2" }, 200) })()',
    )
    await run('window.stop = cycle(document.querySelector(".a9"), ["k1", "k2", "k3", "k2"], 90); 0')
    await until(() => voices(seen).length === 1)
    await run('stop()')
    await until(() => voices(seen).length === 2)
    expect(voices(seen)).toEqual([`${id(1)} true`, `${id(1)} false`])
  })

  it('is told by the colour of a row in the people panel, of nobody who is muted or waits to be admitted', async () => {
    const lamp = (colour: string, x: string) =>
      `<div class="lamp" style="background-color:${colour}"><i></i><b style="background-position:${x} 0px"></b></div>`
    const seen = await watch(
      `<aside>${listed(
        'Participants',
        row(1, 'Ada', lamp('rgb(26, 115, 232)', '0px')) +
          row(2, 'Jack', lamp('rgb(11, 87, 208)', '-18px')) +
          row(3, 'Kim', lamp('rgba(168, 199, 250, 0)', '-18px')) +
          row(4, 'Dora', lamp('rgb(60, 64, 67)', '-18px')),
      )}${listed('Waiting to join', row(7, 'Eve', lamp('rgb(26, 115, 232)', '-18px')))}</aside>${tile(1, { name: 'Ada' })}`,
    )
    await until(() => voices(seen).length === 1)
    await run('document.querySelectorAll(".lamp")[1].style.backgroundColor = "rgb(60, 64, 67)"')
    await until(() => voices(seen).length === 2)
    expect(voices(seen)).toEqual([`${id(2)} true`, `${id(2)} false`])
    await run('document.querySelectorAll(".lamp b")[0].style.backgroundPosition = "-36px 0px"')
    await until(() => voices(seen).length === 3)
    expect(seen.findLast(({ type }) => type === 'speaking')).toMatchObject({ participantId: id(1), on: true, source: 'list' })
  })
})
