/** What this load of the page was told, and what it derives from it. Read once. */
import type { PageConfig } from '../protocol.ts'
import type { Trap } from '../skins/meet/traps.ts'
import { LOCALES, localeOf, type Words } from '../skins/meet/words.ts'

export const config = JSON.parse(document.getElementById('config')?.textContent ?? '{}') as PageConfig

/** The texts of the visitor's language. */
export const t: Words = LOCALES[localeOf(config.locale)].words

/** Whether the room has a trap switched on. */
export const has = (trap: Trap): boolean => config.traps.includes(trap)

/** A number from 0 to 1 that a room keeps over every load; what the sheet leaves open is decided by it. */
export function draw(salt: string): number {
  let hash = 0x811c9dc5
  for (const letter of `${config.seed}:${salt}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0
  // FNV's last letters barely reach the high bits: mixed once more.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000
}

export const between = (salt: string, from: number, to: number): number => from + draw(salt) * (to - from)

export function pick<T>(salt: string, list: readonly [T, ...T[]]): T {
  return list[Math.floor(draw(salt) * list.length)] ?? list[0]
}

/** A text with its places filled in. */
export const fill = (text: string, values: Record<string, string>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)

/** The same text with the other apostrophe, where the sheet has seen both. */
export const eitherApostrophe = (salt: string, text: string): string => (draw(salt) < 0.5 ? text : text.replaceAll('’', "'"))
