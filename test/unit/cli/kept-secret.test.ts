import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keptSecret } from '../../../src/cli/kept-secret.ts'

const fresh = () => join(mkdtempSync(join(tmpdir(), 'remora-secret-')), 'data', 'api-key')

it('is made once, whole, for its owner only, in a folder for its owner only', () => {
  const path = fresh()
  const first = keptSecret(path)
  expect(first).toEqual({ secret: expect.stringMatching(/^[\w-]{43}$/), isNew: true })
  expect(keptSecret(path)).toEqual({ secret: first.secret, isNew: false })
  expect([statSync(path).mode & 0o777, statSync(join(path, '..')).mode & 0o777]).toEqual([0o600, 0o700])
  expect(readdirSync(join(path, '..'))).toEqual(['api-key'])
})

it('is not taken from an empty file: that would be a key everybody knows', () => {
  const path = fresh()
  keptSecret(path)
  writeFileSync(path, '\n')
  expect(() => keptSecret(path)).toThrow(/is empty; remove it/)
})
