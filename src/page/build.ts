/**
 * Bundles everything that runs in a browser to strings in generated modules:
 *
 *   src/page/entry.ts                  → src/generated/page-script.ts             `pageScript`
 *   src/page/look.ts                   → src/generated/look-script.ts             `lookScript`
 *   src/page/read.ts                   → src/generated/read-script.ts             `readScript`
 *   src/page/service/entry.ts          → src/generated/service-page.ts            `servicePage`
 *   src/lab/page/<name>.entry.ts       → src/generated/lab-<name>.ts              `script`
 *   adapters/platforms/<name>/page.ts  → adapters/platforms/<name>/page.generated.ts  `page`
 *
 * A browser file may import another one as text with `?source`: the worker and worklet programs, bundled the same way.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const sourceImports: Plugin = {
  name: 'source-imports',
  setup(builder) {
    builder.onResolve({ filter: /\?source$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(/\?source$/, '')),
      namespace: 'source-text',
    }))
    builder.onLoad({ filter: /.*/, namespace: 'source-text' }, async ({ path }) => ({
      contents: `export default ${JSON.stringify(await bundle(path))}`,
      loader: 'js',
      watchFiles: [path],
    }))
  },
}

/** One browser program as one string. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    minify: true,
    keepNames: false,
    legalComments: 'inline',
    plugins: [sourceImports],
    loader: { '.css': 'text', '.html': 'text' },
    logLevel: 'error',
  })
  return outputFiles.map(({ text }) => text).join('\n')
}

const list = (folder: string) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])

function entries(): { from: string; to: string; name: string }[] {
  const found: { from: string; to: string; name: string }[] = []
  if (existsSync(join(root, 'src/page/entry.ts'))) {
    found.push({ from: 'src/page/entry.ts', to: 'src/generated/page-script.ts', name: 'pageScript' })
  }
  if (existsSync(join(root, 'src/page/look.ts'))) {
    found.push({ from: 'src/page/look.ts', to: 'src/generated/look-script.ts', name: 'lookScript' })
  }
  if (existsSync(join(root, 'src/page/read.ts'))) {
    found.push({ from: 'src/page/read.ts', to: 'src/generated/read-script.ts', name: 'readScript' })
  }
  if (existsSync(join(root, 'src/page/service/entry.ts'))) {
    found.push({ from: 'src/page/service/entry.ts', to: 'src/generated/service-page.ts', name: 'servicePage' })
  }
  for (const file of list('src/lab/page').filter((name) => name.endsWith('.entry.ts'))) {
    found.push({ from: `src/lab/page/${file}`, to: `src/generated/lab-${basename(file, '.entry.ts')}.ts`, name: 'script' })
  }
  for (const platform of list('adapters/platforms')) {
    const from = `adapters/platforms/${platform}/page.ts`
    if (existsSync(join(root, from))) found.push({ from, to: join(dirname(from), 'page.generated.ts'), name: 'page' })
  }
  return found
}

/** Writes every generated module; leaves a file alone whose text did not change. */
export async function buildPages(): Promise<readonly string[]> {
  const written: string[] = []
  for (const { from, to, name } of entries()) {
    const text = `// Generated from ${from} by src/page/build.ts\nexport const ${name}: string = ${JSON.stringify(await bundle(join(root, from)))}\n`
    const target = join(root, to)
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    written.push(to)
  }
  return written
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await buildPages()
