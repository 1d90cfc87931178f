import { Buffer } from 'node:buffer'
import type { Json } from './port.ts'

/** Marks an escaped character in stored text. */
const MARK = '\u001A'
const UNSTORABLE = new RegExp(`[\\u0000${MARK}]|\\p{Surrogate}`, 'gu')
const ESCAPED = new RegExp(`${MARK}([0-9a-f]{4})`, 'g')
const UNSEARCHABLE = /\p{Control}|\p{Surrogate}/gu

/**
 * Text as every database keeps it whole. SQLite cuts at U+0000 when reading, Postgres refuses it, and both lose lone
 * surrogates; those few are escaped. All other text stays as it is. `restored` is the way back.
 */
export function storable(text: string): string {
  return text.replace(UNSTORABLE, (char) => `${MARK}${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function restored(text: string): string {
  return text.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/**
 * Text for finding substrings whatever their case, in any script: ß is ss, the two small sigmas are one, é is é however
 * it was typed. Folded here and not in the database, so that every store finds the same.
 */
export function searchable(text: string): string {
  const folded = text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFC')
  return folded.replace(UNSEARCHABLE, ' ')
}

/** Several names as one searchable text. No needle can reach over a line break: `searchable` leaves none. */
export function searchableNames(names: Iterable<string>): string {
  return [...new Set(names)].map(searchable).join('\n')
}

/** Order of stored text in every store: by code points, as SQLite and Postgres (collation C) compare UTF-8. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The fields of `extra` that can be filtered and sorted by, in their string form. Only an object has fields. */
export function extraFields(extra: Json): readonly (readonly [field: string, value: string])[] {
  if (typeof extra !== 'object' || extra === null || Array.isArray(extra)) return []
  return Object.entries(extra).map(([field, value]) => [storable(field), storable(stringForm(value))])
}

function stringForm(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
