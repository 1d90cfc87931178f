import { z } from 'zod'
import { Problem } from './problems.ts'

/** The query as plain text by name. A known name given twice is refused: nobody could say which one counts. */
export function readQuery(url: URL, known: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of known) {
    const all = url.searchParams.getAll(name)
    if (all.length > 1) throw new Problem('ValidationError', `${name}: given ${all.length} times`, { details: { field: name } })
    if (all[0] === undefined) continue
    if (all[0].includes('\0')) throw new Problem('ValidationError', `${name}: text may not hold U+0000`, { details: { field: name } })
    values[name] = all[0]
  }
  return values
}

/** How a query value is described in OpenAPI, in place of the text it arrives as. */
const shown = (schema: Record<string, unknown>) => ({ openapi: schema })

/** `true` or `false`. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .transform((text) => text === 'true')
    .optional()
    .default(fallback)
    .meta(shown({ type: 'boolean', default: fallback }))

/** A whole number between two. */
export const whole = ({ min, max, fallback }: { min: number; max: number; fallback: number }) =>
  z
    .string()
    .regex(/^-?\d{1,9}$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number from ${min} to ${max}`)
    .optional()
    .default(fallback)
    .meta(shown({ type: 'integer', minimum: min, maximum: max, default: fallback }))

/** Text; an empty one counts as absent. */
export const text = () =>
  z
    .string()
    .transform((value) => (value === '' ? undefined : value))
    .optional()
    .meta(shown({ type: 'string' }))

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/i

/** Unix milliseconds of an ISO date-time; without an offset it is UTC. An unescaped `+` of an offset arrives as a blank. */
export function parseTime(input: string): number | undefined {
  const whole = input.trim().replace(/ (\d\d:?\d\d)$/, (match, offset: string) => (/[T ]\d\d:\d\d.* /.test(input) ? `+${offset}` : match))
  const offset = ISO.exec(whole)
  if (offset === null) return undefined
  const dateOnly = /^\d{4}-\d\d-\d\d$/.test(whole)
  const at = Date.parse(offset[1] === undefined && !dateOnly ? `${whole.replace(' ', 'T')}Z` : whole.replace(' ', 'T'))
  return Number.isNaN(at) ? undefined : at
}

/** A date-time, as Unix milliseconds. */
export const time = () =>
  z
    .string()
    .transform((value, context) => {
      const at = parseTime(value)
      if (at !== undefined) return at
      context.addIssue('expected an ISO 8601 date-time')
      return z.NEVER
    })
    .optional()
    .meta(shown({ type: 'string', format: 'date-time' }))

/** `field:value[,field2:value2]`. */
export const extraFilter = () =>
  z
    .string()
    .transform((value, context) => {
      const pairs = value.split(',').map((pair) => {
        const colon = pair.indexOf(':')
        return { field: pair.slice(0, Math.max(colon, 0)).trim(), value: pair.slice(colon + 1) }
      })
      if (pairs.every(({ field }) => field !== '')) return pairs
      context.addIssue('expected field:value[,field2:value2]')
      return z.NEVER
    })
    .optional()
    .meta(shown({ type: 'string', examples: ['customer_id:12345,project:sales'] }))

/** `field`, `field:asc` or `field:desc`. */
export const extraSort = () =>
  z
    .string()
    .transform((value, context) => {
      const [, field = '', direction = 'asc'] = /^([^:]+)(?::(asc|desc))?$/.exec(value) ?? []
      if (field.trim() !== '') return { field: field.trim(), direction: direction === 'desc' ? ('desc' as const) : ('asc' as const) }
      context.addIssue('expected field, field:asc or field:desc')
      return z.NEVER
    })
    .optional()
    .meta(shown({ type: 'string', examples: ['priority:desc'] }))
