import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { serveCommand } from '../../../src/cli/serve.ts'

const lines = readFileSync('Dockerfile', 'utf8')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))

it('runs as a user of its own, with the browser sandbox on', () => {
  expect(of('USER')).toEqual(['remora'])
  expect(lines.join('\n')).not.toContain('no-sandbox')
})

it('starts what the command line understands, under an init', () => {
  const [init, , , program, command, ...args] = JSON.parse(of('ENTRYPOINT')[0] ?? '[]') as string[]
  expect([init, program, command]).toEqual(['tini', 'dist/src/cli/main.js', 'serve'])
  const known = serveCommand().options.map(({ long }) => long)
  for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(known).toContain(flag)
})
