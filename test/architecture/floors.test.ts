import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** A file imports its own floor and lower ones only. First matching prefix wins. */
// biome-ignore format: a table
const FLOORS: readonly [prefix: string, floor: number | 'page' | 'lab' | 'build'][] = [
  ['src/page/build.ts', 'build'], ['src/page/', 'page'], ['src/lab/page/', 'page'], ['src/lab/', 'lab'], ['src/generated/', 0],
  ['src/index.ts', 6], ['src/http.ts', 6], ['src/store.ts', 6], ['src/lab.ts', 6],
  ['src/meeting-bot.ts', 5], ['src/meeting-engine.ts', 5], ['src/defaults.ts', 5], ['src/cli/', 5],
  ['src/engine/', 3], ['src/calendar/', 3], ['src/http/', 3],
  ['src/bot/', 2],
  ['src/platform/', 1], ['src/browser/', 1], ['src/media/', 1], ['src/stream/', 1], ['src/transcript/', 1],
  ['src/store/', 1], ['src/webhooks/', 1], ['src/artifacts/', 1], ['src/config/', 1], ['src/report/', 1], ['src/net/', 1],
  ['src/core/', 0],
]
/** Floor-1 folders do not import each other, except these. `net` (guarded outgoing requests) serves the whole floor. */
const SIDEWAYS: readonly [from: string, to: string][] = [
  ['browser', 'platform'],
  ['browser', 'media'],
  ['webhooks', 'store'],
  ['webhooks', 'net'],
  ['artifacts', 'net'],
  ['stream', 'net'],
  ['stream', 'media'],
]

const files = ['src', 'adapters'].flatMap((top) =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(top, name).replaceAll('\\', '/')),
)

function floorOf(file: string): number | 'page' | 'lab' | 'build' | 'adapter' {
  if (/^adapters\/platforms\/[^/]+\/page(-[a-z-]+)?\.ts$/.test(file)) return 'page'
  if (file.startsWith('adapters/')) return 'adapter'
  const row = FLOORS.find(([prefix]) => file.startsWith(prefix))
  if (row === undefined) throw new Error(`${file} is on no floor: add its folder to the table, or move it`)
  return row[1]
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, path]) => relative(root, resolve(root, dirname(file), (path ?? '').replace(/\?source$/, ''))).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
}

function allowed(file: string, target: string): boolean {
  const from = floorOf(file)
  const to = floorOf(target)
  if (from === 'build') return true
  if (from === 'page')
    return (
      to === 'page' ||
      target === 'src/core/frame.ts' ||
      // What a site's words mean, without Node and without DOM: the page and the reader of what it pushes must agree.
      (target === join(dirname(file), 'notes.ts') && importsOf(target).length === 0) ||
      (file.startsWith('src/lab/') && (target === 'src/lab/protocol.ts' || target.startsWith('src/lab/skins/meet/')))
    )
  if (to === 'page' || to === 'build') return false
  if (from === 'lab') return to === 'lab' || (typeof to === 'number' && to <= 4)
  if (from === 'adapter') return to === 'adapter' || (typeof to === 'number' && to <= 3)
  if (to === 'lab') return from >= 5
  if (to === 'adapter') return from >= 5
  if (to > from) return false
  const [, fromRoom] = file.split('/')
  const [, toRoom] = target.split('/')
  if (from === 1 && to === 1 && fromRoom !== toRoom) return SIDEWAYS.some(([a, b]) => a === fromRoom && b === toRoom)
  return true
}

describe('floors', () => {
  it.each(files)('%s imports its own floor and lower ones only', (file) => {
    expect(importsOf(file).filter((target) => !allowed(file, target))).toEqual([])
  })

  it('knows no platform by name below the adapters', () => {
    const named = files.filter((file) => {
      const floor = floorOf(file)
      return (
        typeof floor === 'number' &&
        floor <= 3 &&
        floor >= 0 &&
        /meet\.google|teams\.microsoft|zoom\.us/.test(readFileSync(join(root, file), 'utf8'))
      )
    })
    expect(named.filter((file) => !file.startsWith('src/generated/'))).toEqual([])
  })

  it('keeps one idea a file: under 300 lines', () => {
    const long = files
      .filter((file) => !file.includes('generated'))
      .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > 300)
    expect(long).toEqual([])
  })
})
