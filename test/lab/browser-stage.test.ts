import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { chromiumProvider } from '../../src/browser/chromium.ts'
import type { BrowserProvider, OpenPage } from '../../src/browser/port.ts'
import { defineControls } from '../../src/platform/controls.ts'
import type { Sight } from '../../src/platform/stage.ts'
import { decodeFrames } from './meeting.ts'

const controls = defineControls({
  join: { clues: [{ role: 'button', name: 'Join' }] },
  name: { clues: [{ role: 'textbox', name: 'Your name' }, { css: 'input' }] },
  leave: { clues: [{ label: /^leave call/i }] },
  renamed: { clues: [{ role: 'button', name: 'Old words' }, { css: '[data-renamed]' }] },
  drifted: { clues: [{ role: 'button', name: 'Old words' }, { css: '.late' }] },
  nowhere: { clues: [{ css: '#nowhere' }, { text: 'not here' }] },
  typed: { clues: [{ css: 'output' }] },
  off: { clues: [{ css: '#off' }] },
})

let provider: BrowserProvider
let open: OpenPage
let warnings: string[]
const screenshotsDir = mkdtempSync(join(tmpdir(), 'remora-test-'))
const signal = AbortSignal.timeout(600_000)
const soon = { signal, timeoutMs: 5_000 }

beforeAll(() => {
  provider = chromiumProvider({ sandbox: process.getuid?.() !== 0, env: process.env })
})
afterAll(() => provider.close())
afterEach(() => open.close())

async function show(html: string) {
  warnings = []
  const plan = { controls, wires: [], locale: 'en', viewport: { width: 1280, height: 720 }, screenshotsDir }
  open = await provider.open({ ...plan, onWarning: (code, _, details) => warnings.push(`${code} ${details?.['control']}`) }, signal)
  await open.stage.goto(`data:text/html,${encodeURIComponent(html)}`, soon)
  return open.stage
}
const keysOf = (sight: Sight | undefined) => [...(sight?.shows.keys() ?? [])]
const JOIN = '<label>Your name <input></label><button>Join</button>'

it('tells what shows, types with key events and presses with a trusted click', async () => {
  const stage = await show(
    `${JOIN}<output></output><script>document.querySelector('button').addEventListener('click', (e) => { document.querySelector('output').textContent += ' ' + e.isTrusted }); document.querySelector('input').onkeydown = (e) => { document.querySelector('output').textContent += e.key }</script>`,
  )
  const sight = await stage.look(['join', 'name', 'leave'], soon)
  expect(sight).toMatchObject({ answered: true })
  expect(keysOf(sight)).toEqual(['join', 'name'])
  await stage.type('name', 'Ada', soon)
  await stage.type('name', 'Bo', soon)
  await stage.press('join', soon)
  const page = await stage.evidence(sight, { absent: ['leave'], picture: true })
  expect(page).toMatchObject({ signs: ['join', 'name'], absent: ['leave'], text: 'Join', screenshot: expect.stringMatching(/\.jpg$/) })
  const typed = await stage.read('typed', soon)
  expect(typed[0]?.text).toBe('DeleteAdaDeleteBo true') // emptied, typed, emptied, typed, and a trusted click
  expect(warnings).toEqual([])
})

