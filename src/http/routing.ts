import { ABSENT } from './absent.ts'
import { Problem } from './problems.ts'

/** What the table needs of a row. */
interface Row {
  method: string
  path: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** How each kind of path part is checked and spelt. */
const PARTS: Readonly<Record<string, { pattern: RegExp; expected: string }>> = {
  uuid: { pattern: UUID, expected: 'a UUID' },
  sequence: { pattern: /^[1-9]\d{0,8}$/, expected: 'a whole number from 1' },
}

const partsOf = (path: string) => path.split('/').filter((part, index, all) => part !== '' || (index !== 0 && index !== all.length - 1))
const nameOf = (part: string) => (part.startsWith('{') ? part.slice(1, -1) : undefined)

/** The path below the mount, without its final slash; undefined if the request is not for this mount. */
export function pathBelow(pathname: string, basePath: string): string | undefined {
  if (basePath !== '' && pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return undefined
  const path = pathname.slice(basePath.length)
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** A mount path as we compare it: with a first slash, without a final one; empty for the root. */
export const mountPath = (path: string) => path.replace(/\/+$/, '').replace(/^(?=[^/])/, '/')

/** Where a request goes by method and path. Rows without parameters win, whatever their order. */
export class RouteTable<R extends Row> {
  readonly #rows: readonly { row: R; parts: readonly string[] }[]

  constructor(rows: readonly R[]) {
    const holes = ({ path }: R) => path.split('{').length
    this.#rows = rows.toSorted((a, b) => holes(a) - holes(b)).map((row) => ({ row, parts: partsOf(row.path) }))
  }

  /** Throws the 404 of an unknown route. `values` are the ids of the path, and throws the 400 of one that cannot be an id. */
  find(method: string, path: string): { row: R; values: () => Readonly<Record<string, string>> } {
    const given = partsOf(path)
    const fitting = this.#rows.filter(
      ({ parts }) => parts.length === given.length && parts.every((part, at) => nameOf(part) !== undefined || part === given[at]),
    )
    const found = fitting.find(({ row }) => row.method === (method === 'HEAD' ? 'GET' : method))
    if (found === undefined) throw this.#unknown(method, path, fitting)
    return { row: found.row, values: () => this.#values(found.parts, given) }
  }

  #values(parts: readonly string[], given: readonly string[]): Record<string, string> {
    const values: Record<string, string> = {}
    for (const [at, part] of parts.entries()) {
      const name = nameOf(part)
      if (name === undefined) continue
      const value = given[at] ?? ''
      const rule = PARTS[name]
      if (rule !== undefined && !rule.pattern.test(value)) {
        throw new Problem('ValidationError', `${name} in the path: expected ${rule.expected}`, { details: { field: name } })
      }
      values[name] = value.toLowerCase()
    }
    return values
  }

  #unknown(method: string, path: string, fitting: readonly { row: R }[]): Problem {
    const absent = ABSENT.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    if (absent !== undefined) return new Problem('NotFound', absent.what)
    const methods = [...new Set(fitting.map(({ row }) => row.method))]
    if (methods.length === 0) return new Problem('NotFound', 'no such route')
    return new Problem('NotFound', `this route has ${methods.join(' and ')}, not ${method}`, { headers: { allow: methods.join(', ') } })
  }
}
