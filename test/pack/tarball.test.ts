import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'

const app = mkdtempSync(join(tmpdir(), 'remora-pack-'))
const installed = join(app, 'node_modules/remora')
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, unknown>
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
}
const run = (command: string, args: readonly string[]) => execFileSync(command, args, { cwd: app, encoding: 'utf8' })

/** The tarball as npm would publish it, unpacked into an app beside its dependencies. */
beforeAll(() => {
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', app], { encoding: 'utf8' })
  const [tarball = ''] = readdirSync(app).filter((name) => name.endsWith('.tgz'))
  mkdirSync(installed, { recursive: true })
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
  // Dependencies resolve from the package's own folder, so what is not declared is not found.
  const own = join(installed, 'node_modules')
  for (const name of [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]) {
    mkdirSync(join(own, name, '..'), { recursive: true })
    symlinkSync(resolve('node_modules', name), join(own, name))
  }
  writeFileSync(join(app, 'package.json'), '{"type":"module"}')
})

const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')

describe('the published package', () => {
  it.each(subpaths)('gives the names of "%s" and no others', (subpath) => {
    const from = JSON.stringify(`remora${subpath.slice(1)}`)
    const code = `console.log(JSON.stringify(Object.keys(await import(${from})).sort()))`
    expect(JSON.parse(run(process.execPath, ['--input-type=module', '-e', code]))).toMatchSnapshot()
  })

  it('runs its command line', () => {
    const help = run(process.execPath, [join(installed, 'dist/src/cli/main.js'), '--help'])
    for (const command of ['join', 'lab', 'demo', 'browser', 'recover']) expect(help).toContain(`${command} `)
  })

  it('brings voices, licence and changelog, and no tests nor sources', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('node_modules'))
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'CHANGELOG.md', 'README.md', 'dist/src/lab/assets/voices/jfk.wav']))
    expect(files.filter((name) => /\.test\.|^test|^bench|(?<!\.d)\.ts$/.test(name))).toEqual([])
  })
})