it('is painted small while nobody looks: the page cannot tell, a click lands in its place, a picture is whole', async () => {
  const stage = await show(
    `<body style="margin:0;background:linear-gradient(90deg,#c00 50%,#00c 50%)"><button style="position:absolute;left:1200px;top:650px;width:60px;height:40px">Join</button><output></output><script>
    let resized = 0; onresize = () => resized++; visualViewport.onresize = () => resized++
    document.querySelector('button').onclick = ({ clientX, clientY, isTrusted }) => { document.querySelector('output').textContent = [clientX, clientY, isTrusted, innerWidth, innerHeight, screen.width, screen.height, devicePixelRatio, visualViewport.scale, resized] }
    </script>`,
  )
  const sight = await stage.look(['join'], soon)
  for (const _ of [1, 2, 3]) {
    await stage.press('join', soon)
    const [{ text } = { text: '' }] = await stage.read('typed', soon)
    expect(text).toBe('1230,670,true,1280,720,1280,720,1,1,0')
    const { screenshot = '' } = await stage.evidence(sight, { picture: true })
    const [frame] = decodeFrames(screenshot, 25)
    const [left = [], right = []] = [frame?.(4, 18), frame?.(60, 18)]
    expect([left[0], right[2]].map((shade) => Math.abs((shade ?? 0) - 0xcc) < 16)).toEqual([true, true])
    expect(frame?.(60, 33)?.every((shade) => shade > 150)).toBe(true) // the button, where it was pressed
  }
})

it('waits for the first of several, and says undefined when none came', async () => {
  const stage = await show(
    `<script>setTimeout(() => { document.body.innerHTML = '<button aria-label="Leave call">x</button>' }, 400)</script>`,
  )
  expect(keysOf(await stage.firstOf(['join', 'leave'], soon))).toEqual(['leave'])
  expect(await stage.firstOf(['nowhere'], { signal, timeoutMs: 300 })).toBeUndefined()
})

it('reads every element of a control with its attributes', async () => {
  const stage = await show('<i data-renamed="1">a</i><i data-renamed="2" hidden>b</i>')
  const read = await stage.read('renamed', soon)
  expect(read.map(({ text, visible, attributes }) => [text, visible, attributes['data-renamed']])).toEqual([
    ['a', true, '1'],
    ['b', false, '2'],
  ])
})

it('warns once when only a less trusted clue matched, also when pressing', async () => {
  const stage = await show('<button class="late">New words</button>')
  await stage.press('drifted', soon)
  await stage.look(['drifted'], soon)
  expect(warnings).toEqual(['fallback_selector drifted'])
})

it('presses what its best clue finds, not what a looser clue finds further up', async () => {
  const stage = await show(`<p data-renamed onclick="document.body.dataset.hit = 'loose'">Loose</p>
    <button onclick="document.body.innerHTML = '<button>Join</button>'">Old words</button>`)
  await stage.press('renamed', soon)
  expect(keysOf(await stage.look(['join'], soon))).toEqual(['join'])
})

it.each(['Leave&nbsp;call', ' Leave  call\n', 'leave call'])('presses what it sees, however "%s" is spaced', async (label) => {
  const stage = await show(`<button aria-label="${label}" onclick="document.body.innerHTML = '<button>Join</button>'">x</button>`)
  expect(keysOf(await stage.look(['leave'], soon))).toEqual(['leave'])
  await stage.press('leave', soon)
  expect(keysOf(await stage.look(['join'], soon))).toEqual(['join'])
})

it('presses a button that is rendered anew while it waits for it', async () => {
  const stage = await show(
    `<script>let n = 0; setInterval(() => { if (n++ < 8) document.body.innerHTML = '<button aria-label="Leave call"' + (n < 8 ? ' disabled' : '') + ' onclick="document.body.innerHTML = &quot;<button>Join</button>&quot;">x</button>' }, 100)</script>`,
  )
  await stage.press('leave', soon)
  expect(keysOf(await stage.look(['join'], soon))).toEqual(['join'])
})

it('reads what a field holds, and how much of a frame is in the window', async () => {
  const stage = await show('<input value="Ada"><div id="off" style="position:fixed;left:-50px;top:0;width:90px;height:30px"></div>')
  expect(await stage.read('name', soon)).toEqual([expect.objectContaining({ value: 'Ada', visible: true })])
  expect(await stage.read('off', soon)).toEqual([expect.objectContaining({ width: 40, height: 30, visible: true })])
})

