import { describe, expect, it } from 'vitest'
import { answersOf, askOf, plainCss } from '../../../src/browser/asking.ts'
import { distrustOf, rankClues, wordsOf } from '../../../src/browser/clues.ts'
import { launchError } from '../../../src/browser/launch.ts'

describe('clues', () => {
  it.each([
    ['de-AT', [1, 2, 0, 3]],
    ['en', [0, 2, 1, 3]],
    ['ja', [2, 0, 1, 3]],
  ])('of the page language %s and of none come first, in their own order', (locale, order) => {
    const control = { clues: [{ text: 'a', lang: 'en' }, { text: 'b', lang: 'de' }, { css: 'c' }, { text: 'd', lang: 'fr' }] } as const
    expect(rankClues(control, locale).map(({ index }) => index)).toEqual(order)
  })

  it('are told in words', () => {
    expect(wordsOf({ role: 'button', name: /join/i })).toBe('role=button name=/join/i')
    expect(wordsOf({ css: '#x' })).toBe('css=#x')
  })

  it('reach the page as data, patterns with their flags', () => {
    expect(askOf({ role: 'button', name: /^join$/i })).toEqual({ role: 'button', name: { text: '^join$', flags: 'i' } })
    expect(askOf({ role: 'dialog' })).toEqual({ role: 'dialog' })
    expect(askOf({ label: 'Mic' })).toEqual({ label: { text: 'Mic' } })
    expect(askOf({ text: 'In' })).toEqual({ text: { text: 'In' } })
    expect(askOf({ icon: 'call_end', outside: 'aside' })).toEqual({ icon: 'call_end', outside: 'aside' })
    expect(askOf({ css: 'a', says: /^b$/i, inside: 'div', near: /c/, unless: /d/i })).toEqual({
      css: 'a',
      says: { text: '^b$', flags: 'i' },
      inside: 'div',
      near: { text: 'c', flags: '' },
      unless: { text: 'd', flags: 'i' },
    })
    expect(askOf({ only: '[role=dialog]' })).toEqual({ only: '[role=dialog]' })
    expect(askOf({ css: 'a:has(b:text-is("c"))' })).toEqual({ css: 'a:has(b)', perhaps: true })
  })
})

describe('trust', () => {
  it.each<[string, Parameters<typeof distrustOf>[0]]>([
    ['data', { css: 'div[data-panel-id="1"]' }],
    ['data over a class-like value', { css: '[data-x="a.b#c"]' }],
    ['label', { label: /leave/ }],
    ['role and name', { role: 'button', name: 'Leave' }],
    ['aria', { css: '[data-is-muted="false"][aria-label*="camera"]' }],
    ['icon', { icon: 'call_end' }],
    ['icon by selector', { css: 'button:has(i:text-is("call_end"))' }],
    ['text', { text: /asking/ }],
    ['text in a selector', { css: '[role=dialog]:has(:text-matches("being (recorded|kept)", "i")) [data-ok="1"]' }],
    ['text of what a selector finds', { css: 'button[data-x="1"]', says: /yes/ }],
    ['generated name', { css: '[role=button][jsname="ocqpFe"]' }],
    ['shape', { only: '[data-x="1"]' }],
    ['shape, said so', { role: 'button', name: 'Yes', shape: true }],
    ['class', { css: 'h1.roSPhc:text-matches("removed", "i")' }],
  ])('%s', (what, clue) => {
    const place = ['data', 'label|role|aria', 'icon', 'text', 'generated', 'class', 'shape'].findIndex((kind) =>
      new RegExp(`^(${kind})`).test(what),
    )
    expect(distrustOf(clue)).toBe(place)
  })
})

describe('selectors', () => {
  it.each([
    ['button[aria-label^="Leave"]', 'button[aria-label^="Leave"]', true],
    ['a:not(.b)', 'a:not(.b)', true],
    ['button:has(i:text-is("call_end"))', 'button:has(i)', false],
    ['p:text-matches("a (b|c)\\\\) d", "i")', 'p', false],
    ['main :text("Two"):visible', 'main *', false],
    ['x:has(:has-text(")")) > y', 'x:has(*) > y', false],
    ['b:not(:has-text("x"))', 'html', false],
    ['xpath=//b', 'html', false],
    ['a >> b', 'html', false],
  ])('%s is %s to the document', (css, plain, exact) => {
    expect(plainCss(css)).toEqual({ css: plain, exact })
  })
})

it('takes a malformed answer of a page for no answer', () => {
  expect(answersOf('x')).toEqual([])
  expect(answersOf([{ key: 1 }])).toEqual([])
  expect(answersOf([{ key: 'a', perhaps: [], place: 0 }])).toHaveLength(1)
})

describe('a browser that does not start', () => {
  const refusal = new Error('browserType.launch: ... No usable sandbox! Update your kernel')
  it('for want of a sandbox names the fix: another user for root, the kernel setting for others', () => {
    expect(launchError(refusal, { root: true })).toMatchObject({
      code: 'BROWSER_SANDBOX_UNAVAILABLE',
      message: expect.stringContaining('another user'),
    })
    expect(launchError(refusal, { root: false })).toMatchObject({
      code: 'BROWSER_SANDBOX_UNAVAILABLE',
      message: expect.stringContaining('sysctl'),
    })
  })
  it('for another reason says what it said', () => {
    expect(launchError(new Error('spawn ENOEXEC\nlog'))).toMatchObject({
      code: 'BROWSER_LAUNCH_FAILED',
      message: expect.stringContaining('spawn ENOEXEC'),
    })
  })
})
