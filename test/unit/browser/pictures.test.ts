import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { Pictures } from '../../../src/browser/pictures.ts'

const shot = async () => true
const missed = async () => false
const fresh = () => new Pictures(join(mkdtempSync(join(tmpdir(), 'remora-pictures-')), 'screenshots'))
/** How many of so many askings gave a picture. */
async function taken(pictures: Pictures, label: string, { by = 'stage' as 'stage' | 'bot', times = 1, shoot = shot } = {}) {
  const paths = []
  for (let i = 0; i < times; i++) paths.push(await pictures.take({ label, by }, shoot))
  return paths.filter((path) => path !== undefined).map((path) => basename(path))
}

it('no two have one name, and each is numbered in its turn', async () => {
  const pictures = fresh()
  const [lobby, again] = await Promise.all([taken(pictures, 'lobby'), taken(pictures, 'lobby')])
  expect([...lobby, ...again, ...(await taken(pictures, 'a/b'))]).toEqual(['01-lobby.jpg', '02-lobby.jpg', '03-a_b.jpg'])
})

it('a control that cannot be used for hours is pictured a few times, its first time included', async () => {
  const pictures = fresh()
  expect((await taken(pictures, 'no-popup', { times: 5 })).length).toBe(1)
  expect((await taken(pictures, 'no-popup', { times: 5 })).length).toBe(1)
  expect((await taken(pictures, 'no-popup', { times: 2_000 })).length).toBeLessThan(5)
  expect((await taken(pictures, 'no-other')).length).toBe(1)
})

it('however many there are, the last ones are for how it ends', async () => {
  const pictures = fresh()
  expect((await taken(pictures, 'lobby', { times: 100 })).length).toBe(32)
  expect((await taken(pictures, 'removed', { by: 'bot', times: 100 })).length).toBe(8)
})

it('what was not taken does not count', async () => {
  const pictures = fresh()
  expect(await taken(pictures, 'lobby', { times: 100, shoot: missed })).toEqual([])
  expect(await taken(pictures, 'no-popup', { shoot: missed })).toEqual([])
  expect((await taken(pictures, 'no-popup')).length).toBe(1)
  expect((await taken(pictures, 'lobby', { times: 100 })).length).toBe(31)
})

it('a folder that cannot be made costs the picture and nothing else', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'remora-pictures-')), 'file')
  writeFileSync(file, '')
  expect(await taken(new Pictures(join(file, 'screenshots')), 'lobby')).toEqual([])
})