it.each(['nowhere', 'off'] as const)('says PAGE_CHANGED with the clues tried when "%s" cannot be pressed', async (key) => {
  const stage = await show('<button id="off" disabled>Off</button>')
  await expect(stage.press(key, { signal, timeoutMs: 700 })).rejects.toMatchObject({
    code: 'PAGE_CHANGED',
    details: { control: key, tried: expect.arrayContaining([expect.stringContaining(`css=#${key}`)]), screenshot: expect.any(String) },
  })
  expect(readdirSync(screenshotsDir).some((name) => name.includes(`no-${key}`))).toBe(true)
})

it('pulses when the page changes, and not because of style or class', async () => {
  const stage = await show(`${JOIN}<script>setInterval(() => { document.body.className = 'a' + Date.now() }, 50)</script>`)
  const pulse = async () => {
    await stage.look(['join'], soon)
    const from = Date.now()
    await stage.pulse({ atLeastMs: 100, atMostMs: 3_000, signal })
    return Date.now() - from
  }
  await pulse() // what loading changed
  expect(await pulse()).toBeGreaterThanOrEqual(2_900)
  await stage.look(['join'], soon)
  const waiting = stage.pulse({ atLeastMs: 100, atMostMs: 10_000, signal })
  const from = Date.now()
  await stage.type('name', 'x', soon)
  await stage.goto('data:text/html,<p>other</p>', soon)
  await waiting
  expect(Date.now() - from).toBeLessThan(5_000)
})

it('answers "not answered" for a page that hangs, and ends every wait at an abort', async () => {
  const stage = await show(`${JOIN}<script>setTimeout(() => { for (;;); }, 300)</script>`)
  await expect.poll(async () => (await stage.look(['join'], { signal, timeoutMs: 500 })).answered, { timeout: 8_000 }).toBe(false)
  expect(await stage.read('join', { signal, timeoutMs: 300 })).toEqual([])
  await stage.wake(soon) // a nudge that does not arrive fails nothing
  const stop = new AbortController()
  const reason = new Error('enough')
  const waits = [
    stage.look(['join'], { signal: stop.signal }),
    stage.press('join', { signal: stop.signal }),
    stage.firstOf(['nowhere'], { signal: stop.signal }),
    stage.pulse({ atLeastMs: 60_000, atMostMs: 60_000, signal: stop.signal }),
  ].map((wait) => wait.catch((error: unknown) => error))
  const from = Date.now()
  stop.abort(reason)
  expect(await Promise.all(waits)).toEqual([reason, reason, reason, reason])
  expect(Date.now() - from).toBeLessThan(200)
})

it('says BROWSER_CRASHED for a crashed page, reopens in the same browser, and the others go on', async () => {
  const stage = await show(JOIN)
  const first = open
  const other = await show('<button aria-label="Leave call">x</button>')
  const second = open
  await stage.goto('chrome://crash', { signal, timeoutMs: 3_000 }).catch(() => {}) // never loads: that is its purpose
  expect(await first.gone).toMatchObject({ kind: 'crashed' })
  await expect(stage.look(['join'], soon)).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
  await expect(stage.press('join', soon)).rejects.toMatchObject({ code: 'BROWSER_CRASHED' })
  expect(keysOf(await other.look(['leave'], soon))).toEqual(['leave'])
  await second.close()
  open = await first.reopen(signal)
  await open.stage.goto(`data:text/html,${encodeURIComponent(JOIN)}`, soon)
  expect(keysOf(await open.stage.look(['join'], soon))).toEqual(['join'])
})

it('takes another page in the place of one that hangs, in bounded time', async () => {
  const stage = await show(`${JOIN}<script>setTimeout(() => { for (;;); }, 300)</script>`)
  await expect.poll(async () => (await stage.look(['join'], { signal, timeoutMs: 500 })).answered, { timeout: 8_000 }).toBe(false)
  const from = Date.now()
  open = await open.reopen(signal)
  await open.stage.goto(`data:text/html,${encodeURIComponent(JOIN)}`, soon)
  expect(keysOf(await open.stage.look(['join'], soon))).toEqual(['join'])
  expect(Date.now() - from).toBeLessThan(15_000)
})
