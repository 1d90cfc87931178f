import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { roomSchema } from '../../../src/lab/people.ts'
import { MEET_CATALOGUE, POPUP_KINDS } from '../../../src/lab/skins/meet/catalogue.ts'
import { TRAP_NAMES } from '../../../src/lab/skins/meet/traps.ts'
import { LOCALES, localeOf } from '../../../src/lab/skins/meet/words.ts'
import { foreignPage, meetPage } from '../../../src/lab/skins/meet.ts'

const lab = resolve(dirname(fileURLToPath(import.meta.url)), '../../../src/lab')
/** Everything that could act on a name, without the tables that only list it. */
const sources = readdirSync(lab, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/traps\.ts$|catalogue\.ts$/.test(name))
  .map((name) => readFileSync(join(lab, name), 'utf8'))
  .join('\n')

const CONFIG = {
  room: 'aaa-bbbb-ccc',
  locale: 'en',
  lobby: true,
  hostStarted: true,
  skin: 'simple',
  traps: [],
  classes: 'mixed',
  seed: 1,
  rosterLagMs: 60_000,
  loads: 0,
} as const

describe('the catalogue', () => {
  it.each(TRAP_NAMES)('lists no trap that nothing acts on: %s', (name) => {
    expect(sources).toContain(`'${name}'`)
  })

  it.each(POPUP_KINDS)('lists no popup that nothing shows: %s', (kind) => {
    const shows = ['meet-interruptions', 'meet-consent'].map((name) => readFileSync(join(lab, `page/${name}.ts`), 'utf8')).join('\n')
    expect(shows).toMatch(new RegExp(`^ +'?${kind}'?: `, 'm'))
  })

  it('says of every line whether the sheet has it', () => {
    const { skins, traps, popups, locales, inventions } = MEET_CATALOGUE
    for (const row of [...skins, ...traps, ...popups, ...locales, ...inventions])
      expect(row).toMatchObject({ line: expect.any(String), sourced: expect.any(Boolean) })
  })

  it('refuses a misspelt trap', () => {
    expect(() => roomSchema.parse({ platform: 'meet', traps: ['late-loby-6s'] })).toThrow()
  })
})

describe('the look-alike', () => {
  it.each(Object.entries(LOCALES))('has a text for every place in %s', (_, { words }) => {
    for (const [key, text] of Object.entries(words)) {
      expect(text, key).not.toBe('')
      const places = (value: string) => [...value.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
      expect(places(text), key).toEqual(places(LOCALES.en.words[key as keyof typeof words]))
    }
  })

  it.each([
    ['de-AT', 'de'],
    ['JA', 'ja'],
    ['hu_HU', 'hu'],
    ['pt-BR', 'pt'],
    ['constructor', 'en'],
    ['"><script>', 'en'],
    ['', 'en'],
  ])('understands %j as %s', (asked, locale) => {
    expect(localeOf(asked)).toBe(locale)
  })

  it.each([
    ['pt', 'joinNow', 'Participar agora'],
    ['ru', 'join', 'Присоединиться'],
    ['es', 'join', 'Unirse'],
    ['fr', 'join', 'Participer'],
    ['fr', 'captions', 'Sous-titres'],
  ] as const)('says in %s for %s what the sheet says', (locale, key, text) => {
    const { words, sourced } = LOCALES[locale]
    expect([words[key], sourced]).toEqual([text, expect.arrayContaining([key])])
  })

  it('lets nothing out of its configuration', () => {
    const { body } = meetPage({ ...CONFIG, locale: '</script><script>alert(1)</script>', room: '</script>' })
    expect(body).not.toContain('alert(1)')
    expect(body).toContain('\\u003c/script>')
  })

  it('never claims to be the real site', () => {
    for (const { body } of [meetPage(CONFIG), foreignPage('accounts.google.com', '/'), foreignPage('workspace.google.com', '/')])
      expect(body).toContain('a look-alike for tests, not the real site')
  })
})
